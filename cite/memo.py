"""What a memo says of each citation, whatever it is printed as: the words in their context, their place, and how to find them again."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from answer import on_one_line
from cite.canonical import fold_lines, sha256_of
from cite.library import Library
from cite.nouns import CONTEXT, Bundle, Citation, CitedFinding, CitedQuestion

# Characters of the policy shown before and after a quotation.
SURROUNDINGS = 240

_VERDICTS = {"yes": "Yes", "no": "No", "conditional": "Only on conditions", "states": "Says", "silent": "Silent"}
_ROLES = {"": "", "but": "But:"}
# Without these two, words of some languages, and some emoji, fall apart.
_JOINERS = "\u200c\u200d"


@dataclasses.dataclass(frozen=True, slots=True)
class Quotation:
    """One citation: `number` counts through the memo, `place` is for readers, `proof` for whoever checks it.

    `role` is "But:" before words that limit or contradict the first quotation of their statement, else empty.
    """

    number: int
    role: str
    lead: str
    before: str
    words: str
    after: str
    place: str
    proof: str
    review: str


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """What one policy says."""

    policy: str
    verdict: str
    confidence: str
    quotations: tuple[Quotation, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer; `silent` are the policies in scope that say nothing."""

    question: str
    asked: str
    answer: str
    statements: tuple[Statement, ...]
    silent: str


@dataclasses.dataclass(frozen=True, slots=True)
class Memo:
    """A bundle as something to read."""

    made: str
    proof: str
    sections: tuple[Section, ...]


def memo_of(bundle: Bundle, library: Library, wanted: Callable[[Citation], bool] = lambda _: True) -> Memo:
    """The memo of a bundle; contexts come from the library where it holds the very text that was cited, else from the citation.

    Of citations that aren't `wanted` nothing is said, nor of questions that have no others; numbers are those of the whole memo.
    """
    maker = _Maker(library, wanted)
    made = f"{bundle.created_at[:10]} · {bundle.tool_version}" + (f" · index {bundle.index_id}" if bundle.index_id else "")
    return Memo(one_line(made), f"seal of the citation bundle: {bundle.sha256}", tuple(maker.sections(bundle)))


def one_line(text: str) -> str:
    r"""The text on one line, without what is not seen, and with a mark for each character that can't be printed.

    >>> one_line("a\n b\x07 per\u00adsonal")
    'a b� personal'
    """
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(_shown(character) for character in line)


def quoted_line(quotation: str) -> str:
    """A quotation on one line as `one_line` makes it, a stroke between the items of a list."""
    return one_line(on_one_line(quotation))


