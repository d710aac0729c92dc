"""Adding a gold question: its evidence is selected in the policy, and what was written is exact."""

from __future__ import annotations

import json
import pathlib

import pytest

from conftest import ACME, WordEncoder
from eval.__main__ import main as evaluate
from eval.annotate import main
from eval.select import matching, selected
from index import words_of
from ingest import Span, document_from_text, split_sentences

DELETION = "You can delete your account in the settings, unless an invoice is still open."
PAYMENT = "Payment data is handled by Paylane, our payment processor."


@pytest.fixture
def questions(small_corpus: pathlib.Path) -> pathlib.Path:
    """A file with one question on Acme, whose last line isn't ended."""
    path = small_corpus.parent / "questions.jsonl"
    start = ACME.index(PAYMENT)
    evidence = [{"start": start, "end": start + len(PAYMENT), "text": PAYMENT}]
    path.write_text(json.dumps({"qid": "w009", "question": "Who pays?", "doc_id": "acme.md", "split": "dev", "evidence": evidence}), "utf-8")
    return path


def annotate(questions: pathlib.Path, *typed: str, options: tuple[str, ...] = ()) -> int:
    """Run the command and type these lines."""
    lines = iter(typed)

    def ask(_prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    status = main(["--corpus", str(questions.parent / "corpus"), "--questions", str(questions), *options], ask)
    assert next(lines, None) is None, "not everything that was typed was asked for"
    return status


def test_a_question_is_added_with_the_sentence_that_was_picked(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = questions.read_text("utf-8")
    found = ["Zebra", "acme", "", "may I close my profile?", "delete account", "99", "3", "", ""]
    typed = [*found, "yes_no", "Yes, unless an invoice is open.", "maybe", "conditional"]
    assert annotate(questions, *typed) == 0
    printed = capsys.readouterr().out
    assert f"    3  {DELETION}" in printed
    assert f"w010 is in {questions}" in printed
    first, second = questions.read_text("utf-8").splitlines()
    assert first == before
    start = ACME.index(DELETION)
    assert json.loads(second) == {
        "qid": "w010",
        "question": "may I close my profile?",
        "scope": "Acme",
        "doc_id": "acme.md",
        "evidence": [{"doc": "acme.md", "start": start, "end": start + len(DELETION), "text": DELETION}],
        "answerable": True,
        "need": "any",
        "verdict": "conditional",
        "names_policy": False,
        "kind": "yes_no",
        "answer": "Yes, unless an invoice is open.",
        "split": "dev",
    }


def test_what_was_added_can_be_evaluated_and_checked(
    questions: pathlib.Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, word_encoder: WordEncoder
) -> None:
    assert annotate(questions, "1", "Which data is handled by our payment processor?", "1-2", "n", PAYMENT, "y", "", "who", "Paylane.") == 0
    assert "to look at: w010 has 83% of its words from its evidence" in capsys.readouterr().out
    assert annotate(questions, "bolt.txt", "how old must I be to sign a lease?", "", "test") == 0
    monkeypatch.setattr("eval.__main__.load_encoder", lambda: word_encoder)
    out = questions.parent / "out"
    assert evaluate(["--corpus", str(questions.parent / "corpus"), "--questions", str(questions), "--out", str(out)]) == 0
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["questions"]["qid"] == ["w009", "w010", "w011"]
    assert report["questions"]["kind"] == ["question", "who", "unanswerable"]
    assert report["questions"]["split"] == ["dev", "dev", "test"]


def test_an_id_is_new_to_the_file_and_to_the_questions(questions: pathlib.Path) -> None:
    other = questions.parent / "other.jsonl"
    asked = "is a lease\u2028mine?"  # U+2028 ends a line for Python, and not in JSON lines
    row = {"qid": "w012", "question": asked, "doc_id": "bolt.txt", "evidence": [], "split": "test"}
    other.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    for number in ("w013", "w014"):
        assert annotate(questions, "bolt.txt", f"how long does {number} last?", "", "test", options=("--file", str(other))) == 0
        assert json.loads(other.read_bytes().splitlines()[-1])["qid"] == number
    assert annotate(questions, "bolt.txt", "who sweeps the floor?", "", "test", options=("--file", str(questions.parent / "new.jsonl"))) == 0
    assert json.loads((questions.parent / "new.jsonl").read_bytes())["qid"] == "q001"


@pytest.mark.parametrize(("line", "wrong"), [("{", "is no JSON"), ('{"question": "who?"}', "'qid' is a required property")])
def test_a_wrong_file_is_named_before_anything_is_asked(questions: pathlib.Path, line: str, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    other = questions.parent / "other.jsonl"
    other.write_text(f"{line}\n", "utf-8")
    assert annotate(questions, options=("--file", str(other))) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{other}:1: " in err
    assert wrong in err
    assert other.read_text("utf-8") == f"{line}\n"


def test_nothing_is_added_halfway(questions: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = questions.read_bytes()
    assert annotate(questions, "1", "may I close my profile?", "3") == 2
    assert capsys.readouterr().err == "eval annotate: nothing was added\n"
    assert questions.read_bytes() == before


def test_text_is_selected_where_it_stands_once() -> None:
    document = document_from_text("We keep logs for a year. We keep backups for a month. We keep logs for a year.", "a.txt")
    sentences = split_sentences(document)
    assert [sentence.text for sentence in sentences] == ["We keep logs for a year.", "We keep backups for a month.", "We keep logs for a year."]
    assert selected(document, sentences, "We  keep\tbackups for") == Span("a.txt", 25, 44)
    assert selected(document, sentences, "2 - 3") == Span("a.txt", 25, len(document.text))
    for nothing in ("We keep logs for a year.", "backups", "4", "3-2", "0", "we keep backups for ever"):
        assert selected(document, sentences, nothing) is None
    assert words_of(["months"]) == words_of(["month"])
    assert matching(sentences, "backups of months") == [2]
    assert matching(sentences, "zebra") == []
