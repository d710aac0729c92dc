"""What is wrong with one row of gold questions: its shape, by a JSON schema, then its documents and spans, by the corpus."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from eval.shape import NAME, OFFSET, TEXT, fields, rows_of, shape_checker, short

_SPAN = fields({"start": OFFSET, "end": OFFSET, "text": {"type": "string", "minLength": 1}}, doc={"type": ["string", "null"]})
_SPANS = {"type": ["array", "null"], "items": _SPAN}
_VERDICT = {"enum": ["yes", "no", "conditional", None]}
_NEED = {"enum": ["any", "all", None]}
_TEXT_OR_NONE = {"type": ["string", "null"]}
_STANCE = fields(
    {"status": {"enum": ["states", "partial", "silent"]}, "doc_id": TEXT, "evidence": rows_of(_SPAN)},
    verdict=_VERDICT,
    related=_SPANS,
    need=_NEED,
    answer=_TEXT_OR_NONE,
)
SCHEMA = fields(
    {"qid": NAME, "question": NAME, "evidence": rows_of(_SPAN)},
    doc_id=_TEXT_OR_NONE,
    scope=_TEXT_OR_NONE,
    kind=_TEXT_OR_NONE,
    question_type=_TEXT_OR_NONE,
    answer=_TEXT_OR_NONE,
    reference_answer=_TEXT_OR_NONE,
    verdict=_VERDICT,
    need=_NEED,
    answerable={"type": "boolean"},
    names_policy={"type": ["boolean", "null"]},
    near_miss=_SPANS,
    per_policy={"type": ["object", "null"], "additionalProperties": _STANCE},
    split=_TEXT_OR_NONE,
    note=_TEXT_OR_NONE,
)
_shape = shape_checker(SCHEMA)
# Half a character: JSON can carry it, and neither an encoder nor a file can.
_HALF = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_row(row: dict[str, Any], texts: Mapping[str, str]) -> list[str]:
    """What is wrong with one row, in words; empty where nothing is."""
    if wrong := _shape(row):
        return wrong
    wrong = ["holds half a character (a lone surrogate)"] if _HALF.search(json.dumps(row, ensure_ascii=False)) else []
    if _CONTROL.search(row["qid"]):  # it stands in files whose columns are parted by tabs
        wrong.append(f"the qid {row['qid']!r} holds a tab, a line break or the like")
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
    wrong += [f"per_policy.{policy} {problem}" for policy, entry in (row.get("per_policy") or {}).items() if (problem := _check_stance(entry))]
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


def _check_stance(entry: dict[str, Any]) -> str:
    if entry["status"] == "states" and not entry["evidence"]:
        return "states something and has no evidence"
    return "is silent and has evidence" if entry["status"] == "silent" and entry["evidence"] else ""


def _check_span(where: str, text: str, span: dict[str, Any]) -> list[str]:
    found = text[span["start"] : span["end"]]
    if found == span["text"]:
        return []
    place = text.find(span["text"])
    hint = f"; that text stands at {place}–{place + len(span['text'])}" if place >= 0 else "; that text stands nowhere in the document"
    return [f"{where} {span['start']}–{span['end']} is {short(repr(found))}, expected {short(repr(span['text']))}{hint}"]
