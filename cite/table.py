"""A bundle as a table, one row a citation: the columns of CSV and XLSX, and their way back."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from cite.canonical import sha256_of
from cite.cells import coded, harmless, restored
from cite.checked import read_json
from cite.claim import Claim
from cite.nouns import SCHEMA, Bundle, Entry, Review
from ingest import PolicyError

Cell = str | int | float | None

# Where each column's value is found, from an entry. What a reviewer reads and marks comes first, what a machine checks after it.
_VALUES = {
    "citation_id": "citation.id",
    "question_id": "question.id",
    "question": "question.question",
    "answer": "question.answer",
    "policy": "citation.policy",
    "verdict": "finding.verdict",
    "quote": "citation.quote",
    "section": "citation.section_line",
    "page": "citation.page",
    "page_label": "citation.page_label",
    "confidence": "citation.confidence",
    "review_status": "citation.review.status",
    "review_comment": "citation.review.comment",
    "reviewer": "citation.review.reviewer",
    "reviewed_at": "citation.review.reviewed_at",
    "document": "citation.document",
    "title": "citation.title",
    "version": "citation.version",
    "effective_date": "citation.effective_date",
    "source_file": "citation.source_file",
    "source_sha256": "citation.source_sha256",
    "text_sha256": "citation.text_sha256",
    "extractor": "citation.extractor",
    "lead": "citation.lead",
    "prefix": "citation.prefix",
    "suffix": "citation.suffix",
    "char_start": "citation.char_start",
    "char_end": "citation.char_end",
    "offset_unit": "citation.offset_unit",
    "quote_sha256": "citation.quote_sha256",
    "seal": "citation.seal",
    "score": "citation.score",
    "asked": "question.asked",
    "scope": "question.scope.line",
    "index_id": "bundle.index_id",
    "tool_version": "bundle.tool_version",
    "created_at": "bundle.created_at",
    "schema_version": "bundle.schema_version",
    "role": "role",
}
COLUMNS: dict[str, Callable[[Entry], Any]] = {name: operator.attrgetter(path) for name, path in _VALUES.items()}
# Those that are read back: sheets of schema 1 have no `role`, and nothing rests on it.
READ = [column for column in COLUMNS if column != "role"]
# The columns that a reviewer fills in.
REVIEW = ("review_status", "review_comment", "reviewer", "reviewed_at")
# Words that people write for the ones that a review's status has.
_SAID = {"accepted": "accept", "ok": "accept", "yes": "accept", "rejected": "reject", "no": "reject", "commented": "comment"}
_HINT = "take a file from python -m cite export, and change only the columns " + ", ".join(REVIEW)


def rows_of(bundle: Bundle) -> Iterator[list[Cell]]:
    """The rows below the header: text made harmless, numbers as numbers, nothing where there is nothing."""
    for values in values_of(bundle):
        yield [harmless(value) if isinstance(value, str) else value for value in values]


def values_of(bundle: Bundle) -> Iterator[list[Cell]]:
    """The same as they are in the bundle."""
    getters = tuple(COLUMNS.values())
    for entry in bundle.entries():
        yield [getter(entry) for getter in getters]


def claims_of_rows(rows: Iterable[Sequence[str]], name: str) -> list[Claim]:
    """The claims of a table whose first row is the header.

    Columns may follow those of the export. Raises PolicyError for columns that are missing or in another order, rows that
    are cut off, and cells that can't be what their column says.
    """
    numbered = enumerate(rows, 1)
    _check_header(next(numbered, (1, ()))[1], name)
    claims = []
    for number, row in numbered:
        if any(row):
            if len(row) < len(READ):
                raise PolicyError(f"{name}: row {number} has {len(row)} cells, expected {len(READ)}: is the file cut off? {_HINT}")
            cells = {column: restored(cell) for column, cell in zip(READ, row, strict=False)}
            claims.append(_claim(cells, f"{name}: row {number}"))
    return claims


def _check_header(header: Sequence[str], name: str) -> None:
    found = [cell.strip() for cell in header]
    if found[: len(READ)] == READ:
        return
    missing = [column for column in READ if column not in found]
    if len(missing) > len(READ) // 2:
        raise PolicyError(f"{name} has the columns {', '.join(found[:4]) or '(none)'} …, expected {', '.join(READ[:4])} …; {_HINT}")
    if missing:
        raise PolicyError(f"{name} lacks the columns {', '.join(missing)}; {_HINT}")
    place = next(number for number, column in enumerate(READ) if found[number] != column)
    raise PolicyError(f"{name} has the column {found[place]} where {READ[place]} was; put the columns back in their order")


def _claim(cells: dict[str, str], place: str) -> Claim:
    schema = cells["schema_version"]
    if schema.isdecimal() and int(schema) > SCHEMA:
        raise PolicyError(f"{place} has schema {schema}; this program reads up to {SCHEMA}, so install a newer one")
    return Claim(
        place=place,
        id=cells["citation_id"],
        question_id=cells["question_id"],
        question=cells["question"],
        verdict=cells["verdict"],
        policy=cells["policy"],
        document=cells["document"],
        effective_date=cells["effective_date"],
        version=cells["version"],
        source_sha256=cells["source_sha256"],
        text_sha256=cells["text_sha256"],
        extractor=cells["extractor"],
        section=cells["section"],
        page=_integer(cells, "page", place) if cells["page"] else None,
        quote=_quote(cells["quote"], cells["quote_sha256"]),
        quote_sha256=cells["quote_sha256"],
        prefix=cells["prefix"],
        suffix=cells["suffix"],
        start=_integer(cells, "char_start", place),
        end=_integer(cells, "char_end", place),
        offset_unit=cells["offset_unit"],
        seal=cells["seal"],
        review=_review(cells, place),
    )


def _quote(cell: str, sha256: str) -> str:
    """The quotation as it was: spreadsheets rewrite line ends, and make a code of what looks like one; its hash tells which it was."""
    quotes = (quote for text in (cell, coded(cell)) for quote in (text, text.replace("\n", "\r\n")))
    return next((quote for quote in quotes if sha256_of(quote) == sha256), cell)


def _integer(cells: dict[str, str], column: str, place: str) -> int:
    try:
        return int(cells[column])
    except ValueError as error:
        raise PolicyError(f"{place}: {column} is {cells[column]!r}, expected a whole number; {_HINT}") from error


def _review(cells: dict[str, str], place: str) -> Review:
    status = cells["review_status"].strip().lower()
    row = {
        "status": _SAID.get(status, status),
        "reviewer": cells["reviewer"],
        "comment": cells["review_comment"],
        "reviewed_at": cells["reviewed_at"].strip(),
    }
    if row["status"] not in {"", "accept", "reject", "comment"}:
        raise PolicyError(f"{place}: review_status is {cells['review_status']!r}; expected accept, reject, comment or nothing")
    try:
        return read_json(Review, json.dumps(row), place)
    except PolicyError as error:
        raise PolicyError(f"{place}: reviewed_at is {cells['reviewed_at']!r}; expected a date such as 2025-03-31, or nothing") from error
