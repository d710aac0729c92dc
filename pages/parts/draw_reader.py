"""Draw a policy's text beside the conversation, with exactly the cited characters marked."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from answer import escape_markdown
from pages.parts.conversation import Opened
from pages.parts.draw_page import draw_page, file_of
from pages.parts.draw_text import draw_text
from pages.parts.inline import escape
from pages.parts.reading import heading_at
from pages.parts.wording import day

TEXT, PAGE = "Text", "Page as printed"


def draw_reader(
    opened: Opened,
    neighbours: tuple[int, int],
    *,
    changed: bool,
    go: Callable[[int], None],
    widen: Callable[[tuple[int, int]], None],
    close: Callable[[], None],
) -> None:
    """Draw the place that is open; `neighbours` are the numbers of the citations before and after it, 0 where there is none.

    `changed` says that the policy is no longer the one that was quoted.
    """
    document, span = opened.document, opened.span
    with st.container(key="reader", border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="reader-bar"):
            st.markdown(f"**{escape_markdown(document.title)}**", width="stretch")
            if opened.number:
                st.button(
                    "Previous",
                    icon=":material/chevron_left:",
                    key="reader-back",
                    type="tertiary",
                    disabled=not neighbours[0],
                    on_click=go,
                    args=(neighbours[0],),
                )
                st.button(
                    "Next",
                    icon=":material/chevron_right:",
                    icon_position="right",
                    key="reader-next",
                    type="tertiary",
                    disabled=not neighbours[1],
                    on_click=go,
                    args=(neighbours[1],),
                )
            st.button("Close", icon=":material/close:", key="reader-close", type="tertiary", on_click=close)
        st.html(f'<p class="aside">{escape(_facts(opened))}</p>')
        if opened.note or changed:
            st.info(opened.note or "This policy has changed since the question was asked. You see it as it was then.", icon=":material/history:")
        data = file_of(document)
        shown = TEXT
        if data:
            shown = st.segmented_control("Show as", [TEXT, PAGE], default=TEXT, required=True, key="reader-as", label_visibility="collapsed")
        if data and shown == PAGE:
            draw_page(document, (span.start, span.end), data)
        else:
            draw_text(document, (span.start, span.end), (opened.before, opened.after), widen)


def _facts(opened: Opened) -> str:
    """Where the mark stands and which text this is, in one line."""
    document = opened.document
    headings = [heading for heading in heading_at(document, opened.span.start) if heading.casefold() != document.title.casefold()]
    page = document.page_at(opened.span.start)
    parts = [
        " › ".join(heading.rstrip(" :") for heading in headings[-2:]),
        f"page {document.page_label(page)}" if page else "",
        f"version {document.version}" if document.version else "",
    ]
    parts.append(f"effective {day(document)}" if document.effective_date else "")
    return " · ".join(part for part in parts if part)
