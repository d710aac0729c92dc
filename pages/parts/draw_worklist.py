"""Draw one work list: how far it is, its citations, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from answer import escape_markdown
from cite import Bundle, Library, Returned, Verification, claims_of, export_bundle
from index import Index
from ingest import PolicyError
from pages.parts import shell, visit
from pages.parts.desk import Desk, Work
from pages.parts.draw_checked import verified
from pages.parts.draw_desk import open_list
from pages.parts.draw_item import Change, Reviewing, draw_item
from pages.parts.draw_pager import draw_pager
from pages.parts.inline import escape
from pages.parts.take_away import format_label, format_names, mime_of
from pages.parts.uploaded import Uploaded
from pages.parts.wording import address, sentence
from pages.parts.worklist import FILTERS, add_accepted, counted, entries_of, gold_file, reviews_in, selected

MAX_NAME = 80


def draw_work(work: Work, index: Index, desk: Desk) -> None:
    """One work list, whole."""
    st.button("All work lists", key="back", type="tertiary", icon=":material/arrow_back:", on_click=open_list, args=(None,))
    st.markdown(f"# {escape_markdown(work.title)}")
    entries = entries_of(work.bundle)
    counts = counted(entries)
    done = counts["Accepted"] + counts["Rejected"]
    st.progress(done / len(entries), text=f"{done} of {len(entries)} decided: {counts['Accepted']} accepted, {counts['Rejected']} rejected")
    with st.container(horizontal=True, vertical_alignment="bottom", key="who-and-what"):
        reviewer = draw_name(desk)
        words = st.text_input("Find", key="review-words", placeholder="Question, policy or words", icon=":material/search:")
    if not reviewer:
        st.html('<p class="aside">Write your name first, so that everybody sees who decided.</p>')
    chosen = st.pills(
        "Show",
        list(FILTERS),
        default="All",
        required=True,
        key="review-filter",
        format_func=lambda name: f"{name} ({counts[name]})",
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _draw_download(work.bundle, index)
        _draw_more(work, desk)
        recheck = st.toggle("Check against the policies", key="recheck")
    found = _found(work, recheck=recheck)
    shown = selected(entries, chosen or "All", words)
    if not shown:
        st.html('<p class="aside">There is no such quotation in this list.</p>')
    reviewing = Reviewing(reviewer, index.documents, lambda citation, change: keep(desk, work, citation, change), found)
    asked = work.title  # which often is the only question; once is enough
    for number, entry in draw_pager(shown, "list"):
        if entry.question.question != asked:
            asked = entry.question.question
            st.html(f'<p class="asked" role="heading" aria-level="2">{escape(asked)}</p>')
        draw_item(entry, number, reviewing)


def draw_name(desk: Desk) -> str:
    """Ask for the reviewer's name once; it is kept for the next time."""
    if "reviewer" not in st.session_state:
        st.session_state["reviewer"] = desk.name_of(visit.visitor())
    name = st.text_input("Your name", key="reviewer", max_chars=MAX_NAME, on_change=_call, args=(desk,), persist_state="session")
    return name.strip()


def _call(desk: Desk) -> None:
    try:
        desk.call(visit.visitor(), st.session_state["reviewer"].strip())
    except PolicyError as error:
        visit.notice(str(error))


def keep(desk: Desk, work: Work, citation: str, change: Change) -> None:
    """Keep what was decided, or say why that can't be done."""
    try:
        desk.revise(work.id, citation, change)
    except PolicyError as error:
        visit.notice(str(error))


def _found(work: Work, *, recheck: bool) -> dict[str, Verification]:
    if not recheck:
        return {}
    try:
        return {entry.claim.id: entry for entry in verified(Returned(tuple(claims_of(work.bundle))), work.id)}
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))), icon=":material/warning:")
        return {}


def _draw_download(bundle: Bundle, index: Index) -> None:
    with st.popover("Download", icon=":material/download:", key="download", on_change="rerun") as box:
        if not box.open:
            return
        name = st.selectbox("Format", format_names(), format_func=format_label, key="format")
        try:
            library = Library({document.id: document for document in index.documents}, bundle.index_id, shell.corpus_folder())
            data = export_bundle(bundle, library, name)
        except PolicyError as error:
            st.warning(escape_markdown(sentence(str(error))))
            return
        st.caption("All quotations of this list, with what was decided.")
        st.download_button("Download", data, file_name=f"reviewed.{name}", mime=mime_of(name), key="save", on_click="ignore", type="primary")


def _draw_more(work: Work, desk: Desk) -> None:
    with st.popover("More", icon=":material/more_horiz:", key="more"):
        st.caption("Whoever can reach this page can review this list at this address.")
        st.code(address(st.context.url, list=work.id), language=None, wrap_lines=True)
        st.divider()
        file = st.file_uploader("Take reviews from a file that came back", ["json", "csv", "xlsx"], key="returned")
        replace = st.checkbox("Where we decided otherwise, the file counts", key="replace")
        st.button("Take them", key="take-reviews", disabled=not file, on_click=_take, args=(work, desk, file, replace))
        st.divider()
        st.caption("Accepted quotations become questions with known answers, to measure with: python -m eval --questions FILE")
        st.button("Add accepted ones to the evaluation set", key="gold", on_click=_gold, args=(work,))
        path = gold_file(shell.state_folder())
        if path.is_file():
            st.download_button("Download the evaluation set", path.read_bytes(), file_name=path.name, key="gold-file", on_click="ignore")
        if work.owner == visit.visitor():
            st.divider()
            sure = st.checkbox("Delete this list and its reviews for good", key="sure-list")
            st.button("Delete", key="delete-list", disabled=not sure, on_click=_delete, args=(work, desk))


def _take(work: Work, desk: Desk, file: Uploaded, replace: bool) -> None:
    try:
        taken = reviews_in(file.getvalue(), file.name, work.bundle, replace=replace)
        desk.decide(work.id, taken.reviews)
    except PolicyError as error:
        visit.notice(str(error))
        return
    said = f"{len(taken.reviews)} review{'s' if len(taken.reviews) != 1 else ''} taken."
    st.session_state["review-notes"] = (said, [*taken.conflicts, *taken.refused])


def _gold(work: Work) -> None:
    path = gold_file(shell.state_folder())
    try:
        added, problems = add_accepted(work.bundle, shell.corpus_folder(), path)
    except PolicyError as error:
        visit.notice(str(error))
        return
    st.session_state["review-notes"] = (f"{added} question{'s' if added != 1 else ''} added to {path}.", problems)


def _delete(work: Work, desk: Desk) -> None:
    try:
        desk.delete(work.id, visit.visitor())
    except PolicyError as error:
        visit.notice(str(error))
    open_list(None)
