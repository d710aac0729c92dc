"""Draw the conversations that are kept, and what can be done with the one at hand."""

from __future__ import annotations

import streamlit as st

from answer import escape_markdown
from ingest import PolicyError
from pages.parts import shell, visit
from pages.parts.draw_desk import review
from pages.parts.store import Store
from pages.parts.take_away import export, format_label, format_names, mime_of
from pages.parts.wording import address, sentence

# Formats that `python -m cite verify` reads back.
_VERIFIED = {"json", "csv", "xlsx"}


def draw_sidebar(store: Store) -> None:
    """The list of conversations, the one at hand first among equals."""
    with st.sidebar:
        st.button("New conversation", key="new", icon=":material/add:", on_click=visit.begin, width="stretch", disabled=not visit.turns())
        if visit.turns():
            _draw_actions(store)
        listed = visit.kept(store)
        if listed:
            st.html('<p class="aside">Your conversations</p>')
            with st.container(key="history", gap="xxsmall"):
                for entry in listed:
                    here = entry.id == visit.conversation_id()
                    st.button(
                        escape_markdown(entry.title),
                        key=f"open-{entry.id}",
                        type="secondary" if here else "tertiary",
                        on_click=visit.choose,
                        args=(entry.id,),
                        width="stretch",
                    )


def _draw_actions(store: Store) -> None:
    with st.popover("Download citations", icon=":material/download:", key="download", on_change="rerun", width="stretch") as box:
        if box.open:
            _draw_download()
    if st.button("Review citations", icon=":material/rate_review:", key="review", width="stretch"):
        review(visit.turns(), visit.turns()[0].question)
    name = visit.conversation_id()
    if name is None:
        return
    with st.popover("Share or delete", icon=":material/link:", key="share", width="stretch"):
        st.caption("Whoever can reach this page can open the conversation at this address.")
        st.code(address(st.context.url, conversation=name), language=None, wrap_lines=True)
        if visit.is_mine():
            st.caption("Deleting removes it from the file for good. Addresses that were shared stop working.")
            st.button("Delete this conversation", key="delete", icon=":material/delete:", on_click=visit.forget, args=(name, store))


def _draw_download() -> None:
    name = st.selectbox("Format", format_names(), format_func=format_label, key="format")
    try:
        data = export(visit.turns(), name, shell.corpus_folder())
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))))
        return
    st.caption("Can be verified against the policies again later." if name in _VERIFIED else "For people to read.")
    st.download_button("Download", data, file_name=f"citations.{name}", mime=mime_of(name), key="save", on_click="ignore", type="primary")
