"""The command: files in, files out, one clear line for what can't be done."""

from __future__ import annotations

import concurrent.futures
import json
import os
import pathlib
import re

import pypdf
import pytest

from cite import FORMATS, read_library
from cite.__main__ import main
from index import Index
from tests.citing import row_for, rows_of, write_answers
from tests.written import pdf_of


@pytest.fixture
def answers(small_index: Index, tmp_path: pathlib.Path) -> pathlib.Path:
    return write_answers(small_index, tmp_path / "answers.jsonl")


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_answers_are_exported_from_the_index_that_answered(answers: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bundle.json"
    assert run("export", answers, "--index", tmp_path / "index", "--out", out) == 0
    assert capsys.readouterr().out == f"{out}: 4 questions, 3 citations.\n"
    bundle = json.loads(out.read_bytes())
    assert [question["id"] for question in bundle["questions"]] == ["q1", "q2", "q3", "q4"]


def test_a_bundle_is_exported_as_csv_without_index_or_corpus(answers: pathlib.Path, tmp_path: pathlib.Path) -> None:
    bundle, direct, through = tmp_path / "bundle.json", tmp_path / "direct.csv", tmp_path / "through.csv"
    assert run("export", answers, "--index", tmp_path / "index", "--out", bundle) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "0")
        assert run("export", answers, "--index", tmp_path / "index", "--format", "csv", "--out", direct) == 0
    assert run("export", bundle, "--format", "csv", "--out", through) == 0
    created = json.loads(bundle.read_bytes())["created_at"]
    assert through.read_text("utf-8") == direct.read_text("utf-8").replace("1970-01-01T00:00:00Z", created)


