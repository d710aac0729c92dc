"""A policy's own text as HTML: headings, lists, tables, pages, with exactly the characters of a span marked.

Only a window is drawn, so that a policy of a million characters opens as quickly as one of a page.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Iterator

from ingest import CELL_SEPARATOR, Block, Document
from pages.parts.inline import escape, inline_html, is_markdown

# Characters drawn before and after what is cited; the reader asks for more with a button.
BEFORE = 2500
AFTER = 4000
# Further characters for each press of that button.
STEP = 8000

_MARKER = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])+$|[•●▪◦·‣■o∙–—*+-]$")
_BULLETS = "•●▪◦·‣■o∙–—*+-"
# Formats whose own text carries the markers of lists; in the text that is composed from others, an item has none.
_MARKED_FORMATS = ("text/", "markdown-it/")
_CELLS = re.compile(r"\s*\|\s*")
_COLUMNS = re.compile(r" {2,}|\t+")


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """The part of a document that is drawn, [start, end), and whether there is more on either side."""

    start: int
    end: int
    earlier: bool
    later: bool


def window_around(document: Document, start: int, end: int, before: int = BEFORE, after: int = AFTER) -> Window:
    """The stretch from `before` characters ahead of `start` to `after` behind `end`, widened to whole blocks of moderate size."""
    low, high = max(0, start - before), min(len(document.text), end + after)
    starts = [block.start for block in document.blocks]
    first = bisect.bisect_right(starts, low) - 1
    if first >= 0 and low - document.blocks[first].start < STEP:
        low = document.blocks[first].start if first else 0
    behind = bisect.bisect_right(starts, end)
    if behind < len(starts) and end > document.blocks[behind - 1].end:
        high = max(high, starts[behind] + 1)  # what a span takes of the gap between two blocks is drawn with the second
    last = bisect.bisect_right(starts, high) - 1
    if last >= 0 and high < document.blocks[last].end < high + STEP:
        high = document.blocks[last].end
    shown = [block for block in document.blocks if block.end > low and block.start < high]
    earlier = bool(shown) and (shown[0] != document.blocks[0] or low > shown[0].start)
    later = bool(shown) and (shown[-1] != document.blocks[-1] or high < shown[-1].end)
    return Window(low, high, earlier, later)


def document_html(document: Document, marked: tuple[int, int] = (0, 0), window: Window | None = None) -> str:
    """The blocks of a document within a window. Joined, the text in its `<mark>`s is `document.text[marked[0]:marked[1]]`.

    Where a span reaches over several blocks, what stands between them (line breaks, markers) is marked too, though not shown.
    """
    window = window or Window(0, len(document.text), earlier=False, later=False)
    starts = [block.start for block in document.blocks]
    first = max(0, bisect.bisect_right(starts, window.start) - 1)
    last = bisect.bisect_left(starts, window.end)
    parts: list[str] = []
    page = document.page_at(document.blocks[first].start) if first < len(document.blocks) else None
    outer = ""
    for number in range(first, last):
        block = document.blocks[number]
        if block.end <= window.start:
            continue
        wanted = "table" if block.kind in {"header", "row"} else "ul" if block.kind == "item" else ""
        turned = document.page_at(block.start)
        if outer and (wanted != outer or turned != page or block.kind == "header"):
            parts.append(f"</{outer}>")
            outer = ""
        if turned and turned != page:
            page = turned
            parts.append(f'<p class="page">Page {escape(document.page_label(page))}</p>')
        if wanted and wanted != outer:
            parts.append(f"<{wanted}>")
            outer = wanted
        parts.append(_block_html(document, number, marked, window))
    return "".join(parts) + (f"</{outer}>" if outer else "")


def _block_html(document: Document, number: int, marked: tuple[int, int], window: Window) -> str:
    block = document.blocks[number]
    start, end = max(block.start, window.start), min(block.end, window.end)
    between = _between(document, number, marked)
    if block.kind in {"header", "row"}:
        cells = list(_cells_html(document, start, end, marked))
        tag = "th" if block.kind == "header" else "td"
        cells[0] = between + cells[0]
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
    body = _slice_html(document, start, end, marked)
    body = between + ("… " if start > block.start else "") + body + (" …" if end < block.end else "")
    marker = _marker(document, number)
    if block.kind == "heading":
        shown = f'<span class="marker">{escape(marker)}</span> ' if marker else ""
        return f'<p class="h{min(block.level, 6)}" role="heading" aria-level="{min(block.level + 2, 6)}">{shown}{body}</p>'
    if block.kind == "item":
        silent = ' aria-hidden="true"' if marker == "•" else ""  # a list says already that it is one
        return f'<li class="level{min(block.level, 4)}"><span class="marker"{silent}>{escape(marker)}</span>{body}</li>'
    return f"<p>{body}</p>"


def _slice_html(document: Document, start: int, end: int, marked: tuple[int, int]) -> str:
    return inline_html(document.text[start:end], markdown=is_markdown(document), marked=(marked[0] - start, marked[1] - start))


def _between(document: Document, number: int, marked: tuple[int, int]) -> str:
    """What a span marks of the characters between the block before and this one, kept but not shown."""
    left = document.blocks[number - 1].end if number else 0
    start, end = max(left, marked[0]), min(document.blocks[number].start, marked[1])
    return f'<mark class="hidden">{escape(document.text[start:end])}</mark>' if start < end else ""


def _cells_html(document: Document, start: int, end: int, marked: tuple[int, int]) -> Iterator[str]:
    """The cells of a row; each holds the separator behind it too, not shown, so that none of the row's characters is lost."""
    text = document.text[start:end]
    separator = _CELLS if CELL_SEPARATOR.strip() in text else _COLUMNS
    left = 0
    for match in separator.finditer(text):
        cell, place = text[left : match.end()], (marked[0] - start - left, marked[1] - start - left)
        hidden = ((match.start() - left, match.end() - left, "hidden"),)
        yield inline_html(cell, markdown=is_markdown(document), marked=place, hidden=hidden)
        left = match.end()
    yield inline_html(text[left:], markdown=is_markdown(document), marked=(marked[0] - start - left, marked[1] - start - left))


def _marker(document: Document, number: int) -> str:
    """The number or bullet that stands before a block in the text; a bullet where the text has no markers of its own."""
    block = document.blocks[number]
    left = document.blocks[number - 1].end if number else 0
    before = document.text[max(left, document.text.rfind("\n", 0, block.start) + 1) : block.start].strip(" \t>#|")
    match = _MARKER.search(before) if before else None
    if block.kind == "heading":
        return match.group() if match and match.group() not in _BULLETS else ""
    if match:
        return "•" if match.group() in _BULLETS else match.group()
    return "" if document.extractor.startswith(_MARKED_FORMATS) else "•"


def heading_at(document: Document, offset: int) -> tuple[str, ...]:
    """The path of headings above a place, outermost first."""
    path: list[Block] = []
    for block in document.blocks:
        if block.start > offset:
            break
        if block.kind == "heading":
            path = [*(entry for entry in path if entry.level < block.level), block]
    return tuple(" ".join(document.text[block.start : block.end].strip("*_` ").split()) for block in path)
