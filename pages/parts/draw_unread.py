"""Draw which files of the corpus could not be read."""

from __future__ import annotations

import streamlit as st

from index import Index


def draw_unread(index: Index, *, expanded: bool) -> None:
    """The files that could not be read, each with the reason; nothing where all could."""
    if not index.unread:
        return
    label = f"{len(index.unread)} file{'s' if len(index.unread) > 1 else ''} could not be read"
    with st.expander(label, icon=":material/warning:", expanded=expanded):
        for path, reason in index.unread:
            st.text(f"{path} {reason}")
