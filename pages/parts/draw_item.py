"""Draw one citation of a work list, with what a reviewer can say to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from answer import Verdict, escape_markdown
from cite import Citation, Entry, Review, Status, Verification
from ingest import Document
from pages.parts.checked import detail_of, diff_html, state_chip
from pages.parts.inline import escape, quotation_html
from pages.parts.wording import chip, written_day
from pages.parts.worklist import decided

ACCEPT, REJECT = "Accept", "Reject"
_WORDS: dict[str | None, Literal["accept", "reject"]] = {ACCEPT: "accept", REJECT: "reject"}
_LABELS: dict[str, str] = {"accept": ACCEPT, "reject": REJECT}
MAX_COMMENT = 2000

Change = Callable[[Review], Review]  # what becomes of the review that is kept: others may have reviewed since the page was drawn
Decide = Callable[[str, Change], None]  # what to do with a change of a citation's review


@dataclasses.dataclass(frozen=True, slots=True)
class Reviewing:
    """Who reviews, the policies as they are, what a click does, and what a verification found, by citation id."""

    reviewer: str
    documents: Sequence[Document]
    decide: Decide
    found: dict[str, Verification]


def draw_item(entry: Entry, number: int, reviewing: Reviewing) -> None:
    """Draw citation `number` of a list."""
    citation = entry.citation
    checked = reviewing.found.get(citation.id)
    document = next((document for document in reviewing.documents if document.id == citation.document), None)
    with st.container(key=f"item-{number}", gap="xsmall"):
        state = state_chip(checked.status) if checked else ""
        st.html(f'<div class="labels">{chip(Verdict(entry.finding.verdict))}<b>{escape(citation.policy)}</b>{state}</div>')
        _draw_quotation(entry, document)
        if checked and checked.status is not Status.EXACT:
            changes = f'<p class="change">{diff_html(checked.nearest.changes)}</p>' if checked.nearest else ""
            st.html(f'<p class="aside">{escape(detail_of(checked))}</p>{changes and f"<div class=changes>{changes}</div>"}')
        _draw_place(citation, document, number)
        _draw_decision(citation, number, reviewing)


def _draw_quotation(entry: Entry, document: Document | None) -> None:
    role = '<span class="lead">But:</span> ' if entry.role else ""
    st.html(f"<blockquote>{role}{quotation_html(entry.citation.quote, entry.citation.lead, document)}</blockquote>")


def _draw_place(citation: Citation, document: Document | None, number: int) -> None:
    parts = [citation.section_line, f"page {citation.page_label}" if citation.page_label else ""]
    if citation.effective_date:
        parts.append(f"effective {written_day(citation.effective_date)}")
    label = " · ".join(part for part in parts if part) or "Open the policy"
    if document is None or document.text[citation.char_start : citation.char_end] != citation.quote:
        st.html(f'<p class="aside">{escape(label)}. The policy no longer says so at this place.</p>')
        return
    with st.container(key=f"cite-item-{number}"):
        place = {"document": citation.document, "start": str(citation.char_start), "end": str(citation.char_end)}
        st.page_link("pages/policies.py", label=escape_markdown(label), icon=":material/menu_book:", query_params=place)


def _draw_decision(citation: Citation, number: int, reviewing: Reviewing) -> None:
    """Accept, reject, comment; the store has the last word on what is shown, since several may work on one list."""
    review = citation.review
    choice, comment = f"choose-{citation.id}", f"comment-{citation.id}"
    st.session_state[choice] = _LABELS.get(review.status)
    st.session_state[comment] = review.comment
    closed = not reviewing.reviewer
    with st.container(horizontal=True, vertical_alignment="center", key=f"decision-{number}"):
        st.segmented_control(
            f"Decision on quotation {number}",
            [ACCEPT, REJECT],
            key=choice,
            on_change=_chosen,
            args=(citation.id, choice, reviewing),
            disabled=closed,
            label_visibility="collapsed",
        )
        st.text_input(
            f"Comment on quotation {number}",
            key=comment,
            max_chars=MAX_COMMENT,
            placeholder="Comment",
            on_change=_commented,
            args=(citation.id, comment, reviewing),
            disabled=closed,
            label_visibility="collapsed",
        )
    if review.given:
        st.html(f'<p class="aside">{escape(_signature(review))}</p>')


def _chosen(citation: str, key: str, reviewing: Reviewing) -> None:
    """Accepted, rejected or neither; the comment stays."""
    status = _WORDS.get(st.session_state[key])
    reviewing.decide(citation, lambda kept: decided(kept, reviewing.reviewer, status=status, comment=kept.comment))


def _commented(citation: str, key: str, reviewing: Reviewing) -> None:
    """A comment, another or none; the decision stays."""
    comment = st.session_state[key] or ""
    reviewing.decide(citation, lambda kept: decided(kept, reviewing.reviewer, status=_WORDS.get(_LABELS.get(kept.status)), comment=comment))


def _signature(review: Review) -> str:
    word = {"accept": "Accepted", "reject": "Rejected"}.get(review.status, "Commented")
    day = f" on {written_day(review.reviewed_at)}" if review.reviewed_at else ""
    return f"{word}{f' by {review.reviewer}' if review.reviewer else ''}{day}."
