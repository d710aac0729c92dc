"""Tell the running headers and footers of pages from what the pages say."""

from __future__ import annotations

import collections
import itertools
import re

from ingest.compose import squeeze
from ingest.printed import SENTENCE_END, PrintedLine
from ingest.structure import HEADING_SIZE

# How many lines at the top and at the foot of a page can be running headers and footers.
FURNITURE_LINES = 2
# A heading, or the end of a sentence, is only taken for one if the very same stands on so many pages; it is kept on the first of them.
FURNITURE_PAGES = 3

_NUMBER = re.compile(r"\d{1,5}")
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[^\w.]*$", re.I)


def without_furniture(pages: list[list[PrintedLine]], body: float) -> list[list[PrintedLine]]:
    """Leave out running headers and footers: lines at a page's edge that stand on most pages, but for numbers that count with the page.

    `body` is the font size in points that most is set in.
    """
    places: dict[str, set[int]] = collections.defaultdict(set)
    edges = [_edge(lines) for lines in pages]
    for line in itertools.chain(*edges):
        for key in _keys(line):
            places[key].add(line.page)

    def is_furniture(line: PrintedLine) -> bool:
        if _PAGE_NUMBER.match(line.text):
            return True
        if line.size > HEADING_SIZE * body or SENTENCE_END.search(line.text):
            same = places[_keys(line)[0]]
            return len(same) >= max(FURNITURE_PAGES, 0.6 * len(pages)) and line.page != min(same)
        return any(len(places[key]) >= max(2, 0.6 * len(pages)) for key in _keys(line))

    return [[line for line in lines if line not in edge or not is_furniture(line)] for lines, edge in zip(pages, edges, strict=True)]


def _edge(lines: list[PrintedLine]) -> list[PrintedLine]:
    """The lines at the top and at the foot of a page."""
    tops = sorted({line.top for line in lines})
    at = {*tops[:FURNITURE_LINES], *tops[-FURNITURE_LINES:]}
    return [line for line in lines if line.top in at]


def _keys(line: PrintedLine) -> list[str]:
    """A line as it is, and then with each of its numbers, in turn, counted from the page's: what is the same of it on other pages."""
    text = squeeze(line.text)
    numbers = _NUMBER.finditer(text)
    return [text, *(f"{text[: match.start()]}#{int(match.group()) - line.page}{text[match.end() :]}" for match in numbers)]
