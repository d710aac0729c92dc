"""Compare two runs question by question, and say whether the later one is really worse."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from eval.interval import Column, interval
from eval.measures import CURVES, LESS_IS_BETTER
from eval.report import QuestionResult, Report, as_saved
from ingest import PolicyError

# What a drop is looked for in: one measure for each promise. With all of them, one of twenty would seem to drop by chance.
GUARDED = ("cited Hit@1", "cited Hit@3", "considered Hit@5", "Verdict accuracy", "Stance accuracy", "Refusal F1", "AUROC", "Right")


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """A measure in two runs over the same questions; `low` and `high` bound the difference, later minus earlier.

    `won` and `lost` are the ids of the questions that are better and worse than before; none for a measure over all at once. One that
    counts in one of the runs only, as a question that is refused now does in the precision of refusals, is better where it is above the
    earlier value.
    """

    name: str
    before: float
    after: float
    low: float | None
    high: float | None
    won: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def difference(self) -> float:
        """The later value minus the earlier."""
        return self.after - self.before

    @property
    def gain(self) -> float:
        """How much better the later run is; negative where it is worse."""
        return -self.difference if self.name in LESS_IS_BETTER else self.difference

    @property
    def significant(self) -> bool:
        """Whether the 95 % interval of the difference leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def compare(before: Report, after: Report) -> list[Comparison]:
    """Compare each measure over the questions that both runs were asked. Raises PolicyError where there are none."""
    earlier = {question.qid: as_saved(question) for question in before.questions}
    pairs = [(earlier[question.qid], as_saved(question)) for question in after.questions if question.qid in earlier]
    if not pairs:
        raise PolicyError("the two reports have no question in common; expected reports over the same questions")
    found = [_compare_share(name, pairs) for name in after.measures if name not in CURVES]
    found += [_compare_curve(name, pairs) for name in after.measures if name in CURVES]
    return [comparison for comparison in found if comparison is not None]


def dropped(comparisons: Sequence[Comparison], max_drop: float) -> list[Comparison]:
    """The guarded measures that are worse by more than `max_drop`, and not by chance."""
    return [entry for entry in comparisons if entry.name in GUARDED and entry.gain < -max_drop and entry.significant]


def _compare_share(name: str, pairs: Sequence[tuple[QuestionResult, QuestionResult]]) -> Comparison | None:
    shares = [(*one.shares.get(name, (0.0, 0.0)), *other.shares.get(name, (0.0, 0.0))) for one, other in pairs]
    columns = tuple(np.array(column) for column in zip(*(row for row in shares if row[1] or row[3]), strict=True))
    if not columns or not columns[1].sum() or not columns[3].sum():
        return None
    sign = -1.0 if name in LESS_IS_BETTER else 1.0
    before, after = columns[0].sum() / columns[1].sum(), columns[2].sum() / columns[3].sum()
    gains = {one.qid: sign * (row[2] - row[0] - before * (row[3] - row[1])) for (one, _), row in zip(pairs, shares, strict=True)}
    low, high = interval(columns, _difference_of_ratios) or (None, None)
    won, lost = (tuple(qid for qid, gain in gains.items() if direction * gain > 0) for direction in (1, -1))
    return Comparison(name, float(before), float(after), low, high, won, lost)


def _compare_curve(name: str, pairs: Sequence[tuple[QuestionResult, QuestionResult]]) -> Comparison | None:
    statistic, against = CURVES[name]
    columns = tuple(np.array([float(getattr(pair[which], column)) for pair in pairs]) for which in (0, 1) for column in ("confidence", against))
    before, after = float(statistic(*columns[:2])), float(statistic(*columns[2:]))
    if np.isnan(before) or np.isnan(after):
        return None
    low, high = interval(columns, _difference_of(statistic)) or (None, None)
    return Comparison(name, before, after, low, high, (), ())


def _difference_of(statistic: Callable[..., np.float64 | Column]) -> Callable[..., Column]:
    def difference(*columns: Column, axis: int = -1) -> Column:
        return np.asarray(statistic(*columns[2:], axis=axis) - statistic(*columns[:2], axis=axis))

    return difference


def _difference_of_ratios(above: Column, below: Column, later_above: Column, later_below: Column, axis: int = -1) -> Column:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(later_above.sum(axis=axis) / later_below.sum(axis=axis) - above.sum(axis=axis) / below.sum(axis=axis))
