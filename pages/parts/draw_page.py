"""Draw the pages of a PDF as they are printed, the quotation marked on its page."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from answer import escape_markdown
from cite import Library
from ingest import Document, PolicyError
from pages.parts import shell
from pages.parts.page_image import Picture, picture_of
from pages.parts.wording import sentence

# Brings the mark into view once the picture is there. A constant but for numbers.
_SHOW_MARK = """<script>
setTimeout(() => {
  const box = document.querySelector(".st-key-page-image");
  const picture = box && box.querySelector("img");
  if (!picture) return;
  const show = () => { box.scrollTop = %.4f * picture.clientHeight - box.clientHeight / 3; };
  if (picture.complete && picture.clientHeight) show(); else picture.addEventListener("load", show, { once: true });
}, 80);
</script><!-- %s -->"""


def file_of(document: Document) -> bytes | None:
    """The PDF that a document was read from; None where it is no PDF, or its file is not at hand, or no longer the same."""
    if not document.page_starts or not document.id.lower().endswith(".pdf"):
        return None
    try:
        return Library({}, None, shell.corpus_folder()).file_bytes(document.id, document.sha256)
    except PolicyError:
        return None


def draw_page(document: Document, span: tuple[int, int], data: bytes) -> None:
    """Draw the page on which a span begins, and the way to the other pages."""
    home = document.page_at(span[0]) or 1
    place = f"{document.id}-{document.sha256}-{span[0]}-{span[1]}"  # a version that replaced it may have fewer pages
    page = st.session_state.get("leaf", {}).get(place, home)
    _draw_turning(document, place, page)
    start, end = span if page == home else (document.page_starts[page - 1],) * 2
    try:
        picture = _picture(data, document, document.sha256, start, end)
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))), icon=":material/warning:")
        return
    if start < end and picture.marked is None:
        st.html(
            '<p class="aside">The words were not found in the print of this page with certainty, so nothing is marked here. In the text they are.</p>'
        )
    with st.container(key="page-image"):
        st.image(picture.png, width="stretch", output_format="PNG", alt=f"Page {document.page_label(page)} of {document.title}")
    if picture.marked:
        st.html(_SHOW_MARK % (picture.marked[1], f"{start} {end}"), unsafe_allow_javascript=True)


def _draw_turning(document: Document, place: str, page: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="turning"):
        st.html(f'<p class="aside">Page {page} of {len(document.page_starts)}</p>', width="content")
        for label, icon, to in (("Page before", "chevron_left", page - 1), ("Page after", "chevron_right", page + 1)):
            there = 1 <= to <= len(document.page_starts)
            side: Literal["left", "right"] = "right" if to > page else "left"
            symbol = f":material/{icon}:"
            st.button(
                label, key=f"leaf-{side}", type="tertiary", icon=symbol, icon_position=side, disabled=not there, on_click=_turn, args=(place, to)
            )


def _turn(place: str, page: int) -> None:
    """Have another page shown; only the place at hand is remembered."""
    st.session_state["leaf"] = {place: page}


@st.cache_data(max_entries=64, show_spinner=False)
def _picture(_data: bytes, _document: Document, sha256: str, start: int, end: int) -> Picture:  # noqa: ARG001 - the fingerprint is the key
    return picture_of(_data, _document, start, end)
