"""Draw what can be done with one answer: say whether it was right, and take it away as text."""

from __future__ import annotations

import dataclasses

import streamlit as st

from answer import escape_markdown
from ingest import PolicyError
from pages.parts import visit
from pages.parts.conversation import Turn
from pages.parts.store import Opinion, Store
from pages.parts.take_away import as_text
from pages.parts.wording import address, sentence

MAX_COMMENT = 500


def draw_opinion(turn: Turn, number: int, store: Store) -> None:
    """Thumbs up or down, a line to say why, and the answer to copy."""
    name = visit.conversation_id()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"opinion-{number}"):
        if name and visit.is_mine():
            key = f"thumb-{name}-{number}"
            st.feedback("thumbs", key=key, default=visit.opinions().get(number, Opinion()).thumb, on_change=_thumb, args=(key, number, store))
        if st.button("Copy", key=f"copy-{number}", icon=":material/content_copy:", type="tertiary"):
            draw_copy(turn, number, name)
    opinion = visit.opinions().get(number, Opinion())
    if opinion.thumb is not None and name and visit.is_mine():
        key = f"why-{name}-{number}"
        label = "What was good?" if opinion.thumb else "What was wrong?"
        st.text_input(label, opinion.comment, key=key, max_chars=MAX_COMMENT, placeholder="Optional", on_change=_why, args=(key, number, store))


@st.dialog("Copy this answer", width="medium")
def draw_copy(turn: Turn, number: int, name: str | None) -> None:
    """The answer as Markdown, and its address."""
    try:
        st.code(as_text(turn), language=None, wrap_lines=True, height=320)
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))))
    if name:
        st.caption("The address of this answer")
        st.code(address(st.context.url, conversation=name, turn=str(number + 1)), language=None, wrap_lines=True)


def _thumb(key: str, number: int, store: Store) -> None:
    visit.think(number, dataclasses.replace(visit.opinions().get(number, Opinion()), thumb=st.session_state[key]), store)


def _why(key: str, number: int, store: Store) -> None:
    visit.think(number, dataclasses.replace(visit.opinions().get(number, Opinion()), comment=st.session_state[key].strip()), store)
