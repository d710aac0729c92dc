"""What a visitor has asked so far, and the citation that is open beside it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping, Sequence

from answer import Answer, Verdict, ask
from index import Hit, Index
from ingest import Document, Passage, Span

# Nearest passages shown where nothing answers.
NEAREST = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, and the documents that it quotes as they were when it was asked."""

    question: str
    given: tuple[str, ...]
    answer: Answer
    documents: Mapping[str, Document]
    seconds: float
    index_id: str

    def citations(self) -> Iterator[tuple[int, Hit]]:
        """The citations with their numbers, in the order in which they are shown; those of an abstention are its nearest passages."""
        if self.answer.abstained:
            yield from enumerate(self.answer.considered[:NEAREST], 1)
            return
        spoken = (finding for finding in self.answer.findings if finding.verdict is not Verdict.SILENT)
        yield from enumerate((hit for finding in spoken for hit in finding.citations), 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """A place in a policy that is open for reading; `turn` and `number` say which citation led there, where one did."""

    document: Document
    span: Span
    turn: int = -1
    number: int = 0
    before: int = 0
    after: int = 0


def ask_turn(index: Index, question: str, given: Sequence[str]) -> Turn:
    """Ask, and keep with the answer what it quotes. Raises PolicyError as `ask` does."""
    started = time.perf_counter()
    answer = ask(index, question, given)
    seconds = time.perf_counter() - started
    cited = [hit for finding in answer.findings for hit in finding.citations] + list(answer.considered[:NEAREST])
    documents = {hit.passage.span.document_id: index.document(hit.passage.span.document_id) for hit in cited}
    return Turn(question, tuple(given), answer, documents, seconds, index.id)


def open_citation(turns: Sequence[Turn], turn: int, number: int) -> Opened | None:
    """The place that a citation of an answer stands at; None where there is no such citation or its document is gone."""
    if not 0 <= turn < len(turns):
        return None
    hit = dict(turns[turn].citations()).get(number)
    document = turns[turn].documents.get(hit.passage.span.document_id) if hit else None
    if hit is None or document is None or not stands(hit.passage, document):
        return None
    return Opened(document, hit.passage.span, turn, number)


def stands(passage: Passage, document: Document) -> bool:
    """Whether a passage's characters stand at its place in this document. Nothing is marked where they don't."""
    return document.text[passage.span.start : passage.span.end] == passage.text


def place_from_link(index: Index, document_id: str, start: str, end: str) -> Opened | None:
    """The place that a shared link points to; None where there is no such place (any more)."""
    document = next((document for document in index.documents if document.id == document_id), None)
    if document is None or not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return None
    left, right = int(start), int(end)
    return Opened(document, Span(document_id, left, right)) if left < right <= len(document.text) else None
