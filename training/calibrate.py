"""Fit the few numbers by which an answer is ranked and refused, on policies held out of all training.

    python -m training.calibrate [--development CORPUS QUESTIONS]…

Writes answer/calibration.json: the weights of a sentence's score (found by coordinate search for mean reciprocal rank), the
logistic function from the best score to a probability (Platt 1999), and the threshold under which a policy is called
silent: the highest that refuses at most the stated share of answerable questions. Development sets are real policies
with careful questions, for whoever has some; each weighs as much as the held-out lessons.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from answer.calibration import PATH, Calibration
from answer.rank import weigh
from answer.read import combine
from answer.verdict import STANCES
from eval.command import finish
from index import load_encoder, load_reader, load_stances
from ingest.command import run
from training.cases import Case, Networks, gather

# The stated error: at most this share of the answerable questions may be refused.
FALSE_REFUSALS = 0.08
# Sentences read of a policy that is asked alone: 16 and 24 put no more answers first, and each takes 6 ms on two cores.
READ = 12
# A weight is changed for this much more mean reciprocal rank; what is less is chance.
GAIN = 2e-3
GRID: dict[str, tuple[float, ...]] = {
    "near": (0.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0),
    "chunk": (0.0, 0.1, 0.2, 0.3),
    "lexical": (0.0, 0.05, 0.1, 0.15, 0.2),
    "neighbour": (0.0, 0.15, 0.3),
}


def scored(case: Case, calibration: Calibration) -> npt.NDArray[np.float32]:
    """The scores of a case's candidates, as `answer` would give them."""
    nearness = weigh(case.features, calibration)
    if not calibration.read:
        return nearness
    odds = case.outputs[:, 0].copy()
    odds[np.argsort(-nearness, kind="stable")[calibration.read :]] = np.nan
    return combine(nearness, odds, calibration.near)


def weights_of(cases: Sequence[Case]) -> npt.NDArray[np.float64]:
    """A weight for each case, so that each source weighs as much as any other."""
    sources = [case.source for case in cases]
    return np.asarray([1.0 / sources.count(source) for source in sources])


def reciprocal_ranks(cases: Sequence[Case], calibration: Calibration) -> npt.NDArray[np.float64]:
    """One for each case that is answerable; 0 where the evidence is no candidate."""
    found = []
    for case in cases:
        places = np.flatnonzero(case.answers[np.argsort(-scored(case, calibration), kind="stable")])
        found.append(1.0 / (1 + places[0]) if len(places) else 0.0)
    return np.asarray(found)


def search_weights(cases: Sequence[Case], start: Calibration) -> Calibration:
    """Coordinate search: each weight in turn takes its best value in the grid, until none changes."""
    answerable = [case for case in cases if case.answerable]
    weights = weights_of(answerable)

    def value(calibration: Calibration) -> float:
        return float(np.average(reciprocal_ranks(answerable, calibration), weights=weights))

    best, score = start, value(start)
    while True:
        before = best
        for name, values in GRID.items():
            for tried in (dataclasses.replace(best, **{name: entry}) for entry in values):  # type: ignore[arg-type]
                if (found := value(tried)) > score + GAIN:
                    best, score = tried, found
        if best == before:
            return best


def fit_confidence(cases: Sequence[Case], calibration: Calibration) -> Calibration:
    """The logistic function from the best score to the probability that it answers, and the threshold."""
    plain = [case for case in cases if not case.strange]
    best = np.asarray([scored(case, calibration).max() for case in plain], np.float64)
    right = np.asarray([bool(case.answers[scored(case, calibration).argmax()]) for case in plain])
    model = LogisticRegression(C=1e4).fit(best[:, None], right, sample_weight=weights_of(plain) * len(plain))
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    fitted = dataclasses.replace(calibration, slope=slope, middle=-offset / slope)
    answerable = np.asarray([case.answerable for case in plain])
    weights = weights_of([case for case in plain if case.answerable])
    low = np.quantile(best[answerable], FALSE_REFUSALS, weights=weights, method="inverted_cdf")
    return dataclasses.replace(fitted, threshold=fitted.confidence(float(low)))


