"""What a verification found, in words, colours and HTML."""

from __future__ import annotations

import collections
from collections.abc import Sequence

from cite import Change, Claim, Status, Verification
from ingest import Document, Span
from pages.parts.inline import escape
from pages.parts.wording import long_day

# The word for each state, the colour of its chip, and what it means.
STATES: dict[Status, tuple[str, str, str]] = {
    Status.EXACT: ("Exact", "yes", "The policy says it, word for word, at the same place."),
    Status.MOVED: ("Moved", "states", "The policy still says it, but in a changed file or at another place."),
    Status.CHANGED: ("Changed", "no", "The policy no longer says it."),
    Status.MISSING: ("Missing", "no", "The policy is no longer there."),
    Status.UNREADABLE: ("Unreadable", "conditional", "The policy can't be read, or is read otherwise than before."),
    Status.EDITED: ("Edited", "no", "The citation was altered after it was exported."),
}


def state_chip(status: Status) -> str:
    """A state as a small coloured label, in HTML."""
    word, colour, meaning = STATES[status]
    return f'<span class="chip chip-{colour}" title="{escape(meaning)}">{word}</span>'


def states_line(found: Sequence[Verification]) -> str:
    """How many citations are in which state."""
    counts = collections.Counter(entry.status for entry in found)
    total = f"{len(found)} citation{'s' if len(found) != 1 else ''}"
    return ": ".join(part for part in (total, ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])) if part) + "."


def diff_html(changes: Sequence[Change]) -> str:
    """What became of a quotation's words: those that are gone in `<del>`, new ones in `<ins>`.

    >>> diff_html([Change("kept for", "kept for"), Change("30", "60"), Change("days", "days")])
    'kept for <del>30</del> <ins>60</ins> days'
    """
    parts = []
    for change in changes:
        if change.old == change.new:
            parts.append(escape(change.old))
            continue
        parts += [f"<del>{escape(change.old)}</del>"] if change.old else []
        parts += [f"<ins>{escape(change.new)}</ins>"] if change.new else []
    return " ".join(parts)


def place_now(entry: Verification, documents: Sequence[Document]) -> Span | None:
    """Where a reader is led: to the words as they stand now, else to the nearest sentence; None where there is neither in the index."""
    span = entry.found or (entry.nearest.passage.span if entry.nearest else None)
    return span if span and any(document.id == span.document_id for document in documents) else None


def claimed_place(claim: Claim) -> str:
    """Where a citation says that it stands, in one line."""
    parts = [
        claim.policy,
        claim.section,
        f"page {claim.page}" if claim.page else "",
        f"effective {claim.effective_date}" if claim.effective_date else "",
    ]
    return " · ".join(part for part in parts if part)


def detail_of(entry: Verification) -> str:
    """What is to be known of a citation that is not exact, in a sentence or two."""
    meaning = STATES[entry.status][2]
    said = entry.detail[:1].upper() + entry.detail[1:]
    repeated = not said or said.rstrip(".").casefold() == meaning.rstrip(".").casefold()
    dates = ""
    if entry.source is not None and entry.source.sha256 != entry.claim.source_sha256 and entry.source.effective_date:
        dates = f" It is now effective {long_day(entry.source.effective_date)}."
    return (meaning if repeated else f"{meaning} {said}.") + dates
