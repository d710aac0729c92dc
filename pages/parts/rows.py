"""A turn as plain values that can be kept, and back: the answer's row as everybody writes it, and the passages that came nearest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from answer import Answer, Finding, Scope, Verdict, answer_row, prose_of, prose_row
from index import Hit
from ingest import Document, Passage, Span
from pages.parts.conversation import NEAREST, Turn


def row_of(turn: Turn) -> dict[str, Any]:
    """A turn as JSON can hold it; `answer` is a line of `answers.jsonl`."""
    return {
        "typed": turn.question,
        "answer": answer_row(turn.answer),
        "nearest": [_hit_row(hit) for hit in turn.answer.considered[:NEAREST]],
        "given": list(turn.given),
        "seconds": turn.seconds,
        "index": turn.index_id,
        "prose": prose_row(turn.prose),
    }


def turn_of(row: Mapping[str, Any], documents: Mapping[str, Document]) -> Turn:
    """A kept turn. Its quotations are those of the day; `documents` are today's, and may say something else by now."""
    answered = row["answer"]
    findings = tuple(_finding(found) for found in answered["findings"])
    scope = Scope(tuple(answered["scope"]["documents"]), answered["scope"]["source"])
    nearest = tuple(_hit(entry) for entry in row["nearest"])
    answer = Answer(answered["question"], answered["asked"], scope, findings, nearest)
    named = {hit.passage.span.document_id for finding in findings for hit in finding.citations} | {hit.passage.span.document_id for hit in nearest}
    known = {document_id: documents[document_id] for document_id in named if document_id in documents}
    return Turn(row.get("typed", answered["question"]), tuple(row["given"]), answer, known, row["seconds"], row["index"], prose_of(row.get("prose")))


def _finding(row: Mapping[str, Any]) -> Finding:
    citations = tuple(_hit(citation) for citation in row["citations"])
    but = citations[row["but"] - 1] if row.get("but") else None
    return Finding(row["policy"], row["document"], Verdict(row["verdict"]), citations, row["confidence"], but)


def _hit_row(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "document": passage.span.document_id,
        "start": passage.span.start,
        "end": passage.span.end,
        "quote": passage.text,
        "score": hit.score,
        "page": passage.page,
        "heading": list(passage.heading),
        "lead": passage.lead,
    }


def _hit(row: Mapping[str, Any]) -> Hit:
    span = Span(row["document"], row["start"], row["end"])
    return Hit(Passage(span, row["quote"], tuple(row["heading"]), row["lead"], row["page"]), row["score"])
