"""Turns and places: a citation opens where it stands, or not at all."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import pytest

from index import Index
from ingest import PolicyError
from pages.parts.conversation import MOVED, Turn, ask_turn, open_citation, place_from_link
from pages.parts.rows import row_of, turn_of

PAID = "Payment data is handled by Paylane, our payment processor."


def with_text(turn: Turn, change: Callable[[str], str]) -> Turn:
    document = turn.documents["acme.md"]
    return dataclasses.replace(turn, documents={"acme.md": dataclasses.replace(document, text=change(document.text))})


def test_a_citation_opens_at_its_characters(small_index: Index) -> None:
    turn = ask_turn(small_index, "Who handles payment data?", ["Acme"])
    opened = open_citation([turn], 0, 1)
    assert opened.document.text[opened.span.start : opened.span.end] == PAID
    assert (opened.turn, opened.number, opened.note) == (0, 1, "")


def test_words_that_moved_are_marked_where_they_stand_now(small_index: Index) -> None:
    turn = with_text(ask_turn(small_index, "Who handles payment data?", ["Acme"]), lambda text: "A new first line.\n\n" + text)
    opened = open_citation([turn], 0, 1)
    assert opened.document.text[opened.span.start : opened.span.end] == PAID
    assert opened.note == MOVED


def test_words_that_are_gone_are_marked_nowhere(small_index: Index) -> None:
    turn = ask_turn(small_index, "Who handles payment data?", ["Acme"])
    with pytest.raises(PolicyError, match="Acme has changed since, and no longer says this word for word"):
        open_citation([with_text(turn, lambda text: text.replace("Paylane", "Moneylane"))], 0, 1)
    with pytest.raises(PolicyError, match=r"acme\.md is no longer among the policies"):
        open_citation([dataclasses.replace(turn, documents={})], 0, 1)


@pytest.mark.parametrize(("turn", "number"), [(0, 99), (3, 1), (-1, 1), (0, 0)])
def test_there_is_no_such_citation(small_index: Index, turn: int, number: int) -> None:
    with pytest.raises(PolicyError, match="no such citation"):
        open_citation([ask_turn(small_index, "Who handles payment data?", ["Acme"])], turn, number)


def test_a_turn_is_kept_as_values_and_comes_back_the_same(small_index: Index) -> None:
    for question in ("Who handles payment data?", "colour of the moon and cookies' taste"):
        turn = ask_turn(small_index, question, ["Bolt", "Acme"])
        row = json.loads(json.dumps(row_of(turn)))
        back = turn_of(row, {document.id: document for document in small_index.documents})
        assert list(back.citations()) == [
            (number, dataclasses.replace(hit, score=pytest.approx(hit.score, abs=1e-6))) for number, hit in turn.citations()
        ]
        assert (back.question, back.given, back.answer.headline, back.answer.scope) == (
            turn.question,
            turn.given,
            turn.answer.headline,
            turn.answer.scope,
        )
        assert back.documents == turn.documents
        assert row_of(back)["answer"]["findings"] == row["answer"]["findings"]


def test_an_abstention_offers_its_nearest_passages(small_index: Index) -> None:
    turn = ask_turn(small_index, "colour of the moon and cookies' taste", ["Bolt"])
    assert turn.answer.abstained
    assert [number for number, _ in turn.citations()] == list(range(1, len(turn.answer.considered[:3]) + 1))


def test_an_empty_question_is_refused(small_index: Index) -> None:
    with pytest.raises(PolicyError, match="empty"):
        ask_turn(small_index, " ", ())


@pytest.mark.parametrize(
    ("document", "start", "end"),
    [
        ("acme.md", "5", "2"),
        ("acme.md", "x", "9"),
        ("acme.md", "0", "99999999"),
        ("nobody.md", "0", "5"),
        ("", "", ""),
        ("acme.md", "-1", "4"),
        ("acme.md", "²", "9"),
    ],
)
def test_a_link_to_nowhere_opens_nothing(small_index: Index, document: str, start: str, end: str) -> None:
    assert place_from_link(small_index, document, start, end) is None


def test_a_link_opens_its_place(small_index: Index) -> None:
    opened = place_from_link(small_index, "bolt.txt", "0", "4")
    assert opened is not None
    assert opened.document.text[opened.span.start : opened.span.end] == "BOLT"
