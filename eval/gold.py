"""Gold questions: the nouns, and the reader of their JSON lines, which lists everything that is wrong before anything runs."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from eval.check_row import check_row
from ingest import PolicyError, Span, json_rows, raise_problems

# The scope of a question that is put to all policies.
EVERY_POLICY = "all"


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of a document that answers: `document.text[span.start:span.end] == text`."""

    span: Span
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Stance:
    """What one policy says to a question put to several.

    `status` is states, partial (says something that doesn't settle it) or silent; `related` are passages on the topic
    in a silent policy: to cite one is no error, to take it for an answer is.
    """

    policy: str
    document_id: str
    status: str
    verdict: str | None
    evidence: tuple[Evidence, ...]
    related: tuple[Evidence, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """A question with what answers it.

    `document_id` is the document in scope, None where all are. `need` says whether any evidence suffices or all of it
    is needed. `verdict` is for yes-or-no questions only. `near_miss` are passages that look like the answer where there
    is none.
    """

    qid: str
    question: str
    document_id: str | None
    evidence: tuple[Evidence, ...]
    answerable: bool
    kind: str = "question"
    verdict: str | None = None
    need: str = "any"
    split: str = ""
    near_miss: tuple[Evidence, ...] = ()
    stances: tuple[Stance, ...] = ()
    answer: str = ""
    note: str = ""


def read_gold(paths: Sequence[pathlib.Path], texts: Mapping[str, str], policies: Mapping[str, str] | None = None) -> tuple[Question, ...]:
    """Read questions in JSON lines over documents, given as their texts by id; `policies` are their names by id.

    A row without a doc_id is about the document that its scope names by id or policy.

    Raises one PolicyError that lists, with file and line, every malformed line, unknown document, span that doesn't
    match its text, and id given twice.
    """
    questions: dict[str, Question] = {}
    problems: list[str] = []
    for path in paths:
        for number, found in _rows(path):
            row = found if isinstance(found, str) else _placed(found, policies or {})
            wrong = [row] if isinstance(row, str) else check_row(row, texts)
            if not isinstance(row, str) and not wrong:
                question = question_from_row(row)
                wrong = [f"the qid {question.qid} is given twice"] if question.qid in questions else []
                questions.setdefault(question.qid, question)
            problems += [f"{path}:{number}: {problem}" for problem in wrong]
    raise_problems(problems, "in the gold questions; nothing was run")
    if not questions:
        raise PolicyError(f"found no question in {', '.join(map(str, paths)) or 'no file'}; expected JSON lines such as those of eval/questions/")
    return tuple(questions.values())


def question_from_row(row: dict[str, Any]) -> Question:
    """A row that was checked, as a question."""
    document_id = row.get("doc_id")
    answerable = row.get("answerable", bool(row["evidence"]))
    kind = row.get("kind") or (row.get("question_type") if answerable else "unanswerable") or "question"
    return Question(
        qid=row["qid"],
        question=row["question"],
        document_id=document_id,
        evidence=_evidence(row["evidence"], document_id),
        answerable=answerable,
        kind=str(kind),
        verdict=row.get("verdict"),
        need=row.get("need") or "any",
        split=row.get("split") or "",
        near_miss=_evidence(row.get("near_miss") or [], document_id),
        stances=tuple(_stance(policy, entry) for policy, entry in (row.get("per_policy") or {}).items()),
        answer=row.get("answer") or row.get("reference_answer") or "",
        note=row.get("note") or "",
    )


def _rows(path: pathlib.Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    try:
        yield from json_rows(path)
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror}; expected a file of questions in JSON lines") from error


def _placed(row: dict[str, Any], policies: Mapping[str, str]) -> dict[str, Any]:
    """The row with the doc_id that its scope means, where it has only that; a scope that means none is taken for one, and found wrong."""
    scope = row.get("scope")
    if "doc_id" in row or not isinstance(scope, str) or scope in {"", EVERY_POLICY}:
        return row
    found = [name for name, policy in policies.items() if scope in {name, policy}]
    return {**row, "doc_id": found[0] if len(found) == 1 else scope}


def _stance(policy: str, entry: dict[str, Any]) -> Stance:
    document_id = entry["doc_id"]
    return Stance(
        policy=policy,
        document_id=document_id,
        status=entry["status"],
        verdict=entry.get("verdict"),
        evidence=_evidence(entry["evidence"], document_id),
        related=_evidence(entry.get("related") or [], document_id),
    )


def _evidence(spans: Iterable[dict[str, Any]], document_id: str | None) -> tuple[Evidence, ...]:
    return tuple(Evidence(Span(span.get("doc") or document_id or "", span["start"], span["end"]), span["text"]) for span in spans)
