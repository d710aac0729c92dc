"""Draw an answer: a headline, a finding for each policy with its quotation, or a calm "the policies do not say"."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import streamlit as st

from answer import Finding, Verdict, escape_markdown
from index import Hit
from ingest import Document
from pages.parts.conversation import Turn
from pages.parts.draw_opinion import draw_opinion
from pages.parts.draw_prose import draw_prose
from pages.parts.inline import escape, quotation_html
from pages.parts.store import Store
from pages.parts.wording import caution, chip, duration, place_label, scope_line, searched_line, silent_line

# Findings of an answer over many policies that are shown at once; the less certain ones are folded.
SHOWN = 5
# Seconds from which on an answer says how long it took.
SLOW = 1.0

Opener = Callable[[int, int], None]  # what to do when citation `number` of turn `turn` is to be read in its policy


@dataclasses.dataclass(frozen=True, slots=True)
class Actions:
    """What an answer's card needs besides the answer: all documents there are, the turn and number of the open citation, and what clicks do."""

    documents: Sequence[Document]
    opened: tuple[int, int]
    open: Opener
    ask_all: Callable[[int], None]
    store: Store


def draw_answer(turn: Turn, number: int, actions: Actions) -> None:
    """Draw turn `number`."""
    answer = turn.answer
    with st.container(key=f"answer-{number}", border=True):
        if answer.abstained:
            _draw_abstention(turn, number, actions)
        elif len(answer.findings) == 1:
            finding = answer.findings[0]
            st.html(f'<div class="headline">{chip(finding.verdict)}<span>{escape(answer.headline)}</span></div>')
            draw_prose(turn.prose, number)
            _draw_alone(turn, number, finding, actions)
        else:
            _draw_findings(turn, number, actions)
        _draw_foot(turn, number, actions)
        draw_opinion(turn, number, actions.store)


def _draw_findings(turn: Turn, number: int, actions: Actions) -> None:
    """Several policies: the surest findings, the others folded, and the silent ones in one line."""
    answer = turn.answer
    st.html(f'<div class="headline"><span>{escape(answer.headline)}</span></div>')
    draw_prose(turn.prose, number)
    spoken = [finding for finding in answer.findings if finding.verdict is not Verdict.SILENT]
    first = 1
    rest = None
    for place, finding in enumerate(spoken):
        if place == SHOWN and len(spoken) > SHOWN + 1:
            rest = st.expander(f"{len(spoken) - SHOWN} more policies, less certain", type="compact")
        with rest or st.container():
            _draw_row(turn, number, finding, first, actions)
        first += len(finding.citations)
    if silent := silent_line(answer.findings):
        st.html(f'<p class="aside">{escape(silent)}</p>')


def _draw_row(turn: Turn, number: int, finding: Finding, first: int, actions: Actions) -> None:
    """One policy of several: its name and verdict, its best quotation, and a way to each place that it cites."""
    with st.container(key=f"finding-{number}-{first}"):
        who, what = st.columns([1, 3.2], gap="small")
        doubt = f'<span class="aside">{caution(finding)}</span>' if caution(finding) else ""
        who.html(f'<div class="who"><strong>{escape(finding.policy)}</strong>{chip(finding.verdict)}{doubt}</div>')
        with what, st.container(gap="xxsmall"):
            _draw_quotation(turn, finding.citations[0])
            if finding.but is not None:
                _draw_quotation(turn, finding.but, "But:")
            with st.container(horizontal=True, gap="small", key=f"sources-{number}-{first}"):
                _draw_source(turn, number, first, finding.citations[0], actions)
                for place in range(first + 1, first + len(finding.citations)):
                    _draw_button(f"\\[{place}\\]", number, place, actions)


def _draw_alone(turn: Turn, number: int, finding: Finding, actions: Actions) -> None:
    """The one policy that was asked: every quotation in full."""
    if caution(finding):
        st.html(f'<p class="aside">This {escape(caution(finding))}: check the quotation.</p>')
    for place, hit in enumerate(finding.citations, 1):
        with st.container(key=f"finding-{number}-{place}", gap="xxsmall"):
            _draw_quotation(turn, hit, "But:" if hit is finding.but else "")
            _draw_source(turn, number, place, hit, actions, policy=True)


def _draw_quotation(turn: Turn, hit: Hit, role: str = "") -> None:
    """The characters that are cited, with the line that introduces them in front, where there is one, and before it their role."""
    document = turn.documents.get(hit.passage.span.document_id)
    said = f'<span class="lead">{escape(role)}</span> ' if role else ""
    st.html(f"<blockquote>{said}{quotation_html(hit.passage.text, hit.passage.lead, document)}</blockquote>")


def _draw_source(turn: Turn, number: int, place: int, hit: Hit, actions: Actions, *, policy: bool = False) -> None:
    """The button that opens a citation in its policy."""
    label = place_label(hit, turn.documents.get(hit.passage.span.document_id), policy=policy)
    _draw_button(f"\\[{place}\\] {escape_markdown(label)}", number, place, actions)


def _draw_button(label: str, number: int, place: int, actions: Actions) -> None:
    """A button for citation `place`; the one that is open is marked."""
    st.button(
        label,
        key=f"cite-{number}-{place}",
        type="secondary" if actions.opened == (number, place) else "tertiary",
        on_click=actions.open,
        args=(number, place),
    )


def _draw_abstention(turn: Turn, number: int, actions: Actions) -> None:
    """Nothing answers: say so, say what was searched, and show what came nearest as what it is."""
    answer = turn.answer
    st.html(f'<div class="headline"><span>{escape(answer.headline)}</span></div>')
    st.html(f'<p class="plain">{escape(searched_line(answer, actions.documents))}</p>')
    if answer.considered:
        with st.container(key=f"nearest-{number}"):
            st.html('<p class="aside">Nearest passages. They do not answer the question.</p>')
            for place, hit in turn.citations():
                with st.container(key=f"finding-{number}-{place}", gap="xxsmall"):
                    _draw_quotation(turn, hit)
                    _draw_source(turn, number, place, hit, actions, policy=True)


def _draw_foot(turn: Turn, number: int, actions: Actions) -> None:
    """What was asked of whom, in small type, and one click to ask all of them instead."""
    answer, documents = turn.answer, actions.documents
    narrowed = any(document.id not in answer.scope.document_ids for document in documents)
    words = [scope_line(answer, documents)] if narrowed or not answer.abstained else []
    if answer.question != turn.question:
        words.append(f"Understood as: “{answer.question}”")
    if answer.asked != answer.question:
        words.append(f"Searched for: “{answer.asked}”")
    if turn.seconds >= SLOW:
        words.append(f"Took {duration(turn.seconds)}.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"foot-{number}"):
        if words:
            st.html(f'<p class="aside">{escape(" ".join(words))}</p>', width="content")
        if narrowed:
            label = f"Ask all {len(documents)} instead"
            st.button(label, key=f"widen-{number}", type="tertiary", icon=":material/zoom_out_map:", on_click=actions.ask_all, args=(number,))
