"""Other tools' formats: what they score is what the report says."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import ir_measures
import pytest
from ir_measures import RR, nDCG

from eval.export import EXPORTS, Run
from eval.gold import Evidence, Question
from eval.judge import judge
from eval.measures import measure
from ingest import Document, Span, document_from_text

ID = "HR policy.txt"
TEXT = "Paylane handles payments. We never sell data. Parcels go to Leeds. Write to us."
SENTENCES = [(0, 25), (26, 45), (46, 66), (67, 79)]


@pytest.fixture
def document() -> Document:
    return document_from_text(TEXT, ID)


def row(order: list[int], *, cited: int = 1) -> dict[str, Any]:
    entries = [{"document": ID, "start": SENTENCES[n][0], "end": SENTENCES[n][1], "quote": TEXT[slice(*SENTENCES[n])], "score": 1.0} for n in order]
    finding = {"policy": "HR", "document": ID, "verdict": "states" if cited else "silent", "confidence": 0.75, "citations": entries[:cited]}
    return {"abstained": not cited, "findings": [finding], "considered": entries, "seconds": 0.1}


@pytest.fixture
def run(document: Document) -> Run:
    pieces = [Evidence(Span(ID, start, end), TEXT[start:end]) for start, end in SENTENCES]
    questions = [
        Question("q 1", "who?", ID, (pieces[0],), answerable=True, answer="Paylane."),
        Question("q2", "where and how?", ID, (pieces[2], pieces[3]), answerable=True, need="all"),
        Question("q3", "why?", ID, (), answerable=False),
        Question("q4", "left out?", ID, (pieces[1],), answerable=True),
    ]
    rows = {"q 1": row([1, 0, 2]), "q2": row([3, 0, 1]), "q3": row([0], cited=0)}
    return Run(questions, rows, {ID: document})


def test_trec_files_score_as_the_report_does(run: Run, tmp_path: pathlib.Path) -> None:
    EXPORTS["trec"](run, tmp_path)
    assert (tmp_path / "run.txt").read_text("utf-8").splitlines()[0] == "q%201 Q0 HR%20policy.txt:26-45 1 3 askpolicy"
    qrels, ranked = (
        list(read(str(tmp_path / name))) for read, name in ((ir_measures.read_trec_qrels, "qrels.txt"), (ir_measures.read_trec_run, "run.txt"))
    )
    found = ir_measures.calc_aggregate([nDCG @ 10, RR], qrels, ranked)
    ours = measure([judge(question, run.rows.get(question.qid), {ID: "HR"}) for question in run.questions])
    assert found[nDCG @ 10] == pytest.approx(ours["considered nDCG@10"].value)
    assert found[RR] == pytest.approx(ours["considered MRR"].value)


def test_beir_holds_the_sentences_and_those_that_hit(run: Run, tmp_path: pathlib.Path) -> None:
    EXPORTS["beir"](run, tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "corpus.jsonl").read_text("utf-8").splitlines()]
    assert [(entry["_id"], entry["text"]) for entry in rows] == [(f"HR%20policy.txt:{start}-{end}", TEXT[start:end]) for start, end in SENTENCES]
    assert (tmp_path / "qrels" / "test.tsv").read_text("utf-8").splitlines() == [
        "query-id\tcorpus-id\tscore",
        "q 1\tHR%20policy.txt:0-25\t1",
        "q2\tHR%20policy.txt:46-66\t1",
        "q2\tHR%20policy.txt:67-79\t1",
        "q4\tHR%20policy.txt:26-45\t1",
    ]
    assert [json.loads(line)["_id"] for line in (tmp_path / "queries.jsonl").read_text("utf-8").splitlines()] == ["q 1", "q2", "q4"]


def test_squad_predictions_are_empty_where_nothing_was_cited(run: Run, tmp_path: pathlib.Path) -> None:
    EXPORTS["squad"](run, tmp_path)
    assert json.loads((tmp_path / "predictions.json").read_text("utf-8")) == {"q 1": TEXT[26:45], "q2": TEXT[67:79], "q3": "", "q4": ""}
    assert json.loads((tmp_path / "na_prob.json").read_text("utf-8")) == {"q 1": 0.25, "q2": 0.25, "q3": 0.25, "q4": 1.0}


def test_ragas_lines_hold_contexts_and_reference(run: Run, tmp_path: pathlib.Path) -> None:
    EXPORTS["ragas"](run, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "ragas.jsonl").read_text("utf-8").splitlines()]
    wanted = {
        "user_input": "who?",
        "retrieved_contexts": [TEXT[26:45]],
        "response": TEXT[26:45],
        "reference": "Paylane.",
        "reference_contexts": [TEXT[:25]],
    }
    assert lines[0] == wanted
    assert (lines[2]["response"], lines[2]["retrieved_contexts"]) == ("The policies do not say.", [TEXT[:25]])
