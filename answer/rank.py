"""Put sentences in the order in which they answer: what the index knows of each, weighted."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from answer.calibration import Calibration
from index import Candidates, Hit

# BM25 scores grow with the question's length and its words' rarity; saturated with this half-way point they stay beside cosines.
LEXICAL_HALF = 6.0

Scores = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence in its place, its row in the index, and the reader's logits of yes, no, conditional and states where it was read."""

    row: int
    hit: Hit
    stance: Scores | None


def features(candidates: Candidates) -> Scores:
    """What each score is made of, float32 [n, 4]: cosine, chunk's cosine, words in common, what the better neighbour has more."""
    lexical = candidates.lexical / (candidates.lexical + LEXICAL_HALF)
    neighbour = np.maximum(candidates.neighbour - candidates.dense, 0.0)
    return np.stack([candidates.dense, candidates.chunk, lexical, neighbour], axis=1).astype(np.float32)


def weigh(parts: Scores, calibration: Calibration) -> Scores:
    """One number a candidate, higher is better: float32 [n]."""
    return np.asarray(parts @ np.asarray([1.0, calibration.chunk, calibration.lexical, calibration.neighbour], np.float32), np.float32)


def order(scores: Scores, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Positions from best to worst, ties by place."""
    return np.lexsort((rows, -scores))
