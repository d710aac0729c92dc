"""Training examples: policies written for training, their sentences, and questions whose evidence is known by sentence."""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from eval.collection import Row, read_lines
from ingest import Document, Passage, Span, raise_problems, read_bytes, split_sentences

DATA = pathlib.Path(__file__).parent / "data"
# One policy in this many is held out of training, chosen by a hash of its name: nothing is fitted on its questions but thresholds.
HELD_OUT = 10
# The split of questions that no choice may rest on.
TEST = "test"
# The kind of questions of which nobody said it.
UNKNOWN = "unknown"
# What shares less than this with a quotation, of what another sentence shares with it, is a label in it.
LABEL_SHARE = 0.25
FAMILIES = {
    "company": "work",
    "doc2dial_dev": "services",
    "courses": "courses",
    "courses_late": "courses",
    "courses_plain": "courses",
    "courses_untidy": "courses",
    "handbook": "work",
    "handbook_formal": "work",
    "handbook_late": "work",
    "handbook_open": "work",
    "legal_privacy": "privacy",
    "mixed_privacy": "privacy",
    "privacy_apps": "privacy",
    "privacy_late": "privacy",
    "privacy_sites": "privacy",
    "privacy_small": "privacy",
    "privacy_web": "privacy",
    "public_rules": "services",
    "rules_late": "services",
    "reader_mixed": "services",
    "reader_privacy": "privacy",
    "reader_workplace": "work",
    "security": "work",
    "services": "services",
    "syllabi": "courses",
    "tosdr_dev": "privacy",
    "work_mixed": "work",
    "work_open": "work",
    "work_plain": "work",
    "work_people": "work",
    "work_public": "work",
    "work_systems": "work",
    "work_tech": "work",
    "workplace": "work",
    "workplace_two": "work",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """A question to one policy: the rows of the sentences that answer it (best first), and of those that only seem to.

    Wordings of one question share their `row`, the line that they come from.
    """

    text: str
    evidence: tuple[int, ...]
    near: tuple[int, ...]
    verdict: str | None
    kind: str
    row: int = 0

    @property
    def answerable(self) -> bool:
        """Whether the policy answers it."""
        return bool(self.evidence)

    @property
    def stance(self) -> str | None:
        """What its evidence says: a verdict, or states; None where there is none, or nobody knows whether yes or no was asked."""
        return (self.verdict or "states") if self.evidence and self.kind != UNKNOWN else None


@dataclasses.dataclass(frozen=True, slots=True)
class Lesson:
    """One policy with all its sentences, in order, and the questions to it."""

    name: str
    path: pathlib.Path
    sentences: tuple[Passage, ...]
    questions: tuple[Question, ...]

    @property
    def family(self) -> str:
        """What the policy is about, by the folder it lies in; policies of two families answer none of each other's questions."""
        return FAMILIES.get(self.name.split("/")[0], self.name.split("/")[0])

    @property
    def held_out(self) -> bool:
        """Whether the lesson is kept for validation."""
        return is_held_out(self.name)


def is_held_out(name: str) -> bool:
    """Whether what has this name is kept for validation: one in HELD_OUT."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % HELD_OUT == 0


def read_rows(path: pathlib.Path, check: Callable[[Row], list[str]] = lambda _: []) -> list[Row]:
    """The rows of a file of JSON lines. Raises one PolicyError with everything that is wrong, by JSON and by `check`."""
    problems: list[str] = []
    rows = [row for _, row in read_lines(path, check, problems)]
    raise_problems(problems, f"in {path}")
    return rows


def read_lessons(folder: pathlib.Path = DATA) -> list[Lesson]:
    """Every policy under `folder` that has questions beside it, in the order of their names."""
    lessons = []
    for path in sorted(folder.rglob("*.jsonl")):
        text_path = next(candidate for candidate in (path.with_suffix(".md"), path.with_suffix(".txt")) if candidate.exists())
        name = path.relative_to(folder).with_suffix("").as_posix()
        document = read_bytes(text_path.read_bytes(), f"{name}{text_path.suffix}")
        sentences = tuple(split_sentences(document))
        lessons.append(Lesson(name, text_path, sentences, tuple(_questions(read_rows(path), document, sentences))))
    return lessons


def _questions(rows: Sequence[Mapping[str, Any]], document: Document, sentences: tuple[Passage, ...]) -> Iterator[Question]:
    for line, row in enumerate(rows):
        evidence = tuple(dict.fromkeys(number for quote in row["evidence"] for number in rows_of(quote, document, sentences)))
        near = tuple(number for quote in row.get("near", []) for number in rows_of(quote, document, sentences) if number not in evidence)
        if row["evidence"] and not evidence:
            continue  # the evidence is a heading
        for text in (row["question"], *row.get("paraphrases", [])):
            yield Question(text, evidence, near, row.get("verdict"), row["kind"], line)


def rows_of(quote: str, document: Document, sentences: tuple[Passage, ...]) -> list[int]:
    """The sentences that a quotation is made of, wherever it stands."""
    found = []
    start = document.text.find(quote)
    while start >= 0:
        found += rows_in(Span(document.id, start, start + len(quote)), sentences)
        start = document.text.find(quote, start + 1)
    return found


def rows_in(span: Span, sentences: tuple[Passage, ...]) -> list[int]:
    """The sentences that share at least half of the shorter of the two with a stretch of their document, the one that shares most first.

    A label at the head of a sentence ("**Cameras.** They record …") is not what answers, so the least pieces are left out.
    """
    shared = {number: span.overlap(sentence.span) for number, sentence in enumerate(sentences) if span.shares_half(sentence.span)}
    most = max(shared.values(), default=0)
    return sorted((number for number in shared if shared[number] >= LABEL_SHARE * most), key=lambda number: -shared[number])
