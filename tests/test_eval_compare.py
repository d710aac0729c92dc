"""Comparing two runs: by the questions both were asked, with what is chance told from what is not."""

from __future__ import annotations

import dataclasses
import pathlib

import pytest

from eval.compare import Comparison, compare, dropped
from eval.measures import Estimate
from eval.report import QuestionResult, Report, load_report, save_report
from eval.table import moved_lines
from ingest import PolicyError


def result(qid: str, *, hit: bool) -> QuestionResult:
    shares = {"cited Hit@1": (float(hit), 1.0), "Wrong document": (float(not hit), 1.0)}
    return QuestionResult(qid, kind="who", policy="Acme", split="dev", left_out=False, answerable=True, right=hit, confidence=0.9, shares=shares)


def report(hits: str, first: int = 0) -> Report:
    """A report over answerable questions of which those marked 1 hit; qids count from `first`."""
    measures = {name: Estimate(0.0, None, None, len(hits)) for name in ("cited Hit@1", "Wrong document")}
    questions = tuple(result(str(number), hit=hit == "1") for number, hit in enumerate(hits, first))
    return Report("2025-01-01", "", {}, measures, {}, {}, {}, {}, {}, {}, questions)


def test_questions_are_paired_by_id() -> None:
    found = compare(report("1100"), report("0011", first=1))
    # In common are 1, 2 and 3: hit, missed, missed before; missed, missed, hit now.
    assert [(entry.name, round(entry.before, 3), round(entry.after, 3), entry.won, entry.lost) for entry in found] == [
        ("cited Hit@1", 0.333, 0.333, ("3",), ("1",)),
        ("Wrong document", 0.667, 0.667, ("3",), ("1",)),
    ]
    assert moved_lines(found, "cited Hit@1") == ["won in cited Hit@1: 3", "lost in cited Hit@1: 1"]
    assert moved_lines(compare(report("1"), report("1")), "cited Hit@1") == []


def test_a_question_that_counts_in_one_run_only_is_won_or_lost() -> None:
    """Of those refused before, half rightly; one of each is refused now that wasn't, and each of those before is answered now."""

    def refused(shares: dict[str, float]) -> Report:
        questions = [dataclasses.replace(entry, shares={}) for entry in report("0000").questions]
        some = [dataclasses.replace(entry, shares={"Refusal precision": (shares[entry.qid], 1.0)}) for entry in questions if entry.qid in shares]
        others = [entry for entry in questions if entry.qid not in shares]
        return dataclasses.replace(report("0000"), measures={"Refusal precision": Estimate(0.0, None, None, 4)}, questions=(*some, *others))

    (found,) = compare(refused({"0": 1.0, "1": 0.0}), refused({"2": 1.0, "3": 0.0}))
    assert (found.before, found.after, sorted(found.won), sorted(found.lost)) == (0.5, 0.5, ["1", "2"], ["0", "3"])


def test_a_saved_run_is_as_good_as_itself(tmp_path: pathlib.Path) -> None:
    thirds = [dataclasses.replace(entry, confidence=2 / 3, shares={"cited Hit@1": (1 / 3, 1.0)}) for entry in report("1" * 9).questions]
    whole = dataclasses.replace(report("1" * 9), questions=tuple(thirds))
    (found,) = compare(load_report(save_report(whole, tmp_path)), whole)
    assert (found.difference, found.significant, found.won, found.lost) == (0.0, False, (), ())


def test_a_large_drop_counts_and_a_chance_one_does_not() -> None:
    before = report("1" * 40)
    large = compare(before, report("1" * 30 + "0" * 10))
    assert [(entry.name, round(entry.difference, 3), entry.significant) for entry in large] == [
        ("cited Hit@1", -0.25, True),
        ("Wrong document", 0.25, True),
    ]
    assert [entry.name for entry in dropped(large, 0.02)] == ["cited Hit@1"]
    assert dropped(large, 0.3) == []
    small = compare(report("1" * 39 + "0"), report("1" * 37 + "001"))
    assert small[0].difference < -0.02
    assert dropped(small, 0.02) == []


def test_less_of_an_error_is_a_gain() -> None:
    assert Comparison("Wrong document", 0.5, 0.2, -0.4, -0.2, (), ()).gain == pytest.approx(0.3)
    assert Comparison("cited MRR", 0.5, 0.2, -0.4, -0.2, (), ()).gain == pytest.approx(-0.3)


def test_reports_over_other_questions_cant_be_compared() -> None:
    with pytest.raises(PolicyError, match="no question in common"):
        compare(report("11"), report("11", first=7))
