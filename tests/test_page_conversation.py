"""Turns and places: a citation opens where it stands, or not at all."""

from __future__ import annotations

import dataclasses

import pytest

from index import Index
from ingest import PolicyError
from pages.parts.conversation import ask_turn, open_citation, place_from_link


def test_a_citation_opens_at_its_characters(small_index: Index) -> None:
    turn = ask_turn(small_index, "Who handles payment data?", ["Acme"])
    opened = open_citation([turn], 0, 1)
    assert opened is not None
    assert opened.document.text[opened.span.start : opened.span.end] == "Payment data is handled by Paylane, our payment processor."
    assert (opened.turn, opened.number) == (0, 1)


def test_a_citation_that_no_longer_stands_is_not_opened(small_index: Index) -> None:
    turn = ask_turn(small_index, "Who handles payment data?", ["Acme"])
    document = turn.documents["acme.md"]
    changed = dataclasses.replace(turn, documents={"acme.md": dataclasses.replace(document, text=document.text.replace("Paylane", "Moneylane"))})
    assert open_citation([changed], 0, 1) is None
    assert open_citation([turn], 0, 99) is None
    assert open_citation([turn], 3, 1) is None
    assert open_citation([dataclasses.replace(turn, documents={})], 0, 1) is None


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
