"""Read answers as `answer.answer_row` gives them: a line each of `answers.jsonl`, one object, or a list of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from cite.checked import LENIENT, described, read_json
from cite.nouns import But, Verdict, check_but
from ingest import PolicyError

EXPECTED = "expected answers.jsonl from python -m eval, or what python -m answer --format json prints"


@dataclasses.dataclass(frozen=True, slots=True)
class AnsweredCitation:
    """A quotation as an answer carries it; what stands above and before it is looked up where the answer doesn't say."""

    __pydantic_config__ = LENIENT

    document: str
    start: Annotated[int, described("code points", ge=0)]
    end: Annotated[int, described("excluded", ge=1)]
    quote: Annotated[str, described("the exact characters", min_length=1)]
    score: float = 0.0
    heading: tuple[str, ...] | None = None
    lead: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class AnsweredFinding:
    """What one policy says."""

    __pydantic_config__ = LENIENT

    policy: str
    verdict: Verdict
    confidence: Annotated[float, described("0 to 1", ge=0, le=1)]
    citations: tuple[AnsweredCitation, ...] = ()
    document: str = ""
    but: But = None

    def __post_init__(self) -> None:
        check_but(self.but, len(self.citations))


@dataclasses.dataclass(frozen=True, slots=True)
class AnsweredScope:
    """Which documents were asked, and why."""

    __pydantic_config__ = LENIENT

    source: str = ""
    documents: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answered question. `id` may be left out where there is no batch; `where` is for errors."""

    __pydantic_config__ = LENIENT

    question: str
    findings: tuple[AnsweredFinding, ...]
    id: str | int = ""
    asked: str = ""
    headline: str = ""
    scope: AnsweredScope | str | None = None
    where: str = ""


def answers_of_text(text: str, name: str) -> list[AnswerRow]:
    """The answers in a text: one JSON value over several lines, or one a line.

    Raises PolicyError with the line of the first that is none.
    """
    if not text.strip():
        raise PolicyError(f"{name} is empty; {EXPECTED}")
    try:
        whole = json.loads(text)
        values = whole if isinstance(whole, list) else [whole]
        rows = [(json.dumps(value), name if len(values) == 1 else f"{name}: answer {number}", number) for number, value in enumerate(values, 1)]
    except ValueError:
        rows = [(line, f"{name}:{number}", number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    except RecursionError as error:
        raise PolicyError(f"{name} is JSON that is nested too deep; {EXPECTED}") from error
    return [_row(*row) for row in rows]


def answers_of_rows(rows: Iterable[Mapping[str, Any]]) -> list[AnswerRow]:
    """Answers that are in memory already, as dictionaries."""
    return [_row(json.dumps(row), f"answer {number}", number) for number, row in enumerate(rows, 1)]


def _row(line: str, where: str, number: int) -> AnswerRow:
    try:
        row = read_json(AnswerRow, line, where)
    except PolicyError as error:
        raise PolicyError(f"{error}; {EXPECTED}") from error
    return dataclasses.replace(row, id=str(row.id) or str(number), where=where)


def scope_of(row: AnswerRow) -> tuple[str, Sequence[str]]:
    """Who chose the scope, and the documents in it; where the row doesn't list them, those it has findings on."""
    found = tuple(dict.fromkeys(finding.document or (finding.citations[0].document if finding.citations else "") for finding in row.findings))
    known = tuple(document for document in found if document)
    if isinstance(row.scope, AnsweredScope):
        return row.scope.source, row.scope.documents or known
    return row.scope or "", known
