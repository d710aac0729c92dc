"""Draw the text of a policy in a box of its own, with a span marked and brought into view."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ingest import Document
from pages.parts.inline import escape
from pages.parts.reading import AFTER, BEFORE, STEP, document_html, window_around

# Brings the mark into view, inside the text's own box where that scrolls by itself, and the keyboard with it. A constant but for the
# numbers: nothing that a policy says ever gets in here.
_SHOW_MARK = """<script>
setTimeout(() => {
  const mark = document.querySelector(".policy-text mark");
  const box = mark && mark.closest(".policy-text");
  if (!box) return;
  if (box.scrollHeight > box.clientHeight + 1) {
    box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  } else {
    mark.scrollIntoView({ block: "center" });
  }
  if (%d) box.focus({ preventScroll: true });
}, 60);
</script><!-- %d %d -->"""


def draw_text(
    document: Document, span: tuple[int, int], more: tuple[int, int], widen: Callable[[tuple[int, int]], None], *, focus: bool = True
) -> None:
    """Draw the text around a span, with `more` characters before and after than usual; `widen` is told how many the reader wants."""
    before, after = more
    window = window_around(document, *span, BEFORE + before, AFTER + after)
    if window.earlier:
        st.button("Earlier text", key="text-earlier", type="tertiary", icon=":material/expand_less:", on_click=widen, args=((before + STEP, after),))
    text = document_html(document, span, window)
    st.html(f'<div class="policy-text" tabindex="0" role="region" aria-label="Text of {escape(document.title)}">{text}</div>')
    if window.later:
        st.button("Later text", key="text-later", type="tertiary", icon=":material/expand_more:", on_click=widen, args=((before, after + STEP),))
    if span[0] < span[1]:
        st.html(_SHOW_MARK % (focus, *span), unsafe_allow_javascript=True)
