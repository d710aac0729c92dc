"""Embedding in batches: the same vectors, and none of them twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from conftest import WordEncoder
from eval.batch import BatchEncoder


class CountingEncoder(WordEncoder):
    """Keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.asked.append(list(texts))
        return super().encode(texts)


def test_what_is_ready_is_not_embedded_again() -> None:
    inner = CountingEncoder()
    encoder = BatchEncoder(inner)
    encoder.prepare(["who pays?", "who handles payments?", "who pays?"])
    encoder.prepare(["who pays?"])
    vector, other = encoder.encode(["who pays?"]), encoder.encode(["who sells?"])
    assert inner.asked == [["who handles payments?", "who pays?"], ["who sells?"]]
    assert encoder.name == "words"
    assert np.array_equal(vector, inner.encode(["who pays?"]))
    assert vector.shape == other.shape == (1, 2048)
    assert BatchEncoder(inner, encoder.ready).encode(["who pays?"]).tolist() == vector.tolist()
