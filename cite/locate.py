"""Where the words of a quotation are printed: the text that was read, laid beside the words on the page."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable

from ingest import CELL_SEPARATOR, Document, PrintedWord, find_words

_WORD = re.compile(r"\S+")


class Printed:
    """The words of a PDF's pages, and which of them each word of its document is."""

    def __init__(self, data: bytes, document: Document) -> None:
        self._data = data
        self._document = document
        self._words: dict[int, list[PrintedWord]] = {}
        self._places: dict[tuple[int, int], dict[int, tuple[int, PrintedWord]]] = {}

    def read(self, spans: Iterable[tuple[int, int]]) -> None:
        """Read the words on the pages of these stretches of the text, all at once, which is faster than one by one."""
        wanted = {page for span in spans for first, last in [self._pages(*span)] for page in range(first, last + 1)}
        if missing := wanted - self._words.keys():
            self._words |= find_words(self._data, missing)

    def words_of(self, start: int, end: int) -> list[PrintedWord]:
        """The printed words of `document.text[start:end]`, in order.

        None at all unless every one was found, and one after the other but for the turn of a page: rather no mark than a
        wrong one.
        """
        places = self._places_of(*self._pages(start, end))
        found: list[tuple[int, PrintedWord]] = []
        for match in _WORD.finditer(self._document.text, self._word_start(start), end):
            if match.group() == CELL_SEPARATOR.strip() and match.start() not in places:
                continue
            if match.start() not in places:
                return []
            found.append(places[match.start()])
        if any(number + 1 != following and word.page == other.page for (number, word), (following, other) in itertools.pairwise(found)):
            return []
        return [word for _, word in found]

    def _pages(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last page of a stretch of the text."""
        return self._document.page_at(start) or 1, self._document.page_at(max(start, end - 1)) or 1

    def _places_of(self, first: int, last: int) -> dict[int, tuple[int, PrintedWord]]:
        """The printed word, with its number, for each word of the text of some pages, by its offset."""
        if (first, last) not in self._places:
            starts = [*self._document.page_starts, len(self._document.text)]
            begin, end = starts[first - 1], starts[last]
            self.read([(begin, end)])
            tokens = [(match.start(), match.group()) for match in _WORD.finditer(self._document.text, begin, end)]
            words = [word for page in range(first, last + 1) for word in self._words.get(page, [])]
            matcher = difflib.SequenceMatcher(None, [token for _, token in tokens], [word.text for word in words], autojunk=False)
            self._places[first, last] = {
                tokens[block.a + step][0]: (block.b + step, words[block.b + step])
                for block in matcher.get_matching_blocks()
                for step in range(block.size)
            }
        return self._places[first, last]

    def _word_start(self, start: int) -> int:
        """Where the word begins that `start` is in: print has only whole words."""
        text = self._document.text
        while start > 0 and not text[start - 1].isspace() and not text[start].isspace():
            start -= 1
        return start
