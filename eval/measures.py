"""What is measured, by the names people use. A question that the run left out counts as zero in all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from eval.characters import TEXT_SCORES
from eval.discount import discounted_gain
from eval.interval import Column, interval, ranks
from eval.judge import SILENT, Judged, Ranking

# Bins of equal width for the calibration error.
BINS = 10
# The mean reciprocal rank looks no deeper than this.
DEPTH = 64


@dataclasses.dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value, its 95 % interval where there are enough questions for one, and over how many questions it goes."""

    value: float
    low: float | None
    high: float | None
    count: int


# What one question adds to the numerator and denominator of a measure; (0, 0) where the measure doesn't apply to it.
Share = tuple[float, float]


def _ranking(which: str, value: Callable[[Ranking, int], float], k: int) -> Callable[[Judged], Share]:
    def share(judged: Judged) -> Share:
        ranking: Ranking | None = getattr(judged, which)
        return (value(ranking, k), 1.0) if ranking is not None else (0.0, 0.0)

    return share


def _rankings(which: str, hit_at: Sequence[int], recall_at: Sequence[int]) -> dict[str, Callable[[Judged], Share]]:
    shares = {f"{which} Hit@{k}": _ranking(which, Ranking.hit, k) for k in hit_at}
    shares |= {f"{which} Recall@{k}": _ranking(which, Ranking.recall, k) for k in recall_at}
    return {**shares, f"{which} MRR": _ranking(which, Ranking.reciprocal_rank, DEPTH)}


def _score(name: str) -> Callable[[Judged], Share]:
    return lambda judged: (judged.scores.get(name, 0.0), float(judged.answerable))


def _verdict(judged: Judged) -> Share:
    return float(judged.verdict_found == judged.verdict_wanted), float(judged.verdict_wanted is not None)


def _stances(judged: Judged) -> Share:
    return float(sum(stance.right for stance in judged.stances)), float(len(judged.stances))


def _stance_verdicts(judged: Judged) -> Share:
    asked = [stance for stance in judged.stances if stance.status == "states" and stance.wanted is not None]
    return float(sum(stance.found == stance.wanted for stance in asked)), float(len(asked))


def _stance_hits(judged: Judged) -> Share:
    asked = [stance for stance in judged.stances if stance.status == "states"]
    return float(sum(stance.hit for stance in asked)), float(len(asked))


def _refused_rightly(judged: Judged) -> float:
    return float(judged.refused and not judged.answerable)


# Shares: the sum of the numerators over the sum of the denominators.
SHARES: dict[str, Callable[[Judged], Share]] = {
    **_rankings("cited", (1, 3, 5), (5,)),
    **_rankings("considered", (1, 3, 5, 10), (5, 64)),
    **{name: _score(name) for name in TEXT_SCORES},
    "Wrong document": lambda judged: (float(judged.wrong_document), float(judged.answerable)),
    "Verdict accuracy": _verdict,
    "Stance accuracy": _stances,
    "Stance verdict accuracy": _stance_verdicts,
    "Stance Hit@1": _stance_hits,
    "Coverage": lambda judged: (float(judged.answerable and not judged.refused), float(judged.answerable)),
    "Refusal precision": lambda judged: (_refused_rightly(judged), float(judged.refused)),
    "Refusal recall": lambda judged: (_refused_rightly(judged), float(not judged.answerable)),
    "Refusal F1": lambda judged: (2 * _refused_rightly(judged), float(judged.refused) + float(not judged.answerable)),
    "Right": lambda judged: (_refused_rightly(judged) if not judged.answerable else float(judged.right and not judged.refused), 1.0),
}


def auroc(confidence: Column, answerable: Column, axis: int = -1) -> np.float64 | Column:
    """The probability that an answerable question has the higher confidence of the two (Mann and Whitney 1947); nan for one class."""
    positive = answerable.sum(axis=axis)
    negative = answerable.shape[axis] - positive
    with np.errstate(invalid="ignore"):
        return np.asarray(((ranks(confidence) * answerable).sum(axis=axis) - positive * (positive + 1) / 2) / (positive * negative))


def risk_coverage_area(confidence: Column, right: Column, axis: int = -1) -> np.float64 | Column:
    """The mean, over all coverages, of the share of wrong answers among those answered (Geifman and El-Yaniv 2017).

    Questions are answered from the most confident down; whoever answers a question without an answer is wrong.
    """
    order = np.argsort(-confidence, axis=axis, kind="stable")
    wrong = 1.0 - np.take_along_axis(right, order, axis=axis)
    return np.asarray((np.cumsum(wrong, axis=axis) / np.arange(1, right.shape[axis] + 1)).mean(axis=axis))


