"""The sentences that a question is read with: those that answer, those that only seem to, and those that the encoder takes for answers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pathlib
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from index.network import network_id
from training.base import DEVICE, encode_all
from training.pieces import Asked, Pieces

# Sentences that the encoder puts first and that may be read with a question.
DEPTH = 24
# Word pieces that the encoder reads of a sentence and of a question.
SENTENCE, QUESTION = 160, 64
# What was embedded is kept between trainings; it can be deleted at any time.
CACHE = pathlib.Path(".training")

Floats = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class Studied:
    """A lesson with the encoder's vectors of its sentences [n, d] and questions [q, d], and its order of the sentences, int64 [q, DEPTH or fewer]."""

    lesson: Pieces
    vectors: Floats
    asked: Floats
    nearest: npt.NDArray[np.int64]


def study(lessons: Sequence[Pieces], network: Any, adapter: pathlib.Path, ends: tuple[int, int]) -> list[Studied]:
    """Embed lessons with a network into which an adapter was merged, or read from CACHE what was embedded before."""
    found = []
    for lesson in lessons:
        questions = [question.ids for question in lesson.questions]
        key = json.dumps([network_id(adapter), ends, lesson.contexts, questions]).encode()
        path = CACHE / f"{hashlib.blake2b(key, digest_size=16).hexdigest()}.npz"
        if DEVICE.type != "cpu" or not path.exists():
            with torch.inference_mode():
                texts, asked = ((lesson.contexts, SENTENCE), (questions, QUESTION))
                vectors, queries = (encode_all(network, ids, ends, longest).cpu().numpy() for ids, longest in (texts, asked))
            if DEVICE.type == "cpu":  # elsewhere it takes no time
                CACHE.mkdir(parents=True, exist_ok=True)
                np.savez(path, vectors=vectors, asked=queries)
        else:
            with np.load(path, allow_pickle=False) as kept:
                vectors, queries = kept["vectors"], kept["asked"]
        found.append(Studied(lesson, vectors, queries, nearest(queries, vectors)))
    return found


def nearest(asked: Floats, vectors: Floats) -> npt.NDArray[np.int64]:
    """The rows of the vectors nearest to each question, best first, int64 [questions, DEPTH or fewer]."""
    return np.argsort(-(asked @ vectors.T), axis=1, kind="stable")[:, :DEPTH]


def choose(question: Asked, order: npt.NDArray[np.int64], count: int, generator: random.Random) -> tuple[list[int], int]:
    """Rows to read with a question, at most `count`, and how many of them, from the first, answer.

    The nearer the encoder puts a sentence, the likelier it is chosen.
    """
    evidence = question.evidence[:1] + generator.sample(question.evidence[1:], min(1, len(question.evidence) - 1)) if question.evidence else []
    near = generator.sample(question.near, min(2, len(question.near)))
    hard = [int(row) for row in order if int(row) not in question.evidence and int(row) not in near]
    chosen = sorted(range(len(hard)), key=lambda place: generator.random() * (place + 2))[: max(0, count - len(evidence) - len(near))]
    return [*evidence, *near, *(hard[place] for place in chosen)], len(evidence)
