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
import random
import sys
import tempfile

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from answer.calibration import PATH, Calibration
from answer.rank import features, weigh
from index import Encoder, Index, build_index, load_encoder, open_index
from training.examples import Lesson, Question, read_lessons

# The stated error: at most this share of the answerable questions of the calibration set may be refused.
FALSE_REFUSALS = 0.08
CANDIDATES = 24
# Questions of other families put to each held-out policy.
STRANGERS = 12
SEED = 7
GRID = {"chunk": (0.0, 0.1, 0.2, 0.3), "lexical": (0.0, 0.05, 0.1, 0.15, 0.2), "neighbour": (0.0, 0.15, 0.3)}

Floats = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """One question: the features of its candidates [n, 4], which of them answer it [n], and whether any sentence does.

    `strange` is a question to a policy of another family, which is what most policies get when all are asked.
    """

    features: Floats
    answers: npt.NDArray[np.bool_]
    answerable: bool
    strange: bool = False


def cases_of(lesson: Lesson, strangers: list[Question], index: Index, document_id: str) -> list[Case]:
    """The questions of a lesson, and some of other families, as the assistant sees them."""
    first, _ = index.rows_of(document_id)
    cases = []
    for question in (*lesson.questions, *strangers):
        candidates = index.candidates(index.encode(question.text), index.words(question.text), CANDIDATES, document_id)
        strange = question in strangers
        answers = np.isin(candidates.rows - first, () if strange else question.evidence)
        cases.append(Case(features(candidates), answers, question.answerable and not strange, strange))
    return cases


def gather(encoder: Encoder) -> list[Case]:
    """All cases of the lessons that the encoder was not trained on."""
    generator = random.Random(SEED)
    lessons = [lesson for lesson in read_lessons() if lesson.held_out]
    cases = []
    for lesson in lessons:
        others = [question for other in lessons if other.family != lesson.family for question in other.questions if question.answerable]
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "corpus").mkdir()
            (root / "corpus" / lesson.path.name).write_bytes(lesson.path.read_bytes())
            build_index(root / "corpus", root / "index", encoder)
            index = open_index(root / "index", encoder)
            cases += cases_of(lesson, generator.sample(others, STRANGERS), index, lesson.path.name)
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
    best_of_all = np.asarray([weigh(case.features, calibration).max() for case in cases])
    strange = np.asarray([case.strange for case in cases])
    best = best_of_all[~strange]
    answerable = np.asarray([case.answerable for case in cases])[~strange]
    model = LogisticRegression(C=1e4).fit(best[:, None], answerable)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    confidence = _logistic(slope * best + offset)
    threshold = float(np.quantile(confidence[answerable], FALSE_REFUSALS))
    fitted = dataclasses.replace(calibration, slope=slope, middle=-offset / slope, threshold=threshold)
    return fitted, {
        "auroc": float(roc_auc_score(answerable, best)),
        "false_refusals": float((confidence[answerable] < threshold).mean()),
        "unanswerable_recognised": float((confidence[~answerable] < threshold).mean()),
        "strange_recognised": float((_logistic(slope * best_of_all[strange] + offset) < threshold).mean()),
    }


def _logistic(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-values)))


def main(arguments: list[str] | None = None) -> int:
    """Run the fit; 0 when the file is written."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=PATH)
    options = parser.parse_args(arguments)
    encoder = load_encoder()
    cases = gather(encoder)
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
