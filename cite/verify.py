"""Hold citations against the policies as they are now. What is called exact is so to the last byte; nothing passes for being similar."""

from __future__ import annotations

import collections
import dataclasses
import enum
import functools
import pathlib
from collections.abc import Callable, Iterable, Sequence

from cite.canonical import fold_lines, sha256_of
from cite.claim import Claim
from cite.library import Library, read_library
from cite.nearest import Nearest, Sentences
from cite.normal import Normal, inside_word, normal_of, normalise
from cite.nouns import CONTEXT
from ingest import Document, Span


class Status(enum.StrEnum):
    """What became of a citation.

    exact: the same file, the same text, the same place. moved: the words stand, but in a changed file, or elsewhere.
    changed: the policy no longer says it. missing: there is no such document. unreadable: there is, but it can't be read,
    or is read otherwise than when it was cited. edited: the citation contradicts itself or its source, so its export was altered.
    """

    EXACT = "exact"
    MOVED = "moved"
    CHANGED = "changed"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    EDITED = "edited"


@dataclasses.dataclass(frozen=True, slots=True)
class Verification:
    """One citation and what became of it; `found` is where its words stand now, `source` the document as it is now."""

    claim: Claim
    status: Status
    detail: str = ""
    found: Span | None = None
    nearest: Nearest | None = None
    source: Document | None = None

    @property
    def page(self) -> int | None:
        """The page on which the words stand now."""
        return self.source.page_at(self.found.start) if self.source and self.found else None


def count_line(found: Sequence[Verification]) -> str:
    """How many citations are in which state, in one line."""
    counts = collections.Counter(entry.status for entry in found)
    return " · ".join(f"{counts[status]} {status}" for status in Status if counts[status]) or "There are no citations to verify."


def verify(claims: Iterable[Claim], corpus: pathlib.Path) -> list[Verification]:
    """Verify citations against the policies in a folder; only those that are cited are read, as long as they are there.

    Raises PolicyError where there is no corpus.
    """
    wanted = list(claims)
    cited = read_library(corpus, {claim.document for claim in wanted})
    verifier = Verifier(cited, functools.cache(lambda: read_library(corpus)))
    return [verifier.verify(claim) for claim in wanted]


class Verifier:
    """Verifies claims against documents; `everything` reads the rest of the corpus, should a cited document not be there."""

    def __init__(self, library: Library, everything: Callable[[], Library]) -> None:
        self._library = library
        self._everything = everything
        self._sources: dict[str, _Source] = {}

    def verify(self, claim: Claim) -> Verification:
        """What became of one citation."""
        if wrong := claim.contradictions():
            return Verification(claim, Status.EDITED, "; ".join(wrong))
        document = self._library.documents.get(claim.document)
        if document is not None:
            source = self._source(document)
            return _in_same_text(claim, source) if source.text_sha256 == claim.text_sha256 else _in_other_text(claim, source)
        if claim.document in self._library.unread:
            return Verification(claim, Status.UNREADABLE, f"{claim.document} {self._library.unread[claim.document]}")
        return self._elsewhere(claim)

    def _elsewhere(self, claim: Claim) -> Verification:
        """For a document that is not there: the same file under another name, or another file of the same policy, may hold the words."""
        documents = self._everything().documents.values()
        same_file = [document for document in documents if document.sha256 == claim.source_sha256]
        same_policy = [document for document in documents if document.policy == claim.policy]
        for document in (*same_file, *same_policy):
            if found := self._source(document).locate(claim):
                what = "the file is now called" if document in same_file else "the policy is now in"
                return Verification(claim, Status.MOVED, f"{what} {document.id}", found, source=document)
        if len(same_policy) != 1:
            return Verification(claim, Status.MISSING, f"there is no {claim.document}")
        (heir,) = same_policy
        nearest = self._source(heir).sentences.nearest(claim.quote)
        detail = f"there is no {claim.document}, and {heir.id} of the same policy does not say it"
        return Verification(claim, Status.MISSING, detail, nearest=nearest, source=heir)

    def _source(self, document: Document) -> _Source:
        if document.id not in self._sources:
            self._sources[document.id] = _Source(document)
        return self._sources[document.id]


class _Source:
    """A document as it is now, with what is worked out of it at most once."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @functools.cached_property
    def text_sha256(self) -> str:
        return sha256_of(self.document.text)

    @functools.cached_property
    def sentences(self) -> Sentences:
        return Sentences(self.document)

    @functools.cached_property
    def _normal(self) -> Normal:
        return normal_of(self.document.text)

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The characters before and after a place, line ends folded, as many as a citation keeps."""
        text = self.document.text
        return fold_lines(text[max(0, start - CONTEXT) : start]), fold_lines(text[end : end + CONTEXT])

    def locate(self, claim: Claim) -> Span | None:
        """Where the quotation's words stand; of several places the one with the same words around it, then the nearest to the old one."""
        wanted = normalise(claim.quote)
        left = not inside_word(claim.prefix + claim.quote, len(claim.prefix))
        right = not inside_word(claim.quote + claim.suffix, len(claim.quote))
        text = self.document.text
        places = [place for place in self._normal.find(wanted, left=left, right=right) if normalise(text[slice(*place)]) == wanted]
        if not places:
            return None
        start, end = min(places, key=lambda place: (-self.likeness(claim, *place), abs(place[0] - claim.start)))
        return Span(self.document.id, start, end)

    def likeness(self, claim: Claim, start: int, end: int) -> int:
        """How many of the quotation's two sides are as they were, in normal form: 0 to 2."""
        text = self.document.text
        before, after = normalise(text[max(0, start - 2 * CONTEXT) : start]), normalise(text[end : end + 2 * CONTEXT])
        return before.endswith(normalise(claim.prefix)) + after.startswith(normalise(claim.suffix))


def _in_same_text(claim: Claim, source: _Source) -> Verification:
    """The text is the one that was cited, so the quotation stands at its place or never did."""
    document = source.document
    here = document.text[claim.start : claim.end]
    if here != claim.quote:
        return Verification(claim, Status.EDITED, f"the text is the one that was cited, and it says “{_short(here)}” at {claim.start}–{claim.end}")
    if source.around(claim.start, claim.end) != (fold_lines(claim.prefix), fold_lines(claim.suffix)):
        return Verification(claim, Status.EDITED, "the text is the one that was cited, and the words around the quotation are others")
    if document.page_at(claim.start) != claim.page:
        return Verification(claim, Status.EDITED, f"the quotation stands on page {document.page_at(claim.start)}, not {claim.page}")
    found = Span(document.id, claim.start, claim.end)
    if document.sha256 == claim.source_sha256:
        return Verification(claim, Status.EXACT, found=found, source=document)
    return Verification(claim, Status.MOVED, "the same text and place, in a file that was saved anew", found, source=document)


def _in_other_text(claim: Claim, source: _Source) -> Verification:
    """The text has changed, or is read otherwise."""
    document = source.document
    if found := source.locate(claim):
        where = "the same place" if found.start == claim.start else f"{found.start}–{found.end}, was {claim.start}–{claim.end}"
        others = "" if source.likeness(claim, found.start, found.end) == 2 else "; the words around it are others"
        return Verification(claim, Status.MOVED, f"at {where}{others}", found, source=document)
    if document.sha256 == claim.source_sha256:
        detail = f"the file is the one that was cited, but {document.extractor} now reads another text in it than {claim.extractor} did"
        return Verification(claim, Status.UNREADABLE, detail, source=document)
    return Verification(claim, Status.CHANGED, "the policy no longer says it", nearest=source.sentences.nearest(claim.quote), source=document)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