def calibration_error(confidence: Column, right: Column, axis: int = -1) -> np.float64 | Column:
    """Expected calibration error in bins of equal width (Naeini and others 2015)."""
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = (np.abs(((bins == number) * (right - confidence)).sum(axis=axis)) for number in range(BINS))
    return np.asarray(sum(gaps) / right.shape[axis])


# Over all questions at once: the statistic, and what is set against confidence.
CURVES: dict[str, tuple[Callable[..., np.float64 | Column], str]] = {
    "AUROC": (auroc, "answerable"),
    "Risk-coverage area": (risk_coverage_area, "right"),
    "Calibration error": (calibration_error, "right"),
}
# Of these, less is better.
LESS_IS_BETTER = {"Wrong document", "Risk-coverage area", "Calibration error"}
RANKED = ("cited", "considered")
GAIN_AT = 10


def shares_of(judged: Sequence[Judged]) -> dict[str, list[Share]]:
    """For each measure that is a share, what each question adds to it, in the order of the questions."""
    shares = {name: [share(entry) for entry in judged] for name, share in SHARES.items()}
    for which in RANKED:
        rankings = {entry.qid: ranking for entry in judged if (ranking := getattr(entry, which)) is not None}
        gains = discounted_gain(rankings, GAIN_AT)
        shares[f"{which} nDCG@{GAIN_AT}"] = [(gains.get(entry.qid, 0.0), float(entry.qid in gains)) for entry in judged]
    return shares


def measure(judged: Sequence[Judged]) -> dict[str, Estimate]:
    """Every measure that applies to at least one of these questions."""
    found = {name: estimate for name, share in shares_of(judged).items() if (estimate := _estimate_share(share))}
    if all(entry.answerable for entry in judged):  # nothing to refuse rightly, so no measure of it
        found = {name: estimate for name, estimate in found.items() if not name.startswith("Refusal")}
    confidence = np.array([entry.confidence for entry in judged])
    for name, (statistic, against) in CURVES.items():
        columns = (confidence, np.array([float(getattr(entry, against)) for entry in judged]))
        if len(judged) > 1 and (against != "answerable" or 0 < columns[1].sum() < len(judged)):
            low, high = interval(columns, statistic) or (None, None)
            found[name] = Estimate(float(statistic(*columns)), low, high, len(judged))
    return {name: found[name] for name in sorted(found, key=_place)}


def _place(name: str) -> int:
    """Where a measure stands in a report: those of each ranked list together, then the others, else in the order found."""
    return next((place for place, which in enumerate(RANKED) if name.startswith(which)), len(RANKED))


def _estimate_share(shares: Sequence[Share]) -> Estimate | None:
    applying = [share for share in shares if share[1] > 0]
    if not applying:
        return None
    above, below = (np.array(column) for column in zip(*applying, strict=True))
    low, high = interval((above, below), _ratio) or (None, None)
    return Estimate(float(_ratio(above, below)), low, high, len(applying))


def _ratio(above: Column, below: Column, axis: int = -1) -> np.float64 | Column:
    return np.asarray(above.sum(axis=axis) / below.sum(axis=axis))


def risk_curve(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Coverage and risk after each question, the most confident first; their mean risk is the risk-coverage area."""
    ordered = sorted(judged, key=lambda entry: -entry.confidence)
    wrong = np.cumsum([not entry.right for entry in ordered])
    return [(number / len(ordered), float(wrong[number - 1]) / number) for number in range(1, len(ordered) + 1)]


def reliability(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """For each bin of the calibration error that has questions: their mean confidence, and how often the first sentence was right."""
    bins = [[entry for entry in judged if min(int(entry.confidence * BINS), BINS - 1) == number] for number in range(BINS)]
    return [(float(np.mean([entry.confidence for entry in found])), float(np.mean([entry.right for entry in found]))) for found in bins if found]


def confusion(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """How often each wanted verdict was found to be each other one; what was found is in the inner table."""
    wanted, found = ("yes", "no", "conditional"), ("yes", "no", "conditional", "states", SILENT)
    table: dict[str, dict[str, int]] = {row: dict.fromkeys(found, 0) for row in wanted}
    for entry in judged:
        if entry.verdict_wanted is not None:
            table[entry.verdict_wanted][entry.verdict_found] = table[entry.verdict_wanted].get(entry.verdict_found, 0) + 1
    return table


def stances_by_policy(judged: Sequence[Judged]) -> Mapping[str, Estimate]:
    """For each policy in questions to several: in what share of them it was rightly found to speak or to be silent."""
    asked: dict[str, list[Share]] = {}
    for entry in judged:
        for stance in entry.stances:
            asked.setdefault(stance.policy, []).append((float(stance.right), 1.0))
    return {policy: estimate for policy in sorted(asked) if (estimate := _estimate_share(asked[policy]))}
