"""CSV: harmless cells that give back what was put in, and tables that are no export refused."""

from __future__ import annotations

import csv
import dataclasses
import io
import pathlib
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite import Library, Review, export_answers, library_of, make_bundle, read_library, with_reviews
from cite.answers import answers_of_rows
from cite.as_csv import bundle_to_csv, claims_from_csv
from cite.as_xlsx import bundle_to_xlsx, claims_from_xlsx
from cite.cells import carried, harmless, restored, uncarried, untyped
from cite.claim import claims_of
from cite.nouns import Bundle
from cite.table import COLUMNS
from index import Index
from ingest import PolicyError
from tests.citing import row_for, rows_of

NOTHING = Library({})


@pytest.fixture
def bundle(small_index: Index) -> Bundle:
    return make_bundle(answers_of_rows(rows_of(small_index)), library_of(small_index))


def test_one_row_a_citation_under_the_names_of_the_columns(small_index: Index) -> None:
    data = export_answers(rows_of(small_index), library_of(small_index), "csv")
    assert data.startswith(b"\xef\xbb\xbfcitation_id,question_id,question,")
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header == list(COLUMNS)
    first = dict(zip(header, rows[0], strict=True))
    assert (first["question_id"], first["policy"], first["verdict"], first["section"]) == ("q1", "Acme", "states", "Acme Privacy Policy › Payments")
    assert first["quote"] == "Payment data is handled by Paylane, our payment processor."
    assert len(rows) == 3


def test_the_claims_come_back_from_csv_as_they_are_in_the_bundle(bundle: Bundle) -> None:
    def bare(claims: list) -> list:
        return [dataclasses.replace(claim, place="", prefix="", suffix="") for claim in claims]

    claims = claims_from_csv(bundle_to_csv(bundle, NOTHING), "reviewed.csv")
    assert bare(claims) == bare(claims_of(bundle))
    assert [claim.contradictions() for claim in claims] == [(), (), ()]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠", ";=", ",=", '"=', " =", "'", "\ufeff="])
def test_no_cell_begins_as_a_formula_does(first: str) -> None:
    cell = harmless(first + "cmd|' /C calc'!A0")
    assert cell.startswith("'")
    assert restored(cell) == first + "cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    "text",
    [
        *("30%", "2025-01-02", "1 May 2024", "may 2024", "$5.00", "007", "1e5", "1.5E+10", "true", " FALSE ", "12:30", "9 am", "1/2", "(5)", "1,000"),
        *("10 €", "0.10", "5.", "Friday, 3 January 2025", "25 Dec", "٣"),
    ],
)
def test_what_a_spreadsheet_would_rewrite_is_kept_from_it(text: str) -> None:
    assert untyped(text) == "'" + text
    assert restored(untyped(text)) == text


@pytest.mark.parametrize(
    "text", ["", "5 days", "May", "e", "10 pieces", "Section 5", "January", "within 30 days.", "v1.2", "5th", "never true", "–", "1 " * 40]
)
def test_words_are_left_as_they_are(text: str) -> None:
    assert untyped(text) == text


@given(st.text() | st.from_regex(r"[0-9e/:.,% ]+(jan|may|am)?", fullmatch=True))
def test_untyped_is_undone_by_restored_and_is_no_less_harmless(text: str) -> None:
    assert restored(untyped(text)) == text
    assert untyped(text) in {harmless(text), "'" + text}


@given(st.text())
def test_harmless_is_undone_by_restored(text: str) -> None:
    assert restored(harmless(text)) == text
    assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


ANY = st.text(st.characters(exclude_categories=["Cs"]))
CODES = st.from_regex(r"(_?x?(005F|000[Cc]|0041|ffff)_?|a|'|=)*", fullmatch=True)


@given(ANY | CODES)
def test_carried_is_undone_by_uncarried(text: str) -> None:
    assert uncarried(carried(text)) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(comment=ANY | CODES, reviewer=ANY | CODES)
def test_any_review_goes_through_tables_unharmed(bundle: Bundle, comment: str, reviewer: str) -> None:
    review = Review("reject", reviewer, comment, "2025-03-31T10:00:00Z")
    reviewed = with_reviews(bundle, {next(bundle.entries()).citation.id: review})
    assert claims_from_csv(bundle_to_csv(reviewed, NOTHING), "reviewed.csv")[0].review == review
    assert claims_from_xlsx(bundle_to_xlsx(reviewed, NOTHING), "reviewed.xlsx")[0].review == review


def saved_anew(data: bytes) -> bytes:
    """A workbook with its texts in one table, where Excel puts them when it saves."""
    texts: list[str] = []

    def moved(match: re.Match[str]) -> str:
        texts.append(match.group(2))
        return f'{match.group(1)}t="s"><v>{len(texts) - 1}</v>'

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        parts = {name: old.read(name).decode() for name in old.namelist()}
        for name in parts:
            if name.startswith("xl/worksheets/sheet"):
                parts[name] = re.sub(r'(<c [^>]*)t="inlineStr"[^>]*><is>(.*?)</is>', moved, parts[name], flags=re.S)
                assert "inlineStr" not in parts[name]
        table = "".join(f"<si>{text}</si>" for text in texts)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{table}</sst>'
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override)
        for name, part in parts.items():
            new.writestr(name, part)
    return buffer.getvalue()


