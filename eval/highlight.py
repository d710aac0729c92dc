"""Cut a document around what was wanted and what was found, into pieces to mark."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

from ingest import Span

# Characters shown before and after a span; and spans nearer to each other than twice this are shown in one stretch.
AROUND = 160


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a document's text: in a wanted span, in a found one, in both, or around them. `gap` says that text is left out before it."""

    text: str
    wanted: bool = False
    found: bool = False
    gap: bool = False


def highlight(text: str, wanted: Sequence[Span], found: Sequence[Span]) -> list[Piece]:
    """The stretches of a text that hold the spans, all of one document, in pieces.

    >>> [(piece.text, piece.wanted, piece.found) for piece in highlight("abcdef", [Span("d", 1, 4)], [Span("d", 3, 5)])]
    [('a', False, False), ('bc', True, False), ('d', True, True), ('e', False, True), ('f', False, False)]
    """
    pieces: list[Piece] = []
    for start, end in _stretches(text, [*wanted, *found]):
        gap = start > 0
        cuts = sorted({start, end, *(cut for span in (*wanted, *found) for cut in (span.start, span.end) if start < cut < end)})
        for left, right in itertools.pairwise(cuts):
            pieces.append(Piece(text[left:right], _covered(wanted, left), _covered(found, left), gap))
            gap = False
    return pieces


def _stretches(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    stretches: list[tuple[int, int]] = []
    for span in sorted(spans):
        # Widened before they are joined: a word may reach into the next stretch.
        start, end = _word_start(text, max(0, span.start - AROUND)), _word_end(text, min(len(text), span.end + AROUND))
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return stretches


def _word_start(text: str, offset: int) -> int:
    while offset > 0 and not text[offset - 1].isspace():
        offset -= 1
    return offset


def _word_end(text: str, offset: int) -> int:
    while offset < len(text) and not text[offset].isspace():
        offset += 1
    return offset


def _covered(spans: Sequence[Span], offset: int) -> bool:
    return any(span.start <= offset < span.end for span in spans)
