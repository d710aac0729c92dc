"""Ask the policies: a conversation on the left, and the policy that is cited open beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import streamlit as st

from answer import escape_markdown
from index import Index
from ingest import PolicyError
from pages.parts import shell, visit
from pages.parts.conversation import Opened, ask_turn, in_prose
from pages.parts.draw_answer import Actions, draw_answer
from pages.parts.draw_reader import draw_reader
from pages.parts.draw_scope import draw_input
from pages.parts.draw_sidebar import draw_sidebar
from pages.parts.draw_unread import draw_unread
from pages.parts.wording import sentence

# Brings a new answer's question to the top of the page. A constant but for the number.
_SHOW_TURN = """<script>
setTimeout(() => document.querySelector(".st-key-turn-%d")?.scrollIntoView({ block: "start", behavior: "smooth" }), 80);
</script>"""


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
                st.button(escape_markdown(question), key=f"example-{number}", on_click=visit.ask_later, args=(question,), width="stretch")
    draw_unread(index, expanded=False)


def draw_conversation(index: Index, given: Sequence[str]) -> None:
    """Every question with its answer, and the one that was just asked."""
    place = visit.opened()
    actions = Actions(index.documents, (place.turn, place.number) if place else (-1, 0), visit.show_citation, ask_all, shell.store())
    for number, turn in enumerate(visit.turns()):
        with st.container(key=f"turn-{number}"):
            draw_question(turn.question)
            draw_answer(turn, number, actions)
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
            turn = in_prose(ask_turn(index, question, given, [turn.question for turn in visit.turns()]))
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))), icon=":material/info:")
        return
    visit.keep(turn, shell.store())
    st.session_state["arrived"] = len(visit.turns()) - 1
    st.rerun()


def ask_all(turn: int) -> None:
    """Ask the question of a turn again, of every policy."""
    documents = shell.ready_index().documents
    visit.ask_later(visit.turns()[turn].answer.question, [document.id for document in documents])


def draw_opened(opened: Opened, index: Index) -> None:
    """The policy that is open."""
    numbers = [number for number, _ in visit.turns()[opened.turn].citations()] if 0 <= opened.turn < len(visit.turns()) else []
    neighbours = tuple(number if number in numbers else 0 for number in (opened.number - 1, opened.number + 1))
    now = next((document for document in index.documents if document.id == opened.document.id), None)

    draw_reader(
        opened,
        (neighbours[0], neighbours[1]),
        changed=now is None or now.text != opened.document.text,
        go=lambda number: visit.show_citation(opened.turn, number),
        widen=lambda more: visit.show(dataclasses.replace(opened, before=more[0], after=more[1])),
        close=lambda: visit.show(None),
    )


shell.enter()
index = shell.ready_index()
visit.arrive(index, shell.store())
draw_sidebar(shell.store())
given = draw_input(index)
opened = visit.opened()
left, right = st.columns([1, 1], gap="medium") if opened else (st.container(), None)
with left:
    shell.draw_update()
    visit.draw_notice()
    if not visit.is_mine():
        st.html('<p class="aside">Somebody shared this conversation with you. What you ask goes into a copy of your own.</p>')
    if not visit.turns() and "asked" not in st.session_state:
        with st.container(key="empty"):
            draw_empty(index, shell.library().state.examples)
    draw_conversation(index, given)
if opened and right:
    with right:
        draw_opened(opened, index)
