"""Public data sets as lessons, where somebody has them: a folder each, with `corpus.jsonl` and `questions.jsonl`. Nothing of them is kept here."""

from __future__ import annotations

import json
import pathlib
import random
from collections.abc import Iterator, Mapping
from typing import Any

from ingest import Document, Passage, Span, read_corpus, split_sentences
from training.examples import UNKNOWN, Lesson, Question

# Questions taken of one folder at most, so that the project's own outweigh them.
MOST = 1800
# A document of more sentences takes longer to embed than its questions are worth.
MOST_SENTENCES = 300
# Fewer words are what is left of a conversation ("yes", "what about that").
FEWEST_WORDS = 5
# Evidence of more sentences than this doesn't say which of them answers.
MOST_EVIDENCE = 3


def read_supplement(folder: pathlib.Path, seed: int) -> list[Lesson]:
    """The documents of a folder that have questions, and at most MOST of these; all of a document's questions or none."""
    documents = {document.id: document for document in read_corpus(folder).documents}
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["doc_id"] in documents and len(row["question"].split()) >= FEWEST_WORDS and row.get("first_turn", True):
            rows.setdefault(row["doc_id"], []).append(row)
    names = sorted(rows)
    random.Random(seed).shuffle(names)
    lessons, count = [], 0
    for name in names:
        sentences = tuple(split_sentences(documents[name]))
        questions = tuple(_questions(rows[name], documents[name], sentences))
        if questions and count < MOST and len(sentences) <= MOST_SENTENCES:
            lessons.append(Lesson(f"{folder.name}/{name}", folder / "corpus.jsonl", sentences, questions))
            count += len(questions)
    return lessons


def _questions(rows: list[Mapping[str, Any]], document: Document, sentences: tuple[Passage, ...]) -> Iterator[Question]:
    starts = [sentence.span.start for sentence in sentences]
    for line, row in enumerate(rows):
        found: list[int] = []
        for piece in row["evidence"]:
            span = Span(document.id, piece["start"], piece["end"])
            found += [number for number, start in enumerate(starts) if start < span.end and span.shares_half(sentences[number].span)]
        evidence = tuple(dict.fromkeys(found))
        if row["answerable"] == bool(evidence) and len(evidence) <= MOST_EVIDENCE:
            yield Question(row["question"], evidence, (), None, UNKNOWN if evidence else "unanswerable", line)
