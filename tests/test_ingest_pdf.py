"""Pages as they are printed: what stands on every page and says nothing, and columns."""

from __future__ import annotations

import io
import textwrap

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest import find_words, read_bytes, split_sentences
from written import pdf_of

PARAGRAPHS = [
    "We keep the invoices of our customers for seven years in the office in Leeds, and we never sell them to anybody at all.",
    "We sell the statistics that we make of visits to two partners, and delete the visits themselves after thirty days.",
    "Ask the office in York for a copy of what is kept about you, which you will be sent within a month and free of charge.",
]


def printed(*texts: tuple[float, float, str]) -> bytes:
    """A page with lines of print at places from its upper left."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, A4)
    canvas.setFont("Helvetica", 10)
    for left, top, text in texts:
        canvas.drawString(left, A4[1] - top, text)
    canvas.save()
    return buffer.getvalue()


def column(left: float, top: float, text: str, width: int = 40) -> list[tuple[float, float, str]]:
    """A paragraph in lines of at most `width` characters."""
    return [(left, top + 12 * number, line) for number, line in enumerate(textwrap.wrap(text, width))]


def sentences(data: bytes) -> list[str]:
    """The text of each sentence."""
    return [passage.text for passage in split_sentences(read_bytes(data, "policy.pdf"))]


@pytest.mark.parametrize("shift", [0, 5], ids=["in step", "out of step"])
@pytest.mark.parametrize("count", [2, 3])
def test_columns_are_read_one_after_the_other(count: int, shift: int) -> None:
    wide = 220 if count == 2 else 170
    texts = [line for number in range(count) for line in column(40 + wide * number, 100 + shift * number, PARAGRAPHS[number], wide // 6)]
    assert sentences(printed(*texts)) == PARAGRAPHS[:count]


def test_what_goes_over_the_columns_parts_them() -> None:
    over = "This sentence goes over the whole width of the page, and what stands below it is read after it."
    above = [*column(40, 100, PARAGRAPHS[0]), *column(300, 100, PARAGRAPHS[1])]
    below = [*column(40, 220, PARAGRAPHS[2]), *column(300, 220, PARAGRAPHS[0])]
    data = printed(*above, (40, 180, over), *below)
    assert sentences(data) == [PARAGRAPHS[0], PARAGRAPHS[1], over, PARAGRAPHS[2], PARAGRAPHS[0]]
    assert [word.text for word in find_words(data, [1])[1]] == " ".join(sentences(data)).split()


def test_a_table_without_rules_is_read_row_by_row() -> None:
    rows = [
        (f"{record} and all papers of it", f"for {years} years from the end") for record, years in (("Invoices", 7), ("Visits", 2), ("Claims", 5))
    ]
    data = printed(*[(40 + 200 * place, 100 + 14 * number, cell) for number, row in enumerate(rows) for place, cell in enumerate(row)])
    assert read_bytes(data, "policy.pdf").text.split() == " ".join(" ".join(row) for row in rows).split()


def test_a_line_that_touches_a_table_is_read() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(42, 700, "The periods are these.")
    canvas.grid([40, 140, 240], [698.5, 678.5, 658.5])
    for top, row in ((684, ("Record", "Period")), (664, ("Invoices", "7 years"))):
        canvas.drawString(42, top, row[0])
        canvas.drawString(142, top, row[1])
    canvas.save()
    assert sentences(buffer.getvalue()) == ["The periods are these.", "Record | Period", "Invoices | 7 years"]


def test_headings_that_count_with_the_page_are_headings() -> None:
    said = ["Invoices are kept for seven years.", "Visits are kept for thirty days.", "Footage is kept for a week."]
    data = pdf_of([[(16, f"Section {number}"), (0, ""), (10, text)] for number, text in enumerate(said, 1)])
    found = split_sentences(read_bytes(data, "policy.pdf"))
    assert [(passage.heading, passage.text) for passage in found] == [((f"Section {number}",), text) for number, text in enumerate(said, 1)]


def test_sentences_that_differ_in_a_figure_are_sentences() -> None:
    data = pdf_of(
        [[(10, "Invoices are kept."), (10, f"Parking costs {price} pounds a"), (10, f"day in {year}.")] for price, year in ((5, 2024), (9, 2025))]
    )
    assert sentences(data) == [
        "Invoices are kept.",
        "Parking costs 5 pounds a day in 2024.",
        "Invoices are kept.",
        "Parking costs 9 pounds a day in 2025.",
    ]


def test_a_year_at_the_foot_of_a_page_is_no_page_number() -> None:
    assert sentences(pdf_of([[(10, "This notice has been in force since June"), (10, "2024.")]])) == [
        "This notice has been in force since June 2024."
    ]


def test_large_print_and_sentences_on_every_page_are_read_once() -> None:
    said = ["Invoices are kept for", "seven years in Leeds, and visits for", "thirty days, but footage only for", "a week."]
    pages = [
        [
            (16, "ACME LIMITED"),
            (0, ""),
            (9, f"Version 3, sheet {number + 7} of 11"),
            (0, ""),
            (10, text),
            (0, ""),
            (10, "Printed copies are not valid."),
        ]
        for number, text in enumerate(said)
    ]
    text = read_bytes(pdf_of(pages), "policy.pdf").text
    assert [text.count(words) for words in ("ACME LIMITED", "Version 3", "Printed copies")] == [1, 0, 1]
    assert "seven years in Leeds, and visits for thirty days" in text
