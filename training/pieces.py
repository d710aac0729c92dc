"""Lessons cut into word pieces once, as both trainers read them; they can be packed with the base network for a machine that has only torch."""

from __future__ import annotations

import dataclasses
import gzip
import json
import pathlib
from collections.abc import Sequence
from typing import Any

from index.network import load_transformer, reading_of
from training.examples import Lesson

LESSONS = "lessons.jsonl.gz"
BASE = "base"
ENDS = "ends.json"

Ids = list[int]


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """One wording of a question: its word pieces, the rows that answer and that only seem to, its stance, and the question's number."""

    ids: Ids
    evidence: list[int]
    near: list[int]
    stance: str | None
    row: int


@dataclasses.dataclass(frozen=True, slots=True)
class Pieces:
    """A lesson in word pieces: each sentence in context for the encoder, and as (above, before, itself) for the reader.

    `source` says whose it is ("own", or the folder of a public or development set); `held_out` that nothing is learnt from it.
    """

    name: str
    family: str
    source: str
    held_out: bool
    contexts: list[Ids]
    parts: list[tuple[Ids, Ids, Ids]]
    questions: list[Asked]


def wordings_of(lesson: Pieces) -> list[list[int]]:
    """For each question of a lesson the places of its wordings, the first of them first."""
    found: dict[int, list[int]] = {}
    for place, question in enumerate(lesson.questions):
        found.setdefault(question.row, []).append(place)
    return list(found.values())


def cut(lesson: Lesson, tokenizer: Any, source: str = "own", held_out: bool | None = None) -> Pieces:
    """A lesson's word pieces, without those that stand at the ends of an input."""

    def ids(texts: list[str]) -> list[Ids]:
        return list(tokenizer(texts, add_special_tokens=False)["input_ids"]) if texts else []

    readings = [reading_of(sentence, lesson.sentences[number - 1] if number else None) for number, sentence in enumerate(lesson.sentences)]
    flat = ids([part for reading in readings for part in reading])
    parts = [(flat[3 * n], flat[3 * n + 1], flat[3 * n + 2]) for n in range(len(readings))]
    contexts = ids([sentence.in_context for sentence in lesson.sentences])
    asked = ids([question.text for question in lesson.questions])
    questions = [
        Asked(pieces, list(question.evidence), list(question.near), question.stance, question.row)
        for pieces, question in zip(asked, lesson.questions, strict=True)
    ]
    held = lesson.held_out if held_out is None else held_out
    return Pieces(lesson.name, lesson.family, source, held, contexts, parts, questions)


def ends_of(tokenizer: Any) -> tuple[int, int]:
    """The tokens [CLS] and [SEP]."""
    return tokenizer.cls_token_id, tokenizer.sep_token_id


def pack(folder: pathlib.Path, lessons: Sequence[Pieces], base: pathlib.Path) -> None:
    """Write lessons and the base network with only the words that they use, in 16 bits: a third of its size."""
    model, tokenizer = load_transformer(base)
    used = {0, *ends_of(tokenizer)}
    for lesson in lessons:
        for ids in (*lesson.contexts, *(part for parts in lesson.parts for part in parts), *(question.ids for question in lesson.questions)):
            used.update(ids)
    kept = sorted(used)
    place = {word: number for number, word in enumerate(kept)}

    def moved(value: Any) -> Any:
        return [moved(entry) for entry in value] if isinstance(value, (list, tuple)) else place[value]

    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / LESSONS, "wt", encoding="utf-8") as file:
        for lesson in lessons:
            questions = [{**dataclasses.asdict(question), "ids": moved(question.ids)} for question in lesson.questions]
            row = {"name": lesson.name, "family": lesson.family, "source": lesson.source, "held_out": lesson.held_out, "questions": questions}
            file.write(json.dumps({**row, "contexts": moved(lesson.contexts), "parts": moved(lesson.parts)}, separators=(",", ":")) + "\n")
    embeddings = model.get_input_embeddings().weight.data[kept].clone()
    model.resize_token_embeddings(len(kept))
    model.get_input_embeddings().weight.data.copy_(embeddings)
    model.half().save_pretrained(folder / BASE)
    (folder / ENDS).write_text(json.dumps(moved(ends_of(tokenizer))) + "\n", "utf-8")


def unpack(folder: pathlib.Path) -> tuple[list[Pieces], tuple[int, int]]:
    """What `pack` wrote but for the network, which lies in `folder / BASE`."""
    lessons = []
    with gzip.open(folder / LESSONS, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            row["parts"] = [tuple(parts) for parts in row["parts"]]
            row["questions"] = [Asked(**question) for question in row["questions"]]
            lessons.append(Pieces(**row))
    cls, sep = json.loads((folder / ENDS).read_text("utf-8"))
    return lessons, (cls, sep)
