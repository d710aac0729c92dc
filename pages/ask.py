"""Ask the policies: a conversation on the left, and the policy that is cited open beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import streamlit as st

from answer import escape_markdown
from index import Index
from ingest import PolicyError
from pages.parts import shell
from pages.parts.conversation import Opened, Turn, ask_turn, open_citation, place_from_link
from pages.parts.draw_answer import draw_answer
from pages.parts.draw_reader import draw_reader, widened
from pages.parts.wording import collections_of, scope_label, sentence

# Brings a new answer's question to the top of the page. A constant but for the number.
_SHOW_TURN = """<script>
setTimeout(() => document.querySelector(".st-key-turn-%d")?.scrollIntoView({ block: "start", behavior: "smooth" }), 80);
</script>"""

# --- what a click does ------------------------------------------------------------------------------------------------


def turns() -> list[Turn]:
    """This visitor's conversation; it lives in the session and nobody else's page can see it."""
    conversation: list[Turn] = st.session_state.setdefault("turns", [])
    return conversation


def show(opened: Opened | None) -> None:
    """Open a place in a policy, or close the one that is open; the address says which, so that it can be shared."""
    st.session_state["opened"] = opened
    for name, value in (("document", opened and opened.document.id), ("start", opened and opened.span.start), ("end", opened and opened.span.end)):
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


def show_citation(turn: int, number: int) -> None:
    """Open citation `number` of turn `turn`."""
    show(open_citation(turns(), turn, number))


def ask_later(question: str, given: Sequence[str] = ()) -> None:
    """Have a question asked when the page is drawn next."""
    st.session_state["asked"] = (question, tuple(given))


def start_again() -> None:
    """Begin a new conversation."""
    st.session_state["turns"] = []
    show(None)


# --- what is drawn ----------------------------------------------------------------------------------------------------


def draw_empty(index: Index, examples: Sequence[str]) -> None:
    """The screen before the first question."""
    st.markdown("# Ask your policies")
    count = len(index.documents)
    loaded = f"{count} policies are loaded." if count != 1 else "One policy is loaded."
    st.html(f'<p class="plain">{loaded} Every answer is a sentence from one of them, word for word, or “the policies do not say”.</p>')
    if examples:
        with st.container(key="examples", gap="small"):
            st.html('<p class="aside">Questions that these policies answer</p>')
            for number, question in enumerate(examples):
                st.button(escape_markdown(question), key=f"example-{number}", on_click=ask_later, args=(question,), width="stretch")
    if index.unread:
        with st.expander(f"{len(index.unread)} file{'s' if len(index.unread) > 1 else ''} could not be read", icon=":material/warning:"):
            for path, reason in index.unread:
                st.text(f"{path} {reason}")


def draw_scope(index: Index) -> tuple[str, ...]:
    """Let the visitor choose which policies are asked; give back the ids of those chosen, none where all are."""
    names = {document.id: document.policy for document in index.documents}
    kept = [entry for entry in st.session_state.get("policies", []) if entry in names]
    st.session_state["policies"] = kept
    groups = collections_of(index.documents)
    chosen_groups = [group for group in st.session_state.get("collections", []) if group in groups]
    st.session_state["collections"] = chosen_groups
    ids = tuple(document.id for document in index.documents if document.collection in chosen_groups or document.id in kept)
    with st.popover(f"Asking: {escape_markdown(scope_label(ids, index.documents))}", icon=":material/filter_list:", type="tertiary"):
        if len(groups) > 1:
            st.pills("Collections", groups, selection_mode="multi", key="collections", format_func=lambda group: escape_markdown(group.capitalize()))
        st.multiselect("Policies", list(names), key="policies", format_func=lambda entry: names.get(entry, entry), placeholder="All policies")
        st.caption("A question that names a policy is asked of that policy, unless you choose here.")
    return ids


def draw_input(index: Index) -> tuple[str, ...]:
    """The line for questions at the foot of the page, with the scope above it."""
    with st.bottom, st.container(key="input", gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            given = draw_scope(index)
            if turns():
                st.button("New conversation", icon=":material/add_comment:", type="tertiary", on_click=start_again)
        if question := st.chat_input("Ask a question, in your own words", key="question"):
            ask_later(question, given)
    return given


def draw_conversation(index: Index, given: Sequence[str]) -> None:
    """Every question with its answer, and the one that was just asked."""
    opened: Opened | None = st.session_state.get("opened")
    mark = (opened.turn, opened.number) if opened else (-1, 0)
    for number, turn in enumerate(turns()):
        with st.container(key=f"turn-{number}"):
            draw_question(turn.question)
            draw_answer(turn, number, index.documents, mark, show_citation, ask_all)
    if asked := st.session_state.pop("asked", None):
        answer_now(index, asked[0], asked[1] or given)
    elif (number := st.session_state.pop("arrived", None)) is not None:
        st.html(_SHOW_TURN % number, unsafe_allow_javascript=True)


def draw_question(question: str) -> None:
    """A question as it was typed."""
    with st.chat_message("user"):
        st.text(question)


def answer_now(index: Index, question: str, given: Sequence[str]) -> None:
    """Ask, while the question stands on the page already; then have the page drawn with the answer."""
    draw_question(question)
    try:
        with st.spinner("Reading the policies…", show_time=True):
            turn = ask_turn(index, question, given)
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))), icon=":material/info:")
        return
    turns().append(turn)
    st.session_state["arrived"] = len(turns()) - 1
    st.rerun()


def ask_all(turn: int) -> None:
    """Ask the question of a turn again, of every policy."""
    documents = shell.ready_index().documents
    ask_later(turns()[turn].question, [document.id for document in documents])


def draw_opened(opened: Opened, index: Index) -> None:
    """The policy that is open."""
    numbers = [number for number, _ in turns()[opened.turn].citations()] if 0 <= opened.turn < len(turns()) else []
    before = opened.number - 1 if opened.number - 1 in numbers else 0
    after = opened.number + 1 if opened.number + 1 in numbers else 0
    now = next((document for document in index.documents if document.id == opened.document.id), None)

    def widen(side: str) -> None:
        left, right = widened(opened, side)
        show(dataclasses.replace(opened, before=left, after=right))

    draw_reader(
        opened,
        (before, after),
        changed=now is None or now.text != opened.document.text,
        go=lambda number: show_citation(opened.turn, number),
        widen=widen,
        close=lambda: show(None),
    )


shell.enter()
index = shell.ready_index()
if "opened" not in st.session_state:
    place = st.query_params
    st.session_state["opened"] = place_from_link(index, place.get("document", ""), place.get("start", ""), place.get("end", ""))
given = draw_input(index)
opened = st.session_state["opened"]
left, right = st.columns([1, 1], gap="medium") if opened else (st.container(), None)
with left:
    if not turns() and "asked" not in st.session_state:
        with st.container(key="empty"):
            draw_empty(index, shell.library().state.examples)
    draw_conversation(index, given)
if opened and right:
    with right:
        draw_opened(opened, index)
