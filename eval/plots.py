"""The plots of a report, as SVG. The only file that knows altair and vl-convert; nothing is fetched to draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair
import vl_convert

from eval.measures import Estimate

WIDTH, HEIGHT = 340, 240
BLUE, ORANGE, GREY = "#3a86c0", "#d9822b", "#999999"
# Drawn in the colour of the text around them, so that they can be read on a dark page too.
INK, FAINT = "currentColor", "#8888884d"
CONFIGURATION = {
    "background": "transparent",
    # Browsers set some labels wider than they were measured.
    "padding": {"left": 30, "top": 5, "right": 8, "bottom": 5},
    "axis": {"labelColor": INK, "titleColor": INK, "domainColor": GREY, "tickColor": GREY, "gridColor": FAINT, "labelLimit": 260},
    "legend": {"labelColor": INK, "titleColor": INK, "orient": "bottom"},
    "view": {"stroke": FAINT},
}

Points = Sequence[tuple[float, float]]


def draw_measures(measures: Mapping[str, Estimate]) -> str:
    """Each measure with its interval."""
    values = [
        {
            "measure": name,
            "value": entry.value,
            "low": entry.value if entry.low is None else entry.low,
            "high": entry.value if entry.high is None else entry.high,
        }
        for name, entry in measures.items()
    ]
    base = altair.Chart(altair.InlineData(values=values)).encode(y=altair.Y("measure:N", sort=None, title=None))
    lines = base.mark_rule(color=BLUE, strokeWidth=2).encode(x=altair.X("low:Q", title=None, scale=altair.Scale(domain=[0, 1])), x2="high:Q")
    return _svg((lines + base.mark_point(color=BLUE, filled=True, size=50).encode(x="value:Q")).properties(width=WIDTH, height=altair.Step(16)))


def draw_risk(curve: Points) -> str:
    """The share of wrong answers over the share of questions answered, the most confident first."""
    return _svg(_line(curve, "questions answered", "wrong among them"))


def draw_calibration(bins: Points) -> str:
    """How often the first sentence was right, over how confident the assistant was; the grey line is what should be."""
    ideal = _line([(0.0, 0.0), (1.0, 1.0)], "confidence", "right", GREY)
    return _svg(ideal + _line(bins, "confidence", "right", BLUE, point=True))


def draw_groups(groups: Mapping[str, Mapping[str, Estimate]], measures: Sequence[str], title: str) -> str:
    """Some measures for each group, as bars."""
    values = [{"group": group, "measure": name, "value": found[name].value} for group, found in groups.items() for name in measures if name in found]
    chart = altair.Chart(altair.InlineData(values=values)).mark_bar()
    encoded = chart.encode(
        y=altair.Y("group:N", title=title, sort=None),
        yOffset=altair.YOffset("measure:N", sort=None),
        x=altair.X("value:Q", title=None, scale=altair.Scale(domain=[0, 1])),
        color=altair.Color("measure:N", title=None, sort=None, scale=altair.Scale(range=[BLUE, ORANGE, GREY])),
    )
    return _svg(encoded.properties(width=WIDTH, height=altair.Step(9)))


def draw_sweep(estimates: Mapping[str, Estimate], title: str) -> str:
    """One measure for each setting, with its interval; the scale begins where there is something to see."""
    values = [{"setting": name, "value": entry.value, "low": entry.low, "high": entry.high} for name, entry in estimates.items()]
    base = altair.Chart(altair.InlineData(values=values)).encode(y=altair.Y("setting:N", sort=None, title=None))
    x = altair.X("low:Q", title=title, scale=altair.Scale(zero=False))
    lines = base.mark_rule(color=BLUE, strokeWidth=2).encode(x=x, x2="high:Q")
    return _svg((lines + base.mark_point(color=BLUE, filled=True, size=50).encode(x="value:Q")).properties(width=WIDTH, height=altair.Step(18)))


def _line(points: Points, x: str, y: str, color: str = BLUE, *, point: bool = False) -> altair.Chart:
    values = [{"x": left, "y": right} for left, right in points]
    mark = altair.Chart(altair.InlineData(values=values)).mark_line(color=color, point={"color": color} if point else False)
    unit = altair.Scale(domain=[0, 1])
    encoded = mark.encode(x=altair.X("x:Q", title=x, scale=unit), y=altair.Y("y:Q", title=y, scale=unit))
    drawn: altair.Chart = encoded.properties(width=WIDTH, height=HEIGHT)
    return drawn


def _svg(chart: Any) -> str:
    return str(vl_convert.vegalite_to_svg(chart.configure(**CONFIGURATION).to_dict()))
