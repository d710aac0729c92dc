"""What one citation claims, whichever file it came back in, and where it contradicts itself."""

from __future__ import annotations

import dataclasses

from cite.canonical import citation_id, seal_of, sha256_of
from cite.make import target_of
from cite.nouns import OFFSET_UNIT, Bundle, Entry, Review


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """The part of a citation that can be held against its source. `place` says where it stands in its file, for people."""

    place: str
    id: str
    question_id: str
    question: str
    verdict: str
    policy: str
    document: str
    effective_date: str
    version: str
    source_sha256: str
    text_sha256: str
    extractor: str
    section: str
    page: int | None
    quote: str
    quote_sha256: str
    prefix: str
    suffix: str
    start: int
    end: int
    offset_unit: str
    seal: str
    review: Review
    target_agrees: bool = True

    def contradictions(self) -> tuple[str, ...]:
        """Which fields were edited, as far as the citation itself shows; none in one that is as it was exported."""
        name = citation_id(self.question, self.document, self.start, self.end, self.quote)
        seal = seal_of(
            citation=self.id,
            source_sha256=self.source_sha256,
            text_sha256=self.text_sha256,
            extractor=self.extractor,
            quote_sha256=self.quote_sha256,
            prefix=self.prefix,
            suffix=self.suffix,
            page=self.page,
            section=self.section,
        )
        checks = {
            "the quotation does not have its sha256": sha256_of(self.quote) == self.quote_sha256,
            "the offsets are not as far apart as the quotation is long": self.end - self.start == len(self.quote),
            "the id does not belong to this question, document, place and quotation": name == self.id,
            "the seal does not belong to these hashes, page, section and surroundings": seal == self.seal,
            "the annotation target says something else": self.target_agrees,
            f"the offset unit is not {OFFSET_UNIT}": self.offset_unit == OFFSET_UNIT,
        }
        return tuple(wrong for wrong, holds in checks.items() if not holds)


def claims_of(bundle: Bundle, name: str = "") -> list[Claim]:
    """The claims of a bundle, in its order; `name` goes in front of their places."""
    return [_claim(entry, name) for entry in bundle.entries()]


def _claim(entry: Entry, name: str) -> Claim:
    citation = entry.citation
    target = target_of(citation.document, citation.quote, citation.prefix, citation.suffix, citation.char_start, citation.char_end)
    return Claim(
        place=f"{name}question {entry.question.id}",
        id=citation.id,
        question_id=entry.question.id,
        question=entry.question.question,
        verdict=entry.finding.verdict,
        policy=citation.policy,
        document=citation.document,
        effective_date=citation.effective_date or "",
        version=citation.version,
        source_sha256=citation.source_sha256,
        text_sha256=citation.text_sha256,
        extractor=citation.extractor,
        section=citation.section_line,
        page=citation.page,
        quote=citation.quote,
        quote_sha256=citation.quote_sha256,
        prefix=citation.prefix,
        suffix=citation.suffix,
        start=citation.char_start,
        end=citation.char_end,
        offset_unit=citation.offset_unit,
        seal=citation.seal,
        review=citation.review,
        target_agrees=citation.target == target,
    )
