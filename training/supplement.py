"""Public data sets as lessons, where somebody has them: a folder each, with `corpus.jsonl` and `questions.jsonl`. Nothing of them is kept here."""

from __future__ import annotations

import dataclasses
import json
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any

from ingest import Document, Passage, Span, read_corpus, split_sentences
from training.examples import UNKNOWN, Lesson, Question

# A longer document is cut into stretches of this many sentences, each with the questions that it answers.
MOST_SENTENCES = 160
# Fewer words are what is left of a conversation ("yes", "what about that").
FEWEST_WORDS = 5
# Evidence of more sentences than this doesn't say which of them answers.
MOST_EVIDENCE = 3


def read_supplement(folder: pathlib.Path) -> list[Lesson]:
    """The documents of a folder that have questions."""
    documents = {document.id: document for document in read_corpus(folder).documents}
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["doc_id"] in documents and len(row["question"].split()) >= FEWEST_WORDS and row.get("first_turn", True):
            rows.setdefault(row["doc_id"], []).append(row)
    return [lesson for name in sorted(rows) for lesson in _stretches(folder, documents[name], rows[name])]


def _stretches(folder: pathlib.Path, document: Document, rows: list[Mapping[str, Any]]) -> Iterator[Lesson]:
    """A document as one lesson or, where it is long, several; a question that isn't answered is asked of the first."""
    sentences = tuple(split_sentences(document))
    questions = tuple(_questions(rows, document, sentences))
    for start in range(0, len(sentences), MOST_SENTENCES):
        end = min(start + MOST_SENTENCES, len(sentences))
        asked = tuple(
            dataclasses.replace(question, evidence=tuple(row - start for row in question.evidence))
            for question in questions
            if all(start <= row < end for row in question.evidence) and (question.evidence or not start)
        )
        if asked:
            yield Lesson(f"{folder.name}/{document.id}#{start}", folder / "corpus.jsonl", sentences[start:end], asked)


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
