"""The command: from a corpus and questions to answers, a report and a table."""

from __future__ import annotations

import json
import pathlib

import pytest

from conftest import ACME, WordEncoder
from eval import __main__ as command
from eval.report import load_report


def gold(question: str, document: str | None, text: str = "", **more: object) -> dict[str, object]:
    start = ACME.find(text) if text else 0
    evidence = [{"doc": "acme.md", "start": start, "end": start + len(text), "text": text}] if text else []
    return {"qid": question[:12], "question": question, "doc_id": document, "evidence": evidence, "answerable": bool(text), **more}


@pytest.fixture
def questions(small_corpus: pathlib.Path, monkeypatch: pytest.MonkeyPatch, word_encoder: WordEncoder) -> pathlib.Path:
    monkeypatch.setattr(command, "load_encoder", lambda: word_encoder)
    rows = [
        gold("Who handles payment data?", "acme.md", "Payment data is handled by Paylane, our payment processor.", kind="who", split="dev"),
        gold("Can Acme delete zebras?", "acme.md", split="test", kind="unanswerable"),
        gold("Does Acme sell personal data?", "acme.md", "We never sell personal data.", kind="yes_no", verdict="no", split="test"),
    ]
    path = small_corpus.parent / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(questions: pathlib.Path, *arguments: str) -> tuple[int, pathlib.Path]:
    out = questions.parent / "out"
    return command.main(["--corpus", str(questions.parent / "corpus"), "--questions", str(questions), "--out", str(out), *arguments]), out


