"""What every page begins with: the list of pages, the shared library, and a screen for the time in which it is not ready."""

from __future__ import annotations

import os
import pathlib
import time

import streamlit as st

from answer import escape_markdown
from index import Index
from pages.parts.desk import Desk
from pages.parts.library import Library
from pages.parts.shelf import Shelf
from pages.parts.store import Store
from pages.parts.wording import progress_line, sentence

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Other folders than `corpus` and `.index` beside streamlit_app.py may be named by these variables.
CORPUS_VARIABLE = "ASKPOLICY_CORPUS"
INDEX_VARIABLE = "ASKPOLICY_INDEX"
# Where conversations and reviews are kept.
STATE_VARIABLE = "ASKPOLICY_STATE"
# Set to 1, visitors can read the policies but not add, replace or remove any.
READ_ONLY_VARIABLE = "ASKPOLICY_READ_ONLY"
# Seconds between two looks at how far the library is.
TICK = 0.15

# On a telephone the sidebar lies over the page; whoever has chosen something in it wants to see that.
_FOLD = """<script>
if (!window.askpolicyFolds) {
  window.askpolicyFolds = true;
  document.addEventListener("click", (event) => {
    const chosen = ["[data-testid=stSidebarNavLink]", ...["history", "new", "outline", "review"].map((key) => `.st-key-${key} button`)].join();
    if (!event.target.closest(`[data-testid=stSidebar] :is(${chosen})`) || window.innerWidth > 768) return;
    setTimeout(() => document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click(), 100);
  });
}
</script>"""


def corpus_folder() -> pathlib.Path:
    """The folder of policies."""
    return pathlib.Path(os.environ.get(CORPUS_VARIABLE) or ROOT / "corpus").resolve()


def index_folder() -> pathlib.Path:
    """The folder of the index."""
    return pathlib.Path(os.environ.get(INDEX_VARIABLE) or ROOT / ".index").resolve()


def state_folder() -> pathlib.Path:
    """The folder of what visitors leave behind."""
    return pathlib.Path(os.environ.get(STATE_VARIABLE) or ROOT / ".askpolicy").resolve()


def store() -> Store:
    """The conversations that are kept."""
    return Store(state_folder())


def desk() -> Desk:
    """The work lists of reviewers."""
    return Desk(state_folder())


def shelf() -> Shelf:
    """The files of the policies, and their earlier versions."""
    return Shelf(corpus_folder(), state_folder())


def may_change() -> bool:
    """Whether visitors may put policies on the shelf and take them away: not where that is forbidden, or the corpus is no folder of files."""
    closed = os.environ.get(READ_ONLY_VARIABLE, "") not in {"", "0"}
    return not closed and corpus_folder().is_dir() and not (corpus_folder() / "corpus.jsonl").exists()


@st.cache_resource(show_spinner=False)
def _library(corpus: str, root: str) -> Library:
    return Library(pathlib.Path(corpus), pathlib.Path(root))


def library() -> Library:
    """The library of this corpus and index folder, one for all visitors."""
    return _library(str(corpus_folder()), str(index_folder()))


def draw_frame() -> None:
    """Title, icon and style. The icon is a file of ours: one of Streamlit's symbols would be fetched from another host."""
    here = pathlib.Path(__file__).parent
    st.set_page_config(page_title="askpolicy", page_icon=str(here / "icon.svg"), layout="wide")
    st.html(here / "style.css")
    with st.container(key="scripts"):
        st.html(_FOLD, unsafe_allow_javascript=True)
    st.session_state["entered"] = True


def enter() -> None:
    """Make sure that a page is drawn inside the frame of the app.

    Streamlit runs a file in `pages/` by itself when it is the first address that anybody opens after the start; once a navigation has been
    declared it never does that again.
    """
    if "entered" not in st.session_state:
        draw_frame()
        st.navigation(all_pages(), position="hidden")
        st.rerun()


def all_pages() -> list[st.Page]:
    """The pages in the order of the navigation; the first opens at the root."""
    return [
        st.Page("pages/ask.py", title="Ask", icon=":material/forum:", default=True),
        st.Page("pages/compare.py", title="Compare", icon=":material/grid_on:"),
        st.Page("pages/policies.py", title="Policies", icon=":material/library_books:"),
        st.Page("pages/review.py", title="Review", icon=":material/rate_review:"),
        st.Page("pages/quality.py", title="Quality", icon=":material/monitoring:"),
    ]


def ready_index() -> Index:
    """The newest index. While there is none, its making is shown; where it can't be made, the reason is, and the script stops."""
    shared = library()
    state = shared.refresh()
    if state.index is None and not state.error:
        place = st.empty()
        with place.container(key="preparing"), st.status("Getting the policies ready", expanded=True):
            bar = st.progress(0.0)
            st.caption("This happens at the first start and when policies change. What has been read once is kept.")
        while state.index is None and not state.error:
            bar.progress(state.done / state.total if state.total else 0.0, text=progress_line(state))
            time.sleep(TICK)
            state = shared.refresh()
        place.empty()
    if state.index is None:
        with st.container(key="failed"):
            st.markdown("#### There is nothing to ask yet")
            st.text(sentence(state.error))
            if st.button("Try again", icon=":material/refresh:"):
                shared.refresh(again=True)
                st.rerun()
        st.stop()
    return state.index


def draw_update() -> None:
    """While the index is brought up to date behind a visitor's back: say so, and draw the page anew when it is there; where that failed, say why."""
    if not library().busy:
        if error := library().state.error:
            said = sentence(f"the policies could not be read again, so answers come from what was read before: {error}")
            st.warning(escape_markdown(said), icon=":material/warning:")
        return

    @st.fragment(run_every=1.0)
    def watch() -> None:
        if not library().busy:
            st.rerun()
        st.caption(f"The policies are being read again. Answers come from what was read before. {escape_markdown(progress_line(library().state))}")

    watch()


def follow() -> None:
    """Wait until the index has followed a change of the corpus, showing how far it is; others go on with the one before meanwhile."""
    shared = library()
    if not shared.catch_up():
        return
    with st.status("Bringing the index up to date", expanded=True) as status:
        bar = st.progress(0.0)
        while shared.catch_up():
            state = shared.state
            bar.progress(state.done / state.total if state.total else 0.0, text=progress_line(state))
            time.sleep(TICK)
        if shared.state.error:  # which draw_update says
            status.update(label="The index could not be brought up to date", state="error")
        else:
            status.update(label="The index is up to date", state="complete")
