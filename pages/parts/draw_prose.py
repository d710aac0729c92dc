"""Draw what a language model wrote about an answer, as what it is: in a box of its own, by name, and with what was left out of it."""

from __future__ import annotations

import streamlit as st

from answer import Prose
from pages.parts.inline import escape


def draw_prose(prose: Prose | None, number: int) -> None:
    """Draw the prose of turn `number`; nothing where no language model is named."""
    if prose is None:
        return
    note = f'<p class="aside">{escape(prose.note)}</p>' if prose.note else ""
    if not prose.sentences:
        st.html(note)
        return
    with st.container(key=f"prose-{number}", border=True):
        by = f'<p class="aside">Written by a language model ({escape(prose.model)}) from the quotations below, which are what the policies say.</p>'
        st.html(f'{by}<p class="plain">{escape(" ".join(prose.sentences))}</p>{note}')