def test_a_run_leaves_a_line_for_each_question_and_a_report(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(questions)
    assert status == 0
    rows = [json.loads(line) for line in (out / "answers.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["Who handles ", "Can Acme del", "Does Acme se"]
    assert list(rows[0]) == ["id", "question", "asked", "scope", "abstained", "findings", "considered", "seconds"]
    first = rows[0]["findings"][0]
    assert list(first) == ["policy", "document", "verdict", "confidence", "citations"]
    assert list(first["citations"][0]) == ["document", "start", "end", "quote", "score", "page", "heading"]
    assert ACME[first["citations"][0]["start"] : first["citations"][0]["end"]] == first["citations"][0]["quote"]
    report = load_report(out)
    assert [question.qid for question in report.questions] == [row["id"] for row in rows]
    assert report.measures["cited Hit@1"].value == 1.0
    assert report.measures["Verdict accuracy"].count == 1
    assert sorted(report.by_split) == ["dev", "test"]
    assert sorted(report.by_kind) == ["unanswerable", "who", "yes_no"]
    printed = capsys.readouterr().out
    assert "3 questions (2 answerable)" in printed
    assert f"report in {out}" in printed


def test_scope_decides_what_the_assistant_is_told(questions: pathlib.Path) -> None:
    scopes = {}
    for scope in ("given", "detect", "all"):
        _, out = run(questions, "--scope", scope)
        rows = [json.loads(line) for line in (out / "answers.jsonl").read_text("utf-8").splitlines()]
        scopes[scope] = [row["scope"] for row in rows]
    both = ["acme.md", "bolt.txt"]
    assert scopes["given"] == [{"source": "given", "documents": ["acme.md"]}] * 3
    assert scopes["detect"] == [{"source": "all", "documents": both}, *[{"source": "named", "documents": ["acme.md"]}] * 2]
    assert [scope["documents"] for scope in scopes["all"]] == [both] * 3


def test_splits_and_limits_choose_questions(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(questions, "--split", "test", "--limit", "1")
    assert [question.qid for question in load_report(out).questions] == ["Can Acme del"]
    assert run(questions, "--split", "train")[0] == 2
    assert capsys.readouterr().err == "eval: no question is of the split 'train'; found dev, test\n"


def test_wrong_gold_is_listed_before_anything_runs(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions.write_text(questions.read_text("utf-8").replace("We never", "We always"), "utf-8")
    status, out = run(questions)
    assert status == 2
    error = capsys.readouterr().err
    assert error.startswith("eval: 1 problem in the gold questions; nothing was run\n")
    assert f"{questions}:3: evidence[0]" in error
    assert not out.exists()


def test_the_report_of_something_else_is_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / "report.json").write_text('{"version": 1}', "utf-8")
    with pytest.raises(command.PolicyError, match="is no report"):
        load_report(tmp_path)


def test_an_interrupted_run_goes_on_where_it_stopped(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(questions)
    whole = (out / "answers.jsonl").read_text("utf-8")
    first = whole.split("\n", maxsplit=1)[0] + "\n"
    marked = first.replace('"seconds": ', '"seconds": 9')  # asked again, it would take another time
    (out / "answers.jsonl").write_text(marked + whole[len(first) : len(first) + 40], "utf-8")
    assert run(questions, "--resume")[0] == 0
    again = (out / "answers.jsonl").read_text("utf-8")
    assert again.startswith(marked)
    assert [{**json.loads(line), "seconds": 0} for line in again.splitlines()] == [{**json.loads(line), "seconds": 0} for line in whole.splitlines()]
    assert run(questions, "--resume", "--scope", "all")[0] == 2
    assert "had another scope; leave out --resume" in capsys.readouterr().err


def test_a_sample_is_the_same_for_the_same_seed(questions: pathlib.Path) -> None:
    drawn = [[entry.qid for entry in load_report(run(questions, "--sample", "2", "--seed", seed)[1]).questions] for seed in ("0", "0", "3")]
    assert drawn[0] == drawn[1] != drawn[2]
    assert [len(qids) for qids in drawn] == [2, 2, 2]


def test_a_run_is_compared_with_an_earlier_one(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(questions)
    assert run(questions, "--baseline", str(out / "report.json"))[0] == 0
    printed = capsys.readouterr().out
    assert "cited Hit@1" in printed.split("against ")[1]
    assert "3 questions in common" in (out / "comparison.md").read_text("utf-8")
    results = questions.parent / "results"
    results.mkdir()
    assert run(questions, "--baseline", str(results))[0] == 2
    assert "there are no results in" in capsys.readouterr().err
    (results / "2025-01-01-abc.json").write_bytes((out / "report.json").read_bytes())
    assert run(questions, "--baseline", str(results))[0] == 0
    assert run(questions, "--baseline", str(questions.parent / "missing.json"))[0] == 2
    assert "missing.json can't be read: No such file" in capsys.readouterr().err


def test_what_cant_be_written_or_resumed_is_said(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = questions.parent / "out"
    out.write_text("in the way", "utf-8")
    assert run(questions)[0] == 2
    assert capsys.readouterr().err == f"eval: {out} can't be read or written: File exists\n"
    assert command.main(["--resume"]) == 2
    assert capsys.readouterr().err.startswith("eval: --resume needs the folder of the run that was interrupted; name it with --out")


def test_a_run_that_is_worse_than_its_baseline_fails(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [{**gold("Who handles payment data?", "acme.md", "counting visits to the help pages."), "qid": str(number)} for number in range(9)]
    questions.write_text("".join(json.dumps(row) + "\n" for row in wrong), "utf-8")
    _, out = run(questions)
    row = json.loads((out / "report.json").read_text("utf-8"))
    row["questions"]["shares"]["cited Hit@1"] = [[1.0, 1.0]] * 9
    better = questions.parent / "better.json"
    better.write_text(json.dumps(row), "utf-8")
    assert run(questions, "--baseline", str(better))[0] == 1
    printed = capsys.readouterr()
    assert "lost in Right" not in printed.out, "what was altered is another measure"
    assert printed.err == "eval: cited Hit@1 is worse by 1.000 than the baseline, by more than 0.02 and not by chance\n"
    assert run(questions, "--baseline", str(better), "--max-drop", "1")[0] == 0
