"""The sentences that a question is read with: those that answer, those that only seem to, and those that the encoder takes for answers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pathlib
import random

import numpy as np
import numpy.typing as npt
import torch

from index import Encoder
from training.examples import Lesson, Question

# Sentences that the encoder puts first and that may be read with a question.
DEPTH = 24
# What was embedded is kept between trainings; it can be deleted at any time.
CACHE = pathlib.Path(".training")


@dataclasses.dataclass(frozen=True, slots=True)
class Studied:
    """A lesson with the encoder's order of its sentences for each question: int64 [questions, DEPTH] and the vectors [n, d] for others."""

    lesson: Lesson
    nearest: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float32]


def study(lesson: Lesson, encoder: Encoder) -> tuple[Studied, npt.NDArray[np.float32]]:
    """Embed a lesson, or read from CACHE what was embedded before; gives the vectors of its questions besides."""
    texts = [sentence.in_context for sentence in lesson.sentences]
    questions = [question.text for question in lesson.questions]
    path = CACHE / f"{hashlib.blake2b(json.dumps([encoder.name, texts, questions]).encode(), digest_size=16).hexdigest()}.npz"
    if not path.exists():
        with torch.autocast("cpu", torch.bfloat16):  # twice as fast where there are instructions for it, and near enough for an order
            found = {"vectors": encoder.encode(texts), "asked": encoder.encode(questions)}
        CACHE.mkdir(parents=True, exist_ok=True)
        np.savez(path, vectors=found["vectors"], asked=found["asked"])
    with np.load(path, allow_pickle=False) as kept:
        vectors, asked = kept["vectors"], kept["asked"]
    return Studied(lesson, nearest(asked, vectors), vectors), asked


def nearest(asked: npt.NDArray[np.float32], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """The rows of the vectors nearest to each question, best first, int64 [questions, DEPTH or fewer]."""
    return np.argsort(-(asked @ vectors.T), axis=1, kind="stable")[:, :DEPTH]


def choose(question: Question, order: npt.NDArray[np.int64], count: int, generator: random.Random) -> tuple[list[int], int]:
    """Rows to read with a question, at most `count`, and how many of them, from the first, answer.

    The nearer the encoder puts a sentence, the likelier it is chosen.
    """
    evidence = list(question.evidence[:1]) + generator.sample(question.evidence[1:], min(1, len(question.evidence) - 1)) if question.evidence else []
    near = generator.sample(question.near, min(2, len(question.near)))
    hard = [int(row) for row in order if int(row) not in question.evidence and int(row) not in near]
    chosen = sorted(range(len(hard)), key=lambda place: generator.random() * (place + 2))[: max(0, count - len(evidence) - len(near))]
    return [*evidence, *near, *(hard[place] for place in chosen)], len(evidence)
