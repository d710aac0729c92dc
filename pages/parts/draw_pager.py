"""Show a long list page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

# Entries on one page.
PAGE = 10

T = TypeVar("T")


def draw_pager(entries: Sequence[T], key: str) -> list[tuple[int, T]]:
    """The entries of the page at hand with their numbers, counted from 1; where there are several pages, the way to the others."""
    pages = max(1, -(-len(entries) // PAGE))
    page = min(int(st.session_state.get(f"page-{key}", 0)), pages - 1)
    first, last = page * PAGE, min(len(entries), (page + 1) * PAGE)
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"pager-{key}"):
            st.html(f'<p class="aside">{first + 1}–{last} of {len(entries)}</p>', width="content")
            for label, icon, to in (("Previous", "chevron_left", page - 1), ("Next", "chevron_right", page + 1)):
                st.button(
                    label,
                    key=f"{label.lower()}-{key}",
                    type="tertiary",
                    icon=f":material/{icon}:",
                    icon_position="right" if to > page else "left",
                    disabled=not 0 <= to < pages,
                    on_click=turn_to,
                    args=(key, to),
                )
    return list(enumerate(entries[first:last], first + 1))


def turn_to(key: str, page: int) -> None:
    """Have another page shown."""
    st.session_state[f"page-{key}"] = page
