"""What the tests of citing share: answers over the small corpus, as a batch run writes them."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from answer import answer_row, ask
from index import Index
from ingest import Document

QUESTIONS = ("Who handles payment data?", "Can I delete my account?", "Do you collect data of children under 14?", "zzz qqq?")


def rows_of(index: Index) -> list[dict[str, Any]]:
    """A line of answers.jsonl for each question."""
    return [{"id": f"q{number}", **answer_row(ask(index, question)), "seconds": 0.01} for number, question in enumerate(QUESTIONS, 1)]


def write_answers(index: Index, path: pathlib.Path) -> pathlib.Path:
    """The rows as a file."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows_of(index)), "utf-8")
    return path


def row_for(document: Document, quote: str, question: str = "What do they say?", name: str = "q1") -> dict[str, Any]:
    """An answer that cites one stretch of a document's text."""
    start = document.text.index(quote)
    citation = {"document": document.id, "start": start, "end": start + len(quote), "quote": quote, "score": 0.5, "heading": ["Data"]}
    finding = {"policy": document.policy, "document": document.id, "verdict": "states", "confidence": 0.75, "citations": [citation]}
    return {"id": name, "question": question, "headline": f"{document.policy} says:", "findings": [finding]}
