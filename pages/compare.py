"""Ask many questions of many policies at once, and see where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from answer import escape_markdown
from index import Index
from ingest import PolicyError
from pages.parts import shell, visit
from pages.parts.compare import FILTERS, Comparison, as_markdown, compare, filtered, table_of
from pages.parts.draw_cell import draw_cell
from pages.parts.draw_desk import comparison_title, review
from pages.parts.grid import csv_of, styled, xlsx_of
from pages.parts.questions import MAX_QUESTIONS, SETS, own_questions
from pages.parts.take_away import export, format_label, format_names, mime_of
from pages.parts.wording import collections_of, sentence

OWN = "Only my own"
TABLES: dict[str, tuple[str, Callable[[Comparison], bytes]]] = {
    "Table as CSV": ("csv", lambda comparison: csv_of(table_of(comparison, quotations=True))),
    "Table as XLSX": ("xlsx", lambda comparison: xlsx_of(table_of(comparison, quotations=True))),
    "Table as Markdown": ("md", lambda comparison: as_markdown(comparison).encode("utf-8")),
}
# Pixels; five policies fit beside the quotation on a laptop. What is cut off stands in full beside the table.
QUESTION_WIDTH = 230
POLICY_WIDTH = 97
# Two lines of text.
ROW_HEIGHT = 48
HEADER_HEIGHT = 38


def draw_choice(index: Index) -> tuple[tuple[str, ...], list[str]]:
    """The questions and the policies that are to be compared."""
    names = {document.id: document.policy for document in index.documents}
    groups = collections_of(index.documents)
    left, right = st.columns([1, 2])
    chosen = left.selectbox("Questions", [*SETS, OWN], key="set", persist_state="session")
    default = [document.id for document in index.documents if not groups or document.collection == groups[0]]
    kept = [entry for entry in st.session_state.get("compared", default) if entry in names]
    st.session_state["compared"] = kept
    policies = right.multiselect("Policies", list(names), key="compared", format_func=lambda entry: names.get(entry, entry), persist_state="session")
    with st.expander("Your own questions", expanded=chosen == OWN):
        text = st.text_area("One question a line", key="own", placeholder="Is there a fee for closing an account?", persist_state="session")
    return tuple(dict.fromkeys((*SETS.get(chosen, ()), *own_questions(text)))), policies


def run(index: Index, questions: Sequence[str], policies: Sequence[str]) -> None:
    """Compare, and show what is there already while the rest comes."""
    place = st.empty()
    comparison = None
    try:
        for comparison in compare(index, questions, policies):
            with place.container():
                done = len(comparison.turns)
                st.progress(done / len(questions), text=f"{done} of {len(questions)} questions")
                draw_table(comparison, selectable=False)
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))))
    place.empty()
    st.session_state["comparison"] = comparison


def draw_table(comparison: Comparison, *, selectable: bool) -> None:
    """The matrix; where it is `selectable`, a click on a cell opens it."""
    dark = st.context.theme.type == "dark"
    table = styled(table_of(comparison, quotations=False), dark=dark)
    columns = {
        "Question": st.column_config.TextColumn(width=QUESTION_WIDTH),
        **{name: st.column_config.TextColumn(width=POLICY_WIDTH) for name in table.columns},
    }
    height = min(16, len(comparison.turns)) * ROW_HEIGHT + HEADER_HEIGHT
    shape: dict[str, Any] = {"height": height, "row_height": ROW_HEIGHT, "column_config": columns}
    if selectable:
        st.dataframe(table, **shape, on_select="rerun", selection_mode="single-cell", key=matrix_key(comparison))
    else:
        st.dataframe(table, **shape)


def matrix_key(comparison: Comparison) -> str:
    """A key for each set of rows, because a click means a row."""
    return f"matrix-{hash((*comparison.names, *(turn.question for turn in comparison.turns)))}"


def clicked_in(comparison: Comparison, names: Sequence[str]) -> tuple[int, str] | None:
    """The question and the column that were clicked."""
    event = st.session_state.get(matrix_key(comparison))
    cells = event["selection"]["cells"] if event else []
    return (cells[0][0], cells[0][1]) if cells and cells[0][1] in names and cells[0][0] < len(comparison.turns) else None


def draw_result(comparison: Comparison) -> None:
    """The matrix with its filters, the cell that was clicked, and ways to take it away."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        wanted = st.pills("Show only questions where", list(FILTERS), selection_mode="multi", key="filters")
        with st.container(horizontal=True, width="content"):
            if st.button("Review citations", key="review", icon=":material/rate_review:"):
                review(comparison.turns, comparison_title(comparison.turns))
            with st.popover("Download", key="take", icon=":material/download:", on_change="rerun") as box:
                if box.open:
                    draw_download(comparison)
    shown = filtered(comparison, wanted)
    if not shown.turns:
        st.html('<p class="aside">There is no such question among them.</p>')
        return
    names = list(styled(table_of(shown, quotations=False), dark=False).columns)
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        draw_table(shown, selectable=True)
    with right:
        if clicked := clicked_in(shown, names):
            draw_cell(shown.turns[clicked[0]], list(shown.names)[names.index(clicked[1])])
        else:
            st.html('<p class="aside">Click on a cell to read here what the policy says. A dash means that it says nothing.</p>')


def draw_download(comparison: Comparison) -> None:
    """The matrix as a table, or all of its citations."""
    labels = [*TABLES, *(f"Citations: {format_label(name)}" for name in format_names())]
    chosen = st.selectbox("Format", range(len(labels)), format_func=lambda number: labels[number], key="take-format")
    try:
        if chosen < len(TABLES):
            name, make = TABLES[labels[chosen]]
            data, file_name = make(comparison), f"comparison.{name}"
        else:
            name = format_names()[chosen - len(TABLES)]
            data, file_name = export(comparison.turns, name, shell.corpus_folder()), f"citations.{name}"
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))))
        return
    st.download_button("Download", data, file_name=file_name, mime=mime_of(name), key="take-now", on_click="ignore", type="primary")


shell.enter()
index = shell.ready_index()
shell.draw_update()
visit.draw_notice()
st.markdown("# Compare")
st.html('<p class="plain">Ask the same questions of several policies, and see where they differ.</p>')
questions, policies = draw_choice(index)
if len(questions) > MAX_QUESTIONS:
    st.warning(f"These are {len(questions)} questions; at most {MAX_QUESTIONS} are compared at once.")
go = st.button("Compare", key="compare", type="primary", disabled=not (questions and policies) or len(questions) > MAX_QUESTIONS)
if go:
    run(index, questions, policies)
if result := st.session_state.get("comparison"):
    with st.container(key="wide"):
        draw_result(result)
