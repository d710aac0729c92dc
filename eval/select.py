"""Select a stretch of a document by what is typed: the numbers of its sentences, or its words, pasted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import words_of
from ingest import Document, Passage, Span

# Fewer words than this are looked for; so many, standing there in this order, are meant as they are.
PASTED_WORDS = 4
# Sentences that are listed at most.
LISTED = 12

_NUMBERS = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?$")


def selected(document: Document, sentences: Sequence[Passage], typed: str) -> Span | None:
    """The stretch that is meant: "4" is the fourth sentence, "4-6" from its beginning to the end of the sixth, other words where they stand once.

    Line breaks and blanks may differ. None where nothing is meant, or it can't be told which.
    """
    if numbers := _NUMBERS.match(typed.strip()):
        first, last = int(numbers[1]), int(numbers[2] or numbers[1])
        return Span(document.id, sentences[first - 1].span.start, sentences[last - 1].span.end) if 0 < first <= last <= len(sentences) else None
    words = typed.split()
    if len(words) < PASTED_WORDS:
        return None
    places = list(re.finditer(r"\s+".join(map(re.escape, words)), document.text))
    return Span(document.id, *places[0].span()) if len(places) == 1 else None


def matching(sentences: Sequence[Passage], typed: str) -> list[int]:
    """The numbers, counted from 1, of the sentences that share words with what was typed, those that share most first."""
    wanted, *found = (set(words) for words in words_of([typed, *(sentence.in_context for sentence in sentences)]))
    shared = [(-len(wanted & words), number) for number, words in enumerate(found, 1) if wanted & words]
    return [number for _, number in sorted(shared)[:LISTED]]
