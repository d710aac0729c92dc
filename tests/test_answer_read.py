"""Reading the nearest sentences with the question: which are read, in what order they come out, and what is said of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from answer import Calibration, Pair, Verdict, ask
from answer.read import choose_read, combine, read_pools
from answer.verdict import verdict_of
from index import Index, words_of

CALIBRATION = Calibration("words", reader="shared words", read=3, near=0.5, slope=1.0, middle=0.0, threshold=0.5)


class SharedWords:
    """A reader whose log-odds are the stemmed words that question and sentence share, less one; negated sentences mean no."""

    name = "shared words"

    def __init__(self) -> None:
        self.asked: list[Pair] = []

    def read(self, pairs: Sequence[Pair]) -> np.ndarray:
        self.asked += pairs
        asked, read = (words_of([pair[part] for pair in pairs]) for part in (0, 3))
        rows = [
            [len({*question} & {*words}) - 1.0, 0.0, 1.0 if "not" in pair[3].split() else -1.0, -2.0, -3.0]
            for question, words, pair in zip(asked, read, pairs, strict=True)
        ]
        return np.asarray(rows, np.float32).reshape(-1, 5)


def test_one_policy_has_its_nearest_read() -> None:
    (places,) = choose_read([np.asarray([0.1, 0.9, 0.5, 0.7], np.float32)], 3)
    assert places.tolist() == [1, 3, 2]


def test_of_several_each_has_two_read_and_the_nearest_of_all_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("answer.read.READ_TOGETHER", 5)
    first, second = choose_read([np.asarray([0.1, 0.2, 0.3, 0.05], np.float32), np.asarray([0.9, 0.8, 0.7, 0.6], np.float32)], 4)
    assert (first.tolist(), second.tolist()) == ([2, 1], [0, 1, 2])


def test_what_was_not_read_follows_in_the_order_of_nearness() -> None:
    nearness, odds = np.asarray([0.9, 0.5, 0.8, 0.7], np.float32), np.asarray([-2.0, np.nan, 3.0, np.nan], np.float32)
    scores = combine(nearness, odds, 2.0)
    assert scores.tolist() == pytest.approx([-0.2, -1.8, 4.6, -1.4])
    assert combine(np.zeros(0, np.float32), np.zeros(0, np.float32), 2.0).tolist() == []


def test_a_sentence_is_read_with_what_stands_above_and_before_it(small_index: Index) -> None:
    reader = SharedWords()
    rows = np.arange(len(small_index.sentences))
    read_pools(small_index, reader, "cookies", [rows], [np.linspace(1, 0, len(rows), dtype=np.float32)], CALIBRATION)
    first = "Payment data is handled by Paylane, our payment processor."
    read = [("cookies", "Acme Privacy Policy. Payments", "", first)]
    read.append(("cookies", "Acme Privacy Policy. Payments", first, "We never sell personal data."))
    read.append(("cookies", "Acme Privacy Policy. Deletion", "", "You can delete your account in the settings, unless an invoice is still open."))
    assert reader.asked == read


def test_the_reader_puts_first_what_answers_and_gives_the_verdict(small_index: Index) -> None:
    reader = SharedWords()
    answer = ask(small_index, "do you knowingly collect data of children", ["Bolt"], CALIBRATION, reader)
    (finding,) = answer.findings
    assert (finding.citations[0].passage.text, finding.verdict) == ("We do not knowingly collect data of children under 14.", Verdict.NO)
    assert len(reader.asked) == 3
    assert ask(small_index, "unrelated zebra", ["Bolt"], CALIBRATION, reader).abstained


def test_verdicts_are_the_readers_and_only_where_yes_or_no_is_asked() -> None:
    quotation, stance = "Nothing prevents you from closing it.", np.asarray([2.0, 0.5, 1.0, 0.0], np.float32)
    assert verdict_of("can I close it?", quotation) is Verdict.NO, "by its words it is a negation: the floor under the reader"
    assert verdict_of("can I close it?", quotation, stance) is Verdict.YES
    assert verdict_of("how do I close it?", quotation, stance) is Verdict.STATES


class AlwaysConditional:
    """Gives every quotation a condition, and puts nothing in order."""

    name = "always conditional"

    def __init__(self) -> None:
        self.asked: list[Pair] = []

    def read(self, pairs: Sequence[Pair]) -> np.ndarray:
        self.asked += pairs
        return np.asarray([[-9.0, 0.0, 0.0, 1.0, 0.0]] * len(pairs), np.float32).reshape(-1, 5)


def test_another_network_gives_the_verdict_of_the_first_sentence_and_changes_nothing_else(small_index: Index) -> None:
    calibration, stances = dataclasses.replace(CALIBRATION, stances=1), AlwaysConditional()
    asked = "do you knowingly collect data of children"
    (before,) = ask(small_index, asked, ["Bolt"], CALIBRATION, SharedWords(), stances).findings
    assert (before.verdict, stances.asked) == (Verdict.NO, []), "it is asked only where the calibration says so"
    (finding,) = ask(small_index, asked, ["Bolt"], calibration, SharedWords(), stances).findings
    assert dataclasses.replace(finding, verdict=Verdict.NO) == before
    assert finding.verdict is Verdict.CONDITIONAL
    assert [pair[3] for pair in stances.asked] == ["We do not knowingly collect data of children under 14."]


def test_no_verdict_is_read_of_a_silent_policy_nor_for_a_question_that_wants_none(small_index: Index) -> None:
    calibration, stances = dataclasses.replace(CALIBRATION, stances=1), AlwaysConditional()
    assert ask(small_index, "is there an unrelated zebra?", ["Bolt"], calibration, SharedWords(), stances).abstained
    (finding,) = ask(small_index, "whose data do you knowingly collect? of children?", ["Bolt"], calibration, SharedWords(), stances).findings
    assert (finding.verdict, stances.asked) == (Verdict.STATES, [])
