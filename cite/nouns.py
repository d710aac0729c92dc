"""The nouns of citing: what one quotation claims, the answer it belongs to, and the bundle that carries them away.

Their fields, in JSON, are the bundle's schema; `bundle.schema.json` is written from this file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Annotated, Literal

from cite.canonical import section_line
from cite.checked import ON_THE_CALENDAR, STRICT, described

FORMAT: Literal["askpolicy citations"] = "askpolicy citations"
# Goes up by one whenever a field is added, removed or means something else; older ones go on being read.
SCHEMA = 2
TOOL = "askpolicy 0.1.0"
OFFSET_UNIT: Literal["Unicode code points"] = "Unicode code points"
# A scope of more documents than this is counted in tables, not listed; the bundle lists them.
MANY = 5
# Characters of the text before and after a quotation that are kept with it.
CONTEXT = 32

Sha256 = Annotated[str, described("SHA-256, lower-case hexadecimal", pattern=r"^[0-9a-f]{64}$")]
Instant = Annotated[
    str, described("time in UTC, ISO 8601", pattern=r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z$"), ON_THE_CALENDAR
]
Offset = Annotated[int, described("counted in Unicode code points of the extracted text", ge=0)]
Share = Annotated[float, described("0 to 1", ge=0, le=1)]
WHEN = r"^([0-9]{4}-[0-9][0-9]-[0-9][0-9]([T ][0-9][0-9]:[0-9][0-9](:[0-9][0-9](\.[0-9]+)?)?(Z|[+-][0-9][0-9]:[0-9][0-9])?)?)?$"
But = Annotated[int | None, described("which citation, counted from 1, limits or contradicts the first; left out where none does", ge=2)]
Verdict = Literal["yes", "no", "conditional", "states", "silent"]
ReviewStatus = Literal["", "accept", "reject", "comment"]


def check_but(but: int | None, citations: int) -> None:
    """Raise ValueError where `but` is the number of no citation; read from a file, it is a PolicyError that names the place."""
    if but is not None and but > citations:
        raise ValueError(f"but is {but}, and there are {citations} citations")


@dataclasses.dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer made of one citation; all empty before anybody looked."""

    __pydantic_config__ = STRICT

    status: Annotated[ReviewStatus, described("empty where nobody has decided")] = ""
    reviewer: str = ""
    comment: str = ""
    reviewed_at: Annotated[str, described("ISO 8601 date or time, or empty", pattern=WHEN), ON_THE_CALENDAR] = ""

    @property
    def given(self) -> bool:
        """Whether a reviewer said anything."""
        return bool(self.status or self.comment)


@dataclasses.dataclass(frozen=True, slots=True)
class TextQuoteSelector:
    """The words and those around them (W3C Web Annotation Data Model, section 4.2.4)."""

    __pydantic_config__ = STRICT

    exact: str
    prefix: str
    suffix: str
    type: Literal["TextQuoteSelector"]


@dataclasses.dataclass(frozen=True, slots=True)
class TextPositionSelector:
    """The place in the extracted text, end excluded (W3C Web Annotation Data Model, section 4.2.5)."""

    __pydantic_config__ = STRICT

    start: Offset
    end: Offset
    type: Literal["TextPositionSelector"]


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """The target of a W3C Web Annotation: either selector alone finds the words."""

    __pydantic_config__ = STRICT

    source: Annotated[str, described("the document's path below the corpus folder, as a relative IRI")]
    selector: tuple[TextQuoteSelector, TextPositionSelector]