def test_one_answer_printed_as_json_is_enough(small_index: Index, small_corpus: pathlib.Path, tmp_path: pathlib.Path) -> None:
    row = rows_of(small_index)[0]
    del row["id"]
    (tmp_path / "answer.json").write_text(json.dumps(row, indent=2), "utf-8")
    assert run("export", tmp_path / "answer.json", "--corpus", small_corpus, "--out", tmp_path / "bundle.json") == 0
    bundle = json.loads((tmp_path / "bundle.json").read_bytes())
    assert (bundle["index_id"], bundle["questions"][0]["id"]) == (None, "1")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty; expected answers.jsonl"),
        ("{", "answers.jsonl:1: invalid JSON"),
        ('{"question": "who?"}', "answers.jsonl: findings: field required"),
        ('{"question": "who?", "findings": [{"policy": "A", "verdict": "perhaps", "confidence": 1}]}', "findings[0].verdict: input should be 'yes'"),
        ('{"question": 1, "findings": []}', "question: input should be a valid string, found 1"),
        ("question,answer\nwho?,Ada\n", "answers.jsonl:1: invalid JSON"),
        ('{"format": "askpolicy citations", "schema_version": 7}', "has schema 7; this program reads up to 2"),
        ('{"format": "askpolicy citations", "schema_ver', "is no whole JSON"),
        ("[" * 100_000, "is JSON that is nested too deep; expected answers.jsonl"),
    ],
)
def test_what_are_no_answers_is_refused_and_nothing_written(
    content: str, message: str, small_index: Index, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "answers.jsonl", tmp_path / "bundle.json"
    path.write_text(content, "utf-8")
    assert run("export", path, "--index", tmp_path / "index", "--out", out) == 2
    said = capsys.readouterr().err
    assert said.startswith("cite: ")
    assert message in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_what_is_not_there_is_named(tmp_path: pathlib.Path, answers: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", tmp_path / "none.jsonl", "--out", tmp_path / "x.json") == 2
    assert "none.jsonl can't be read: No such file or directory" in capsys.readouterr().err
    assert run("export", answers, "--index", tmp_path / "nowhere", "--out", tmp_path / "x.json") == 2
    assert "there is no index in" in capsys.readouterr().err
    assert run("export", answers, "--index", tmp_path / "index", "--out", tmp_path / "no" / "x.json") == 2
    assert "x.json can't be written: No such file or directory" in capsys.readouterr().err
    assert [path.name for path in tmp_path.glob("*.json")] == []


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_what_was_exported_is_verified_from_any_table(
    form: str, answers: pathlib.Path, small_corpus: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"out.{form}"
    assert run("export", answers, "--index", tmp_path / "index", "--format", form, "--out", path) == 0
    assert run("verify", path, "--corpus", small_corpus) == 0
    assert capsys.readouterr().out.endswith("\n3 exact\n")
    (small_corpus / "acme.md").write_text("# New title\n" + (small_corpus / "acme.md").read_text("utf-8"), "utf-8")
    assert run("verify", path, "--corpus", small_corpus, "--format", "short") == 1
    assert capsys.readouterr().out.endswith("\n1 exact · 2 moved\n")
    assert run("verify", path, "--corpus", small_corpus, "--allow", "moved", "--format", "json", "--out", tmp_path / "report.json") == 0
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["counts"] == {"exact": 1, "moved": 2, "changed": 0, "missing": 0, "unreadable": 0, "edited": 0}


def test_an_edited_bundle_is_caught_wherever_it_was_edited(
    answers: pathlib.Path, small_corpus: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bundle.json"
    assert run("export", answers, "--index", tmp_path / "index", "--out", path) == 0
    written = path.read_text("utf-8")
    for old, new, message in (
        ("Paylane", "Payland", "the quotation does not have its sha256"),
        ('"char_start":36', '"char_start":35', "the offsets are not as far apart"),
        ('"verdict":"no"', '"verdict":"yes"', "its seal is broken"),
    ):
        path.write_text(written.replace(old, new), "utf-8")
        assert run("verify", path, "--corpus", small_corpus, "--allow", "moved") == 1
        said = capsys.readouterr().out
        assert message in said
        assert "its seal is broken" in said


def test_a_pdf_holds_every_citation_whatever_it_is_cited_from(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus, answers = tmp_path / "corpus", tmp_path / "answers.jsonl"
    corpus.mkdir()
    (corpus / "printed.pdf").write_bytes(pdf_of([[(10, "We keep invoices for ten years. Nothing else is kept.")]]))
    (corpus / "plain.txt").write_text("We keep letters for two years. Nothing else is kept.\n", "utf-8")
    documents = read_library(corpus).documents
    quotes = {"printed.pdf": "We keep invoices for ten years.", "plain.txt": "We keep letters for two years."}
    answers.write_text("".join(json.dumps(row_for(documents[name], quote, name)) + "\n" for name, quote in quotes.items()), "utf-8")
    assert run("export", answers, "--corpus", corpus, "--format", "pdf", "--out", tmp_path / "out.pdf") == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == (f"{tmp_path / 'out.pdf'}: 2 questions, 2 citations.\n", "")
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "out.pdf").pages]
    assert len(pages) == 2
    assert quotes["plain.txt"] in pages[1]
    assert quotes["printed.pdf"] not in pages[1]


def test_what_is_measured_is_said_in_both_kinds_of_seconds(small_corpus: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small_corpus / "printed.pdf").write_bytes(pdf_of([[(10, "We keep invoices for ten years. Nothing else is kept.")]]))
    assert run("bench", "--corpus", small_corpus, "--citations", 20) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"20 citations of \d+ sentences in 3 policies", lines[0])
    assert [line.split()[0] for line in lines[1:-2]] == ["make", *FORMATS, "verify"]
    assert all(re.fullmatch(r"[\w ]+ +\d+\.\d\d s +processor +\d+\.\d\d s", line) for line in lines[1:-1])
    assert re.match(r"on \d+ cores, of which \d+\.\d were wanted at the end", lines[-1])


def test_an_empty_or_foreign_file_can_not_be_verified(small_corpus: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "what"
    for data in (b"", b"{}", b"PK\x03\x04nothing", b"%PDF-1.7", b"a,b\n1,2\n", b"\x00\x01\x02"):
        path.write_bytes(data)
        assert run("verify", path, "--corpus", small_corpus) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"cite: {path}")
        assert said.count("\n") == 1


@pytest.mark.parametrize("form", FORMATS)
def test_an_edited_bundle_is_exported_in_no_format(
    form: str, answers: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "bundle.json", tmp_path / "out"
    assert run("export", answers, "--index", tmp_path / "index", "--out", path) == 0
    path.write_text(path.read_text("utf-8").replace("Paylane", "Payland"), "utf-8")
    capsys.readouterr()
    assert run("export", path, "--format", form, "--out", out) == 2
    said = "its seal is broken, so something besides the reviews was changed; take the bundle as it was exported"
    assert capsys.readouterr().err == f"cite: {path}: {said}\n"
    assert not out.exists()


def test_a_file_behind_a_link_is_written_and_the_link_stays(answers: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "kept").mkdir()
    link = tmp_path / "latest.json"
    link.symlink_to(pathlib.Path("kept") / "bundle.json")
    assert run("export", answers, "--index", tmp_path / "index", "--out", link) == 0
    assert link.is_symlink()
    assert json.loads((tmp_path / "kept" / "bundle.json").read_bytes())["format"] == "askpolicy citations"


def test_what_is_no_file_is_written_into(answers: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        assert run("export", answers, "--index", tmp_path / "index", "--out", pipe) == 0
        assert json.loads(read.result(timeout=60))["format"] == "askpolicy citations"
    assert pipe.is_fifo()
    assert run("export", answers, "--index", tmp_path / "index", "--out", "/dev/full") == 2
    assert capsys.readouterr().err == "cite: /dev/full can't be written: No space left on device; choose another\n"


def test_what_a_file_says_reaches_the_terminal_on_one_line(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", tmp_path / "a\nb\x1b[31m.json", "--out", tmp_path / "x.json") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\x1b" not in said
