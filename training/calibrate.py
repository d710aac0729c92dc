"""Fit the few numbers by which an answer is ranked and refused, on policies held out of the encoder's training.

    python -m training.calibrate

Writes answer/calibration.json: the weights of a sentence's score (found by coordinate search for mean reciprocal rank), the
logistic function from the best score to a probability (Platt 1999), and the threshold under which a policy is called
silent: the highest that refuses at most the stated share of answerable questions.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from answer.calibration import PATH, Calibration
from answer.rank import features, weigh
from index import Encoder, Index, build_index, load_encoder, open_index
from training.examples import Lesson, read_lessons

# The stated error: at most this share of the answerable questions of the calibration set may be refused.
FALSE_REFUSALS = 0.08
CANDIDATES = 24
GRID = {"chunk": (0.0, 0.1, 0.2, 0.3), "lexical": (0.0, 0.05, 0.1, 0.15, 0.2), "neighbour": (0.0, 0.15, 0.3)}

Floats = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """One question: the features of its candidates [n, 4], which of them answer it [n], and whether any sentence does."""

    features: Floats
    answers: npt.NDArray[np.bool_]
    answerable: bool


def cases_of(lesson: Lesson, index: Index, document_id: str) -> list[Case]:
    """The questions of a lesson as the assistant sees them."""
    first, _ = index.rows_of(document_id)
    cases = []
    for question in lesson.questions:
        candidates = index.candidates(index.encode(question.text), index.words(question.text), CANDIDATES, document_id)
        answers = np.isin(candidates.rows - first, question.evidence)
        cases.append(Case(features(candidates), answers, question.answerable))
    return cases


def gather(encoder: Encoder, groups: tuple[str, ...]) -> list[Case]:
    """All cases of the lessons that the encoder was not trained on."""
    cases = []
    for lesson in read_lessons():
        if lesson.held_out or lesson.name.split("/")[0] in groups:
            with tempfile.TemporaryDirectory() as folder:
                root = pathlib.Path(folder)
                (root / "corpus").mkdir()
                (root / "corpus" / lesson.path.name).write_bytes(lesson.path.read_bytes())
                build_index(root / "corpus", root / "index", encoder)
                cases += cases_of(lesson, open_index(root / "index", encoder), lesson.path.name)
    return cases


def reciprocal_rank(cases: list[Case], calibration: Calibration) -> float:
    """Mean over answerable questions; one whose evidence is no candidate counts as zero."""
    found = []
    for case in cases:
        if case.answerable:
            order = np.argsort(-weigh(case.features, calibration), kind="stable")
            places = np.flatnonzero(case.answers[order])
            found.append(1.0 / (1 + places[0]) if len(places) else 0.0)
    return float(np.mean(found))


def search_weights(cases: list[Case], start: Calibration) -> Calibration:
    """Coordinate search: each weight in turn takes its best value in the grid, until none changes."""
    best, score = start, reciprocal_rank(cases, start)
    while True:
        before = best
        for name, values in GRID.items():
            for value in values:
                tried = dataclasses.replace(best, **{name: value})  # type: ignore[arg-type]
                if (found := reciprocal_rank(cases, tried)) > score + 1e-4:
                    best, score = tried, found
        if best == before:
            return best


def fit_confidence(cases: list[Case], calibration: Calibration) -> tuple[Calibration, dict[str, float]]:
    """The logistic function, the threshold, and how well both do on the same cases."""
    best = np.asarray([weigh(case.features, calibration).max() for case in cases])
    answerable = np.asarray([case.answerable for case in cases])
    model = LogisticRegression(C=1e4).fit(best[:, None], answerable)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    confidence = 1 / (1 + np.exp(-(slope * best + offset)))
    threshold = float(np.quantile(confidence[answerable], FALSE_REFUSALS))
    fitted = dataclasses.replace(calibration, slope=slope, middle=-offset / slope, threshold=threshold)
    return fitted, {
        "auroc": float(roc_auc_score(answerable, best)),
        "false_refusals": float((confidence[answerable] < threshold).mean()),
        "unanswerable_recognised": float((confidence[~answerable] < threshold).mean()),
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the fit; 0 when the file is written."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=PATH)
    parser.add_argument("--group", action="append", default=[], help="a group of lessons that the encoder has not seen, beside those held out")
    options = parser.parse_args(arguments)
    encoder = load_encoder()
    cases = gather(encoder, tuple(options.group))
    start = Calibration(encoder.name)
    weights = search_weights(cases, start)
    fitted, measured = fit_confidence(cases, weights)
    measured |= {
        "questions": len(cases),
        "answerable": sum(case.answerable for case in cases),
        "mrr_dense_alone": reciprocal_rank(cases, dataclasses.replace(start, chunk=0.0, lexical=0.0, neighbour=0.0)),
        "mrr": reciprocal_rank(cases, fitted),
    }
    row = {**dataclasses.asdict(fitted), "measured_on_held_out_lessons": measured}
    rounded = json.loads(json.dumps(row), parse_float=lambda text: round(float(text), 4))
    options.out.write_text(json.dumps(rounded, indent=1) + "\n", "utf-8")
    print(json.dumps(rounded, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