@dataclasses.dataclass(frozen=True, slots=True)
class Citation:
    """One quotation, with all that is needed to find it again and to see whether it still stands."""

    __pydantic_config__ = STRICT

    id: Annotated[str, described("from question, document, offsets and quotation; the same in every export", pattern=r"^cite-[0-9a-f]{24}$")]
    policy: Annotated[str, described("the name people say")]
    document: Annotated[str, described("path below the corpus folder", min_length=1)]
    title: str
    version: Annotated[str, described("as the organisation numbers it; empty where it isn't known")]
    effective_date: Annotated[str | None, described("ISO 8601 date", pattern=r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]$"), ON_THE_CALENDAR]
    source_file: Annotated[str, described("the document's file name")]
    source_sha256: Annotated[Sha256, described("of the file's bytes")]
    text_sha256: Annotated[Sha256, described("of the whole extracted text in UTF-8")]
    extractor: Annotated[str, described("name and version of what read the file; offsets count in the text it gave")]
    section: Annotated[tuple[str, ...], described("headings above the quotation, outermost first")]
    lead: Annotated[str, described("the line that introduces a list item, or a table row's header; no part of the quotation")]
    page: Annotated[int | None, described("counted from 1; null where the format has no pages", ge=1)]
    page_label: Annotated[str | None, described("what is printed on the page, where the file says so; else the count")]
    quote: Annotated[str, described("the exact characters", min_length=1)]
    quote_sha256: Annotated[Sha256, described("of the quotation in UTF-8")]
    prefix: Annotated[str, described("the characters before the quotation", max_length=CONTEXT)]
    suffix: Annotated[str, described("the characters after the quotation", max_length=CONTEXT)]
    char_start: Offset
    char_end: Offset
    offset_unit: Literal["Unicode code points"]
    score: Annotated[float, described("how well the search thought it fits; higher is better")]
    confidence: Share
    target: Target
    seal: Annotated[Sha256, described("over id, hashes, extractor, section, page, prefix and suffix, so that an edit of any shows")]
    review: Review

    @property
    def section_line(self) -> str:
        """The section on one line."""
        return section_line(self.section)


@dataclasses.dataclass(frozen=True, slots=True)
class CitedFinding:
    """What one policy says to a question, and the quotations that prove it."""

    __pydantic_config__ = STRICT

    policy: str
    document: str
    verdict: Verdict
    confidence: Share
    citations: tuple[Citation, ...]
    but: But = None

    def __post_init__(self) -> None:
        check_but(self.but, len(self.citations))

    def role_of(self, citation: Citation) -> Literal["", "but"]:
        """What one of the citations is beside the first: "but" where it limits or contradicts it."""
        return "but" if self.but is not None and self.citations[self.but - 1] is citation else ""


@dataclasses.dataclass(frozen=True, slots=True)
class CitedScope:
    """Which documents were asked, and who chose them: "given" by the user, "named" in the question, "all", or as a batch run called it."""

    __pydantic_config__ = STRICT

    source: str
    documents: tuple[str, ...]

    @property
    def line(self) -> str:
        """The scope on one line; with many documents, their number.

        >>> CitedScope("named", ("acme.md",)).line
        'named: acme.md'
        """
        documents = "; ".join(self.documents) if len(self.documents) <= MANY else f"{len(self.documents)} documents"
        return ": ".join(part for part in (self.source, documents) if part)


@dataclasses.dataclass(frozen=True, slots=True)
class CitedQuestion:
    """A question with its answer and the findings that it rests on."""

    __pydantic_config__ = STRICT

    id: str
    question: str
    asked: Annotated[str, described("the question as it was searched")]
    answer: Annotated[str, described("the answer's headline")]
    verdict: Annotated[Literal["yes", "no", "conditional", "states", "silent", "mixed"], described("mixed where policies differ")]
    abstained: bool
    scope: CitedScope
    findings: tuple[CitedFinding, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that a reviewer takes away: canonical JSON (RFC 8785), sealed."""

    __pydantic_config__ = STRICT

    format: Literal["askpolicy citations"]
    schema_version: Annotated[int, described("this file describes the newest; 1 has no `but`", ge=1, le=SCHEMA)]
    tool_version: Annotated[str, described("name and version of the program", pattern=r"^[ -~]{1,200}$")]
    index_id: Annotated[str | None, described("names the exact content of the index that answered; null where it isn't known")]
    created_at: Instant
    questions: tuple[CitedQuestion, ...]
    sha256: Annotated[Sha256, described("of the canonical bundle with this field empty and every review null")]

    def entries(self) -> Iterator[Entry]:
        """Every citation with what it belongs to, in the bundle's order."""
        for question in self.questions:
            for finding in question.findings:
                for citation in finding.citations:
                    yield Entry(self, question, finding, citation)


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A citation and what it belongs to: a row of a table."""

    bundle: Bundle
    question: CitedQuestion
    finding: CitedFinding
    citation: Citation

    @property
    def role(self) -> Literal["", "but"]:
        """What the quotation is beside the first of its finding."""
        return self.finding.role_of(self.citation)
