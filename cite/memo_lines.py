"""Text in lines of a width: words are measured once, and never cut unless one alone is wider than a line."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Sequence

# How text is shown, from plain to marked.
INK, CONTEXT, MARKED = "ink", "context", "marked"
# The height of a line, in sizes of its words.
LEADING = 1.4


@dataclasses.dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs of text, each with how it is shown; a blank stands between runs. `size`, `above` and `indent` are points."""

    runs: tuple[tuple[str, str], ...]
    size: float
    above: float = 3.0
    indent: float = 0.0
    bold: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together on a line and are shown alike, between `left` and `right`, in points from where lines begin."""

    text: str
    shown: str
    left: float
    right: float


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of a paragraph; `height` takes in the room above the words."""

    pieces: Sequence[Piece]
    paragraph: Paragraph
    height: float


class Measure:
    """Breaks paragraphs into lines; `print_of` gives a word as it can be printed, and its width at size 1."""

    def __init__(self, print_of: Callable[[str], tuple[str, float]], room: float) -> None:
        self._print_of = functools.cache(print_of)
        self._room = room
        self._blank = print_of(" ")[1]

    def lines(self, paragraph: Paragraph) -> Iterator[Line]:
        """The lines of a paragraph; none for one without words."""
        above = paragraph.above
        for pieces in self._broken(paragraph):
            yield Line(pieces, paragraph, above + paragraph.size * LEADING)
            above = 0.0

    def _broken(self, paragraph: Paragraph) -> Iterator[list[Piece]]:
        """The pieces of each line. Every word of a memo passes here, so what is done for one is little."""
        size, print_of, blank = paragraph.size, self._print_of, self._blank
        room = (self._room - paragraph.indent) / size
        line: list[Piece] = []
        end = -blank  # of what is on the line, at size 1
        for text, shown in paragraph.runs:
            begin, words = end + blank, list[str]()
            for whole in text.split():
                known = print_of(whole)
                for word, width in (known,) if known[1] <= room else self._parts(known[0], room):
                    if end + blank + width > room and end > 0:
                        if words:
                            line.append(_piece(words, shown, paragraph, begin, end))
                        yield line
                        line, words, begin, end = [], [], 0.0, -blank
                    words.append(word)
                    end += blank + width
            if words:
                words.append("")  # the blank before the next run, so that readers of the file's text see it
                line.append(_piece(words, shown, paragraph, begin, end))
        if line:
            yield line

    def _parts(self, word: str, room: float) -> Iterator[tuple[str, float]]:
        """A word that is wider than a line, as hashes and text without blanks are, in parts that aren't."""
        part, used = "", 0.0
        for character in word:
            width = self._print_of(character)[1]
            if part and used + width > room:
                yield part, used
                part, used = "", 0.0
            part, used = part + character, used + width
        yield part, used


def _piece(words: Sequence[str], shown: str, paragraph: Paragraph, begin: float, end: float) -> Piece:
    return Piece(" ".join(words), shown, paragraph.indent + begin * paragraph.size, paragraph.indent + end * paragraph.size)
