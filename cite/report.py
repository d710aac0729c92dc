"""What a verification found, for a terminal, for machines, and for people (see `report_memo`)."""

from __future__ import annotations

import collections
import json
from collections.abc import Callable, Sequence
from typing import Any

from cite.memo import one_line, quoted_line
from cite.report_memo import as_html, as_markdown
from cite.superseded import invalidated, stands, superseded, version_line
from cite.verify import Status, Verification, count_line


def passes(found: Sequence[Verification], problems: Sequence[str], *, allow_moved: bool) -> bool:
    """Whether every citation is exact, or moved where that is allowed, and nothing is wrong with a file as a whole."""
    return not problems and all(entry.status is Status.EXACT or (allow_moved and entry.status is Status.MOVED) for entry in found)


def as_text(found: Sequence[Verification], problems: Sequence[str]) -> str:
    """A line for each citation, more for those that are not exact, then the policies that changed, then the count."""
    return _report(found, found, problems)


def as_short_text(found: Sequence[Verification], problems: Sequence[str]) -> str:
    """The same without the citations that are exact."""
    return _report(found, [entry for entry in found if entry.status is not Status.EXACT], problems)


def _report(found: Sequence[Verification], shown: Sequence[Verification], problems: Sequence[str]) -> str:
    lines = [f"edited      {one_line(problem)}" for problem in problems]
    for entry in shown:
        lines += _lines(entry)
    for document, entries in superseded(found).items():
        lines += ["", one_line(version_line(document, entries))]
        lines += [f"  {one_line(entry.claim.id)}  {one_line(entry.claim.question)}" for entry in entries if not stands(entry)]
    return "\n".join([*lines, *([""] if lines else []), count_line(found)])


def as_json(found: Sequence[Verification], problems: Sequence[str]) -> str:
    """The same as one object."""
    counts = collections.Counter(entry.status for entry in found)
    report = {
        "counts": {status.value: counts[status] for status in Status},
        "problems": list(problems),
        "citations": [_row(entry) for entry in found],
        "invalidated": {document: [entry.claim.id for entry in entries] for document, entries in invalidated(found).items()},
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Sequence[Verification], Sequence[str]], str]] = {
    "text": as_text,
    "short": as_short_text,
    "json": as_json,
    "md": as_markdown,
    "html": as_html,
}


def _lines(entry: Verification) -> list[str]:
    claim, nearest = entry.claim, entry.nearest
    document, start, page = (entry.found.document_id, entry.found.start, entry.page) if entry.found else (claim.document, claim.start, claim.page)
    place = f"{document} {start}{f' page {page}' if page else ''}"
    said = "  ".join(one_line(part) for part in (claim.id, place, entry.detail) if part)
    lines = [f"{entry.status:<10}  {said}"]
    if entry.status is not Status.EXACT:
        lines += [f"            asked: {one_line(claim.question)}", f"            cited: “{quoted_line(claim.quote)}”"]
    if nearest:
        page_now = f" page {nearest.passage.page}" if nearest.passage.page else ""
        lines.append(f"            now:   “{one_line(nearest.passage.text)}”{page_now}")
        lines.append(f"            diff:  {one_line(nearest.diff)}")
    return lines


def _row(entry: Verification) -> dict[str, Any]:
    claim, nearest = entry.claim, entry.nearest
    return {
        "id": claim.id,
        "status": entry.status.value,
        "detail": entry.detail,
        "question_id": claim.question_id,
        "question": claim.question,
        "policy": claim.policy,
        "document": claim.document,
        "char_start": claim.start,
        "char_end": claim.end,
        "quote": claim.quote,
        "found": {"document": entry.found.document_id, "char_start": entry.found.start, "char_end": entry.found.end, "page": entry.page}
        if entry.found
        else None,
        "nearest": {
            "char_start": nearest.passage.span.start,
            "char_end": nearest.passage.span.end,
            "page": nearest.passage.page,
            "text": nearest.passage.text,
            "diff": nearest.diff,
            "changes": [{"old": change.old, "new": change.new} for change in nearest.changes],
        }
        if nearest
        else None,
    }
