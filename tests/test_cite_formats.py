"""Markdown, HTML, DOCX and XLSX: the exact words in their context, and nothing that a policy says becomes more than text."""

from __future__ import annotations

import dataclasses
import io
import pathlib

import bs4
import docx
import openpyxl
import pypdf
import pytest
from markdown_it import MarkdownIt

from cite import FORMATS, Bundle, Library, Review, export_answers, export_bundle, library_of, make_bundle, read_library, with_reviews
from cite.answers import answers_of_rows
from cite.as_xlsx import claims_from_xlsx
from cite.claim import claims_of
from index import Index
from ingest import PolicyError
from tests.citing import row_for, rows_of

HOSTILE = """=HYPERLINK("http://evil.example")

## Data <script>alert(1)</script>

We keep it. ![pixel](http://evil.example/x.png) [click](javascript:alert(1)) <img src=x onerror=alert(1)> & more. \x1b[31mRed.

- @SUM(1+1)*cmd|' /C calc'!A0

Last words: "{{ 7*7 }}" and <!-- a comment --> *stars* `code` http://evil.example/auto.
"""


@pytest.fixture
def hostile(tmp_path: pathlib.Path) -> Library:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "=evil.md").write_text(HOSTILE, "utf-8")
    return read_library(folder)


def hostile_rows(library: Library) -> list:
    document = library.documents["=evil.md"]
    quotes = ("![pixel](http://evil.example/x.png) [click](javascript:alert(1)) <img src=x onerror=alert(1)>", "@SUM(1+1)*cmd|' /C calc'!A0")
    rows = [row_for(document, quote, f'=1+1 "<b>{number}</b>" ![q](http://evil.example)') for number, quote in enumerate(quotes)]
    return [*rows, row_for(document, '"{{ 7*7 }}" and <!-- a comment --> *stars* `code` http://evil.example/auto.', "-2+3 [x](y)", "q3")]


def test_markdown_shows_the_quotation_and_its_context(small_index: Index) -> None:
    text = export_answers(rows_of(small_index), library_of(small_index), "md").decode()
    page = bs4.BeautifulSoup(MarkdownIt("commonmark").render(text), "lxml")
    assert [heading.text for heading in page.find_all("h2")] == [row["question"] for row in rows_of(small_index)]
    first = page.find("blockquote")
    assert first is not None
    assert first.strong is not None
    assert first.strong.text == "Payment data is handled by Paylane, our payment processor."
    assert first.p is not None
    assert first.p.text == "Payment data is handled by Paylane, our payment processor. We never sell personal data."


def test_markdown_from_a_hostile_policy_is_only_text(hostile: Library) -> None:
    text = export_answers(hostile_rows(hostile), hostile, "md").decode()
    page = bs4.BeautifulSoup(MarkdownIt("commonmark").render(text), "lxml")
    assert {tag.name for tag in page.find_all(name=True)} <= {"html", "body", "h1", "h2", "h3", "p", "blockquote", "strong", "hr"}
    quoted = [block.strong.text for block in page.find_all("blockquote") if block.strong]
    assert quoted[0] == "![pixel](http://evil.example/x.png) [click](javascript:alert(1)) <img src=x onerror=alert(1)>"
    assert "\x1b" not in text


def test_html_marks_the_quotation_and_loads_nothing(small_index: Index, hostile: Library) -> None:
    page = bs4.BeautifulSoup(export_answers(rows_of(small_index), library_of(small_index), "html"), "lxml")
    assert [mark.text for mark in page.find_all("mark")] == [
        "Payment data is handled by Paylane, our payment processor.",
        "You can delete your account in the settings, unless an invoice is still open.",
        "We do not knowingly collect data of children under 14.",
    ]
    assert page.find_all("span", class_="context")[1].text == "We never sell personal data."
    data = export_answers(hostile_rows(hostile), hostile, "html")
    bad = bs4.BeautifulSoup(data, "lxml")
    assert bad.find_all(["script", "img", "link", "iframe", "a", "b", "object"]) == []
    assert [
        (tag.name, name)
        for tag in bad.find_all(name=True)
        for name in tag.attrs
        if name in {"src", "href", "srcset", "action"} or name.startswith("on")
    ] == []
    assert "default-src 'none'" in data.decode()
    assert bad.find_all("mark")[2].text.startswith('"{{ 7*7 }}" and <!-- a comment -->')
    assert "\x1b" not in data.decode()


def test_word_has_the_words_and_a_footnote_for_each(small_index: Index, hostile: Library) -> None:
    data = export_answers(rows_of(small_index), library_of(small_index), "docx")
    document = docx.Document(io.BytesIO(data))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert "Payment data is handled by Paylane, our payment processor. We never sell personal data." in paragraphs
    part = next(part for part in document.part.package.parts if part.partname == "/word/footnotes.xml")
    notes = [note.get_text() for note in bs4.BeautifulSoup(part.blob, "xml").find_all("w:footnote")]
    assert len(notes) == 5
    assert notes[2].startswith(" Acme Privacy Policy › Payments · acme.md, characters 36–94 · file sha256 ")
    assert document.element.xml.count("<w:footnoteReference ") == 3
    bad = docx.Document(io.BytesIO(export_answers(hostile_rows(hostile), hostile, "docx")))
    assert any("<img src=x onerror=alert(1)>" in paragraph.text for paragraph in bad.paragraphs)


