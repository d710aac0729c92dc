"""The nouns of reading: where something stands, what a file became, and the stretches it is cut into."""

from __future__ import annotations

import bisect
import dataclasses
import datetime


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where: a half-open range of Unicode code points in the text of one document."""

    document_id: str
    start: int
    end: int

    def overlap(self, other: Span) -> int:
        """How many characters both spans cover; 0 for spans of different documents."""
        if self.document_id != other.document_id:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def shares_half(self, other: Span) -> bool:
        """Whether the spans have in common at least half of the shorter of the two.

        >>> Span("a", 0, 10).shares_half(Span("a", 5, 20)), Span("a", 0, 10).shares_half(Span("a", 6, 20))
        (True, False)
        """
        shared = self.overlap(other)
        return shared > 0 and 2 * shared >= min(self.end - self.start, other.end - other.start)


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """One structural piece of a document: `text[start:end]`, without list marker or heading marks.

    `kind` is heading, paragraph, item, header (of a table) or row; `level` is the depth of a heading or item, 1 outermost,
    and 0 for a row that no header stands above.
    """

    kind: str
    start: int
    end: int
    level: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """One file as text.

    `id` is the path under the corpus folder with forward slashes; `policy` the name people say; `page_starts` the
    offset at which each page begins (empty where the format has no pages); `page_labels` what is printed on the pages,
    where the file says so ("iv"); `sha256` is of the file, not of the text; `extractor` says what read it, because
    offsets mean nothing without the extraction they count in.
    """

    id: str
    policy: str
    title: str
    text: str
    blocks: tuple[Block, ...] = ()
    page_starts: tuple[int, ...] = ()
    page_labels: tuple[str, ...] = ()
    organisation: str = ""
    kind: str = ""
    collection: str = ""
    aliases: tuple[str, ...] = ()
    effective_date: datetime.date | None = None
    version: str = ""
    sha256: str = ""
    extractor: str = ""
    warnings: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, that the character at `offset` stands on; None where there are no pages."""
        return bisect.bisect_right(self.page_starts, offset) if self.page_starts else None

    def page_label(self, page: int) -> str:
        """What people call the page that is counted as `page`, from 1."""
        return self.page_labels[page - 1] if page <= len(self.page_labels) else str(page)


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document: `document.text[span.start:span.end] == text`, always and exactly.

    `heading` is the path of headings above it, outermost first. `lead` is the line that introduces a list item, or the
    header of a table row: a bullet is nothing without it, yet it is no part of the quotation.
    """

    span: Span
    text: str
    heading: tuple[str, ...] = ()
    lead: str = ""
    page: int | None = None

    @property
    def in_context(self) -> str:
        """The text with what gives it meaning in front: the nearest headings and the introducing line."""
        return ". ".join(part.rstrip(" :.") for part in (*self.heading[-2:], self.lead) if part) + (
            ": " + self.text if self.heading or self.lead else self.text
        )


class PolicyError(Exception):
    """Something the user can mend; the message is one line that says what was found, what was expected and what to do."""
