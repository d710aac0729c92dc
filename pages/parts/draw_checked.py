"""Open a file that was exported once, and see what the policies say of its citations now."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from answer import escape_markdown
from cite import Returned, Status, Verification, returned_from_bytes, verify
from index import Index
from ingest import Document, PolicyError
from pages.parts import shell
from pages.parts.checked import STATES, claimed_place, detail_of, diff_html, place_now, state_chip, states_line
from pages.parts.draw_pager import draw_pager
from pages.parts.inline import escape
from pages.parts.library import stamp_of
from pages.parts.wording import sentence


def draw_check(index: Index) -> None:
    """The box for a file, and under it what was found."""
    file = st.file_uploader("A file with citations, as it was exported: JSON, CSV or XLSX", ["json", "csv", "xlsx"], key="check")
    if file is None:
        st.html('<p class="aside">Each quotation is looked up in the policies as they are now, character by character.</p>')
        return
    try:
        returned = returned_from_bytes(file.getvalue(), file.name)
        found = verified(returned, file.file_id)
    except PolicyError as error:
        st.warning(escape_markdown(sentence(f"the file {error}")), icon=":material/warning:")  # which begins with its name
        return
    for problem in returned.problems:
        st.warning(escape_markdown(sentence(problem)), icon=":material/warning:")
    st.html(f'<p class="plain">{escape(states_line(found))}</p>')
    there = [status for status in Status if any(entry.status is status for entry in found)]
    wanted = st.pills("Show", there, selection_mode="multi", format_func=lambda status: STATES[status][0], key="states") if len(there) > 1 else []
    shown = [entry for entry in found if not wanted or entry.status in wanted]
    for number, entry in draw_pager(shown, "checked"):
        _draw(entry, number, index.documents)


def verified(returned: Returned, name: str) -> list[Verification]:
    """What became of the citations; looked up again when another file is opened, or the corpus has changed. Raises PolicyError without a corpus."""
    key = (name, stamp_of(shell.corpus_folder()))
    kept: tuple[object, list[Verification]] | None = st.session_state.get("verified")
    if kept is None or kept[0] != key:
        with st.spinner("Looking the quotations up…", show_time=True):
            kept = (key, verify(returned.claims, shell.corpus_folder()))
        st.session_state["verified"] = kept
    return kept[1]


def _draw(entry: Verification, number: int, documents: Sequence[Document]) -> None:
    """Draw what became of a citation of a file: its state, its words, and where the policy has changed, the difference."""
    claim = entry.claim
    with st.container(key=f"checked-{number}", gap="xsmall"):
        st.html(f'<div class="labels">{state_chip(entry.status)}<b>{escape(claim.question)}</b></div>')
        st.html(f"<blockquote><q>{escape(claim.quote)}</q></blockquote>")
        st.html(f'<p class="aside">{escape(claimed_place(claim))}</p>')
        if entry.status is not Status.EXACT:
            st.html(f'<p class="aside">{escape(detail_of(entry))}</p>')
        if entry.nearest:
            st.html(f'<div class="changes"><p class="change">{diff_html(entry.nearest.changes)}</p></div>')
        if span := place_now(entry, documents):
            place = {"document": span.document_id, "start": str(span.start), "end": str(span.end)}
            with st.container(key=f"cite-checked-{number}"):
                label = "Read it in the policy" if entry.found else "Read what the policy says now"
                st.page_link("pages/policies.py", label=label, icon=":material/menu_book:", query_params=place)
