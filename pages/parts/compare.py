"""Many questions to many policies: what each cell says, where policies disagree, and the whole as a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from answer import Finding, Verdict, escape_markdown, quote_of
from index import Index
from pages.parts.conversation import Turn, ask_turn
from pages.parts.wording import CHIPS

# What stands in a cell whose policy says nothing.
NOTHING = "–"


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """A turn for each question, each asked of the same policies; `names` are those policies' names, by document id."""

    names: dict[str, str]
    turns: tuple[Turn, ...]


def compare(index: Index, questions: Sequence[str], document_ids: Sequence[str]) -> Iterator[Comparison]:
    """Ask question by question; each comparison that is given has one more of them than the one before."""
    names = {document_id: index.document(document_id).policy for document_id in document_ids}
    turns: list[Turn] = []
    for question in questions:
        turns.append(ask_turn(index, question, document_ids))
        yield Comparison(names, tuple(turns))


def finding_of(turn: Turn, document_id: str) -> Finding:
    """What one policy says to one question. Raises KeyError for a policy that was not asked."""
    for finding in turn.answer.findings:
        if finding.document_id == document_id:
            return finding
    raise KeyError(document_id)


def word_of(finding: Finding) -> str:
    """A finding as one word for a cell."""
    return NOTHING if finding.verdict is Verdict.SILENT else CHIPS[finding.verdict][0]


def disagree(turn: Turn) -> bool:
    """Whether policies that say yes, no or only on conditions do not all say the same."""
    return len({finding.verdict for finding in turn.answer.findings} & {Verdict.YES, Verdict.NO, Verdict.CONDITIONAL}) > 1


def some_silent(turn: Turn) -> bool:
    """Whether some policies say something and others nothing."""
    silent = [finding.verdict is Verdict.SILENT for finding in turn.answer.findings]
    return any(silent) and not all(silent)


FILTERS: dict[str, Callable[[Turn], bool]] = {"They disagree": disagree, "Only some say something": some_silent}


def filtered(comparison: Comparison, wanted: Sequence[str]) -> Comparison:
    """The questions that pass every one of the filters."""
    return dataclasses.replace(comparison, turns=tuple(turn for turn in comparison.turns if all(FILTERS[name](turn) for name in wanted)))


def table_of(comparison: Comparison, *, quotations: bool) -> list[list[str]]:
    """The matrix as rows of text, the first of which is the header: a column for each policy, and one for its first quotation if wanted."""
    header = ["Question"]
    for name in comparison.names.values():
        header += [name, f"{name}: quotation"] if quotations else [name]
    rows = [header]
    for turn in comparison.turns:
        row = [turn.question]
        for document_id in comparison.names:
            finding = finding_of(turn, document_id)
            row.append(word_of(finding))
            if quotations:
                row.append(quote_of(finding.citations[0]) if finding.citations else "")
        rows.append(row)
    return rows


def as_markdown(comparison: Comparison) -> str:
    """The matrix as a Markdown table, and under it each quotation with its place."""
    rows = [[escape_markdown(cell) for cell in row] for row in table_of(comparison, quotations=False)]
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + " --- |" * len(rows[0])]
    lines += ["| " + " | ".join(row) + " |" for row in rows[1:]]
    for turn in comparison.turns:
        lines += ["", f"**{escape_markdown(turn.question)}**", ""]
        spoken = [finding for finding in turn.answer.findings if finding.citations]
        lines += [f"- {escape_markdown(finding.policy)}: “{escape_markdown(quote_of(finding.citations[0]))}”" for finding in spoken] or [
            "No policy says."
        ]
    return "\n".join(lines) + "\n"
