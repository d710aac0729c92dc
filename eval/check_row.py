"""What is wrong with one row of gold questions: its shape, by a JSON schema, then its documents and spans, by the corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema

_TEXT = {"type": "string"}
_SPAN = {
    "type": "object",
    "required": ["start", "end", "text"],
    "properties": {
        "doc": {"type": ["string", "null"]},
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 1},
        "text": {"type": "string", "minLength": 1},
    },
}
_SPANS = {"type": ["array", "null"], "items": _SPAN}
_VERDICT = {"enum": ["yes", "no", "conditional", None]}
_NEED = {"enum": ["any", "all", None]}
_STANCE = {
    "type": "object",
    "required": ["status", "doc_id", "evidence"],
    "properties": {
        "status": {"enum": ["states", "partial", "silent"]},
        "doc_id": _TEXT,
        "verdict": _VERDICT,
        "evidence": {"type": "array", "items": _SPAN},
        "related": _SPANS,
        "need": _NEED,
    },
}
SCHEMA = {
    "type": "object",
    "required": ["qid", "question", "evidence"],
    "properties": {
        "qid": {"type": "string", "minLength": 1},
        "question": {"type": "string", "pattern": r"\S"},
        "doc_id": {"type": ["string", "null"]},
        "scope": {"type": ["string", "null"]},
        "kind": _TEXT,
        "answer": {"type": ["string", "null"]},
        "verdict": _VERDICT,
        "evidence": {"type": "array", "items": _SPAN},
        "need": _NEED,
        "answerable": {"type": "boolean"},
        "names_policy": {"type": ["boolean", "null"]},
        "near_miss": _SPANS,
        "per_policy": {"type": ["object", "null"], "additionalProperties": _STANCE},
        "split": {"type": ["string", "null"]},
        "note": {"type": ["string", "null"]},
    },
}
_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def check_row(row: dict[str, Any], texts: Mapping[str, str]) -> list[str]:
    """What is wrong with one row, in words; empty where nothing is."""
    errors = sorted(_VALIDATOR.iter_errors(row), key=lambda error: list(map(str, error.absolute_path)))
    wrong = [f"{_path(error)}{_short(error.message)}" for error in errors]
    if wrong:
        return wrong
    for where, document_id in _documents(row):
        if document_id not in texts:
            wrong.append(f"{where} names the document {document_id!r}, which the corpus doesn't hold")
    for where, holder, span in _spans(row):
        if holder is None:
            wrong.append(f"{where} has no doc, and the question no doc_id")
        elif holder in texts:
            wrong += _check_span(where, texts[holder], span)
    answerable = row.get("answerable", bool(row["evidence"]))
    if answerable != bool(row["evidence"]):
        wrong.append("is answerable and has no evidence" if answerable else "is not answerable and has evidence")
    return wrong


def _documents(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if row.get("doc_id") is not None:
        yield "doc_id", row["doc_id"]
    for policy, entry in (row.get("per_policy") or {}).items():
        yield f"per_policy.{policy}", entry["doc_id"]
    for where, _, span in _spans(row):
        if span.get("doc"):
            yield where, span["doc"]


def _spans(row: dict[str, Any]) -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    for key in ("evidence", "near_miss"):
        for number, span in enumerate(row.get(key) or []):
            yield f"{key}[{number}]", span.get("doc") or row.get("doc_id"), span
    for policy, entry in (row.get("per_policy") or {}).items():
        for key in ("evidence", "related"):
            for number, span in enumerate(entry.get(key) or []):
                yield f"per_policy.{policy}.{key}[{number}]", span.get("doc") or entry["doc_id"], span


def _check_span(where: str, text: str, span: dict[str, Any]) -> list[str]:
    found = text[span["start"] : span["end"]]
    if found == span["text"]:
        return []
    place = text.find(span["text"])
    hint = f"; that text stands at {place}–{place + len(span['text'])}" if place >= 0 else "; that text stands nowhere in the document"
    return [f"{where} {span['start']}–{span['end']} is {_short(repr(found))}, expected {_short(repr(span['text']))}{hint}"]


def _path(error: jsonschema.ValidationError) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    return f"{path}: " if path else ""


def _short(text: str, length: int = 90) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
