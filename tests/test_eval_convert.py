"""Other formats: recognised, converted, and their spans exact in the converted corpus."""

from __future__ import annotations

import json
import pathlib

import pytest

from eval.convert import convert, recognise
from eval.gold import Question, read_gold
from ingest import PolicyError, read_corpus


def converted(name: str, corpus: pathlib.Path, *questions: pathlib.Path) -> tuple[Question, ...]:
    assert recognise(corpus, questions) == name
    folder, rows = convert(name, corpus, questions, corpus.parent / "converted")
    return read_gold([rows], {document.id: document.text for document in read_corpus(folder).documents})


def spans(question: Question) -> list[tuple[str, int, str]]:
    return [(piece.span.document_id, piece.span.start, piece.text) for piece in question.evidence]


def test_squad(tmp_path: pathlib.Path) -> None:
    answers = [{"text": "Paylane", "answer_start": 0}, {"text": "Paylane", "answer_start": 0}, {"text": "Paylane handles it", "answer_start": 0}]
    impossible = {"id": "b", "question": "why?", "is_impossible": True, "answers": [], "plausible_answers": [{"text": "Bolt", "answer_start": 0}]}
    second = {"context": "Paylane handles it.", "qas": [{"id": "a", "question": "who?", "is_impossible": False, "answers": answers}]}
    first = {"context": "Bolt delivers parcels.", "qas": [impossible]}
    path = tmp_path / "dev.json"
    path.write_text(json.dumps({"version": "v2.0", "data": [{"title": "Acme_Inc", "paragraphs": [first, second]}]}), "utf-8")
    refused, asked = converted("squad", path)
    assert spans(asked) == [("Acme_Inc", 24, "Paylane"), ("Acme_Inc", 24, "Paylane handles it")]
    assert (asked.document_id, asked.need) == ("Acme_Inc", "any")
    assert (refused.answerable, refused.kind, refused.near_miss[0].text) == (False, "unanswerable", "Bolt")


def test_legalbench_rag(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "legalbench"
    (folder / "corpus" / "cuad").mkdir(parents=True)
    (folder / "benchmarks").mkdir()
    (folder / "corpus" / "cuad" / "a.txt").write_bytes("Termination\r\nEither party may terminate “at will” after notice.\r\n".encode())
    (folder / "corpus" / "cuad" / "b.txt").write_text("Nothing of note stands in this contract.", "utf-8")
    snippet = {"file_path": "cuad/a.txt", "span": [12, 34], "answer": ""}
    tests = [
        {"query": "who may end it?", "snippets": [snippet]},
        {"query": "both?", "snippets": [snippet, {"file_path": "cuad/b.txt", "span": [0, 7]}]},
    ]
    (folder / "benchmarks" / "cuad.json").write_text(json.dumps({"tests": tests}), "utf-8")
    one, both = converted("legalbench-rag", folder)
    assert spans(one) == [("cuad/a.txt", 12, "Either party may termi")]
    assert (one.qid, one.document_id, one.kind) == ("cuad-0", "cuad/a.txt", "cuad")
    assert (both.document_id, both.need, [name for name, _, _ in spans(both)]) == (None, "all", ["cuad/a.txt", "cuad/b.txt"])


def test_beir(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    documents = [{"_id": "d1", "title": "Acme", "text": "Paylane handles it."}, {"_id": "d2", "title": "", "text": "Bolt delivers parcels."}]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in documents), "utf-8")
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "who?"}\n{"_id": "q2", "text": "never judged"}\n', "utf-8")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n", "utf-8")
    (asked,) = converted("beir", folder)
    assert spans(asked) == [("d1", 0, "Paylane handles it.")]
    assert (asked.question, asked.document_id, asked.split) == ("who?", None, "test")


def test_our_own_files_are_left_as_they_are(tmp_path: pathlib.Path) -> None:
    (tmp_path / "corpus.jsonl").write_text("", "utf-8")
    assert recognise(tmp_path, [tmp_path / "questions.jsonl"]) == "own"
    assert recognise(tmp_path, []) == "own"


def test_a_file_of_another_format_is_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "dev.json").write_text('{"tests": []}', "utf-8")
    with pytest.raises(PolicyError, match=r"dev\.json is not of the format squad \(KeyError: 'data'\)"):
        convert("squad", tmp_path / "dev.json", [], tmp_path / "out")
    with pytest.raises(PolicyError, match=r"corpus\.jsonl can't be read: No such file"):
        convert("beir", tmp_path, [], tmp_path / "out")
