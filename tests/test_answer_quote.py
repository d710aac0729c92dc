"""A line that only introduces a list is quoted with its list, as are items that are the answer together; every other sentence by itself."""

from __future__ import annotations

import pathlib

import pytest

from answer import ask
from answer.quote import LIST_CHARACTERS, quotations, with_list
from answer.rank import Ranked
from conftest import index_of
from index import Hit, Index

LIST = "We use cookies for:\n\n- keeping you signed in;\n- counting visits to the help pages."


def row_of(index: Index, beginning: str) -> int:
    """The row of the sentence that begins so."""
    return next(row for row in range(len(index.sentences)) if index.passage(row).text.startswith(beginning))


def ranked(index: Index, *beginnings: str) -> list[Ranked]:
    """Sentences in this order."""
    rows = [row_of(index, beginning) for beginning in beginnings]
    return [Ranked(row, Hit(index.passage(row), 1.0 - place / 10), None) for place, row in enumerate(rows)]


def test_an_answer_quotes_an_introduction_with_its_list(small_index: Index) -> None:
    best = ask(small_index, "We use cookies for", ["Acme"]).findings[0].citations[0].passage
    assert best.text == LIST
    assert small_index.document("acme.md").text[best.span.start : best.span.end] == LIST


def test_other_sentences_and_items_stay_by_themselves(small_index: Index) -> None:
    for row in range(len(small_index.sentences)):
        if not small_index.passage(row).text.endswith(":"):
            assert with_list(small_index, row) == small_index.passage(row)


def test_what_is_quoted_in_a_list_is_not_quoted_again(small_index: Index) -> None:
    found = quotations(small_index, ranked(small_index, "We use cookies", "counting visits", "Payment data"), states=False)
    assert [hit.passage.text for hit in found] == [LIST, "Payment data is handled by Paylane, our payment processor."]


def test_an_introduction_behind_its_item_stays_by_itself(small_index: Index) -> None:
    both = ranked(small_index, "counting visits", "We use cookies")
    assert [hit.passage.text for hit in quotations(small_index, both, states=True)] == ["counting visits to the help pages.", "We use cookies for:"]


def test_a_list_is_quoted_whole_where_three_of_it_are_the_answer(small_index: Index) -> None:
    items = ranked(small_index, "counting visits", "keeping you", "We use cookies")
    found = quotations(small_index, items, states=True)
    assert [hit.passage.text for hit in found] == [LIST]
    assert found[0].score == items[0].hit.score
    # A yes or a no is proved by its item, and beside something else an item is one answer of several.
    by_themselves = [entry.hit.passage.text for entry in items]
    assert [hit.passage.text for hit in quotations(small_index, items, states=False)] == by_themselves
    others = ranked(small_index, "counting visits", "keeping you", "Payment data")
    assert [hit.passage.text for hit in quotations(small_index, others, states=True)] == [entry.hit.passage.text for entry in others]


@pytest.mark.parametrize(
    "text",
    [
        "Never recorded:\n\n- " + "a long conversation " * (LIST_CHARACTERS // 20) + "\n- another",
        "Never recorded:\n\nOther things are.",
        "Never recorded:",
        "Never recorded:\n\n## Items\n\n- talks",
        "Always recorded:\n\n- meetings\n\nNever recorded:",
    ],
)
def test_an_introduction_without_a_short_list_stays_by_itself(text: str, tmp_path: pathlib.Path) -> None:
    index = index_of(f"# Policy\n\n{text}\n", tmp_path)
    assert with_list(index, row_of(index, "Never recorded:")).text == "Never recorded:"


def test_a_list_ends_where_the_next_begins(tmp_path: pathlib.Path) -> None:
    index = index_of("# Policy\n\n*Never* recorded:\n\n- talks\n- calls\n\nAlways recorded:\n\n- visits\n", tmp_path)
    assert with_list(index, row_of(index, "*Never")).text == "*Never* recorded:\n\n- talks\n- calls"
