"""Each format's own difficulties: encodings, what a web page hides, tables, running headers, lists without bullets."""

from __future__ import annotations

import io

import docx
import pytest

from ingest import Document, read_bytes, split_sentences
from written import WRITERS, pdf_of

SAID = "We keep naïve café data – “for ever” – at £5 a month."


def sentences(document: Document) -> list[tuple[str, str]]:
    """Lead and text of each sentence."""
    return [(passage.lead, passage.text) for passage in split_sentences(document)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_marked_encodings_are_read_without_a_warning(encoding: str, suffix: str) -> None:
    text = f"<!doctype html><p>{SAID}</p>" if suffix == ".html" else SAID
    document = read_bytes(text.encode(encoding), f"policy{suffix}")
    assert sentences(document) == [("", SAID)]
    assert document.warnings == ()


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_what_is_not_utf_8_is_read_as_windows_1252_with_a_warning(suffix: str) -> None:
    text = f"<!doctype html><p>{SAID}</p>" if suffix == ".html" else SAID
    document = read_bytes(text.encode("cp1252"), f"policy{suffix}")
    assert sentences(document) == [("", SAID)]
    assert document.warnings == ("is not UTF-8; read as Windows-1252, look at its accents",)


def test_a_page_says_its_own_encoding() -> None:
    document = read_bytes(
        '<!doctype html><meta charset="shift_jis"><p>個人情報は販売しません。 We sell nothing.</p>'.encode("shift_jis"), "policy.html"
    )
    assert "個人情報は販売しません。" in document.text
    assert document.warnings == ()


def test_a_page_is_read_without_what_surrounds_its_text() -> None:
    page = """<!doctype html><html><head><title>Privacy | Acme</title><style>p { color: red }</style></head><body>
    <a class="skip-link" href="#main">Skip to content</a>
    <div id="cookie-banner"><p>We use cookies. Accept all?</p></div>
    <nav><a href="/">Home</a></nav>
    <div class="site-header">Acme Corp</div>
    <main><h1>Privacy</h1>
      <div class="breadcrumbs">Home / Legal</div>
      <p>We keep orders for two years. <span style="display:none">Hidden words.</span><span hidden>More hidden words.</span></p>
      <p aria-hidden="true">Decoration.</p>
      <!-- a remark of the author -->
      <script>document.write("scripted")</script>
      <button>Print</button>
      <p class="socialism">A class that only begins like one for sharing hides nothing.</p>
    </main>
    <footer>Copyright Acme</footer></body></html>"""
    document = read_bytes(page.encode(), "policy.html")
    assert document.text == ("Privacy\n\nWe keep orders for two years.\n\nA class that only begins like one for sharing hides nothing.\n")
    assert document.title == "Privacy"


@pytest.mark.parametrize("suffix", [".docx", ".html", ".md"])
def test_each_row_of_a_table_carries_its_header(suffix: str) -> None:
    pieces = [("paragraph", "The periods are these."), ("row", "Record | Period"), ("row", "Invoices | 7 years"), ("row", "Visits | 30 days")]
    document = read_bytes(WRITERS[suffix](pieces), f"policy{suffix}")
    assert sentences(document) == [
        ("", "The periods are these."),
        ("", "Record | Period"),
        ("Record | Period", "Invoices | 7 years"),
        ("Record | Period", "Visits | 30 days"),
    ]


def test_columns_of_plain_text_are_rows() -> None:
    table = ["Record     Period    Office", "--------   -------   ------", "Invoices   7 years   Leeds", "Visits     30 days   Halifax"]
    text = "\n".join(["The periods are these.", "", *table])
    assert sentences(read_bytes(text.encode(), "policy.txt")) == [
        ("", "The periods are these."),
        ("", "Record     Period    Office"),
        ("Record Period Office", "Invoices   7 years   Leeds"),
        ("Record Period Office", "Visits     30 days   Halifax"),
    ]


def test_merged_cells_are_said_once() -> None:
    source = docx.Document()
    table = source.add_table(2, 3)
    for cell, text in zip(table.rows[0].cells, ("Record", "Office", "Period"), strict=True):
        cell.text = text
    table.cell(1, 0).text = "Invoices"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "seven years everywhere"
    buffer = io.BytesIO()
    source.save(buffer)
    document = read_bytes(buffer.getvalue(), "policy.docx")
    assert sentences(document) == [("", "Record | Office | Period"), ("Record | Office | Period", "Invoices | seven years everywhere")]


def test_running_headers_and_page_numbers_are_no_sentences() -> None:
    said = {"Payments": "We pay invoices within thirty days.", "Claims": "Claims are filed in Tally.", "Visits": "Visits are approved by Ann."}
    pages = [
        [(9, "Acme Corp - confidential"), (0, ""), (16, heading), (0, ""), (10, sentence), (0, ""), (9, f"Page {number} of 3")]
        for number, (heading, sentence) in enumerate(said.items(), 1)
    ]
    document = read_bytes(pdf_of(pages), "policy.pdf")
    found = [(passage.page, passage.heading, passage.text) for passage in split_sentences(document)]
    assert found == [(number, (heading,), sentence) for number, (heading, sentence) in enumerate(said.items(), 1)]


def test_a_sentence_goes_on_over_the_page() -> None:
    first = [(10, "This policy has two pages."), (10, "It is short, as you see, and"), (10, "clear. Invoices are kept for")]
    second = [(10, "seven years in Leeds. Visits are"), (10, "not kept."), (0, ""), (10, "Ask Ann."), (10, "She knows.")]
    document = read_bytes(pdf_of([first, second]), "policy.pdf")
    assert [(passage.page, passage.text) for passage in split_sentences(document)] == [
        (1, "This policy has two pages."),
        (1, "It is short, as you see, and clear."),
        (1, "Invoices are kept for seven years in Leeds."),
        (2, "Visits are not kept."),
        (2, "Ask Ann."),
        (2, "She knows."),
    ]


@pytest.mark.parametrize("suffix", [".txt", ".pdf"])
def test_a_paragraph_after_a_list_is_no_item_of_it(suffix: str) -> None:
    lines = [
        "We collect these from you:",
        "- your name",
        "- your address",
        "",
        "All of it is deleted when you leave,",
        "and no copy is kept.",
    ]
    data = pdf_of([[(10 if line else 0, line) for line in lines]]) if suffix == ".pdf" else "\n".join(lines).encode()
    document = read_bytes(data, f"policy{suffix}")
    assert [(lead, " ".join(text.split())) for lead, text in sentences(document)] == [
        ("", "We collect these from you:"),
        ("We collect these from you:", "your name"),
        ("We collect these from you:", "your address"),
        ("", "All of it is deleted when you leave, and no copy is kept."),
    ]


def test_headings_of_markdown_keep_their_numbers_and_lose_their_marks() -> None:
    document = read_bytes(
        b"# 1. Scope #\n\nIt binds **everyone**.\n\n> ## 1.1 *Staff*\n>\n> Even interns.\n\n**Contact:**\n\nWrite to us.\n", "policy.md"
    )
    assert [(passage.heading, passage.text) for passage in split_sentences(document)] == [
        (("1. Scope",), "It binds **everyone**."),
        (("1. Scope", "1.1 Staff"), "Even interns."),
        (("1. Scope", "1.1 Staff", "Contact:"), "Write to us."),
    ]


def test_abbreviations_end_no_sentence() -> None:
    said = ["Acme Inc. sells data, e.g. names, to U.S. partners of Dr. Wilson.", "It is kept for 3.5 years, see sec. 4 for more."]
    assert sentences(read_bytes(" ".join(said).encode(), "policy.txt")) == [("", said[0]), ("", said[1])]
