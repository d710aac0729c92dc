"""The policies themselves: what there is, each one's text with outline and search, and what changed from one version to the next."""

from __future__ import annotations

import streamlit as st

from answer import escape_markdown
from index import Index
from ingest import Document
from pages.parts import shell
from pages.parts.draw_manage import draw_add, draw_manage, follow_changes
from pages.parts.draw_page import draw_page, file_of
from pages.parts.draw_text import draw_text
from pages.parts.draw_unread import draw_unread
from pages.parts.draw_versions import draw_versions
from pages.parts.inline import escape
from pages.parts.outline import find_words, outline_around, outline_of
from pages.parts.wording import facts_line, loaded_line, matches

TEXT, PAGES, CHANGES = "Text", "Pages as printed", "Changes"


def go(document_id: str | None, start: int = 0, end: int = 0) -> None:
    """Open a policy, at a place where one is given; or go back to the list."""
    st.session_state["more"] = (0, 0)
    st.query_params.clear()
    if document_id:
        st.query_params["document"] = document_id
        if end > start:
            st.query_params.update(start=str(start), end=str(end))


def place_in(document: Document) -> tuple[int, int]:
    """The span that the address names; (0, 0) where it names none in this text."""
    start, end = st.query_params.get("start", ""), st.query_params.get("end", "")
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return (0, 0)
    return (int(start), int(end)) if int(start) < int(end) <= len(document.text) else (0, 0)


def draw_library(index: Index) -> None:
    """Every policy, by collection."""
    st.markdown("# Policies")
    st.html(f'<p class="plain">{escape(loaded_line(index.documents))}</p>')
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input("Filter", key="filter", placeholder="Name, organisation or kind", icon=":material/search:")
        if shell.may_change():
            draw_add(shell.shelf())
    draw_unread(index, expanded=True)
    shown = [document for document in index.documents if matches(document, wanted)]
    for collection in dict.fromkeys(document.collection for document in shown):
        members = [document for document in shown if document.collection == collection]
        with st.container(key=f"shelf-{collection or 'none'}", gap="xxsmall"):
            st.markdown(f"### {escape_markdown(collection.capitalize() or 'Other policies')}")
            for document in sorted(members, key=lambda document: document.policy.casefold()):
                draw_row(document)
    if not shown:
        st.html('<p class="aside">No policy is called that.</p>')


def draw_row(document: Document) -> None:
    """One policy in the list."""
    with st.container(key=f"policy-{document.id}", gap=None):
        st.button(escape_markdown(document.title), key=f"read-{document.id}", type="tertiary", on_click=go, args=(document.id,))
        st.html(f'<p class="aside">{escape(facts_line(document))}</p>')
        for warning in document.warnings:
            st.html(f'<p class="aside">Note: {escape(warning)}</p>')


def draw_policy(document: Document, index: Index) -> None:
    """One policy: its facts, what can be done with it, its text or its changes."""
    st.button("All policies", key="back", type="tertiary", icon=":material/arrow_back:", on_click=go, args=(None,))
    st.markdown(f"# {escape_markdown(document.title)}")
    st.html(f'<p class="aside">{escape(facts_line(document))}</p>')
    for warning in document.warnings:
        st.warning(escape_markdown(warning), icon=":material/warning:")
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        data = file_of(document)
        views = [TEXT, *([PAGES] if data else []), CHANGES]
        view = st.segmented_control("View", views, default=TEXT, required=True, key="view", label_visibility="collapsed")
        with st.container(horizontal=True, width="content"):
            if st.button("Ask about it", key="ask-it", icon=":material/forum:"):
                st.session_state.update(policies=[document.id], collections=[])
                st.switch_page("pages/ask.py")
            if shell.may_change():
                draw_manage(shell.shelf(), document)
    if view == CHANGES:
        draw_versions(document, index.documents, shell.shelf())
    elif view == PAGES and data:
        draw_outline(document)
        draw_page(document, place_in(document), data)
    else:
        draw_whole(document)


def draw_whole(document: Document) -> None:
    """The text, with a line to find words in it, and its outline in the margin."""
    place = place_in(document)
    words = st.text_input("Find in this policy", key=f"find-{document.id}", icon=":material/search:", placeholder="Words as they stand in the text")
    found = find_words(document, words) if words else []
    if words:
        place = draw_found(document, words, found, place)
    draw_outline(document)
    with st.container(key="whole", border=True):
        draw_text(document, place, st.session_state.get("more", (0, 0)), widen, focus=not words)


def draw_outline(document: Document) -> None:
    """The headings, in the margin; each leads to its place."""
    with st.sidebar:
        st.html('<p class="aside">Sections</p>')
        with st.container(key="outline", gap=None):
            for heading in outline_around(outline_of(document), place_in(document)[0]):
                target = (document.id, heading.start, heading.end)
                key = f"section-{heading.level}-{heading.start}"
                st.button(escape_markdown(heading.text), key=key, type="tertiary", on_click=go, args=target, width="stretch")


def draw_found(document: Document, words: str, found: list[tuple[int, int]], place: tuple[int, int]) -> tuple[int, int]:
    """How often the words stand in the text, and the way from one place to the next; give back the place that is shown."""
    if not found:
        st.html(f'<p class="aside">The words “{escape(words)}” do not stand in this policy.</p>')
        return place
    number = found.index(place) if place in found else 0
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="aside">{number + 1} of {len(found)}</p>', width="content")
        back, forward = found[number - 1], found[(number + 1) % len(found)]
        st.button("Previous", key="found-back", type="tertiary", icon=":material/chevron_left:", on_click=go, args=(document.id, *back))
        st.button(
            "Next",
            key="found-next",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=go,
            args=(document.id, *forward),
        )
    return found[number]


def widen(more: tuple[int, int]) -> None:
    """Have more of the text drawn."""
    st.session_state["more"] = more


shell.enter()
follow_changes()
index = shell.ready_index()
shell.draw_update()
if said := st.session_state.pop("shelved", ""):
    st.info(escape_markdown(said), icon=":material/info:")
named = st.query_params.get("document", "")
chosen = next((document for document in index.documents if document.id == named), None)
if chosen:
    draw_policy(chosen, index)
else:
    if named:
        st.info("That policy is not here any more.", icon=":material/info:")
    draw_library(index)
