"""The review round trip: marks come back by citation id, disagreements are listed, accepted citations become gold."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import re
from collections.abc import Callable

import openpyxl
import pytest

from cite import bundle_from_json, verify
from cite.__main__ import main
from cite.claim import claims_of
from cite.nouns import Review
from eval.gold import read_gold
from index import Index
from ingest import read_corpus
from tests.citing import write_answers


@pytest.fixture
def bundle(small_index: Index, tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "bundle.json"
    assert run("export", write_answers(small_index, tmp_path / "answers.jsonl"), "--index", tmp_path / "index", "--out", path) == 0
    return path


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def exported(bundle: pathlib.Path, form: str) -> pathlib.Path:
    path = bundle.with_name(f"review.{form}")
    assert run("export", bundle, "--format", form, "--out", path) == 0
    return path


def mark_csv(path: pathlib.Path, *rows: dict[str, str]) -> pathlib.Path:
    """Fill in cells of a CSV, row by row."""
    header, *cells = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    for row, marks in zip(cells, rows, strict=False):
        for column, value in marks.items():
            row[header.index(column)] = value
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([header, *cells])
    path.write_bytes(b"\xef\xbb\xbf" + buffer.getvalue().encode())
    return path


def reviews(path: pathlib.Path) -> list[Review]:
    return [claim.review for claim in claims_of(bundle_from_json(path.read_bytes(), "b"))]


ADA = {"review_status": "accept", "review_comment": '=clear, "really"\nyes', "reviewer": "Ada", "reviewed_at": "2025-03-31"}


def test_csv_to_bundle_to_csv_is_the_same_file(bundle: pathlib.Path) -> None:
    marked = mark_csv(exported(bundle, "csv"), {**ADA, "review_comment": '\'=clear, "really"\nyes'}, {}, {"review_status": "reject"})
    out = bundle.with_name("reviewed.json")
    assert run("import", marked, "--bundle", bundle, "--out", out) == 0
    assert reviews(out) == [Review("accept", "Ada", '=clear, "really"\nyes', "2025-03-31"), Review(), Review("reject")]
    again = bundle.with_name("again.csv")
    assert run("export", out, "--format", "csv", "--out", again) == 0
    assert again.read_bytes() == marked.read_bytes()
    assert run("import", again, "--bundle", out, "--out", bundle.with_name("twice.json")) == 0
    assert bundle.with_name("twice.json").read_bytes() == out.read_bytes()


def test_marks_in_a_spreadsheet_come_back_whatever_its_order(bundle: pathlib.Path) -> None:
    path = exported(bundle, "xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Citations"]
    header = [cell.value for cell in sheet[1]]
    sheet.cell(3, header.index("review_status") + 1, "Accepted ")
    sheet.cell(3, header.index("reviewed_at") + 1, __import__("datetime").datetime(2025, 3, 31))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), 2):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
    sheet.cell(1, len(header) + 1, "my own notes")
    book.save(path)
    out = bundle.with_name("reviewed.json")
    assert run("import", path, "--bundle", bundle, "--out", out, "--reviewer", "Ada") == 0
    assert reviews(out) == [Review(), Review("accept", "Ada", "", "2025-03-31"), Review()]


def test_two_reviewers_who_disagree_are_listed_and_nothing_is_written(bundle: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = bundle.with_name("first.json")
    assert run("import", mark_csv(exported(bundle, "csv"), ADA), "--bundle", bundle, "--out", first) == 0
    bob = mark_csv(exported(bundle, "csv"), {"review_status": "reject", "reviewer": "Bob"}, {"review_status": "accept"})
    capsys.readouterr()
    out = bundle.with_name("both.json")
    assert run("import", bob, "--bundle", first, "--out", out) == 1
    said = capsys.readouterr().err.splitlines()
    name = claims_of(bundle_from_json(bundle.read_bytes(), "b"))[0].id
    theirs = '“accept” by Ada on 2025-03-31 with the comment “=clear, "really" yes”'
    assert said == [
        f"cite: {bob}: row 2: {name} is “reject” by Bob, in the bundle it is {theirs}",
        "cite: nothing was written; mend the file, or say --conflicts keep or --conflicts replace",
    ]
    assert not out.exists()
    assert run("import", bob, "--bundle", first, "--out", out, "--conflicts", "keep") == 0
    assert [review.status for review in reviews(out)] == ["accept", "accept", ""]
    assert run("import", bob, "--bundle", first, "--out", out, "--conflicts", "replace") == 0
    assert [review.status for review in reviews(out)] == ["reject", "accept", ""]
    assert "is “reject” by Bob" in capsys.readouterr().err


def test_files_that_disagree_with_each_other_are_listed(bundle: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = mark_csv(exported(bundle, "csv"), {"review_status": "accept"}).rename(bundle.with_name("one.csv"))
    two = mark_csv(exported(bundle, "csv"), {"review_status": "reject"}).rename(bundle.with_name("two.csv"))
    assert run("import", one, two, "--bundle", bundle, "--out", bundle.with_name("both.json")) == 1
    assert f"is “reject”, in {one}: row 2 it is “accept”" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ({"quote": "Payment data is sold."}, "was altered (the quotation does not have its sha256"),
        ({"citation_id": "cite-" + "0" * 24}, "was altered (the id does not belong to this question"),
        ({"verdict": "no"}, "was altered (verdict is 'no', in the bundle 'states')"),
        ({"policy": "Bolt", "version": "2"}, "was altered (policy is 'Bolt', in the bundle 'Acme'; version is '2', in the bundle '')"),
        ({"effective_date": "2025-01-01"}, "was altered (effective_date is '2025-01-01', in the bundle '')"),
    ],
)
def test_reviews_of_altered_rows_are_not_taken(marks: dict[str, str], message: str, bundle: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = mark_csv(exported(bundle, "csv"), {**ADA, **marks}, {"review_status": "reject"})
    out = bundle.with_name("reviewed.json")
    assert run("import", path, "--bundle", bundle, "--out", out) == 1
    assert message in capsys.readouterr().err
    assert not out.exists()
    assert run("import", path, "--bundle", bundle, "--out", out, "--conflicts", "keep") == 1
    assert [review.status for review in reviews(out)] == ["", "reject", ""]


def test_rows_of_another_bundle_are_not_taken(bundle: pathlib.Path, small_index: Index, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [json.loads(line) for line in bundle.with_name("answers.jsonl").read_text("utf-8").splitlines()]
    rows[0]["question"] = "Who handles the money?"
    other = bundle.with_name("other.jsonl")
    other.write_text(json.dumps(rows[0]), "utf-8")
    assert run("export", other, "--index", bundle.with_name("index"), "--format", "csv", "--out", bundle.with_name("other.csv")) == 0
    mark_csv(bundle.with_name("other.csv"), ADA)
    assert run("import", bundle.with_name("other.csv"), "--bundle", bundle, "--out", bundle.with_name("x.json")) == 1
    assert "is no citation of the bundle" in capsys.readouterr().err


def test_a_bundle_that_was_edited_takes_no_reviews(bundle: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = mark_csv(exported(bundle, "csv"), ADA)
    bundle.write_text(bundle.read_text("utf-8").replace('"verdict":"no"', '"verdict":"yes"'), "utf-8")
    assert run("import", path, "--bundle", bundle, "--out", bundle.with_name("x.json")) == 2
    assert "its seal is broken" in capsys.readouterr().err


def accepted(bundle: pathlib.Path) -> pathlib.Path:
    return mark_csv(exported(bundle, "csv"), ADA, {"review_status": "accept"}, {"review_status": "reject"})


def test_accepted_citations_become_gold_that_eval_reads(bundle: pathlib.Path, small_corpus: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, out = bundle.with_name("gold.jsonl"), bundle.with_name("reviewed.json")
    arguments = ("import", accepted(bundle), "--bundle", bundle, "--out", out, "--gold", gold, "--corpus", small_corpus)
    assert run(*arguments) == 0
    assert capsys.readouterr().out.endswith(f"3 reviews taken, 2 gold questions added to {gold}.\n")
    questions = read_gold([gold], {document.id: document.text for document in read_corpus(small_corpus).documents})
    assert [(question.question, question.kind, question.verdict, question.evidence[0].text) for question in questions] == [
        ("Who handles payment data?", "factoid", None, "Payment data is handled by Paylane, our payment processor."),
        ("Can I delete my account?", "yes_no", "conditional", "You can delete your account in the settings, unless an invoice is still open."),
    ]
    assert questions[0].note == "accepted by Ada 2025-03-31"
    before = gold.read_bytes()
    assert run(*arguments) == 0
    assert gold.read_bytes() == before
    gold.write_bytes(before.replace(b"factoid", b"who"))
    assert run(*arguments) == 1
    assert "is there already, and otherwise; it was left as it is" in capsys.readouterr().err
    assert gold.read_bytes() == before.replace(b"factoid", b"who")


def test_nothing_is_written_where_one_of_the_files_can_not_be(
    bundle: pathlib.Path, small_corpus: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, out, nowhere = bundle.with_name("gold.jsonl"), bundle.with_name("reviewed.json"), bundle.with_name("nowhere") / "file"
    before = sorted(bundle.parent.iterdir())
    table = accepted(bundle)
    for place, golden in ((nowhere, gold), (out, nowhere), (out, small_corpus)):
        capsys.readouterr()
        assert run("import", table, "--bundle", bundle, "--out", place, "--gold", golden, "--corpus", small_corpus) == 2
        assert re.fullmatch(r"cite: .* can't be (written|read): .*\n", capsys.readouterr().err)
    assert sorted(bundle.parent.iterdir()) == sorted({*before, table})


def test_what_the_policy_no_longer_says_does_not_become_gold(
    bundle: pathlib.Path, small_corpus: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small_corpus / "acme.md"
    path.write_text(path.read_text("utf-8").replace("Paylane", "Cashline"), "utf-8")
    gold = bundle.with_name("gold.jsonl")
    assert run("import", accepted(bundle), "--bundle", bundle, "--out", bundle.with_name("x.json"), "--gold", gold, "--corpus", small_corpus) == 1
    said = capsys.readouterr().err
    assert "is changed, the policy no longer says it; it does not become gold" in said
    assert "is moved" in said
    assert not gold.exists()


def test_reviews_do_not_change_what_is_verified(bundle: pathlib.Path, small_corpus: pathlib.Path) -> None:
    out = bundle.with_name("reviewed.json")
    assert run("import", mark_csv(exported(bundle, "csv"), ADA), "--bundle", bundle, "--out", out) == 0
    assert run("verify", out, "--corpus", small_corpus) == 0
    assert [entry.status.value for entry in verify(claims_of(bundle_from_json(out.read_bytes(), "b")), small_corpus)] == ["exact"] * 3


def test_bad_files_are_refused_in_one_line_and_nothing_is_written(bundle: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, out = exported(bundle, "csv"), bundle.with_name("out.json")
    bad: dict[str, Callable[[], bytes]] = {
        "cut off": lambda: bundle.read_bytes()[:-40],
        "foreign": lambda: b'{"answers": []}',
        "newer": lambda: bundle.read_bytes().replace(b'"schema_version":2', b'"schema_version":3'),
        "encoding": lambda: good.read_text("utf-8-sig").replace("Acme", "Acmé").encode("cp1252"),
        "columns": lambda: good.read_bytes().replace(b"policy,verdict", b"verdict,policy", 1),
        "status": lambda: mark_csv(good, {"review_status": "perhaps"}).read_bytes(),
    }
    for name, make in bad.items():
        path = bundle.with_name("bad.file")
        path.write_bytes(make())
        capsys.readouterr()
        assert run("import", path, "--bundle", bundle, "--out", out) == 2, name
        said = capsys.readouterr().err
        assert said.startswith(f"cite: {path}"), name
        assert said.count("\n") == 1, name
        assert not out.exists()


def test_a_name_alone_is_no_review_and_erases_none(bundle: pathlib.Path) -> None:
    first, out = bundle.with_name("first.json"), bundle.with_name("out.json")
    assert run("import", mark_csv(exported(bundle, "csv"), ADA), "--bundle", bundle, "--out", first) == 0
    named = mark_csv(exported(bundle, "csv"), {"reviewer": "Bob"}, {"reviewer": "Bob"})
    assert run("import", named, "--bundle", first, "--out", out, "--conflicts", "replace") == 0
    assert out.read_bytes() == first.read_bytes()


def test_a_fuller_version_of_a_sheet_agrees_with_what_was_signed_before(bundle: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = bundle.with_name("first.json"), bundle.with_name("second.json")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    sheet = mark_csv(exported(bundle, "csv"), {"review_status": "accept", "review_comment": "fine"})
    assert run("import", sheet, "--bundle", bundle, "--out", first, "--reviewer", "Ada") == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert run("import", mark_csv(sheet, {}, {"review_status": "reject"}), "--bundle", first, "--out", second, "--reviewer", "Ada") == 0
    assert reviews(second) == [Review("accept", "Ada", "fine", "1970-01-01T00:00:00Z"), Review("reject", "Ada", "", "1970-01-02T00:00:00Z"), Review()]
    other = mark_csv(exported(bundle, "csv"), {"review_status": "accept", "review_comment": "fine", "reviewer": "Bob"})
    assert run("import", other, "--bundle", first, "--out", bundle.with_name("third.json")) == 1


def test_the_bundle_and_the_gold_are_never_one_file(bundle: pathlib.Path, small_corpus: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = bundle.with_name("out.json")
    table = accepted(bundle)
    capsys.readouterr()
    same = bundle.parent / "index" / ".." / "out.json"
    assert run("import", table, "--bundle", bundle, "--out", out, "--gold", same, "--corpus", small_corpus) == 2
    assert capsys.readouterr().err == f"cite: --out and --gold are both {out}, and would write over each other; name two files\n"
    assert not out.exists()
