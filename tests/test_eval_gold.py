"""The gold set of the project, and what is said of a gold file that is wrong."""

from __future__ import annotations

import collections
import json
import pathlib

import pytest

from eval.gold import Evidence, Question, Stance, read_gold
from ingest import PolicyError, Span, read_corpus

ROOT = pathlib.Path(__file__).parents[1]
TEST_DOCUMENTS = {"privacy/hep-pro.docx", "privacy/helpu.txt", "staff/leave-and-benefits.pdf", "staff/incident-response.txt", "staff/expenses.html"}
TEXTS = {"a.md": "Paylane handles payment data. We sell nothing.", "b.md": "Nobody under 14."}


def write(tmp_path: pathlib.Path, *lines: object) -> pathlib.Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def gold() -> tuple[Question, ...]:
    texts = {document.id: document.text for document in read_corpus(ROOT / "corpus").documents}
    return read_gold(sorted((ROOT / "eval" / "questions").glob("*.jsonl")), texts)


def test_every_span_of_the_gold_set_is_exact(gold: tuple[Question, ...]) -> None:
    texts = {document.id: document.text for document in read_corpus(ROOT / "corpus").documents}
    evidence = [piece for question in gold for piece in (*question.evidence, *question.near_miss)]
    evidence += [piece for question in gold for stance in question.stances for piece in (*stance.evidence, *stance.related)]
    assert [piece for piece in evidence if texts[piece.span.document_id][piece.span.start : piece.span.end] != piece.text] == []
    assert len(gold) == 262


def test_the_gold_set_is_split_by_document(gold: tuple[Question, ...]) -> None:
    wrong = [q.qid for q in gold if q.document_id and (q.split == "test") != (q.document_id in TEST_DOCUMENTS)]
    assert wrong == []
    assert [q.qid for q in gold if q.document_id is None and q.split != ("dev" if int(q.qid[1:]) % 2 else "test")] == []


def test_questions_to_all_policies_carry_a_stance_for_each(gold: tuple[Question, ...]) -> None:
    counts = collections.Counter(len(question.stances) for question in gold if question.kind == "cross_policy")
    assert counts == {5: 13, 6: 12}
    assert [q.qid for q in gold if q.stances and all(stance.status == "silent" for stance in q.stances)] == ["p129", "p130"]


def test_a_row_becomes_a_question(tmp_path: pathlib.Path) -> None:
    span = {"start": 0, "end": 29, "text": "Paylane handles payment data."}
    row = {
        "qid": "q1",
        "question": "who?",
        "doc_id": None,
        "kind": "cross_policy",
        "evidence": [{"doc": "a.md", **span}],
        "need": "all",
        "answerable": True,
    }
    row["per_policy"] = {
        "A": {"status": "states", "verdict": None, "doc_id": "a.md", "evidence": [span]},
        "B": {"status": "silent", "doc_id": "b.md", "evidence": []},
    }
    evidence = Evidence(Span("a.md", 0, 29), "Paylane handles payment data.")
    stances = (Stance("A", "a.md", "states", None, (evidence,)), Stance("B", "b.md", "silent", None, ()))
    wanted = Question("q1", "who?", None, (evidence,), answerable=True, kind="cross_policy", need="all", stances=stances)
    assert read_gold([write(tmp_path, row)], TEXTS) == (wanted,)


def test_everything_wrong_is_listed_at_once(tmp_path: pathlib.Path) -> None:
    good = {"qid": "q1", "question": "who?", "doc_id": "a.md", "evidence": [], "answerable": False}
    shifted = {**good, "qid": "q2", "evidence": [{"start": 31, "end": 48, "text": "We sell nothing."}], "answerable": True}
    path = write(
        tmp_path,
        good,
        "{not json",
        good,
        {**good, "qid": "q3", "doc_id": "c.md"},
        {"qid": 7, "evidence": [{"start": 0}]},
        shifted,
        {**good, "qid": "q4", "answerable": True},
    )
    with pytest.raises(PolicyError) as caught:
        read_gold([path], TEXTS)
    lines = [line.removeprefix(f"{path}:") for line in str(caught.value).split("\n")]
    assert lines == [
        "9 problems in the gold questions; nothing was run",
        "2: is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        "3: the qid q1 is given twice",
        "4: doc_id names the document 'c.md', which the corpus doesn't hold",
        "5: 'question' is a required property",
        "5: evidence[0]: 'end' is a required property",
        "5: evidence[0]: 'text' is a required property",
        "5: qid: 7 is not of type 'string'",
        "6: evidence[0] 31–48 is 'e sell nothing.', expected 'We sell nothing.'; that text stands at 30–46",
        "7: is answerable and has no evidence",
    ]


def test_a_scope_stands_for_a_document(tmp_path: pathlib.Path) -> None:
    span = {"start": 0, "end": 7, "text": "Paylane"}
    rows = [{"qid": scope, "question": "who?", "scope": scope, "evidence": [span]} for scope in ("Acme", "a.md")]
    rows += [{"qid": "all", "question": "who?", "scope": "all", "evidence": [{"doc": "a.md", **span}]}, {**rows[0], "qid": "given", "doc_id": "a.md"}]
    found = read_gold([write(tmp_path, *rows)], TEXTS, {"a.md": "Acme", "b.md": "Bolt"})
    assert [question.document_id for question in found] == ["a.md", "a.md", None, "a.md"]
    with pytest.raises(PolicyError, match=r":1: doc_id names the document 'Zebra', which the corpus doesn't hold"):
        read_gold([write(tmp_path, {**rows[0], "scope": "Zebra"})], TEXTS, {"a.md": "Acme", "b.md": "Bolt"})


def test_stances_and_characters_that_cant_be(tmp_path: pathlib.Path) -> None:
    span = {"start": 0, "end": 7, "text": "Paylane"}
    stances = {"A": {"status": "states", "doc_id": "a.md", "evidence": []}, "B": {"status": "silent", "doc_id": "a.md", "evidence": [span]}}
    row = {"qid": "1", "question": "who \ud83d?", "doc_id": None, "evidence": [], "per_policy": stances}
    with pytest.raises(PolicyError, match=r":1: the qid 'a\\tb' holds a tab, a line break or the like"):
        read_gold([write(tmp_path, {**row, "qid": "a\tb"})], TEXTS)
    with pytest.raises(PolicyError) as caught:
        read_gold([write(tmp_path, row, {"qid": " ", "question": "?", "evidence": [{**span, "start": 0.0}]})], TEXTS)
    assert [line.split(":", 1)[1] for line in str(caught.value).split("\n")[1:]] == [
        "1: holds half a character (a lone surrogate)",
        "1: per_policy.A states something and has no evidence",
        "1: per_policy.B is silent and has evidence",
        "2: evidence[0].start: 0.0 is not of type 'integer'",
        "2: qid: ' ' does not match '\\\\S'",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(PolicyError, match=r"none\.jsonl can't be read: No such file"):
        read_gold([tmp_path / "none.jsonl"], TEXTS)
