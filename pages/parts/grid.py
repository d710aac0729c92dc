"""Tables that Streamlit draws and spreadsheets open. The only file that knows pandas."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd
from pandas.io.formats.style import Styler

from answer import Verdict
from cite import harmless
from pages.parts.wording import CHIPS

# Background and letters of a cell, by its word, for the light and the dark theme; the same colours as those of the chips.
_LIGHT = {
    Verdict.YES: ("#d8efdf", "#14532d"),
    Verdict.NO: ("#f8dedb", "#7f1d1d"),
    Verdict.CONDITIONAL: ("#faecc8", "#6b4500"),
    Verdict.STATES: ("#dce8f4", "#1d4568"),
}
_DARK = {
    Verdict.YES: ("#1d3b2a", "#a7e3bd"),
    Verdict.NO: ("#4a2320", "#f6bbb5"),
    Verdict.CONDITIONAL: ("#45371a", "#f1d48e"),
    Verdict.STATES: ("#203447", "#b3d4f3"),
}


def styled(rows: Sequence[Sequence[str]], *, dark: bool) -> Styler:
    """A matrix with coloured cells; its first column is the index, which stays in view."""
    colours = {CHIPS[verdict][0]: pair for verdict, pair in (_DARK if dark else _LIGHT).items()}

    def colour(cell: object) -> str:
        pair = colours.get(str(cell))
        return f"background-color: {pair[0]}; color: {pair[1]}" if pair else ""

    return _frame(rows).style.map(colour)


def csv_of(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as CSV in UTF-8 with a byte order mark, which spreadsheets need to see; no cell can be run as a formula."""
    return str(_frame(_safe(rows)).to_csv()).encode("utf-8-sig")


def xlsx_of(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a spreadsheet, header and first column frozen."""
    buffer = io.BytesIO()
    _frame(_safe(rows)).to_excel(buffer, sheet_name="Comparison", freeze_panes=(1, 1))
    return buffer.getvalue()


def _frame(rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    header, *body = rows
    index = pd.Index([row[0] for row in body], name=header[0], dtype="object")
    return pd.DataFrame([row[1:] for row in body], index=index, columns=_distinct(header[1:]), dtype="object")


def _distinct(names: Sequence[str]) -> list[str]:
    """Two policies may go by one name; a table's columns may not."""
    return [name if list(names).count(name) == 1 else f"{name} ({list(names[: place + 1]).count(name)})" for place, name in enumerate(names)]


def _safe(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[harmless(cell) for cell in row] for row in rows]
