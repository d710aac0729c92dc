"""A report as tables, for a terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.compare import Comparison
from eval.measures import Estimate
from eval.report import Report

Table = tuple[Sequence[str], Sequence[Sequence[str]]]  # header and rows

# What the tables by kind and by policy show.
BRIEF = ("cited Hit@1", "cited Hit@3", "cited MRR", "considered Hit@5", "Verdict accuracy", "Stance accuracy", "Coverage", "Refusal recall", "Right")
# The steps of a run in `speed`, in words.
STEPS = {"index_seconds": "indexed in", "asking_seconds": "asked in"}
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


def group_table(title: str, groups: Mapping[str, Mapping[str, Estimate]], *, intervals: bool = True) -> Table:
    """The main measures of each group that have a value in any, with their intervals where there is room for them."""
    shown = [name for name in BRIEF if any(name in measures for measures in groups.values())]
    rows = []
    for group, measures in groups.items():
        cells = [_cell(measures.get(name), intervals=intervals) for name in shown]
        rows.append([group, str(measures["Right"].count), *cells])
    return [title, "questions", *shown], rows


def stance_table(stances: Mapping[str, Estimate], *, intervals: bool = True) -> Table:
    """How often each policy was rightly found to speak or to be silent; empty where no question was put to several."""
    return ["policy", "questions to several", "Stance accuracy"], [
        [policy, str(found.count), _cell(found, intervals=intervals)] for policy, found in stances.items()
    ]


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
        moved = [str(len(entry.won)), str(len(entry.lost))] if entry.won or entry.lost else ["–", "–"]
        star = " *" if entry.significant else ""
        rows.append([entry.name, f"{entry.before:.3f}", f"{entry.after:.3f}", f"{entry.difference:+.3f}{star}", bounds, *moved])
    return ["measure", "before", "now", "difference", "95 % interval", "won", "lost"], rows


def tables_of(report: Report, *, intervals: bool = True) -> dict[str, Table]:
    """Every table of a report that has rows, by its title."""
    found = {"Measures": measures_table(report.measures), "Verdicts": confusion_table(report.confusion)}
    if len(report.by_split) > 1:
        found["By split"] = group_table("split", report.by_split, intervals=intervals)
    found["By kind"] = group_table("kind", report.by_kind, intervals=intervals)
    found["By policy"] = group_table("policy", report.by_policy, intervals=intervals)
    found["Questions to several policies"] = stance_table(report.stances_by_policy, intervals=intervals)
    return {title: table for title, table in found.items() if table[1]}


def moved_lines(comparisons: Sequence[Comparison], name: str) -> list[str]:
    """Which questions were won and which lost in one measure, as lines; none where none were."""
    found = [(verb, getattr(entry, verb)) for entry in comparisons if entry.name == name for verb in ("won", "lost")]
    return [f"{verb} in {name}: {', '.join(qids)}" for verb, qids in found if qids]


def as_lines(report: Report) -> str:
    """The report for a terminal."""
    tables = tables_of(report, intervals=False)
    if len(report.by_policy) > MAX_POLICIES:
        del tables["By policy"]
    return "\n\n".join([headline(report), *map(as_columns, tables.values()), speed_line(report)])


def as_page(report: Report) -> str:
    """The report in Markdown."""
    parts = [f"## {title}\n\n{as_markdown(table)}" for title, table in tables_of(report).items()]
    return "\n\n".join(["# Evaluation", headline(report), *parts, speed_line(report)]) + "\n"


def headline(report: Report) -> str:
    """What was asked, in one line."""
    settings = report.settings
    left_out = f", {report.left_out} left out" if report.left_out else ""
    split = f" · split {settings['split']}" if settings.get("split") else ""
    commit = f" · commit {report.commit}" if report.commit else ""
    count = f"{len(report.questions)} questions ({report.answerable} answerable{left_out})"
    return f"{count} · {settings['corpus']} · scope {settings['scope']}{split}{commit}"


def speed_line(report: Report) -> str:
    """Latency, time and memory, in one line."""
    speed = report.speed
    parts = []
    if "p95_seconds" in speed:
        parts.append(f"latency {_milliseconds(speed, 'median_seconds')} median, {_milliseconds(speed, 'p95_seconds')} 95th percentile")
    parts += [f"{what} {speed[name]:.0f} s" for name, what in STEPS.items() if name in speed]
    return " · ".join([*parts, f"peak memory {speed['peak_megabytes']:.0f} MB"])


def _milliseconds(speed: Mapping[str, float], name: str) -> str:
    bounds = [speed.get(f"{name}_{bound}") for bound in ("low", "high")]
    between = "–".join(f"{1000 * bound:.0f}" for bound in bounds if bound is not None)
    return f"{1000 * speed[name]:.0f} ms{f' ({between})' if between else ''}"


def _cell(estimate: Estimate | None, *, intervals: bool) -> str:
    if estimate is None:
        return "–"
    bounds = f" ({estimate.low:.2f}–{estimate.high:.2f})" if intervals and estimate.low is not None and estimate.high is not None else ""
    return f"{estimate.value:.2f}{bounds}"


def _interval(estimate: Estimate) -> str:
    return f"{estimate.low:.3f}–{estimate.high:.3f}" if estimate.low is not None and estimate.high is not None else "–"
