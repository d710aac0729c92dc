"""Draw a policy's text beside the conversation, with exactly the cited characters marked."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from answer import escape_markdown
from pages.parts.conversation import Opened
from pages.parts.inline import escape
from pages.parts.reading import AFTER, BEFORE, STEP, document_html, heading_at, window_around
from pages.parts.wording import day

# Brings the mark into view inside the text's own box, and the keyboard with it. A constant: nothing that a policy says ever gets in here.
_SHOW_MARK = """<script>
setTimeout(() => {
  const mark = document.querySelector(".policy-text mark");
  const box = mark && mark.closest(".policy-text");
  if (!box) return;
  box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  box.focus({ preventScroll: true });
}, 60);
</script><!-- %d %d -->"""


def draw_reader(
    opened: Opened, neighbours: tuple[int, int], *, changed: bool, go: Callable[[int], None], widen: Callable[[str], None], close: Callable[[], None]
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
        window = window_around(document, span.start, span.end, BEFORE + opened.before, AFTER + opened.after)
        if window.earlier:
            st.button("Earlier text", key="reader-earlier", type="tertiary", icon=":material/expand_less:", on_click=widen, args=("before",))
        text = document_html(document, (span.start, span.end), window)
        st.html(f'<div class="policy-text" tabindex="0" role="region" aria-label="Text of {escape(document.title)}">{text}</div>')
        if window.later:
            st.button("Later text", key="reader-later", type="tertiary", icon=":material/expand_more:", on_click=widen, args=("after",))
        st.html(_SHOW_MARK % (span.start, span.end), unsafe_allow_javascript=True)


def widened(opened: Opened, side: str) -> tuple[int, int]:
    """How much more is drawn before and after, when the reader asks for more on one side."""
    return (opened.before + STEP, opened.after) if side == "before" else (opened.before, opened.after + STEP)


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
