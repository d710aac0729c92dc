"""A policy's text on the page: the marked characters are the quotation's, and nothing else is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import Document, document_from_text
from pages.parts.outline import MAX_HEADINGS, Heading, find_words, outline_around, outline_of
from pages.parts.reading import document_html, heading_at, window_around
from tests.paging import marked_in, read_html, text_of

POLICY = """# Acme Policy

## 1. Leave

You get **25 days** a year. Ask early:

- in Harbour, and
- at least two weeks before;
  (or at once, when you are ill)

1) first this
2) then <b>that</b>

| Office | Days |
|---|---|
| Leeds | 25 |
| Halifax | 20 & a half |

## Contact

Write to people@acme.example.
"""
DOCUMENT = document_from_text(POLICY, "acme.md")
FIRST, LAST = DOCUMENT.blocks[0].start, DOCUMENT.blocks[-1].end


@given(st.integers(FIRST, LAST), st.integers(FIRST, LAST))
def test_the_marked_characters_are_the_spans(one: int, two: int) -> None:
    start, end = sorted((one, two))
    assert marked_in(document_html(DOCUMENT, (start, end))) == POLICY[start:end]
    assert marked_in(document_html(DOCUMENT, (start, end), window_around(DOCUMENT, start, end, 10, 10))) == POLICY[start:end]


def test_every_block_is_drawn_as_what_it_is() -> None:
    page = document_html(DOCUMENT)
    assert '<p class="h2" role="heading" aria-level="4">1. Leave</p>' in page
    assert '<li class="level1"><span class="marker" aria-hidden="true">•</span>in Harbour, and</li>' in page
    assert '<li class="level1"><span class="marker">2)</span>then &lt;b&gt;that&lt;/b&gt;</li>' in page
    assert page.count("<table>") == page.count("</table>") == 1
    assert [tag for tag, _ in read_html(page).elements].count("td") == 4
    assert "<strong>25 days</strong>" in page


def test_pages_are_said_where_they_turn() -> None:
    document = Document(
        "a.pdf", "A", "A", "One.\n\nTwo.", document_from_text("One.\n\nTwo.", "a.txt").blocks, (0, 6), ("iv", "v"), extractor="pdfplumber/1"
    )
    assert '<p>One.</p><p class="page">Page v</p><p>Two.</p>' in document_html(document)


def test_a_window_is_drawn_of_a_long_policy_and_says_that_there_is_more() -> None:
    text = "\n\n".join(f"Paragraph {number} says that nothing is kept for longer than {number} days." for number in range(20_000))
    document = document_from_text(text, "long.txt")
    start = text.index("Paragraph 9000 ")
    end = text.index(".", start) + 1
    began = time.perf_counter()
    window = window_around(document, start, end)
    page = document_html(document, (start, end), window)
    assert time.perf_counter() - began < 1.0
    assert (window.earlier, window.later) == (True, True)
    assert marked_in(page) == "Paragraph 9000 says that nothing is kept for longer than 9000 days."
    assert len(page) < 20_000


@pytest.mark.parametrize(
    ("start", "end", "earlier", "later"), [(FIRST, FIRST + 4, False, True), (LAST - 4, LAST, True, False), (FIRST, LAST, False, False)]
)
def test_the_window_knows_its_ends(start: int, end: int, earlier: bool, later: bool) -> None:
    window = window_around(DOCUMENT, start, end, 20, 20)
    assert (window.earlier, window.later) == (earlier, later)


def test_one_endless_paragraph_is_cut_and_says_so() -> None:
    text = "word " * 30_000
    document = document_from_text(text, "endless.txt")
    page = document_html(document, (75_000, 75_004), window_around(document, 75_000, 75_004))
    assert marked_in(page) == "word"
    assert text_of(page).startswith("… ")
    assert text_of(page).endswith(" …")


def test_the_headings_above_a_place() -> None:
    assert heading_at(DOCUMENT, POLICY.index("Leeds")) == ("Acme Policy", "1. Leave")
    assert heading_at(DOCUMENT, POLICY.index("people@")) == ("Acme Policy", "Contact")


def test_a_policy_of_a_million_characters_is_drawn_within_a_second_wherever_it_is_opened() -> None:
    chapter = "".join(f"## {number} Section\n\n" + "We keep what you send us for two years.\n\n" * 20 for number in range(50))
    text = "".join(f"# Chapter {number}\n\n{chapter}" for number in range(26))
    assert len(text) > 1_000_000
    document = document_from_text(text, "long.md")
    headings = outline_of(document)
    for start in (0, text.index("# Chapter 13"), len(text) - 60):
        began = time.process_time()
        page = document_html(document, (start, start + 20), window_around(document, start, start + 20))
        shown = outline_around(outline_of(document), start)
        find_words(document, "two years")
        heading_at(document, start)
        assert time.process_time() - began < 1.0
        assert len(page) < 60_000
        assert marked_in(page) == document.text[start : start + 20]
        assert 0 < len(shown) <= MAX_HEADINGS
    assert len(headings) > 1000


def test_an_outline_that_is_too_long_shows_what_is_around_the_place() -> None:
    headings = [Heading(f"h{number}", 1, number * 10, number * 10 + 2) for number in range(1000)]
    assert [heading.text for heading in outline_around(headings[:3], 0)] == ["h0", "h1", "h2"]
    for offset, first in ((0, 0), (5000, 501 - MAX_HEADINGS // 2), (99999, 1000 - MAX_HEADINGS)):
        shown = outline_around(headings, offset)
        assert (len(shown), shown[0].text) == (MAX_HEADINGS, f"h{first}")
    deep = [Heading("top", 1, 0, 3), *(Heading(f"h{number}", 2, number, number + 1) for number in range(10, 500))]
    assert [heading.text for heading in outline_around(deep, 300)] == ["top"]