def measure(cases: Sequence[Case], calibration: Calibration) -> dict[str, Any]:
    """How good these numbers are, by source."""
    found: dict[str, Any] = {}
    for source in sorted({case.source for case in cases}):
        plain = [case for case in cases if case.source == source and not case.strange]
        strange = [case for case in cases if case.source == source and case.strange]
        answerable = [case for case in plain if case.answerable]
        confidence = {id(case): calibration.confidence(float(scored(case, calibration).max())) for case in (*plain, *strange)}
        ranks = reciprocal_ranks(answerable, calibration)
        silent = [confidence[id(case)] < calibration.threshold for case in plain if not case.answerable]
        judged = [case for case in answerable if case.verdict and case.answers.any()]
        verdicts = [_verdict(case) == case.verdict for case in judged]
        readers = [_verdict(case, by_reader=True) == case.verdict for case in judged]
        entry = {
            "questions": len(plain),
            "answerable": len(answerable),
            "hit@1": float((ranks == 1).mean()),
            "hit@3": float((ranks >= 1 / 3).mean()),
            "hit@5": float((ranks >= 1 / 5).mean()),
            "candidate": float((ranks > 0).mean()),
            "hit@1 of nearness alone": float((reciprocal_ranks(answerable, dataclasses.replace(calibration, read=0)) == 1).mean()),
            "false refusals": float(np.mean([confidence[id(case)] < calibration.threshold for case in answerable])),
            "unanswerable recognised": float(np.mean(silent)) if silent else 0.0,
            "verdicts, evidence given": float(np.mean(verdicts)) if verdicts else 0.0,
            "verdicts by the reader": float(np.mean(readers)) if readers else 0.0,
        }
        if silent:
            truth = [case.answerable for case in plain]
            entry["auroc"] = float(roc_auc_score(truth, [confidence[id(case)] for case in plain]))
        if strange:
            entry["strangers recognised"] = float(np.mean([confidence[id(case)] < calibration.threshold for case in strange]))
        found[source] = entry
    return found


def _verdict(case: Case, *, by_reader: bool = False) -> str:
    """What is said to a question for yes or no, given the evidence that the reader thinks best."""
    outputs = case.outputs[case.answers]
    stances = outputs[:, 1:4] if by_reader or case.stances is None else case.stances
    return STANCES[int(stances[int(outputs[:, 0].argmax())].argmax())].value


def main(arguments: list[str] | None = None) -> int:
    """Run the fit; 0 when the file is written."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=PATH)
    parser.add_argument("--development", type=pathlib.Path, nargs=2, action="append", default=[], metavar=("CORPUS", "QUESTIONS"))
    parser.add_argument("--every", type=int, default=1, help="take one held-out question in so many, for a quick look")
    parser.add_argument("--supplement", type=pathlib.Path, nargs="*", default=[], help="public sets to which questions were written")
    options = parser.parse_args(arguments)
    return finish("training.calibrate", lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    networks = Networks(load_encoder(), load_reader(), load_stances())
    cases = gather(networks, [(corpus, questions) for corpus, questions in options.development], options.every, options.supplement)
    weights = search_weights(cases, Calibration(networks.encoder.name, networks.reader.name, READ, stances=1, near=8.0))
    fitted = fit_confidence(cases, weights)
    row = {**dataclasses.asdict(fitted), "false_refusals": FALSE_REFUSALS, "measured": measure(cases, fitted)}
    rounded = json.loads(json.dumps(row), parse_float=lambda text: round(float(text), 4))
    options.out.write_text(json.dumps(rounded, indent=1) + "\n", "utf-8")
    print(json.dumps(rounded, indent=1))
    return 0


if __name__ == "__main__":
    run(main)