def test_the_spreadsheet_has_filters_a_frozen_header_and_wrapped_quotations(small_index: Index) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export_answers(rows_of(small_index), library_of(small_index), "xlsx")))
    sheet = book["Citations"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:AM4")
    assert sheet["G2"].value == "Payment data is handled by Paylane, our payment processor."
    assert sheet["G2"].alignment.wrap_text is True
    assert [(str(rule.sqref), rule.formula1) for rule in sheet.data_validations.dataValidation] == [("L2:L4", '"accept,reject,comment"')]
    assert (sheet["A2"].alignment.vertical, sheet["G2"].alignment.vertical) == ("top", "top")
    assert (sheet.print_area, sheet.print_title_rows, sheet.page_setup.orientation) == ("'Citations'!$A$1:$O$4", "$1:$1", "landscape")
    assert [row[1].value for row in book["Questions"].iter_rows(min_row=2)] == [row["question"] for row in rows_of(small_index)]


def test_no_cell_of_a_hostile_policy_is_a_formula(hostile: Library) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export_answers(hostile_rows(hostile), hostile, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if isinstance(cell.value, str) and cell.value[0] in "=+-@"] == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_of_a_hostile_policy_come_back_unharmed(form: str, hostile: Library) -> None:
    from cite import returned_from_bytes

    bundle = make_bundle(answers_of_rows(hostile_rows(hostile)), hostile)
    claims = returned_from_bytes(FORMATS[form](bundle, hostile), "x").claims
    assert [claim.quote for claim in claims] == [claim.quote for claim in claims_of(bundle)]
    assert [claim.question for claim in claims] == [claim.question for claim in claims_of(bundle)]
    assert [claim.contradictions() for claim in claims] == [(), (), ()]


def test_reviews_are_printed(small_index: Index) -> None:
    bundle = make_bundle(answers_of_rows(rows_of(small_index)), library_of(small_index))
    name = next(bundle.entries()).citation.id
    for form in ("md", "html"):
        reviewed = with_reviews(bundle, {name: Review("reject", "Ada", "says who?", "2025-03-31")})
        data = export_bundle(reviewed, library_of(small_index), form)
        assert "Review: reject (Ada 2025-03-31): says who?" in data.decode().replace("\\", "")


def test_a_quotation_that_no_cell_can_hold_is_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / "long.txt").write_text("word " * 8000, "utf-8")
    library = read_library(tmp_path)
    document = library.documents["long.txt"]
    with pytest.raises(PolicyError, match=r"a cell would hold 39,999 characters, and a spreadsheet holds 32,767; export --format csv or json"):
        export_answers([row_for(document, document.text.strip())], library, "xlsx")


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + b"\x00" * 200, b""])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(PolicyError, match=r"^x.xlsx is no XLSX workbook that can be read"):
        claims_from_xlsx(data, "x.xlsx")


FIRST, SECOND = "We never sell personal data.", "Payment data is handled by Paylane, our payment processor."


@pytest.fixture
def limited(small_index: Index) -> Bundle:
    """A bundle with one answer, whose second quotation limits the first."""
    document = small_index.document("acme.md")
    row = row_for(document, FIRST, "Do you sell data?")
    row["findings"][0]["citations"] += row_for(document, SECOND)["findings"][0]["citations"]
    row["findings"][0]["but"] = 2
    return make_bundle(answers_of_rows([row]), library_of(small_index))


def test_every_memo_says_but_before_what_limits_the_answer(small_index: Index, limited: Bundle) -> None:
    library = library_of(small_index)
    marked = bs4.BeautifulSoup(MarkdownIt("commonmark").render(export_bundle(limited, library, "md").decode()), "lxml")
    assert [block.p.text for block in marked.find_all("blockquote") if block.p] == [f"{SECOND} {FIRST}", f"But: {SECOND} {FIRST}"]
    page = bs4.BeautifulSoup(export_bundle(limited, library, "html"), "lxml")
    assert [" ".join(block.p.text.split()) for block in page.find_all("blockquote") if block.p] == [f"{SECOND} {FIRST}", f"But: {SECOND} {FIRST}"]
    document = docx.Document(io.BytesIO(export_bundle(limited, library, "docx")))
    assert [paragraph.text.strip() for paragraph in document.paragraphs if SECOND in paragraph.text] == [
        f"{SECOND} {FIRST}",
        f"But: {SECOND} {FIRST}",
    ]
    printed = " ".join(pypdf.PdfReader(io.BytesIO(export_bundle(limited, library, "pdf"))).pages[0].extract_text().split())
    assert printed.count("But:") == 1
    assert f"But: {SECOND}" in printed


def test_a_memo_without_the_policy_has_whole_words_of_the_paragraph_alone(small_index: Index, tmp_path: pathlib.Path) -> None:
    text = "# Acme\n\n## Keeping\n\nWe keep all that you send to us for as long as you are here. We keep it safe. "
    text += "Nobody else ever reads what you wrote.\n\n## Selling\n\nWe sell it.\n## Cookies\n\nYes.\n"
    (tmp_path / "acme.md").write_text(text, "utf-8")
    library = read_library(tmp_path)
    rows = [row_for(library.documents["acme.md"], quote, quote, quote) for quote in ("We keep it safe.", "We sell it.")]
    bundle = make_bundle(answers_of_rows(rows), library)
    page = bs4.BeautifulSoup(export_bundle(bundle, Library({}), "html"), "lxml")
    assert [" ".join(block.p.text.split()) for block in page.find_all("blockquote") if block.p] == [
        "… for as long as you are here. We keep it safe. Nobody else ever reads what …",
        "We sell it.",
    ]
    assert f"seal of the citation bundle: {bundle.sha256}" in page.text


def test_no_character_of_a_bundle_is_too_much_for_a_format(small_index: Index) -> None:
    bundle = dataclasses.replace(make_bundle(answers_of_rows(rows_of(small_index)), library_of(small_index)), index_id="a\x07b")
    for form in FORMATS:
        assert export_bundle(bundle, library_of(small_index), form)
