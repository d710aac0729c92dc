"""What a verification found, as something to print, send or file: Markdown and HTML."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator, Sequence

from cite.as_markdown import safe_line
from cite.make import now
from cite.memo import one_line, quoted_line
from cite.nearest import Change
from cite.nouns import TOOL
from cite.superseded import stands, superseded, version_line
from cite.template import fill_template
from cite.verify import Status, Verification, count_line

# What each state means, for whoever reads the report without having read how it was made.
MEANINGS: dict[Status, str] = {
    Status.EXACT: "the same file, the same text, the same place",
    Status.MOVED: "the policy still says it word for word, but in a changed file or at another place",
    Status.CHANGED: "the policy no longer says it",
    Status.MISSING: "the document is no longer there",
    Status.UNREADABLE: "the document can't be read, or is read otherwise than when it was cited",
    Status.EDITED: "the citation was altered after it was exported",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """One citation and what became of it; `now` and `changes` are empty unless there is a nearest sentence."""

    status: str
    question: str
    words: str
    place: str
    detail: str
    now: str
    changes: tuple[Change, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Renewed:
    """A document that has a new version, or is gone: what it was and is, and the questions whose citations no longer stand."""

    line: str
    questions: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """A verification as something to read; what needs a look comes before what is exact."""

    made: str
    count: str
    problems: tuple[str, ...]
    renewed: tuple[Renewed, ...]
    doubtful: tuple[Checked, ...]
    exact: tuple[Checked, ...]
    meanings: tuple[tuple[str, str], ...]


def report_of(found: Sequence[Verification], problems: Sequence[str]) -> Report:
    """The report of a verification."""
    states = [status for status in Status if any(entry.status is status for entry in found)]
    return Report(
        made=f"{now()[:16].replace('T', ' ')} UTC · {TOOL}",
        count=count_line(found),
        problems=tuple(one_line(problem) for problem in problems),
        renewed=tuple(_renewed(document, entries) for document, entries in superseded(found).items()),
        doubtful=tuple(_checked(entry) for entry in found if entry.status is not Status.EXACT),
        exact=tuple(_checked(entry) for entry in found if entry.status is Status.EXACT),
        meanings=tuple((status.value, MEANINGS[status]) for status in states),
    )


def as_html(found: Sequence[Verification], problems: Sequence[str]) -> str:
    """The report as one page that loads nothing, words that are gone struck out and new ones underlined."""
    return fill_template(pathlib.Path(__file__).with_name("report.html"), report=report_of(found, problems))


def as_markdown(found: Sequence[Verification], problems: Sequence[str]) -> str:
    """The report as Markdown (CommonMark)."""
    return "\n".join(_markdown(report_of(found, problems)))


def _markdown(report: Report) -> Iterator[str]:
    yield from ("# Verification of citations", "", safe_line(report.made), "", f"**{safe_line(report.count)}**", "")
    yield from (f"- {status}: {meaning}" for status, meaning in report.meanings)
    for problem in report.problems:
        yield from ("", f"**Edited:** {safe_line(problem)}")
    if report.renewed:
        yield from ("", "## Policies that have changed")
    for entry in report.renewed:
        yield from ("", safe_line(entry.line), *([""] if entry.questions else []), *(f"- {safe_line(question)}" for question in entry.questions))
    if report.doubtful:
        yield from ("", "## To look at")
    for checked in report.doubtful:
        yield from ("", f"### {checked.status}: {safe_line(checked.question)}", "", f"> {safe_line(checked.words)}", "", safe_line(checked.place))
        yield from ("", safe_line(checked.detail)) if checked.detail else ()
        if checked.now:
            changes = " ".join(_marked(change) for change in checked.changes)
            yield from ("", "The nearest sentence now:", "", f"> {safe_line(checked.now)}", "", f"Changes: {changes}")
    if report.exact:
        yield from ("", "## Exact")
    for checked in report.exact:
        yield from ("", f"> {safe_line(checked.words)}", ">", f"> {safe_line(checked.place)} · asked: {safe_line(checked.question)}")


def _marked(change: Change) -> str:
    """A change with the words that are gone struck out, where Markdown knows how, and new ones bold.

    >>> _marked(Change("30", "60"))
    '~~30~~ **60**'
    """
    if change.old == change.new:
        return safe_line(change.old)
    return " ".join([f"~~{safe_line(change.old)}~~"] * bool(change.old) + [f"**{safe_line(change.new)}**"] * bool(change.new))


def _renewed(document: str, entries: Sequence[Verification]) -> Renewed:
    questions = tuple(dict.fromkeys(one_line(entry.claim.question) for entry in entries if not stands(entry)))
    return Renewed(one_line(version_line(document, entries)), questions)


def _checked(entry: Verification) -> Checked:
    claim = entry.claim
    parts = (
        claim.policy,
        claim.section,
        f"page {claim.page}" if claim.page else "",
        f"{claim.document}, characters {claim.start}–{claim.end}",
        claim.id,
    )
    return Checked(
        status=entry.status.value,
        question=one_line(claim.question),
        words=quoted_line(claim.quote),
        place=one_line(" · ".join(part for part in parts if part)),
        detail=one_line(entry.detail),
        now=one_line(entry.nearest.passage.text) if entry.nearest else "",
        changes=tuple(Change(one_line(change.old), one_line(change.new)) for change in entry.nearest.changes) if entry.nearest else (),
    )
