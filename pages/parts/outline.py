"""Find one's way in a long policy: its headings, and the places where words stand."""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Sequence

from ingest import Document

# Places of a word that are counted; nobody steps through more.
MAX_FOUND = 500
# Headings that an outline shows; each is a button that the browser has to draw.
MAX_HEADINGS = 120


@dataclasses.dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its depth from 1, and the characters that it is: [start, end)."""

    text: str
    level: int
    start: int
    end: int


def outline_of(document: Document, depth: int = 3) -> list[Heading]:
    """The headings of a document, levels counted from 1 without gaps, the deepest left out."""
    blocks = [block for block in document.blocks if block.kind == "heading"]
    levels = sorted({block.level for block in blocks})
    found = []
    for block in blocks:
        text = " ".join(document.text[block.start : block.end].strip("*_` ").split())
        found.append(Heading(text, levels.index(block.level) + 1, block.start, block.end))
    return [heading for heading in found if heading.level <= depth]


def outline_around(headings: Sequence[Heading], offset: int) -> list[Heading]:
    """As much of an outline as can be shown at once: all of it; else its upper levels; else, of the uppermost, what is around a place."""
    for depth in (3, 2, 1):
        shown = [heading for heading in headings if heading.level <= depth]
        if len(shown) <= MAX_HEADINGS:
            return shown
    here = bisect.bisect_right([heading.start for heading in shown], offset)
    first = min(max(0, here - MAX_HEADINGS // 2), len(shown) - MAX_HEADINGS)
    return shown[first : first + MAX_HEADINGS]


def find_words(document: Document, words: str) -> list[tuple[int, int]]:
    """Where words stand in the text, whatever their case and the blanks between them: [start, end), in order."""
    parts = words.split()
    if not parts:
        return []
    pattern = re.compile(r"\s+".join(re.escape(part) for part in parts), re.I)
    places = []
    for match in pattern.finditer(document.text):
        places.append(match.span())
        if len(places) == MAX_FOUND:
            break
    return places
