"""Draw the work lists that there are, and the ways to a new one."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Sequence

import streamlit as st

from answer import escape_markdown
from cite import Bundle
from index import Index
from ingest import PolicyError
from pages.parts import shell, visit
from pages.parts.conversation import Turn
from pages.parts.desk import Desk
from pages.parts.inline import escape
from pages.parts.quality import ANSWERS, REPORT, find_runs
from pages.parts.rows import turn_of
from pages.parts.uploaded import Uploaded
from pages.parts.wording import sentence, shortened
from pages.parts.worklist import bundle_of_file, bundle_of_turns

CONVERSATION, COMPARISON, RUN, FILE = "conversation", "comparison", "run", "file"
# Runs that are offered.
RUNS = 10
TITLE_CHARACTERS = 80


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Where the citations of a new list come from: a kept conversation by its id, the comparison at hand, a run by its folder, or a file."""

    kind: str
    name: str = ""
    title: str = ""

    @property
    def label(self) -> str:
        """The source in a few words."""
        return {CONVERSATION: f"Conversation: {self.title}", COMPARISON: self.title, RUN: f"Batch run: {self.title}"}.get(
            self.kind, "A file: answers.jsonl of a batch run, or a bundle"
        )


def sources() -> list[Source]:
    """What citations there are to review."""
    found = [Source(COMPARISON, title=comparison_title(st.session_state["comparison"].turns))] if st.session_state.get("comparison") else []
    found += [Source(CONVERSATION, entry.id, entry.title) for entry in visit.kept(shell.store())]
    runs = [path.parent for path in find_runs(shell.ROOT) if path.name == REPORT and (path.parent / ANSWERS).is_file()]
    return [*found, *(Source(RUN, str(path), path.name) for path in runs[:RUNS]), Source(FILE)]


def comparison_title(turns: Sequence[Turn]) -> str:
    """A comparison in a few words."""
    policies = len(turns[0].answer.findings) if turns else 0
    return f"Comparison of {policies} policies in {len(turns)} question{'s' if len(turns) != 1 else ''}"


def draw_desk(index: Index, desk: Desk) -> None:
    """A box for a new work list, and the ones there are."""
    with st.container(key="new-list", border=True):
        options = sources()
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        source = left.selectbox("Citations to review", options, format_func=lambda source: source.label, key="source")
        file = st.file_uploader("answers.jsonl, answer.json or a bundle", ["json", "jsonl"], key="review-file") if source.kind == FILE else None
        wait = source.kind == FILE and file is None
        if right.button("Begin", key="begin", type="primary", disabled=wait, width="stretch"):
            begin(index, desk, source, file)
    listed = desk.listed(visit.visitor())
    if not listed:
        st.html('<p class="aside">You have no work lists yet. A list holds each quotation once, to accept or reject.</p>')
        return
    with st.container(key="lists", gap="xxsmall"):
        st.markdown("### Your work lists")
        for entry in listed:
            with st.container(key=f"policy-list-{entry.id}", gap=None):
                st.button(escape_markdown(entry.title), key=f"list-{entry.id}", type="tertiary", on_click=open_list, args=(entry.id,))
                st.html(f'<p class="aside">{escape(f"{entry.decided} of {entry.citations} decided")}</p>')


def review(turns: Sequence[Turn], title: str) -> None:
    """Make a work list of the answers at hand, and go there; or say why that can't be done."""
    try:
        bundle = bundle_of_turns(turns, shell.corpus_folder())
        name = _begin(shell.desk(), title, bundle)
    except PolicyError as error:
        visit.notice(str(error))
        st.rerun()
    st.switch_page("pages/review.py", query_params={"list": name})


def begin(index: Index, desk: Desk, source: Source, file: Uploaded | None) -> None:
    """Make the list and open it, or say why it can't be made."""
    try:
        with st.spinner("Collecting the citations…"):
            title, bundle = bundle_from(index, source, file)
        open_list(_begin(desk, title, bundle))
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))), icon=":material/warning:")
        return
    st.rerun()


def _begin(desk: Desk, title: str, bundle: Bundle) -> str:
    """A new list of a bundle; its id. Raises PolicyError where there is nothing to review."""
    if not any(bundle.entries()):
        raise PolicyError("there is nothing to review: no policy said anything")
    return desk.begin(visit.visitor(), shortened(title, TITLE_CHARACTERS), bundle)


def bundle_from(index: Index, source: Source, file: Uploaded | None) -> tuple[str, Bundle]:
    """The title and the citations of a source. Raises PolicyError where they no longer stand as they were given."""
    folder = shell.corpus_folder()
    if source.kind == COMPARISON:
        return source.title, bundle_of_turns(st.session_state["comparison"].turns, folder)
    if source.kind == CONVERSATION:
        kept = shell.store().open(source.name)
        documents = {document.id: document for document in index.documents}
        return source.title, bundle_of_turns([turn_of(row, documents) for row in kept.rows] if kept else [], folder)
    if source.kind == RUN:
        path = pathlib.Path(source.name, ANSWERS)
        try:
            return f"Batch run {source.title}", bundle_of_file(path.read_bytes(), str(path), index, folder)
        except OSError as error:
            raise PolicyError(f"{path} can't be read: {error.strerror}") from error
    if file is None:
        raise PolicyError("choose a file first")
    return file.name, bundle_of_file(file.getvalue(), file.name, index, folder)


def open_list(name: str | None) -> None:
    """Open a work list; None goes back to all of them."""
    st.query_params.clear()
    if name:
        st.query_params["list"] = name
    for key in ("page-list", "review-filter", "review-words", "recheck"):
        st.session_state.pop(key, None)
