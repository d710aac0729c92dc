"""An answer as text for a terminal, as Markdown, or as JSON."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from typing import Any

from answer.nouns import Answer, Finding, Verdict
from answer.quote import MARKED, is_list
from index import Hit, Index

# Nearest passages shown where nothing answers.
NEAREST = 3

# What Markdown may take for more than itself.
_MARKS = re.compile(r"[\\`*_{}\[\]()#+!|<>~$:&]")
# But for the tab and the line end.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_WORDS = {Verdict.YES: "Yes", Verdict.NO: "No", Verdict.CONDITIONAL: "Only on conditions", Verdict.STATES: "Says", Verdict.SILENT: "Silent"}


def place_of(index: Index, hit: Hit) -> str:
    """Policy, section, page and effective date of a hit, in one line."""
    document = index.document(hit.passage.span.document_id)
    parts = [document.policy, " › ".join(hit.passage.heading)]
    parts.append(f"page {hit.passage.page}" if hit.passage.page else "")
    parts.append(f"effective {document.effective_date:%d %B %Y}".replace(" 0", " ") if document.effective_date else "")
    return " · ".join(part for part in parts if part)


def quote_of(hit: Hit) -> str:
    """The quotation on one line, for reading; the exact characters are in the passage."""
    return on_one_line(hit.passage.text)


def on_one_line(text: str) -> str:
    r"""A quotation on one line; " / " parts the items of a list that have no mark, as it parts the lines of a poem.

    >>> on_one_line("Never\n recorded:\n\ntalks\ncalls"), on_one_line("Never:\n- talks\n- calls")
    ('Never recorded: / talks / calls', 'Never: - talks - calls')
    """
    introduction, _, items = text.partition(":\n")
    if not is_list(text) or MARKED.match("\n" + items):
        return " ".join(text.split())
    lines = [f"{introduction}:", *items.splitlines()]
    return " / ".join(" ".join(line.split()) for line in lines if line.strip())


def as_text(answer: Answer, index: Index) -> str:
    """For a terminal of 88 columns."""
    lines = [answer.headline]
    if answer.asked != answer.question:
        lines.append(f"(searched: {answer.asked})")
    number = 0
    for finding in answer.findings:
        if finding.verdict is Verdict.SILENT:
            continue
        lines += ["", f"{finding.policy}: {_WORDS[finding.verdict]}  (confidence {finding.confidence:.0%})"]
        for hit in finding.citations:
            number += 1
            said = f"“{quote_of(hit)}”" if hit is not finding.but else f"but: “{quote_of(hit)}”"
            lines.append(textwrap.fill(said, 88, initial_indent=f"  [{number}] ", subsequent_indent="      "))
            if hit.passage.lead:
                lines.append(textwrap.fill(f"after: {hit.passage.lead}", 88, initial_indent="      ", subsequent_indent="      "))
            lines.append(f"      {place_of(index, hit)}")
    silent = [finding.policy for finding in answer.findings if finding.verdict is Verdict.SILENT]
    if silent and not answer.abstained:
        lines += ["", f"Silent: {', '.join(silent)}"]
    if answer.abstained:
        lines += ["", "Nearest passages (they do not answer the question):"]
        for hit in answer.considered[:NEAREST]:
            lines.append(textwrap.fill(f"“{quote_of(hit)}”", 88, initial_indent="  - ", subsequent_indent="    "))
            lines.append(f"    {place_of(index, hit)}")
    return without_controls("\n".join(lines))


def without_controls(text: str) -> str:
    r"""Text for a terminal: a mark for each character that would be an instruction to it.

    >>> without_controls("\x1b[31mred\n")
    '\ufffd[31mred\n'
    """
    return _CONTROLS.sub("\ufffd", text)


def as_markdown(answer: Answer, index: Index) -> str:
    """For a ticket or a memo; what policies say is escaped, so that it can't become a link under other words, an image or a heading."""
    lines = [f"**{escape_markdown(answer.question)}**", "", escape_markdown(answer.headline)]
    number = 0
    for finding in answer.findings:
        if finding.verdict is not Verdict.SILENT:
            lines += ["", f"### {escape_markdown(finding.policy)}: {_WORDS[finding.verdict]}", ""]
            for hit in finding.citations:
                number += 1
                said = f"[{number}] But: {quote_of(hit)}" if hit is finding.but else f"[{number}] {quote_of(hit)}"
                lines += [f"> {escape_markdown(said)}", ">", f"> {escape_markdown(place_of(index, hit))}", ""]
    silent = [finding.policy for finding in answer.findings if finding.verdict is Verdict.SILENT]
    if silent and not answer.abstained:
        lines += ["", f"Silent: {escape_markdown(', '.join(silent))}"]
    if answer.abstained:
        lines += ["", "Nearest passages (they do not answer the question):", ""]
        lines += [f"- {escape_markdown(quote_of(hit))} ({escape_markdown(place_of(index, hit))})" for hit in answer.considered[:NEAREST]]
    return "\n".join(lines)


def as_json(answer: Answer, _: Index) -> str:
    """The answer as an object, with offsets in Unicode code points."""
    return json.dumps(answer_row(answer), ensure_ascii=False, indent=2)


def answer_row(answer: Answer) -> dict[str, Any]:
    """The answer as plain values: the line format of `answers.jsonl`, but for its id and seconds."""
    return {
        "question": answer.question,
        "asked": answer.asked,
        "scope": {"source": answer.scope.source, "documents": list(answer.scope.document_ids)},
        "headline": answer.headline,
        "abstained": answer.abstained,
        "findings": [_finding_row(finding) for finding in answer.findings],
        "considered": [{**_span_row(hit), "score": round(hit.score, 6)} for hit in answer.considered],
    }


def _finding_row(finding: Finding) -> dict[str, Any]:
    return {
        "policy": finding.policy,
        "document": finding.document_id,
        "verdict": finding.verdict.value,
        "confidence": round(finding.confidence, 6),
        # Which citation, counted from 1, limits or contradicts the first.
        **({"but": finding.citations.index(finding.but) + 1} if finding.but is not None else {}),
        "citations": [
            {
                **_span_row(hit),
                "quote": hit.passage.text,
                "score": round(hit.score, 6),
                "page": hit.passage.page,
                "heading": list(hit.passage.heading),
                "lead": hit.passage.lead,
            }
            for hit in finding.citations
        ],
    }


def _span_row(hit: Hit) -> dict[str, Any]:
    span = hit.passage.span
    return {"document": span.document_id, "start": span.start, "end": span.end}


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is.

    >>> escape_markdown("![x](http://a.b)")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\://a.b\\\\)'
    """
    return _MARKS.sub(r"\\\g<0>", text)


FORMATS: dict[str, Callable[[Answer, Index], str]] = {"text": as_text, "json": as_json, "md": as_markdown}
