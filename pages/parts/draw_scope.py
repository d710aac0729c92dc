"""Draw the line for questions, and above it the policies that are asked."""

from __future__ import annotations

import streamlit as st

from answer import escape_markdown
from index import Index
from pages.parts import visit
from pages.parts.wording import collections_of, scope_label


def draw_input(index: Index) -> tuple[str, ...]:
    """Give back the ids of the policies that the visitor chose to ask; none where all are asked."""
    with st.bottom, st.container(key="input", gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            given = _draw_scope(index)
            if visit.turns():
                st.button("New conversation", key="new-below", icon=":material/add:", type="tertiary", on_click=visit.begin)
        if question := st.chat_input("Ask a question, in your own words", key="question"):
            visit.ask_later(question, given)
    return given


def _draw_scope(index: Index) -> tuple[str, ...]:
    names = {document.id: document.policy for document in index.documents}
    groups = collections_of(index.documents)
    # What was chosen may be gone since.
    st.session_state["policies"] = [entry for entry in st.session_state.get("policies", []) if entry in names]
    st.session_state["collections"] = [group for group in st.session_state.get("collections", []) if group in groups]
    policies, collections = st.session_state["policies"], st.session_state["collections"]
    ids = tuple(document.id for document in index.documents if document.collection in collections or document.id in policies)
    with st.popover(f"Asking: {escape_markdown(scope_label(ids, index.documents))}", key="scope", icon=":material/filter_list:", type="tertiary"):
        if len(groups) > 1:
            st.pills(
                "Collections",
                groups,
                selection_mode="multi",
                key="collections",
                format_func=lambda group: escape_markdown(group.capitalize()),
                persist_state="session",
            )
        st.multiselect(
            "Policies",
            list(names),
            key="policies",
            format_func=lambda entry: names.get(entry, entry),
            placeholder="All policies",
            persist_state="session",
        )
        st.caption("A question that names a policy is asked of that policy, unless you choose here.")
    return ids