def _shown(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return "" if unicodedata.category(character) == "Cf" else "\ufffd"


class _Maker:
    """Counts the citations, and remembers which texts of the library are the ones that were cited."""

    def __init__(self, library: Library, wanted: Callable[[Citation], bool]) -> None:
        self._wanted = wanted
        self._count = itertools.count(1)
        self._documents = library.documents
        self._text_sha256 = functools.cache(lambda document_id: sha256_of(self._documents[document_id].text))

    def sections(self, bundle: Bundle) -> Iterator[Section]:
        for question in bundle.questions:
            section = self._section(question)
            if section.statements or not any(finding.citations for finding in question.findings):
                yield section

    def _section(self, question: CitedQuestion) -> Section:
        spoken = [finding for finding in question.findings if finding.verdict != "silent"]
        silent = ", ".join(one_line(finding.policy) for finding in question.findings if finding.verdict == "silent")
        asked = "" if question.asked == question.question else one_line(question.asked)
        made = [(finding, self._statement(finding)) for finding in spoken]
        statements = tuple(statement for finding, statement in made if statement.quotations or not finding.citations)
        return Section(one_line(question.question), asked, one_line(question.answer), statements, silent)

    def _statement(self, finding: CitedFinding) -> Statement:
        numbered = [(next(self._count), citation) for citation in finding.citations]
        quotations = tuple(self._quotation(number, finding, citation) for number, citation in numbered if self._wanted(citation))
        return Statement(one_line(finding.policy), _VERDICTS[finding.verdict], f"{finding.confidence:.0%}", quotations)

    def _quotation(self, number: int, finding: CitedFinding, citation: Citation) -> Quotation:
        before, after = self._surroundings(citation)
        lead = one_line(citation.lead)
        if lead in before:  # it stands there already
            lead = ""
        return Quotation(
            number=number,
            role=_ROLES[finding.role_of(citation)],
            lead=lead,
            before=before,
            words=quoted_line(citation.quote),
            after=after,
            place=_place(citation),
            proof=_proof(citation),
            review=_review(citation),
        )

    def _surroundings(self, citation: Citation) -> tuple[str, str]:
        """What stands before and after the quotation in its section, cut between words."""
        document, start, end = self._documents.get(citation.document), citation.char_start, citation.char_end
        if document is None or self._text_sha256(document.id) != citation.text_sha256:
            return _paragraph_around(citation)
        headings = [block for block in document.blocks if block.kind == "heading"]
        first = max((block.end for block in headings if block.end <= start), default=0)
        last = min((document.text.rfind("\n", 0, block.start) + 1 for block in headings if block.start >= end), default=len(document.text))
        left, right = document.text[max(first, start - SURROUNDINGS) : start], document.text[end : min(last, end + SURROUNDINGS)]
        if start - SURROUNDINGS > first:
            left = _begun_at_a_word(left)
        if end + SURROUNDINGS < last:
            right = _ended_at_a_word(right)
        return one_line(left), one_line(right)


def _paragraph_around(citation: Citation) -> tuple[str, str]:
    """What a citation itself keeps of the paragraph around it, cut between words."""
    before, after = fold_lines(citation.prefix).split("\n")[::-1], fold_lines(citation.suffix).split("\n")
    above, below = _of_the_paragraph(before, citation.section), _of_the_paragraph(after, citation.section)
    left, right = "\n".join(above[::-1]), "\n".join(below)
    if len(above) == len(before) and citation.char_start > CONTEXT:
        left = _begun_at_a_word(left)
    if len(below) == len(after) and len(citation.suffix) == CONTEXT:
        right = _ended_at_a_word(right)
    return one_line(left), one_line(right)


def _of_the_paragraph(lines: Sequence[str], section: Sequence[str]) -> list[str]:
    """Lines from a quotation outwards, of which the first is the rest of its own: those up to a blank line or a heading."""

    def goes_on(line: str) -> bool:
        return bool(line.strip()) and not line.startswith("#") and line.strip() not in section

    return [*lines[:1], *itertools.takewhile(goes_on, lines[1:])]


def _begun_at_a_word(text: str) -> str:
    """Text whose first word may be cut, without it."""
    return "… " + "".join(re.split(r"\s", text, maxsplit=1)[1:])


def _ended_at_a_word(text: str) -> str:
    """Text whose last word may be cut, without it."""
    return re.sub(r"(?:^|\s)\S*\Z", "", text) + " …"


def _place(citation: Citation) -> str:
    page = f"page {citation.page_label}" if citation.page_label else ""
    effective = f"effective {citation.effective_date}" if citation.effective_date else ""
    version = f"version {citation.version}" if citation.version else ""
    title = "" if citation.section[:1] == (citation.title,) else citation.title
    return one_line(" · ".join(part for part in (title, citation.section_line, page, version, effective) if part))


def _proof(citation: Citation) -> str:
    where = f"{citation.document}, characters {citation.char_start}–{citation.char_end}"
    return one_line(f"{where} · file sha256 {citation.source_sha256} · {citation.extractor} · {citation.id}")


def _review(citation: Citation) -> str:
    review = citation.review
    if not review.given:
        return ""
    who = " ".join(part for part in (review.reviewer, review.reviewed_at) if part)
    return one_line(": ".join(part for part in (f"{review.status or 'comment'}{f' ({who})' if who else ''}", review.comment) if part))
