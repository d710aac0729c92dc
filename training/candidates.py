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
from training.base import encode_all
from training.pieces import Asked, Ids, Pieces

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
    paths = [CACHE / f"{hashlib.blake2b(_key(lesson, adapter, ends), digest_size=16).hexdigest()}.npz" for lesson in lessons]
    missing = [number for number, path in enumerate(paths) if not path.exists()]
    vectors = _embed([lessons[number].contexts for number in missing], network, ends, SENTENCE)
    asked = _embed([[question.ids for question in lessons[number].questions] for number in missing], network, ends, QUESTION)
    CACHE.mkdir(parents=True, exist_ok=True)
    for number, found, queries in zip(missing, vectors, asked, strict=True):
        np.savez(paths[number], vectors=found, asked=queries)
    studied = []
    for lesson, path in zip(lessons, paths, strict=True):
        with np.load(path, allow_pickle=False) as kept:
            found, queries = kept["vectors"], kept["asked"]
        studied.append(Studied(lesson, found, queries, nearest(queries, found)))
    return studied


def _key(lesson: Pieces, adapter: pathlib.Path, ends: tuple[int, int]) -> bytes:
    return json.dumps([network_id(adapter), ends, lesson.contexts, [question.ids for question in lesson.questions]]).encode()


def _embed(texts: Sequence[Sequence[Ids]], network: Any, ends: tuple[int, int], longest: int) -> list[Floats]:
    """The vectors of many lists of texts, embedded together."""
    everything = [ids for group in texts for ids in group]
    if not everything:
        return [np.zeros((0, 0), np.float32) for _ in texts]
    with torch.inference_mode():
        vectors = encode_all(network, everything, ends, longest).cpu().numpy()
    bounds = np.cumsum([len(group) for group in texts])[:-1]
    return [np.ascontiguousarray(found) for found in np.split(vectors, bounds)]


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
