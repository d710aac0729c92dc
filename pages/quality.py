"""How good the answers are: the reports of `python -m eval`, with intervals, curves and the questions that went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from answer import escape_markdown
from ingest import PolicyError
from pages.parts import shell
from pages.parts.inline import escape
from pages.parts.plots import histogram, line_plot, measures_plot
from pages.parts.quality import (
    HEADLINES,
    Asked,
    Run,
    answers_of,
    calibration_points,
    differences,
    error_line,
    find_runs,
    hit_points,
    interval_rows,
    read_run,
    risk_points,
    wanted_of,
    worst,
)
from pages.parts.wording import duration, sentence


def draw_headlines(run: Run) -> None:
    """The figures that matter most, each with its interval."""
    found = {measure.name: measure for measure in run.measures}
    tiles = []
    for name, meaning in HEADLINES.items():
        if measure := found.get(name):
            between = (
                f"{measure.low:.0%} to {measure.high:.0%}" if measure.low is not None and measure.high is not None else "too few for an interval"
            )
            small = f'<span class="aside">{between}, {measure.count} questions</span>'
            tiles.append(f'<div class="tile"><b>{measure.value:.0%}</b><span>{escape(meaning)}</span>{small}</div>')
    st.html(f'<div class="tiles">{"".join(tiles)}</div>')
    st.html(f'<p class="aside">{escape(error_line(run.measures))}</p>')
    speed = run.speed.get("median_seconds")
    parts = [f"{duration(speed)} a question at the median" if speed is not None else ""]
    parts.append(f"{duration(run.speed['p95_seconds'])} at the 95th percentile" if "p95_seconds" in run.speed else "")
    parts.append(f"{run.speed['peak_megabytes']:,.0f} MB at most" if "peak_megabytes" in run.speed else "")
    st.html(f'<p class="aside">{escape(" · ".join(part for part in parts if part))}</p>')


def draw_curves(run: Run, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Hits by depth, risk by coverage, calibration, and how long answers took."""
    plots = [
        (
            "Found among the first k",
            "How often a sentence that proves the answer is among the first k.",
            line_plot(hit_points(run.measures), "k", "share", color="measure", points=True, depth=True),
        ),
        (
            "Risk and coverage",
            "The share of wrong first quotations, when only the surest answers are given.",
            line_plot(risk_points(run.questions), "coverage", "risk"),
        ),
        (
            "Calibration",
            "How often the first quotation was right, by how sure the answer was. On the dashed line both are equal.",
            line_plot(calibration_points(run.questions), "confidence", "right", points=True, diagonal=True),
        ),
    ]
    if seconds := [float(row["seconds"]) for row in answers.values() if "seconds" in row]:
        plots.append(("Time for an answer", "From the question to the quotations, without drawing the page.", histogram(seconds, "seconds")))
    for number in range(0, len(plots), 2):
        for column, (title, meaning, plot) in zip(st.columns(2, gap="medium"), plots[number : number + 2], strict=False):
            with column:
                st.markdown(f"#### {title}")
                st.caption(meaning)
                st.vega_lite_chart(plot)


def draw_measures(run: Run) -> None:
    """Every measure with its interval, and by kind of question."""
    st.vega_lite_chart(measures_plot(interval_rows(run.measures)))
    st.markdown("#### By kind of question")
    kinds = [
        {"Kind": kind, **{measure.name: round(measure.value, 3) for measure in found if measure.name in HEADLINES}}
        for kind, found in run.by_kind.items()
    ]
    st.dataframe(kinds, hide_index=True)


def draw_worst(run: Run, answers: Mapping[str, Mapping[str, Any]], gold: Mapping[str, Mapping[str, Any]]) -> None:
    """What went wrong, the surest first: what was found beside what was wanted."""
    wrong = worst(run.questions)
    if not wrong:
        st.html('<p class="aside">Every first quotation was right.</p>')
        return
    st.html('<p class="aside">Answered wrongly, the surest first.</p>')
    for entry in wrong:
        row, wanted = answers.get(entry.qid, {}), gold.get(entry.qid, {})
        question = str(row.get("question") or wanted.get("question") or entry.qid)
        with st.expander(f"{escape_markdown(question)} · {escape_markdown(entry.policy)} · {entry.confidence:.0%}"):
            _draw_pair(entry, row, wanted)


def _draw_pair(entry: Asked, row: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    found = [citation["quote"] for finding in row.get("findings", ()) for citation in finding["citations"]][:3]
    asked = [str(span.get("text", "")) for span in wanted.get("evidence", ())]
    left, right = st.columns(2, gap="medium")
    nothing = "Nothing: it was refused." if row else "The answers of this run are no longer there."
    for column, title, quotes, none in (
        (left, "Found", found, nothing),
        (right, "Wanted", asked, "Nothing: there is no answer." if not entry.answerable else "Not known here."),
    ):
        quoted = "".join(f"<blockquote><q>{escape(quote)}</q></blockquote>" for quote in quotes)
        column.html(f'<p class="aside">{title}</p>{quoted or f"<p class=plain>{none}</p>"}')


def draw_comparison(run: Run, others: list[Run]) -> None:
    """The same measures in an earlier run."""
    if not others:
        st.html('<p class="aside">There is no other run to compare with.</p>')
        return
    number = st.selectbox("Compare with", range(len(others)), format_func=lambda place: others[place].label, key="other")
    rows = differences(others[number], run)
    st.dataframe(
        [
            {"Measure": name, "Before": round(old, 3), "Now": round(new, 3), "Change": round(new - old, 3), "": verdict}
            for name, old, new, verdict in rows
        ],
        hide_index=True,
    )
    st.caption(
        "A difference is clear where the 95 % intervals do not touch. `python -m eval --baseline` compares question by question, and sees more."
    )


shell.enter()
st.markdown("# Quality")
runs: list[Run] = []
for path in find_runs(shell.ROOT)[:30]:
    try:
        runs.append(read_run(path))
    except PolicyError as error:
        st.warning(escape_markdown(sentence(str(error))))
if not runs:
    st.html('<p class="plain">Nothing has been measured yet. Run <code>python -m eval</code> in a terminal; its report then stands here.</p>')
    st.stop()
chosen = st.selectbox("Run", range(len(runs)), format_func=lambda place: runs[place].label, key="run")
run = runs[chosen]
answers, gold = answers_of(run), wanted_of(shell.ROOT / "eval" / "questions")
with st.container(key="wide"):
    draw_headlines(run)
    curves, measures, wrong, comparison = st.tabs(["Curves", "All measures", "What went wrong", "Another run"])
    with curves:
        draw_curves(run, answers)
    with measures:
        draw_measures(run)
    with wrong:
        draw_worst(run, answers, gold)
    with comparison:
        draw_comparison(run, [other for other in runs if other.path != run.path])
