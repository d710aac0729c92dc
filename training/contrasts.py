"""Contrasts: to one question three sentences, of which one answers yes, one no, and one with a condition.

Beside a policy each question has one sentence that answers it, and a network that learns the question by heart needs not read
the sentence. Here the question says nothing about the verdict (Kaushik, Hovy and Lipton 2020, "Learning the difference that
makes a difference with counterfactually-augmented data"). The sentences stand in no policy, so that only verdicts are learnt
from them.
"""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eval.collection import Row
from eval.shape import TEXT, fields, rows_of, shape_checker
from training.examples import is_held_out, read_rows
from training.pieces import Asked, Pieces

PATH = pathlib.Path(__file__).parent / "contrasts.jsonl"
SOURCE = "contrasts"
# What a line has a sentence for.
VERDICTS = ("yes", "no", "conditional")
# Words of a sentence, at most.
LONGEST = 80
_shape = shape_checker(fields({"question": TEXT, "paraphrases": rows_of(TEXT)}))


def read_contrasts(tokenizer: Any, path: pathlib.Path = PATH) -> list[Pieces]:
    """The contrasts of a file in word pieces, each a lesson of three sentences, some kept for validation.

    A line has a "question", its "paraphrases", and for each verdict a sentence, or the line that stands above it and the sentence.
    Raises PolicyError, which names every line that is not as it should be.
    """
    rows = contrast_rows(path)
    texts = [text for row in rows for text in (*(text for verdict in VERDICTS for text in _pair(row[verdict])), row["question"], *row["paraphrases"])]
    ids = iter(tokenizer(texts, add_special_tokens=False)["input_ids"]) if texts else iter(())
    return [_lesson(row, ids) for row in rows]


def contrast_rows(path: pathlib.Path = PATH) -> list[Row]:
    """The lines of a file of contrasts. Raises PolicyError, which names every line that is not as it should be."""
    return read_rows(path, problems_of)


def _pair(value: str | list[str]) -> tuple[str, str]:
    """What stands above a sentence, and the sentence."""
    above, sentence = ["", value] if isinstance(value, str) else value
    return above, sentence


def _lesson(row: Mapping[str, Any], ids: Iterator[list[int]]) -> Pieces:
    parts: list[tuple[list[int], list[int], list[int]]] = [([], next(ids), next(ids)) for _ in VERDICTS]
    wordings = [next(ids) for _ in (row["question"], *row["paraphrases"])]
    questions = [Asked(wording, [place], [], verdict, place) for place, verdict in enumerate(VERDICTS) for wording in wordings]
    contexts = [[*above, *sentence] for _, above, sentence in parts]
    return Pieces(f"{SOURCE}/{row['question']}", SOURCE, SOURCE, is_held_out(row["question"]), contexts, parts, questions)


def problems_of(row: Mapping[str, Any]) -> list[str]:
    """Say in words what is wrong with one line; an empty list means nothing is."""
    if wrong := _shape(row):
        return wrong
    found = [f"a wording is {text!r}, expected words" for text in (row["question"], *row["paraphrases"]) if not text.strip()]
    for verdict in VERDICTS:
        value = row.get(verdict)
        texts: Sequence[Any] = value if isinstance(value, list) and len(value) == 2 else [value]
        if not all(isinstance(text, str) and 0 < len(text.split()) <= LONGEST for text in texts):
            found.append(f"what says {verdict} is {str(value)[:60]!r}, expected 1 to {LONGEST} words, or a pair of such texts")
    if len({json.dumps(row.get(verdict)) for verdict in VERDICTS}) < len(VERDICTS):
        found.append("two of its sentences are the same")
    return found
