"""Read the nearest sentences together with the question: whether each answers, and with yes, no or a condition."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from answer.calibration import Calibration
from index import CrossEncoder, Index, load_reader, load_stances, reading_of

# Of several policies, sentences read of all of them together, and of each at least; 40 or 64 answered no more development questions.
READ_TOGETHER = 24
READ_EACH = 2

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


# A question, what stands above a sentence, what stands before it, and the sentence.
Pair = tuple[str, str, str, str]


class Reader(Protocol):
    """What reads pairs: see `index.CrossEncoder`."""

    name: str

    def read(self, pairs: Sequence[Pair]) -> Floats:
        """Log-odds of answering, and logits of yes, no, conditional and states, float32 [n, 5]."""
        ...


@functools.cache
def the_reader() -> CrossEncoder:
    """The committed reader, loaded once; threads share it."""
    return load_reader()


@functools.cache
def the_stances() -> CrossEncoder:
    """The committed network for verdicts, loaded once; threads share it."""
    return load_stances()


def choose_read(nearness: Sequence[Floats], count: int) -> list[Ints]:
    """For each policy the places of the sentences to read, best first: `count` of one, READ_TOGETHER of several, READ_EACH at least."""
    orders = [np.argsort(-scores, kind="stable") for scores in nearness]
    if len(nearness) == 1:
        return [orders[0][:count]]
    kept = [order[:READ_EACH] for order in orders]
    left = READ_TOGETHER - sum(len(order) for order in kept)
    others = sorted((-float(nearness[number][place]), number, int(place)) for number, order in enumerate(orders) for place in order[READ_EACH:count])
    for _, number, place in others[: max(0, left)]:
        kept[number] = np.append(kept[number], place)
    return kept


def read_pools(
    index: Index, reader: Reader, question: str, pools: Sequence[Ints], nearness: Sequence[Floats], calibration: Calibration
) -> list[tuple[Floats, Floats]]:
    """For each policy's rows, with their nearness [n]: scores [n], and the reader's outputs [n, 5], NaN where a sentence was not read."""
    chosen = choose_read(nearness, calibration.read)
    rows = np.concatenate([pool[places] for pool, places in zip(pools, chosen, strict=True)])
    outputs = reader.read(pairs_of(index, question, rows))
    found, start = [], 0
    for scores, places in zip(nearness, chosen, strict=True):
        read = np.full((len(scores), outputs.shape[1]), np.nan, np.float32)
        read[places] = outputs[start : start + len(places)]
        start += len(places)
        found.append((combine(scores, read[:, 0], calibration.near), read))
    return found


def pairs_of(index: Index, question: str, rows: Ints) -> list[Pair]:
    """A question with sentences by row, as the reader reads them."""
    return [(question, *reading_of(index.passage(int(row)), index.passage(int(row) - 1) if row else None)) for row in rows]


def combine(nearness: Floats, odds: Floats, near: float) -> Floats:
    """Scores [n]: log-odds and weighted nearness of what was read; what was not (NaN) follows, in the order of nearness."""
    if not len(odds):
        return nearness
    scores = odds + near * nearness
    unread = np.isnan(odds)
    last = nearness[~unread].min()
    return np.where(unread, np.nanmin(scores) - 1.0 + near * (nearness - last), scores).astype(np.float32)
