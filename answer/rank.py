"""Put sentences in the order in which they answer: what the index knows of each, weighted, then what a reader makes of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index import Candidates

# Learnt on training policies by python -m training.weights; each is the weight of one part of a sentence's score.
DENSE = 1.0
CHUNK = 0.2
LEXICAL = 0.15
NEIGHBOUR = 0.15
# BM25 scores grow with the question's length and rarity; saturated, they stay comparable with cosines.
LEXICAL_HALF = 6.0

Scores = npt.NDArray[np.float32]


def score(candidates: Candidates) -> Scores:
    """One number a candidate, higher is better, roughly a cosine: float32 [n]."""
    lexical = candidates.lexical / (candidates.lexical + LEXICAL_HALF)
    neighbour = np.maximum(candidates.neighbour - candidates.dense, 0.0)
    return np.asarray(DENSE * candidates.dense + CHUNK * candidates.chunk + LEXICAL * lexical + NEIGHBOUR * neighbour, np.float32)


def order(scores: Scores, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Positions from best to worst, ties by place."""
    return np.lexsort((rows, -scores))
