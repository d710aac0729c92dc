"""Plots as Vega-Lite specifications, which Streamlit draws in its own colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = Sequence[dict[str, Any]]

# Pixels of a plot's inside.
HEIGHT = 230
LEGEND_HEIGHT = 110
LEGEND = {"orient": "bottom", "direction": "vertical", "labelLimit": 300}


def measures_plot(rows: Rows) -> dict[str, Any]:
    """Values with their intervals; rows hold name, value, low and high."""
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 180}}
    return {
        "data": {"values": list(rows)},
        "height": {"step": 24},
        "layer": [
            {
                "mark": {"type": "rule", "size": 2},
                "encoding": {
                    "y": y,
                    "x": {"field": "low", "type": "quantitative", "scale": {"domain": [0, 1]}, "title": None},
                    "x2": {"field": "high"},
                },
            },
            {"mark": {"type": "point", "filled": True, "size": 70}, "encoding": {"y": y, "x": {"field": "value", "type": "quantitative"}}},
        ],
    }


def line_plot(rows: Rows, x: str, y: str, *, color: str = "", points: bool = False, diagonal: bool = False, depth: bool = False) -> dict[str, Any]:
    """A line for each colour; with `diagonal`, the line on which both would be equal behind it.

    `x` is a share from 0 to 1, or with `depth` a number of sentences, on a logarithmic scale.
    """
    whole = {"type": "log", "base": 2} if depth else {"domain": [0, 1]}
    encoding: dict[str, Any] = {
        "x": {"field": x, "type": "quantitative", "title": x, "scale": whole},
        "y": {"field": y, "type": "quantitative", "title": y, "scale": {"domain": [0, 1]}},
    }
    if color:
        encoding["color"] = {"field": color, "type": "nominal", "title": None, "legend": LEGEND}
    layers: list[dict[str, Any]] = [{"data": {"values": list(rows)}, "mark": {"type": "line", "point": points}, "encoding": encoding}]
    if diagonal:
        ends = [{x: 0, y: 0}, {x: 1, y: 1}]
        dashed = {"type": "line", "strokeDash": [4, 4], "opacity": 0.5, "color": "#888888"}
        layers.insert(0, {"data": {"values": ends}, "mark": dashed, "encoding": {name: encoding[name] for name in ("x", "y")}})
    return {"height": HEIGHT + (LEGEND_HEIGHT if color else 0), "layer": layers}


def histogram(values: Sequence[float], title: str) -> dict[str, Any]:
    """How often values are how large."""
    return {
        "data": {"values": [{"value": value} for value in values]},
        "height": HEIGHT,
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "value", "bin": {"maxbins": 30}, "type": "quantitative", "title": title},
            "y": {"aggregate": "count", "type": "quantitative", "title": "questions"},
        },
    }
