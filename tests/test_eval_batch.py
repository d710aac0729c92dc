"""Embedding in batches: the same vectors, and none of them twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from answer import Pair
from conftest import WordEncoder
from eval.batch import BatchEncoder, BatchReader, Collector


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


class CountingReader:
    """Says how long the question and the sentence are, and keeps what it was asked for."""

    name = "lengths"

    def __init__(self) -> None:
        self.asked: list[list[Pair]] = []

    def read(self, pairs: Sequence[Pair]) -> np.ndarray:
        self.asked.append(list(pairs))
        return np.asarray([[len(pair[0]), len(pair[3]), 0, 0, 0] for pair in pairs], np.float32).reshape(-1, 5)


def test_what_is_ready_is_not_read_again() -> None:
    pairs = [("who?", "", "", "Paylane does."), ("who?", "Cookies", "", "We use cookies."), ("why?", "", "", "Paylane does.")]
    inner = CountingReader()
    reader = BatchReader(inner)
    reader.prepare([pairs[0], pairs[1], pairs[0]])
    reader.prepare(pairs[:2])
    assert reader.read(pairs)[:, :2].tolist() == [[4, 13], [4, 15], [4, 13]]
    assert reader.read(pairs[:2])[:, 1].tolist() == [13, 15]
    assert inner.asked == [pairs[:2], [], [pairs[2]]]
    assert reader.name == "lengths"


def test_the_collector_takes_note_of_what_would_be_read() -> None:
    collector = Collector()
    assert collector.read([("who?", "", "", "Paylane does.")]).tolist() == [[0, 0, 0, 0, 0]]
    assert collector.pairs == [("who?", "", "", "Paylane does.")]
