"""Make a bundle from answers: every quotation is held against the text it is from, and gets all that finds it again."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import os
import pathlib
import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence

from cite.answers import AnsweredCitation, AnsweredFinding, AnswerRow, scope_of
from cite.canonical import citation_id, rounded, seal_of, section_line, sha256_of
from cite.library import Library
from cite.nouns import (
    CONTEXT,
    FORMAT,
    OFFSET_UNIT,
    SCHEMA,
    TOOL,
    Bundle,
    Citation,
    CitedFinding,
    CitedQuestion,
    CitedScope,
    Review,
    Target,
    TextPositionSelector,
    TextQuoteSelector,
)
from cite.store import sealed
from ingest import Document, Passage, PolicyError, split_sentences

# Whoever needs the same bytes twice sets it, in seconds since 1970 (reproducible-builds.org).
TIME_VARIABLE = "SOURCE_DATE_EPOCH"


def make_bundle(rows: Iterable[AnswerRow], library: Library) -> Bundle:
    """A sealed bundle of answers, which nobody has reviewed.

    Raises PolicyError for a quotation that doesn't stand in the library where the answer says, and for text that no
    UTF-8 file can hold.
    """
    answers = list(rows)
    cited = {citation.document for row in answers for finding in row.findings for citation in finding.citations}
    texts = {document_id: sha256_of(library.documents[document_id].text) for document_id in cited & library.documents.keys()}
    maker = _Maker(library, texts, functools.cache(lambda document_id: _passages(library.documents[document_id])))
    try:
        return sealed(Bundle(FORMAT, SCHEMA, TOOL, library.index_id, now(), tuple(maker.question(row) for row in answers), ""))
    except UnicodeEncodeError as error:
        raise PolicyError(f"a document holds the lone surrogate {error.object[error.start]!r}, which no UTF-8 file can; mend its source") from error


def now() -> str:
    """The time in UTC, to the second; the one in SOURCE_DATE_EPOCH where that is set. Raises PolicyError where that is no time."""
    given = os.environ.get(TIME_VARIABLE, "")
    try:
        moment = datetime.datetime.fromtimestamp(int(given), datetime.UTC) if given else datetime.datetime.now(datetime.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise PolicyError(f"{TIME_VARIABLE} is {given!r}; expected seconds since 1970, or unset it") from error
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def target_of(document: str, quote: str, prefix: str, suffix: str, start: int, end: int) -> Target:
    """The W3C target that says the same as a citation's own fields."""
    selectors = (TextQuoteSelector(quote, prefix, suffix, "TextQuoteSelector"), TextPositionSelector(start, end, "TextPositionSelector"))
    return Target(urllib.parse.quote(document, safe="/"), selectors)


@dataclasses.dataclass(frozen=True, slots=True)
class _Maker:
    """What every citation of a bundle is made with: the hashes of the cited documents' texts, and their sentences by where they begin."""

    library: Library
    texts: Mapping[str, str]
    passages: Callable[[str], Mapping[int, Passage]]

    def question(self, row: AnswerRow) -> CitedQuestion:
        findings = tuple(self.finding(row, finding) for finding in row.findings)
        verdicts = {finding.verdict for finding in findings if finding.verdict != "silent"}
        source, documents = scope_of(row)
        return CitedQuestion(
            id=str(row.id),
            question=row.question,
            asked=row.asked or row.question,
            answer=row.headline or _headline(findings),
            verdict=next(iter(verdicts), "silent") if len(verdicts) < 2 else "mixed",
            abstained=not verdicts,
            scope=CitedScope(source, tuple(documents)),
            findings=findings,
        )

    def finding(self, row: AnswerRow, finding: AnsweredFinding) -> CitedFinding:
        confidence = rounded(finding.confidence)
        citations = tuple(self.citation(row, found, confidence) for found in finding.citations)
        document_id = finding.document or (citations[0].document if citations else "")
        return CitedFinding(finding.policy, document_id, finding.verdict, confidence, citations, finding.but)

    def citation(self, row: AnswerRow, found: AnsweredCitation, confidence: float) -> Citation:
        document = self._document(row, found)
        start, end, quote = found.start, found.end, found.quote
        name = citation_id(row.question, document.id, start, end, quote)
        prefix, suffix = document.text[max(0, start - CONTEXT) : start], document.text[end : end + CONTEXT]
        section, lead = found.heading, found.lead
        if section is None or lead is None:
            passage = self.passages(document.id).get(start)
            section = section if section is not None else passage.heading if passage else ()
            lead = lead if lead is not None else passage.lead if passage else ""
        page = document.page_at(start)
        hashes = {"source_sha256": document.sha256, "text_sha256": self.texts[document.id], "quote_sha256": sha256_of(quote)}
        seal = seal_of(citation=name, extractor=document.extractor, prefix=prefix, suffix=suffix, page=page, section=section_line(section), **hashes)
        return Citation(
            id=name,
            policy=document.policy,
            document=document.id,
            title=document.title,
            version=document.version,
            effective_date=document.effective_date.isoformat() if document.effective_date else None,
            source_file=pathlib.PurePosixPath(document.id).name,
            extractor=document.extractor,
            section=section,
            lead=lead,
            page=page,
            page_label=document.page_label(page) if page else None,
            quote=quote,
            prefix=prefix,
            suffix=suffix,
            char_start=start,
            char_end=end,
            offset_unit=OFFSET_UNIT,
            score=rounded(found.score),
            confidence=confidence,
            target=target_of(document.id, quote, prefix, suffix, start, end),
            seal=seal,
            review=Review(),
            **hashes,
        )

    def _document(self, row: AnswerRow, found: AnsweredCitation) -> Document:
        """The cited document. Raises PolicyError where it isn't in the library, or has other words at the place."""
        document = self.library.documents.get(found.document)
        if document is None and found.document in self.library.unread:
            raise PolicyError(f"{row.where}: cites {found.document}, which {self.library.unread[found.document]}")
        if document is None:
            raise PolicyError(
                f"{row.where}: cites {found.document}, which is not among the {len(self.library.documents)} documents at hand; "
                "name the index or folder that the answers are from with --index or --corpus"
            )
        if document.text[found.start : found.end] != found.quote or not found.quote.strip():
            raise PolicyError(
                f"{row.where}: quotes {_short(found.quote)} from {found.document} at {found.start}–{found.end}, where the document has "
                f"{_short(document.text[found.start : found.end])}; the policy changed since it was asked, so ask again"
            )
        return document


def _passages(document: Document) -> dict[int, Passage]:
    return {passage.span.start: passage for passage in split_sentences(document)}


def _headline(findings: Sequence[CitedFinding]) -> str:
    said = [f"{finding.policy}: {finding.verdict}" for finding in findings if finding.verdict != "silent"]
    return "; ".join(said) if said else "The policies do not say."


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:40]}{'…' if len(line) > 40 else ''}”"
