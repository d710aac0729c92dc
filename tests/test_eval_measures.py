"""Measures: values that can be worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from eval.characters import TEXT_SCORES
from eval.discount import discounted_gain
from eval.interval import interval
from eval.judge import Judged, JudgedStance, Ranking
from eval.measures import Estimate, auroc, calibration_error, confusion, measure, risk_coverage_area

NOTHING, FIRST, SECOND = Ranking(((),), 1), Ranking(((0,), ()), 1), Ranking(((), (0,)), 1)


def judged(qid: str, ranking: Ranking | None, confidence: float, verdict: tuple[str | None, str] = (None, "states"), **more: Any) -> Judged:
    values: dict[str, Any] = {
        "qid": qid,
        "kind": "kind",
        "policy": "Acme",
        "split": "dev",
        "answerable": ranking is not None,
        "left_out": False,
        "refused": False,
        "confidence": confidence,
        "right": ranking is not None and ranking.first == 1,
        "cited": ranking,
        "considered": ranking,
        "wrong_document": False,
        "verdict_wanted": verdict[0],
        "verdict_found": verdict[1],
        "stances": (),
        "seconds": 0.1,
        "scores": {},
    }
    return Judged(**{**values, **more})


def test_shares_are_means_over_the_questions_they_apply_to() -> None:
    entries = [
        judged("1", FIRST, 0.9, verdict=("yes", "yes")),
        judged("2", SECOND, 0.8, verdict=("no", "conditional")),
        judged("3", NOTHING, 0.3, refused=True),
        judged("4", None, 0.2, refused=True),
        judged("5", None, 0.7),
    ]
    found = {name: (round(estimate.value, 4), estimate.count) for name, estimate in measure(entries).items()}
    assert {name: value for name, value in found.items() if not name.startswith("considered") and name not in TEXT_SCORES} == {
        "cited Hit@1": (0.3333, 3),
        "cited Hit@3": (0.6667, 3),
        "cited Hit@5": (0.6667, 3),
        "cited Recall@5": (0.6667, 3),
        "cited MRR": (0.5, 3),
        "cited nDCG@10": (round((1 + 1 / math.log2(3)) / 3, 4), 3),
        "Wrong document": (0.0, 3),
        "Verdict accuracy": (0.5, 2),
        "Coverage": (0.6667, 3),
        "Refusal precision": (0.5, 2),
        "Refusal recall": (0.5, 2),
        "Refusal F1": (0.5, 3),
        "Right": (0.4, 5),
        "AUROC": (0.8333, 5),
        "Risk-coverage area": (round((0 + 1 / 2 + 2 / 3 + 3 / 4 + 4 / 5) / 5, 4), 5),
        "Calibration error": (round((0.1 + 0.8 + 0.3 + 0.2 + 0.7) / 5, 4), 5),
    }
    assert confusion(entries)["no"] == {"yes": 0, "no": 0, "conditional": 1, "states": 0, "silent": 0}


def test_stances_are_counted_one_by_one() -> None:
    stances = (JudgedStance("A", "states", "yes", "yes", hit=True), JudgedStance("B", "silent", None, "yes", hit=False))
    more = (JudgedStance("A", "partial", None, "silent", hit=False),)
    entries = [judged("1", FIRST, 0.5, stances=stances), judged("2", FIRST, 0.5, stances=more)]
    found = measure(entries)
    assert round(found["Stance accuracy"].value, 4) == 0.3333
    assert (found["Stance verdict accuracy"].value, found["Stance verdict accuracy"].count) == (1.0, 1)


def test_without_unanswerable_questions_nothing_is_said_of_refusal() -> None:
    assert [name for name in measure([judged("1", FIRST, 0.9, refused=True)]) if name.startswith(("Refusal", "AUROC"))] == []


def test_gain_is_discounted_by_rank_and_shared_hits_are_one_item() -> None:
    both = Ranking(((), (0, 1)), 2)
    apart = Ranking(((0,), (), (1,)), 2)
    gains = discounted_gain({"both": both, "apart": apart, "none": Ranking((), 1)}, 10)
    ideal = 1 + 1 / math.log2(3)
    assert gains == pytest.approx({"both": 1 / math.log2(3), "apart": (1 + 1 / math.log2(4)) / ideal, "none": 0.0})


def test_curves() -> None:
    confidence = np.array([0.9, 0.8, 0.8, 0.1])
    assert auroc(confidence, np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(3.5 / 4)
    assert math.isnan(float(auroc(confidence, np.ones(4))))
    assert risk_coverage_area(confidence, np.array([1.0, 0.0, 1.0, 0.0])) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    assert calibration_error(np.array([0.95, 0.95, 0.05, 1.0]), np.array([1.0, 0.0, 0.0, 1.0])) == pytest.approx((abs(2 - 2.9) + 0.05) / 4)


def test_statistics_work_on_many_resamples_at_once() -> None:
    confidence, right = np.array([[0.9, 0.2, 0.4], [0.1, 0.2, 0.3]]), np.array([[1.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    for statistic in (auroc, risk_coverage_area, calibration_error):
        assert statistic(confidence, right).tolist() == pytest.approx([float(statistic(confidence[row], right[row])) for row in range(2)])


def test_an_interval_holds_the_value_and_is_the_same_every_time() -> None:
    values, ones = np.array([1.0] * 30 + [0.0] * 10), np.ones(40)

    def mean(above: np.ndarray, below: np.ndarray, axis: int = -1) -> np.ndarray:
        return above.sum(axis=axis) / below.sum(axis=axis)

    low, high = interval((values, ones), mean) or (0.0, 0.0)
    assert 0.55 < low < 0.65
    assert 0.8 < high < 0.9
    assert interval((values, ones), mean) == (low, high)
    assert interval((np.ones(1), np.ones(1)), mean) is None


def test_an_estimate_over_questions_of_one_value_has_no_width() -> None:
    found = measure([judged(str(number), FIRST, 0.9) for number in range(5)])["cited Hit@1"]
    assert found == Estimate(1.0, 1.0, 1.0, 5)
