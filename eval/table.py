"""A report as tables, for a terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from eval.compare import Comparison
from eval.measures import Estimate
from eval.report import Report

Table = tuple[Sequence[str], Sequence[Sequence[str]]]  # header and rows

# What the tables by kind and by policy show.
BRIEF = ("cited Hit@1", "cited Hit@3", "cited MRR", "considered Hit@5", "Verdict accuracy", "Stance accuracy", "Coverage", "Refusal recall", "Right")
# More policies than this are for the report, not for a terminal.
MAX_POLICIES = 16


def as_columns(table: Table) -> str:
    """A table in columns, the first set left and the others right."""
    header, rows = table
    widths = [max(len(row[number]) for row in (header, *rows)) for number in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) if number == 0 else cell.rjust(width) for number, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in (header, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)


def as_markdown(table: Table) -> str:
    """A table in GitHub's Markdown.

    >>> print(as_markdown((["a", "b"], [["1|2", "3"]])))
    | a | b |
    |:--|--:|
    | 1\\|2 | 3 |
    """
    header, rows = table
    lines = [[cell.replace("|", "\\|") for cell in row] for row in (header, *rows)]
    body = ["| " + " | ".join(cells) + " |" for cells in lines]
    return "\n".join([body[0], "|:--" + "|--:" * (len(header) - 1) + "|", *body[1:]])


def measures_table(measures: Mapping[str, Estimate]) -> Table:
    """Every measure with its interval."""
    rows = [[name, f"{estimate.value:.3f}", _interval(estimate), str(estimate.count)] for name, estimate in measures.items()]
    return ["measure", "value", "95 % interval", "questions"], rows


def group_table(title: str, groups: Mapping[str, Mapping[str, Estimate]]) -> Table:
    """The main measures of each group."""
    rows = []
    for group, measures in groups.items():
        cells = [f"{measures[name].value:.2f}" if name in measures else "–" for name in BRIEF]
        rows.append([group, str(measures["Right"].count), *cells])
    return [title, "questions", *BRIEF], rows


def confusion_table(confusion: Mapping[str, Mapping[str, int]]) -> Table:
    """The confusion matrix of verdicts; empty where no question has one."""
    found = list(dict.fromkeys(name for row in confusion.values() for name in row))
    return ["wanted \\ found", *found], [
        [wanted, *(str(row.get(name, 0)) for name in found)] for wanted, row in confusion.items() if any(row.values())
    ]


def comparison_table(comparisons: Sequence[Comparison]) -> Table:
    """Two runs beside each other; a star marks what is no chance."""
    rows = []
    for entry in comparisons:
        bounds = f"{entry.low:+.3f}–{entry.high:+.3f}" if entry.low is not None and entry.high is not None else "–"
        moved = [str(entry.won), str(entry.lost)] if entry.won or entry.lost else ["–", "–"]
        star = " *" if entry.significant else ""
        rows.append([entry.name, f"{entry.before:.3f}", f"{entry.after:.3f}", f"{entry.difference:+.3f}{star}", bounds, *moved])
    return ["measure", "before", "now", "difference", "95 % interval", "won", "lost"], rows


def as_lines(report: Report, draw: Callable[[Table], str] = as_columns) -> str:
    """The whole report."""
    parts = [headline(report), draw(measures_table(report.measures))]
    if any(any(row.values()) for row in report.confusion.values()):
        parts.append(draw(confusion_table(report.confusion)))
    if len(report.by_split) > 1:
        parts.append(draw(group_table("split", report.by_split)))
    parts.append(draw(group_table("kind", report.by_kind)))
    if len(report.by_policy) <= MAX_POLICIES:
        parts.append(draw(group_table("policy", report.by_policy)))
    return "\n\n".join([*parts, speed_line(report)])


def headline(report: Report) -> str:
    """What was asked, in one line."""
    settings = report.settings
    left_out = f", {report.left_out} left out" if report.left_out else ""
    split = f" · split {settings['split']}" if settings.get("split") else ""
    commit = f" · commit {report.commit}" if report.commit else ""
    count = f"{len(report.questions)} questions ({report.answerable} answerable{left_out})"
    return f"{count} · {settings['corpus']} · scope {settings['scope']}{split}{commit}"


def speed_line(report: Report) -> str:
    """Latency and memory, in one line."""
    speed = report.speed
    latency = (
        f"latency {1000 * speed['median_seconds']:.0f} ms median, {1000 * speed['p95_seconds']:.0f} ms 95th percentile · "
        if "p95_seconds" in speed
        else ""
    )
    return f"{latency}peak memory {speed['peak_megabytes']:.0f} MB"


def _interval(estimate: Estimate) -> str:
    return f"{estimate.low:.3f}–{estimate.high:.3f}" if estimate.low is not None and estimate.high is not None else "–"
