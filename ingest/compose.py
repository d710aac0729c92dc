"""Write a text from pieces, for formats whose file is no text: the blocks then know their place by construction."""

from __future__ import annotations

import dataclasses
import re

from ingest.nouns import Block

# Between the cells of a table row; a character that sentences don't use, so that rows are not mistaken for prose.
CELL_SEPARATOR = " | "

_BLANKS = re.compile(r"\s+")


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """One block to be: its text, and the list marker that stands before it.

    `page` counts from 1; 0 means no pages. `turns` says where further pages begin in the text, once it is squeezed.
    """

    kind: str
    text: str
    level: int = 1
    marker: str = ""
    page: int = 0
    turns: tuple[tuple[int, int], ...] = ()  # page, characters before it


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a file: text, blocks in order, page starts, and what the user should be warned of."""

    text: str
    blocks: tuple[Block, ...]
    page_starts: tuple[int, ...] = ()
    title: str = ""
    warnings: tuple[str, ...] = ()
    page_labels: tuple[str, ...] = ()


def squeeze(text: str) -> str:
    """Runs of blanks become one space.

    >>> squeeze("  a\\n b ")
    'a b'
    """
    return _BLANKS.sub(" ", text).strip()


def compose(pieces: list[Piece], *, pages: int = 0, title: str = "", warnings: tuple[str, ...] = ()) -> Reading:
    """Lay the pieces out as one text, a blank line between them and none between items or rows that follow each other.

    A page begins where its first piece does, or inside the one that goes on over the page; a page without pieces begins
    where the next one does.
    """
    parts: list[str] = []
    blocks: list[Block] = []
    starts: dict[int, int] = {}
    length = 0
    for piece in pieces:
        body = squeeze(piece.text)
        if not body:
            continue
        together = bool(blocks) and piece.kind in {"item", "row"} and blocks[-1].kind in {"item", "row", "header"}
        before = ("\n" if together else "\n\n" if blocks else "") + piece.marker
        parts += [before, body]
        start = length + len(before)
        length = start + len(body)
        starts.setdefault(piece.page, start - len(piece.marker))
        for page, before_it in piece.turns:
            starts.setdefault(page, start + before_it)
        blocks.append(Block(piece.kind, start, length, piece.level))
    page_starts = []
    following = length
    for page in range(pages, 0, -1):
        following = starts.get(page, following)
        page_starts.append(0 if page == 1 else following)
    return Reading("".join(parts) + ("\n" if parts else ""), tuple(blocks), tuple(reversed(page_starts)), title, warnings)