@pytest.mark.parametrize("quote", ["the field _x0041_ is kept", "the field _x000C_ is kept", "the field _xFFFF_ is kept"])
def test_a_quotation_that_looks_like_a_code_comes_back_from_a_workbook(quote: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "codes.txt").write_text(f"Codes\n\n{'First of all comes this. ' * 3}{quote}. {'And then there is this. ' * 3}\n", "utf-8")
    library = read_library(tmp_path)
    data = export_answers([row_for(library.documents["codes.txt"], quote)], library, "xlsx")
    for table in (data, saved_anew(data)):
        (claim,) = claims_from_xlsx(table, "codes.xlsx")
        assert (claim.quote, claim.contradictions()) == (quote, ())


@pytest.mark.parametrize("comment", ["'Handled' is not defined", "'t Hooft", "''", "'"])
def test_an_apostrophe_of_the_reviewer_stays(comment: str, bundle: Bundle) -> None:
    claims = claims_from_csv(edited(bundle_to_csv(bundle, NOTHING), review_status="comment", review_comment=comment), "reviewed.csv")
    assert claims[0].review.comment == comment.replace("''", "'")


def test_a_quotation_as_long_as_a_policy_comes_back_from_csv(tmp_path: pathlib.Path) -> None:
    (tmp_path / "long.txt").write_text("word " * 30_000, "utf-8")
    library = read_library(tmp_path)
    quote = library.documents["long.txt"].text.strip()
    assert len(quote) == 149_999
    (claim,) = claims_from_csv(export_answers([row_for(library.documents["long.txt"], quote)], library, "csv"), "long.csv")
    assert (claim.quote, claim.contradictions()) == (quote, ())


def test_the_last_column_says_what_limits_the_answer_and_older_tables_lack_it(small_index: Index) -> None:
    document = small_index.document("acme.md")
    row = row_for(document, "We never sell personal data.")
    row["findings"][0]["citations"] += row_for(document, "Payment data is handled by Paylane, our payment processor.")["findings"][0]["citations"]
    row["findings"][0]["but"] = 2
    data = export_answers([row], library_of(small_index), "csv")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [cells[-1] for cells in rows] == ["role", "", "but"]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([*cells[:-1], "my own"] for cells in rows)
    assert [claim.contradictions() for claim in claims_from_csv(buffer.getvalue().encode(), "old.csv")] == [(), ()]


def edited(data: bytes, **changes: str) -> bytes:
    """The CSV with cells of its first row changed."""
    header, first, *rest = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    for column, value in changes.items():
        first[header.index(column)] = value
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([header, first, *rest])
    return buffer.getvalue().encode()


def test_spreadsheets_may_rewrite_line_ends_and_separators(bundle: Bundle) -> None:
    data = bundle_to_csv(bundle, NOTHING)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows([[cell.replace("\n", "\r\n") for cell in row] for row in rows])
    claims = claims_from_csv(buffer.getvalue().encode(), "reviewed.csv")
    assert [claim.contradictions() for claim in claims] == [(), (), ()]


@pytest.mark.parametrize(
    "column", ["question", "document", "quote", "quote_sha256", "char_start", "source_sha256", "text_sha256", "prefix", "page", "section", "seal"]
)
def test_an_edited_cell_is_caught(bundle: Bundle, column: str) -> None:
    value = "12" if column in {"char_start", "page"} else "x" * 64
    first, *others = claims_from_csv(edited(bundle_to_csv(bundle, NOTHING), **{column: value}), "reviewed.csv")
    assert first.contradictions() != ()
    assert [claim.contradictions() for claim in others] == [(), ()]


def columns_changed(data: bytes, change: str) -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    order = list(range(len(rows[0])))
    order = order[:5] + order[6:] if change == "missing" else [1, 0, *order[2:]]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[row[number] for number in order] for row in rows])
    return buffer.getvalue().encode()


def test_bad_tables_are_refused_in_one_line(bundle: Bundle) -> None:
    data = bundle_to_csv(bundle, NOTHING)
    wrong = {
        "lacks the columns verdict;": columns_changed(data, "missing"),
        "has the column question_id where citation_id was; put the columns back": columns_changed(data, "order"),
        "is not UTF-8 (invalid start byte at byte 0); save it as “CSV UTF-8”": data.decode("utf-8").encode("utf-16"),
        "is not UTF-8": edited(data, reviewer="José").decode().encode("cp1252"),
        "has the columns (none)": b"",
        "has the columns Name, Age …": b"Name,Age\nAda,36\n",
        "row 4 has 20 cells, expected 38: is the file cut off?": data[: data.rindex(b"bolt.txt,e353")],
        "row 2: char_start is 'many', expected a whole number": edited(data, char_start="many"),
        "row 2: review_status is 'maybe'; expected accept, reject, comment or nothing": edited(data, review_status="maybe"),
        "row 2: reviewed_at is '31/3/25'; expected a date such as 2025-03-31": edited(data, reviewed_at="31/3/25"),
        "row 2: reviewed_at is '2025-31-03'; expected a date such as 2025-03-31": edited(data, reviewed_at="2025-31-03"),
        "row 2 has schema 9; this program reads up to 2": edited(data, schema_version="9"),
        "is no CSV: unexpected end of data; is the file cut off?": data[: data.rindex(b"CHILDREN")],
    }
    for message, table in wrong.items():
        with pytest.raises(PolicyError) as caught:
            claims_from_csv(table, "reviewed.csv")
        assert message in str(caught.value), message
        assert "\n" not in str(caught.value)
