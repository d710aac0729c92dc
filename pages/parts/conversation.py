"""What a visitor has asked so far, and the citation that is open beside it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping, Sequence

from answer import Answer, Prose, Verdict, ask, compose, rewrite
from index import Hit, Index
from ingest import Document, PolicyError, Span

# Nearest passages shown where nothing answers.
NEAREST = 3
MOVED = "This policy has changed since the question was asked. The same words now stand here."


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, and the documents that it quotes as they were when it was asked."""

    question: str
    given: tuple[str, ...]
    answer: Answer
    documents: Mapping[str, Document]
    seconds: float
    index_id: str
    prose: Prose | None = None

    def document(self, document_id: str) -> Document:
        """A document that the answer quotes. Raises KeyError where it is none, or is gone."""
        return self.documents[document_id]

    def citations(self) -> Iterator[tuple[int, Hit]]:
        """The citations with their numbers, in the order in which they are shown; those of an abstention are its nearest passages."""
        if self.answer.abstained:
            yield from enumerate(self.answer.considered[:NEAREST], 1)
            return
        spoken = (finding for finding in self.answer.findings if finding.verdict is not Verdict.SILENT)
        yield from enumerate((hit for finding in spoken for hit in finding.citations), 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """A place in a policy that is open for reading.

    `turn` and `number` say which citation led there, where one did; `note` what is to be known of the place; `before` and
    `after` how many characters more than usual are drawn around it.
    """

    document: Document
    span: Span
    turn: int = -1
    number: int = 0
    note: str = ""
    before: int = 0
    after: int = 0


def ask_turn(index: Index, question: str, given: Sequence[str], earlier: Sequence[str] = ()) -> Turn:
    """Ask, and keep with the answer what it quotes. Raises PolicyError as `ask` does.

    After the questions `earlier`, a follow-up is asked as it means after them: `turn.answer.question` then says how, and `turn.question` what
    was typed.
    """
    started = time.perf_counter()
    answer = ask(index, rewrite(question, earlier, index.documents), given)
    seconds = time.perf_counter() - started
    cited = [hit for finding in answer.findings for hit in finding.citations] + list(answer.considered[:NEAREST])
    documents = {hit.passage.span.document_id: index.document(hit.passage.span.document_id) for hit in cited}
    return Turn(question, tuple(given), answer, documents, seconds, index.id)


def in_prose(turn: Turn) -> Turn:
    """The turn with its answer in prose besides, where a language model is named; its server may take a while, and can't spoil the answer."""
    return dataclasses.replace(turn, prose=compose(turn.answer))


def open_citation(turns: Sequence[Turn], turn: int, number: int) -> Opened:
    """The place at which a citation's characters stand: nothing else is ever marked.

    Raises PolicyError where they stand nowhere any more.
    """
    hit = dict(turns[turn].citations()).get(number) if 0 <= turn < len(turns) else None
    if hit is None:
        raise PolicyError("there is no such citation")
    span, quotation = hit.passage.span, hit.passage.text
    document = turns[turn].documents.get(span.document_id)
    if document is None:
        raise PolicyError(f"{span.document_id} is no longer among the policies")
    if document.text[span.start : span.end] == quotation:
        return Opened(document, span, turn, number)
    start = document.text.find(quotation)
    if start < 0:
        raise PolicyError(f"{document.policy} has changed since, and no longer says this word for word; ask again")
    return Opened(document, Span(document.id, start, start + len(quotation)), turn, number, MOVED)


def place_from_link(index: Index, document_id: str, start: str, end: str) -> Opened | None:
    """The place that a shared link points to; None where there is no such place (any more)."""
    document = next((document for document in index.documents if document.id == document_id), None)
    if document is None or not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return None
    left, right = int(start), int(end)
    return Opened(document, Span(document_id, left, right)) if left < right <= len(document.text) else None
