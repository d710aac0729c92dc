"""A report as one HTML file that needs nothing else: plots, tables, and every question with found beside wanted."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Mapping, Sequence

from cite import fill_template
from eval.gold import Question
from eval.highlight import Piece, highlight
from eval.judge import Judged, cited_spans, spans_of
from eval.measures import reliability, risk_curve
from eval.plots import draw_calibration, draw_groups, draw_measures, draw_risk
from eval.report import Report
from eval.run import Row
from eval.table import MAX_POLICIES, headline, speed_line, tables_of
from ingest import Span

FILE = "report.html"
# Of an answer that cites nothing, this many of the sentences it looked at are shown.
NEAREST = 3
TONES = {"hit first": "good", "rightly refused": "good", "hit later": "middling"}
IN_BARS = ("cited Hit@1", "cited Hit@3", "considered Hit@5")


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One question as the page shows it: `shown` says in words what is marked as found, `stretches` are by document."""

    question: Question
    judged: Judged
    shown: str
    stretches: list[tuple[str, list[Piece]]]

    @property
    def tone(self) -> str:
        """How the outcome is coloured."""
        return TONES.get(self.judged.outcome, "bad")


def write_page(
    report: Report, questions: Sequence[Question], judged: Sequence[Judged], rows: Mapping[str, Row], texts: Mapping[str, str], folder: pathlib.Path
) -> pathlib.Path:
    """Write `report.html` into a folder and give its path. `rows` are answers by question id, `texts` documents by theirs."""
    filters = [(name, sorted({str(getattr(entry, name)) for entry in judged})) for name in ("outcome", "kind", "policy")]
    page = fill_template(
        pathlib.Path(__file__).with_name("report.html"),
        report=report,
        headline=headline(report),
        speed=speed_line(report),
        plots=_plots(report, judged),
        tables=[(title, *table) for title, table in tables_of(report).items()],
        filters=filters,
        filter_names=[name for name, _ in filters],
        questions=[_entry(question, entry, rows.get(question.qid), texts) for question, entry in zip(questions, judged, strict=True)],
    )
    path = folder / FILE
    path.write_text(page, "utf-8", errors="replace")
    return path


def _entry(question: Question, judged: Judged, row: Row | None, texts: Mapping[str, str]) -> Entry:
    wanted = [piece.span for piece in question.evidence or question.near_miss]
    cited = cited_spans(row) if row else []
    nearest = spans_of(row["considered"])[:NEAREST] if row and not cited else []
    shown = "" if question.evidence else "There is no answer; what looks like one is marked as wanted. " if wanted else "There is no answer. "
    shown += "" if cited else "Nothing was cited; the nearest sentences are marked as found."
    documents = sorted({span.document_id for span in (*wanted, *cited, *nearest)})
    return Entry(question, judged, shown.strip(), [(name, _pieces(name, texts[name], wanted, cited or nearest)) for name in documents])


def _pieces(document_id: str, text: str, wanted: Sequence[Span], found: Sequence[Span]) -> list[Piece]:
    return highlight(text, [span for span in wanted if span.document_id == document_id], [span for span in found if span.document_id == document_id])


def _plots(report: Report, judged: Sequence[Judged]) -> list[tuple[str, str]]:
    drawn = [
        ("Measures with 95 % intervals", draw_measures(report.measures)),
        ("By kind of question", draw_groups(report.by_kind, IN_BARS, "kind")),
        ("Risk and coverage", draw_risk(risk_curve(judged))),
        ("Calibration", draw_calibration(reliability(judged))),
    ]
    if len(report.by_policy) <= MAX_POLICIES:
        drawn.insert(2, ("By policy", draw_groups(report.by_policy, IN_BARS, "policy")))
    return drawn
