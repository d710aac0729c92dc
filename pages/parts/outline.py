"""Find one's way in a long policy: its headings, and the places where words stand."""

from __future__ import annotations

import dataclasses
import re

from ingest import Document

# Places of a word that are counted; nobody steps through more.
MAX_FOUND = 500


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
