"""Go through quotations one by one, say which of them hold, and see later whether the policies still say so."""

from __future__ import annotations

import streamlit as st

from answer import escape_markdown
from index import Index
from ingest import PolicyError
from pages.parts import shell, visit
from pages.parts.draw_checked import draw_check
from pages.parts.draw_desk import draw_desk, open_list
from pages.parts.draw_worklist import draw_work
from pages.parts.wording import sentence

LISTS, CHECK = "Work lists", "Check a file"


def draw_notes() -> None:
    """What the last click had to say."""
    visit.draw_notice()
    said, problems = st.session_state.pop("review-notes", ("", []))
    if said:
        st.info(escape_markdown(said), icon=":material/info:")
    for problem in problems:
        st.warning(escape_markdown(sentence(problem)), icon=":material/warning:")


def draw_home(index: Index) -> None:
    """Work lists, or a file to check."""
    st.markdown("# Review")
    st.html('<p class="plain">Accept or reject quotations one by one, and see later whether the policies still say so.</p>')
    view = st.segmented_control("View", [LISTS, CHECK], default=LISTS, required=True, key="review-view", label_visibility="collapsed")
    if view == CHECK:
        draw_check(index)
    else:
        draw_desk(index, shell.desk())


def draw_page(index: Index) -> None:
    """The list that the address names, or all of them."""
    wanted = st.query_params.get("list", "")
    work = shell.desk().open(wanted) if wanted else None
    if wanted and work is None:
        open_list(None)
        st.info("That work list is no longer kept.", icon=":material/info:")
    if work:
        draw_work(work, index, shell.desk())
    else:
        draw_home(index)


shell.enter()
index = shell.ready_index()
shell.draw_update()
draw_notes()
try:
    draw_page(index)
except PolicyError as error:
    st.warning(escape_markdown(sentence(str(error))), icon=":material/warning:")
