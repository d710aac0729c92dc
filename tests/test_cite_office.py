"""LibreOffice opens what is exported, and what it saves anew is still the same citations. Skipped where it is not installed."""

from __future__ import annotations

import csv
import io
import pathlib
import shutil
import subprocess

import pypdf
import pytest

from cite import FORMATS, Bundle, Library, Review, bundle_of_answers, claims_of, read_library, read_returned, with_reviews
from ingest import document_from_text
from tests.citing import row_for

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed, so nothing can be opened with it")

# CSV as its filter wants it told: separated by commas, quoted with ", UTF-8, numbers and dates found as when a person opens it.
AS_OPENED = "CSV:44,34,76,1,,0,false,true"
AS_CSV, WITH_SEMICOLONS = "csv:Text - txt - csv (StarCalc):44,34,76,1", "csv:Text - txt - csv (StarCalc):59,34,76,1"

# What a spreadsheet takes for something else: formulas, numbers, dates, errors.
ODD = (
    "30%",
    "2025-01-02",
    "1 May 2024",
    "May 2024",
    "$5.00",
    "007",
    "1e5",
    "TRUE",
    "12:30",
    "1/2",
    "3-4",
    "01/02/2024",
    "(5)",
    "1,000",
    "+44 20 7946 0958",
    "=1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "#N/A",
    "“Quoted”; with, commas\tand a tab",
    "Two\nlines  and   blanks",
    "'tis so",
    "0.10",
    "10 €",
    "a field named _x0041_ is kept",
)
QUESTIONS = ("What do they say?", "2024", "1/2", "-1", "=1+1")
REVIEWS = (Review("accept", "Ada", "fine, “yes”\nsecond line", "2025-03-31"), Review("reject", "José", "=no", "2025-03-31T10:00:00Z"))


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    document = document_from_text("Odd Policy\n\n" + "\n\n".join(ODD) + "\n\n¶ The end. ¶\n", "odd.txt")
    library = Library({document.id: document})
    quotes = [*ODD, "¶ The end. ¶"]
    rows = [row_for(document, quote, QUESTIONS[number % len(QUESTIONS)], f"{number:03}") for number, quote in enumerate(quotes)]
    bundle = bundle_of_answers(rows, library)
    return with_reviews(bundle, dict(zip((entry.citation.id for entry in bundle.entries()), REVIEWS, strict=False)))


def converted(folder: pathlib.Path, form: str, *sources: pathlib.Path, as_opened: str = "") -> pathlib.Path:
    """The folder with what LibreOffice made of the files."""
    out = folder / "converted"
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += [f"--infilter={as_opened}"] if as_opened else []
    command += ["--convert-to", form, "--outdir", str(out), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    return out


def written(folder: pathlib.Path, bundle: Bundle, form: str, library: Library | None = None) -> pathlib.Path:
    path = folder / f"citations.{form}"
    path.write_bytes(FORMATS[form](bundle, library or Library({})))
    return path


def assert_same(path: pathlib.Path, bundle: Bundle) -> None:
    """Every citation came back unaltered, with its review."""
    claims, wanted = read_returned(path).claims, claims_of(bundle)
    assert [(claim.id, claim.contradictions()) for claim in claims] == [(claim.id, ()) for claim in wanted]
    assert [(claim.question, claim.quote, claim.review) for claim in claims] == [(claim.question, claim.quote, claim.review) for claim in wanted]


@pytest.mark.parametrize("form", ["xlsx", AS_CSV, WITH_SEMICOLONS])
def test_a_csv_that_was_opened_and_saved_is_the_same_citations(form: str, bundle: Bundle, tmp_path: pathlib.Path) -> None:
    out = converted(tmp_path, form, written(tmp_path, bundle, "csv"), as_opened=AS_OPENED)
    (saved,) = out.iterdir()
    assert_same(saved, bundle)
    if form == WITH_SEMICOLONS:
        assert not saved.read_bytes().startswith(b"\xef\xbb\xbf")
        assert saved.read_bytes().startswith(b'"citation_id";"question_id";')


def test_a_workbook_that_was_opened_and_saved_is_the_same_citations(bundle: Bundle, tmp_path: pathlib.Path) -> None:
    (saved,) = converted(tmp_path, "xlsx", written(tmp_path, bundle, "xlsx")).iterdir()
    assert_same(saved, bundle)


def test_a_workbook_that_was_saved_as_csv_is_the_same_citations(bundle: Bundle, tmp_path: pathlib.Path) -> None:
    (saved,) = converted(tmp_path, AS_CSV, written(tmp_path, bundle, "xlsx")).iterdir()
    assert_same(saved, bundle)
    assert [row for row in csv.reader(io.StringIO(saved.read_text("utf-8"), newline="")) if row[0].startswith("#")] == []


def text_of(path: pathlib.Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_the_memos_show_the_quotations_and_where_they_stand(tmp_path: pathlib.Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "acme.md").write_text("# Acme\n\n## Keeping\n\nWe keep it. We keep invoices for ten years. Nothing else is kept.\n", "utf-8")
    library = read_library(corpus)
    document = library.documents["acme.md"]
    start = document.text.index("We keep invoices")
    bundle = bundle_of_answers([row_for(document, "We keep invoices for ten years.")], library)
    for form in ("docx", "html", "xlsx"):
        out = converted(tmp_path / form, "pdf:writer_web_pdf_Export" if form == "html" else "pdf", written(tmp_path, bundle, form, library))
        text = text_of(out / "citations.pdf")
        assert "We keep invoices for ten years." in text, form
        assert "Data" in text, form
        if form != "xlsx":
            assert "We keep it. We keep invoices for ten years." in text, form
            assert f"acme.md, characters {start}–{start + 31}" in text, form
