"""Public data sets as lessons, where somebody has them: a folder each, with `corpus.jsonl` and `questions.jsonl`. Nothing of them is kept here."""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any

from eval.collection import Row
from eval.shape import OFFSET, TEXT, fields, rows_of, shape_checker
from ingest import Document, Passage, PolicyError, Span, read_corpus, split_sentences
from training.examples import TEST, UNKNOWN, Lesson, Question, read_rows, rows_in

# Questions that were written for this project to documents of public sets: where they are answered, but not a word of the documents.
WRITTEN = pathlib.Path(__file__).parent / "written"
# A longer document is cut into stretches of this many sentences, each with the questions that it answers.
MOST_SENTENCES = 160
# Fewer words are what is left of a conversation ("yes", "what about that").
FEWEST_WORDS = 5
# Evidence of more sentences than this doesn't say which of them answers.
MOST_EVIDENCE = 3
_FLAG, _TEXT_OR_NONE = {"type": "boolean"}, {"type": ["string", "null"]}
_EVIDENCE = rows_of(fields({"start": OFFSET, "end": OFFSET}))
_shape = shape_checker(
    fields({"doc_id": _TEXT_OR_NONE, "question": TEXT, "answerable": _FLAG, "evidence": _EVIDENCE}, first_turn=_FLAG, split=_TEXT_OR_NONE)
)


def read_supplement(folder: pathlib.Path) -> list[Lesson]:
    """The documents of a folder that have questions; those of a test split are left out. Raises PolicyError for what is no such folder."""
    documents = {document.id: document for document in read_corpus(folder).documents}
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in read_rows(folder / "questions.jsonl", _shape):
        whole = len(row["question"].split()) >= FEWEST_WORDS and row.get("first_turn", True)
        if row["doc_id"] in documents and whole and row.get("split") != TEST:
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


def read_written(folder: pathlib.Path) -> list[Lesson]:
    """Stretches of a public set's documents with the questions that were written for this project to them, kept in WRITTEN by offset.

    Empty where nothing was written to the folder. Raises PolicyError where the folder's texts are not those that were written to.
    """
    path = WRITTEN / f"{folder.name}.jsonl"
    if not path.exists():
        return []
    documents = {document.id: document for document in read_corpus(folder).documents}
    rows: dict[tuple[str, int, int], list[Row]] = {}
    for row in read_rows(path):
        rows.setdefault((row["doc_id"], *row["stretch"]), []).append(row)
    lessons = []
    for (name, start, end), asked in rows.items():
        digest = digest_of(documents[name].text[start:end]) if name in documents else "missing"
        if digest != asked[0]["sha256"]:
            raise PolicyError(f"{folder}: the text of {name} is {digest}, expected {asked[0]['sha256']} as in {path}; get the set's own version")
        document = documents[name]
        sentences = tuple(sentence for sentence in split_sentences(document) if start <= sentence.span.start and sentence.span.end <= end)
        questions = []
        for number, row in enumerate(asked):
            evidence, near = (_rows_at(row[kind], document, sentences) for kind in ("evidence", "near"))
            if bool(evidence) == bool(row["evidence"]):
                found = (evidence, tuple(place for place in near if place not in evidence), row.get("verdict"), row["kind"], number)
                questions += [Question(text, *found) for text in (row["question"], *row["paraphrases"])]
        lessons.append(Lesson(stretch_name(folder, name, start, end), folder / "corpus.jsonl", sentences, tuple(questions)))
    return lessons


def stretch_name(folder: pathlib.Path, document: str, start: int, end: int) -> str:
    """What a stretch of a document is called among the lessons."""
    return f"{folder.name}/{document}#{start}-{end}"


def digest_of(text: str) -> str:
    """By what a stretch that was written to is known again: the first twelve hexadecimal digits of its sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _rows_at(spans: list[list[int]], document: Document, sentences: tuple[Passage, ...]) -> tuple[int, ...]:
    """The sentences of some stretches of the document, given as (start, end), in their order."""
    return tuple(dict.fromkeys(number for start, end in spans for number in rows_in(Span(document.id, start, end), sentences)))


def _questions(rows: list[Mapping[str, Any]], document: Document, sentences: tuple[Passage, ...]) -> Iterator[Question]:
    for line, row in enumerate(rows):
        evidence = _rows_at([[piece["start"], piece["end"]] for piece in row["evidence"]], document, sentences)
        if row["answerable"] == bool(evidence) and len(evidence) <= MOST_EVIDENCE:
            yield Question(row["question"], evidence, (), None, UNKNOWN if evidence else "unanswerable", line)
