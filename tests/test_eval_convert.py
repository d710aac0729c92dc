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
    path = tmp_path / "dev.json"
    path.write_text('{"tests": []}', "utf-8")
    assert problems("squad", path) == [f"1 problem in {path}; nothing was run", f"{path}: 'data' is a required property"]
    path.write_bytes(b"\xff\xfe{")
    assert problems("squad", path)[0].startswith(f"{path} is no JSON: 'utf-8' codec can't decode byte 0xff")
    path.write_text("[" * 100_000, "utf-8")
    assert problems("squad", path)[0].startswith(f"{path} is no JSON: maximum recursion depth")
    assert problems("squad", tmp_path) == [f"{tmp_path} can't be read: Is a directory; expected a JSON file"]
    path.write_text('{"data": []}', "utf-8")
    assert problems("squad", path) == [f"found no question in {path}, read as squad"]
    assert problems("beir", tmp_path) == [f"{tmp_path / 'corpus.jsonl'} can't be read: No such file or directory; expected a file of JSON lines"]


def problems(name: str, corpus: pathlib.Path) -> list[str]:
    """The lines of the refusal, and that nothing was written."""
    with pytest.raises(PolicyError) as caught:
        convert(name, corpus, [], corpus.parent / "out")
    assert not (corpus.parent / "out").exists()
    return str(caught.value).split("\n")


def test_everything_wrong_in_squad_is_listed_with_its_place(tmp_path: pathlib.Path) -> None:
    def asked(qid: str, **more: object) -> dict[str, object]:
        return {"id": qid, "question": "who?", "answers": [], **more}

    first = [asked("a", answers=[{"text": "Bolt", "answer_start": 1}]), asked("b"), asked("c", is_impossible=True)]
    second = [asked("c", is_impossible=True), asked("d", answers=[{"text": "Paylane", "answer_start": 40}])]
    articles = [
        {"title": "Bolt", "paragraphs": [{"context": "Bolt delivers parcels.", "qas": first}]},
        {"title": "Acme", "paragraphs": [{"context": "Paylane handles it.", "qas": second}]},
    ]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps({"data": articles}), "utf-8")
    found = [line.removeprefix(f"{path}: ").replace(str(path), "FILE") for line in problems("squad", path)]
    assert found == [
        "4 problems in FILE, read as squad; nothing was run",
        "data[0].paragraphs[0].qas[0]: evidence[0] 1–5 is 'olt ', expected 'Bolt'; that text stands at 0–4",
        "data[0].paragraphs[0].qas[1]: is answerable and has no evidence",
        "data[1].paragraphs[0].qas[0]: the id c is given twice, first by FILE: data[0].paragraphs[0].qas[2]",
        "data[1].paragraphs[0].qas[1]: evidence[0] 40–47 is '', expected 'Paylane'; that text stands at 0–7",
    ]
    articles[0]["paragraphs"] = [{"context": None, "qas": [{"id": 5, "question": " ", "answers": [{"text": "x", "answer_start": 1.0}]}]}]
    path.write_text(json.dumps({"data": articles}), "utf-8")
    assert [line.removeprefix(f"{path}: data[0].paragraphs[0].") for line in problems("squad", path)[1:]] == [
        "context: None is not of type 'string'",
        "qas[0].answers[0].answer_start: 1.0 is not of type 'integer'",
        "qas[0].id: 5 is not of type 'string'",
        "qas[0].question: ' ' does not match '\\\\S'",
    ]


def test_half_characters_are_replaced_and_spans_stay(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "dev.json"
    asked = {"id": "a", "question": "who \ud83d?", "answers": [{"text": "Pay\ud800lane", "answer_start": 2}]}
    path.write_text(json.dumps({"data": [{"title": "A", "paragraphs": [{"context": "\udfff Pay\ud800lane", "qas": [asked]}]}]}), "utf-8")
    (found,) = converted("squad", path)
    assert found.question == "who \ufffd?"
    assert spans(found) == [("A", 2, "Pay\ufffdlane")]


def test_everything_wrong_in_legalbench_is_listed_with_its_place(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "legalbench"
    (folder / "corpus").mkdir(parents=True)
    (folder / "benchmarks").mkdir()
    (folder / "corpus" / "a.txt").write_text("Either party may end it.", "utf-8")
    snippets = [
        {"file_path": "../../b.txt", "span": [0, 3]},
        {"file_path": "a.txt", "span": [5, 5]},
        {"file_path": "a.txt", "span": [0, 99]},
        {"file_path": "a.txt", "span": [0, 6], "answer": "Neither"},
    ]
    path = folder / "benchmarks" / "b.json"
    tests = [{"query": "ok?", "snippets": [{"file_path": "a.txt", "span": [0, 6], "answer": "Either"}]}, {"query": "who?", "snippets": snippets}]
    path.write_text(json.dumps({"tests": tests}), "utf-8")
    assert [line.removeprefix(f"{path}: ") for line in problems("legalbench-rag", folder)[1:]] == [
        "tests[1].snippets[0] names the file '../../b.txt', which the corpus doesn't hold",
        "tests[1].snippets[1] 5–5 is no stretch of a.txt, which has 24 characters",
        "tests[1].snippets[2] 0–99 is no stretch of a.txt, which has 24 characters",
        "tests[1].snippets[3] 0–6 is 'Either', expected 'Neither'",
    ]
    path.write_text(json.dumps({"tests": [{"query": "who?", "snippets": [{"file_path": "a.txt", "span": [0]}]}]}), "utf-8")
    assert problems("legalbench-rag", folder)[1:] == [f"{path}: tests[0].snippets[0].span: [0] is too short"]
    (folder / "corpus" / "a.txt").write_bytes(b"caf\xe9")
    assert "a.txt: is not UTF-8" in problems("legalbench-rag", folder)[1]


def test_everything_wrong_in_beir_is_listed_by_line(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "text": "Paylane handles it."}\n{"_id": "d1", "text": ""}\n{"_id": 2}\n', "utf-8")
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "who?"}\nnot json\n', "utf-8")
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td1\t1\nq9\td1\t1\nq1\td9\t1\nq1\td1\tx\nq1 d1 1\n\n", "utf-8"
    )
    assert [line.removeprefix(f"{folder}/") for line in problems("beir", folder)[1:]] == [
        "corpus.jsonl:3: 'text' is a required property",
        "corpus.jsonl:3: _id: 2 is not of type 'string'",
        "corpus.jsonl:2: the document d1 is given twice",
        "queries.jsonl:2: is no JSON: Expecting value: line 1 column 1 (char 0)",
        "qrels/test.tsv:4: names the query 'q9', which queries.jsonl doesn't hold",
        "qrels/test.tsv:5: names the document 'd9', which corpus.jsonl doesn't hold",
        "qrels/test.tsv:6: has the score 'x'; expected a whole number",
        "qrels/test.tsv:7: has 1 columns; expected query-id, corpus-id, score between tabs",
    ]
