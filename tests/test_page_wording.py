"""What the pages say in words."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from answer import Answer, Finding, Scope, Verdict, ask
from index import Index
from ingest import Document
from pages.parts.library import State
from pages.parts.wording import (
    CHIPS,
    caution,
    chip,
    facts_line,
    loaded_line,
    place_label,
    progress_line,
    scope_label,
    scope_line,
    searched_line,
    section_of,
    shortened,
    silent_line,
)

DOCUMENTS = [
    Document(f"{name}.md", name, f"{name} policy", "", collection=collection)
    for name, collection in (("A", "privacy"), ("B", "privacy"), ("C", "staff"), ("D", "staff"), ("E", "staff"))
]


def test_every_verdict_has_its_chip() -> None:
    assert set(CHIPS) == set(Verdict)
    assert chip(Verdict.CONDITIONAL) == '<span class="chip chip-conditional">On conditions</span>'


@pytest.mark.parametrize(
    ("ids", "label"),
    [
        ((), "All 5 policies"),
        (("A.md", "B.md", "C.md", "D.md", "E.md"), "All 5 policies"),
        (("A.md", "B.md"), "Privacy (2 policies)"),
        (("C.md",), "C"),
        (("A.md", "C.md"), "A and C"),
        (("A.md", "C.md", "D.md"), "A and 2 more"),
    ],
)
def test_a_scope_goes_by_its_name(ids: tuple[str, ...], label: str) -> None:
    assert scope_label(ids, DOCUMENTS) == label


def test_the_scope_says_who_chose_it(small_index: Index) -> None:
    documents = small_index.documents
    assert scope_line(ask(small_index, "Does Bolt collect data of children?"), documents) == "Asked Bolt, because your question names it."
    assert scope_line(ask(small_index, "cookies?", ["Acme"]), documents) == "Asked Acme, as you chose."
    assert scope_line(ask(small_index, "cookies?"), documents) == "Asked all 2 policies."
    assert scope_line(ask(small_index, "cookies?", ["Acme", "Bolt"]), documents) == "Asked all 2 policies."


def answered(source: str, *ids: str) -> Answer:
    """What is kept of an answer that found nothing in these policies."""
    findings = tuple(Finding(name.removesuffix(".md"), name, Verdict.SILENT, (), 0.1) for name in ids)
    return Answer("moon?", "moon?", Scope(ids, source), findings, ())


@pytest.mark.parametrize(
    ("answer", "scope", "searched"),
    [
        (answered("all", "A.md", "B.md"), "Asked all 2 policies that there were.", "all 2 policies that there were"),
        (answered("all", "A.md", "B.md", "C.md", "D.md", "gone.md"), "Asked all 5 policies that there were.", "all 5 policies that there were"),
        (answered("given", "A.md", "C.md"), "Asked A and C, as you chose.", "A and C"),
        (answered("given", "A.md", "B.md"), "Asked Privacy (2 policies), as you chose.", "Privacy (2 policies)"),
        (answered("given", "gone.md", "lost.md"), "Asked gone and lost, as you chose.", "gone and lost"),
        (answered("given", "A.md", "gone.md", "lost.md"), "Asked A and 2 more, as you chose.", "A and 2 more"),
        (answered("named", "A.md", "gone.md"), "Asked A and gone, because your question names them.", "A and gone"),
    ],
)
def test_a_kept_answer_says_whom_it_asked_whatever_came_or_went(answer: Answer, scope: str, searched: str) -> None:
    assert scope_line(answer, DOCUMENTS) == scope
    assert searched_line(answer, DOCUMENTS) == f"Every sentence of {searched} was searched. None of them answers the question."


def test_the_one_policy_is_said_to_be_gone() -> None:
    assert scope_line(answered("all", "A.md"), DOCUMENTS[:1]) == "Asked the one policy there is."
    assert scope_line(answered("all", "gone.md"), DOCUMENTS[:1]) == "Asked the one policy there was."


def test_few_words_are_counted_and_many_rounded() -> None:
    documents = [Document("a.md", "A", "A", "one two three"), Document("b.md", "B", "B", "word " * 151)]
    assert [facts_line(document) for document in documents] == ["no date given · 3 words", "no date given · 200 words"]
    assert loaded_line(documents[:1]) == "1 policy, 3 words."
    assert loaded_line([Document("a.md", "A", "A", "one")]) == "1 policy, 1 word."
    assert loaded_line(documents) == "2 policies, 200 words."


def test_what_was_searched_in_vain(small_index: Index) -> None:
    documents = small_index.documents
    assert searched_line(ask(small_index, "moon?"), documents) == "Every sentence of all 2 policies was searched. None of them answers the question."
    assert searched_line(ask(small_index, "moon?", ["Bolt"]), documents) == "No sentence in this policy answers the question. Another one may."


def test_a_place_in_one_line(small_index: Index) -> None:
    hit = ask(small_index, "Who handles payment data?", ["Acme"]).findings[0].citations[0]
    document = dataclasses.replace(small_index.document("acme.md"), effective_date=datetime.date(2025, 3, 1))
    assert section_of(hit, document) == "Payments"
    assert place_label(hit, document, policy=True) == "Acme · Payments · effective 1 March 2025"
    assert place_label(hit, None, policy=True) == "Payments"


def test_the_silent_are_folded_into_one_line(small_index: Index) -> None:
    answer = ask(small_index, "cookies for counting visits?")
    assert silent_line(answer.findings) == "1 is silent: Bolt."
    assert caution(dataclasses.replace(answer.findings[0], confidence=0.4)) == "may be beside the point"
    assert caution(dataclasses.replace(answer.findings[0], confidence=0.9)) == ""


def test_progress_says_what_how_far_and_how_long() -> None:
    assert progress_line(State(step="reading hpec.pdf")) == "Reading hpec.pdf"
    assert progress_line(State(step="embedding chunks", done=1200, total=1200)) == "Embedding chunks · 1,200 of 1,200"
    assert progress_line(State(step="embedding chunks", done=600, total=1200)).startswith("Embedding chunks · 600 of 1,200 · about ")


def test_long_labels_are_cut_at_a_word() -> None:
    assert shortened("one  two three", 9) == "one two…"
    assert shortened("one two", 9) == "one two"
