"""Ask every question as the page would, and keep each answer as one line of `answers.jsonl`."""

from __future__ import annotations

import json
import pathlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

from answer import Answer, answer_row, ask
from eval.gold import Question
from index import Index, Progress

Row = dict[str, Any]

SCOPES = {
    "given": "the gold document is given to the assistant",
    "detect": "the assistant finds the document from the question's words",
    "all": "every document is asked, whatever the question says",
}
ANSWERS = "answers.jsonl"


def given_documents(question: Question, scope: str, index: Index) -> list[str]:
    """The documents that the assistant is told to ask; empty where it is to find out for itself.

    A question to several policies is given those whose answers are known: the corpus may hold policies that it isn't about.
    """
    if scope == "all":
        return [document.id for document in index.documents]
    if scope == "detect":
        return []
    return [question.document_id] if question.document_id is not None else [stance.document_id for stance in question.stances]


def answer_questions(index: Index, questions: Sequence[Question], scope: str, progress: Progress = lambda *_: None) -> Iterator[Row]:
    """Ask the questions one after the other; give a row of `answers.jsonl` for each, in their order."""
    for number, question in enumerate(questions):
        progress("asking", number, len(questions))
        started = time.perf_counter()
        answer = ask(index, question.question, given_documents(question, scope, index))
        yield to_row(question.qid, answer, index, time.perf_counter() - started)
    progress("asking", len(questions), len(questions))


def to_row(qid: str, answer: Answer, index: Index, seconds: float) -> Row:
    """An answer as a line of `answers.jsonl`; offsets are Unicode code points."""
    row = answer_row(answer, index)
    for finding in row["findings"]:
        for citation in finding["citations"]:
            citation.pop("lead")
    kept = {name: row[name] for name in ("question", "asked", "scope", "abstained", "findings", "considered")}
    return {"id": qid, **kept, "seconds": round(seconds, 4)}


def write_rows(path: pathlib.Path, rows: Iterator[Row], done: Sequence[Row] = ()) -> list[Row]:
    """Write rows as they come, each line whole, after those that were `done` before; give all of them."""
    kept = list(done)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_line(row) for row in kept)
        for row in rows:
            file.write(_line(row))
            file.flush()
            kept.append(row)
    return kept


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
