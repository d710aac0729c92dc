"""Citations as Markdown, for a ticket or a wiki: what policies say is escaped, so that it can become no link, image or heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from answer import escape_markdown
from cite.library import Library
from cite.memo import Quotation, Section, memo_of
from cite.nouns import Bundle


def bundle_to_markdown(bundle: Bundle, library: Library) -> bytes:
    """The memo as Markdown (CommonMark) in UTF-8."""
    memo = memo_of(bundle, library)
    lines = ["# Citations", "", safe_line(memo.made), ""]
    for section in memo.sections:
        lines += _section(section)
    return "\n".join([*lines, "---", "", safe_line(memo.proof), ""]).encode("utf-8")


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {safe_line(section.question)}", "", f"**{safe_line(section.answer)}**", "")
    if section.asked:
        yield from (f"Searched: {safe_line(section.asked)}", "")
    for statement in section.statements:
        yield from (f"### {safe_line(statement.policy)}: {statement.verdict} (confidence {statement.confidence})", "")
        for quotation in statement.quotations:
            yield from _quotation(quotation)
    if section.silent:
        yield from (f"Silent: {safe_line(section.silent)}", "")


def _quotation(quotation: Quotation) -> Iterator[str]:
    if quotation.lead:
        yield from (f"> {safe_line(quotation.lead)}", ">")
    parts = (quotation.role, safe_line(quotation.before), f"**{safe_line(quotation.words)}**", escape_markdown(quotation.after))
    yield from (
        f"> {' '.join(part for part in parts if part)}",
        ">",
        f"> \\[{quotation.number}\\] {safe_line(quotation.place)}",
        ">",
        f"> {safe_line(quotation.proof)}",
    )
    if quotation.review:
        yield from (">", f"> Review: {safe_line(quotation.review)}")
    yield ""


def safe_line(line: str) -> str:
    """A line that Markdown shows as it is.

    >>> safe_line("1. ![x](y)"), safe_line("- b")
    ('1\\\\. \\\\!\\\\[x\\\\]\\\\(y\\\\)', '\\\\- b')
    """
    opening = re.match(r"[-=]|\d+[.)]", line)
    escaped = escape_markdown(line)
    return re.sub(r"^(\d*)(?=[-=.])", r"\1\\", escaped, count=1) if opening else escaped
