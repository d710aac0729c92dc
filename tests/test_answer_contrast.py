"""The sentence that limits or contradicts the one that answers: found where it does, and nowhere else."""

from __future__ import annotations

import pathlib

import pytest

from answer import FORMATS, Verdict, answer_row, ask
from answer.contrast import contrasting, periods_of
from conftest import index_of
from index import Hit
from ingest import Passage, Span


def hits(*sentences: str, lead: str = "", gap: int = 100) -> list[Hit]:
    """Sentences from best to worst, `gap` characters apart in their text, each with a score a little below the one before."""
    found, start = [], 0
    for number, sentence in enumerate(sentences):
        found.append(Hit(Passage(Span("a.md", start, start + len(sentence)), sentence, ("Keeping",), lead), 1.0 - number / 10))
        start += len(sentence) + gap
    return found


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("Whatever information you give us is saved indefinitely.", "We keep what you give us only as long as is necessary."),
        ("Camera footage is kept for 28 days.", "The recorders overwrite camera footage after 14 days."),
        ("A private laptop may not be used for work.", "A contractor may use a private laptop for work through the virtual desktop."),
        ("Visitors may enter the yard in daylight.", "Visitors may not enter the yard in daylight without a vest."),
    ],
)
def test_what_contradicts_is_found(first: str, other: str) -> None:
    ranked = hits(first, "Our office is in Leeds.", other)
    assert contrasting(ranked) is ranked[2]


@pytest.mark.parametrize("turn", ["However, we", "Even so, we", "Nevertheless we"])
def test_a_turn_right_behind_is_found_without_a_word_in_common(turn: str) -> None:
    ranked = hits("You may close your account.", f"{turn} hold on to the archive.", gap=1)
    assert contrasting(ranked) is ranked[1]
    assert contrasting(hits("You may close your account.", f"{turn} hold on to the archive.", gap=500)) is None


def test_an_exception_in_marks_is_found() -> None:
    ranked = hits("Nobody can expect an answer from you at night.", "The **only exception is the on-call rota**.", gap=1)
    assert contrasting(ranked) is ranked[1]


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("Camera footage is kept for 28 days.", "Camera footage is deleted after four weeks."),
        ("Camera footage is kept for 28 days.", "Expense claims are paid within 5 days."),
        ("If you are ill, ring your manager by ten.", "If you are not ill, don't ring your manager by ten."),
        ("Payment data is handled by Paylane.", "We never sell photos."),
        ("You may close your account.", "You may close your account in the settings."),
    ],
)
def test_what_says_the_same_or_something_else_is_not_taken_for_it(first: str, other: str) -> None:
    assert contrasting(hits(first, other)) is None


def test_rows_of_one_table_stand_beside_each_other() -> None:
    rows = ("Door access logs | 6 months", "Door access cards | 2 months")
    assert contrasting(hits(*rows, lead="Record | Kept for")) is None
    assert contrasting(hits(*rows)) is not None


def test_only_the_best_sentences_are_looked_at() -> None:
    others = [f"Sentence {number} is about a thing." for number in range(8)]
    assert contrasting(hits("Camera footage is kept for 28 days.", *others, "The recorders overwrite camera footage after 14 days.")) is None


@pytest.mark.parametrize("count", [0, 1])
def test_one_sentence_is_in_contrast_to_nothing(count: int) -> None:
    assert contrasting(hits("Camera footage is kept for 28 days.")[:count]) is None


def test_lengths_of_time_are_compared_by_their_length() -> None:
    assert periods_of("thirty (30) days, 4 weeks and 2 working days") == {720.0, 672.0, 48.0}


def test_both_sides_are_cited_and_neither_yes_nor_no_is_said_plainly(tmp_path: pathlib.Path) -> None:
    text = "# Acme Policy\n\nYou may cancel your account. However, we may hold an account for the archive.\n\nParcels go to Leeds.\n"
    index = index_of(text, tmp_path)
    answer = ask(index, "Can I cancel my account?")
    (finding,) = answer.findings
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.citations[0].passage.text == "You may cancel your account."
    assert finding.but is not None
    assert finding.but in finding.citations
    assert finding.but.passage.text == "However, we may hold an account for the archive."
    number = finding.citations.index(finding.but) + 1
    assert answer_row(answer)["findings"][0]["but"] == number
    assert f"  [{number}] but: “However, we may hold an account for the archive.”" in FORMATS["text"](answer, index).splitlines()
    assert "But\\: However, we may hold" in FORMATS["md"](answer, index)
