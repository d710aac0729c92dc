"""Comparing: every question asked of every policy, the differences found, the table safe for a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import io
import urllib.parse
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from answer import Verdict
from index import Index
from pages.parts.compare import NOTHING, Comparison, as_markdown, compare, disagree, filtered, finding_of, some_silent, table_of
from pages.parts.conversation import Turn
from pages.parts.grid import csv_of, styled, xlsx_of
from pages.parts.questions import SETS, own_questions
from tests import paging
from tests.conftest import ACME
from tests.paging import html_of, text_of

app = paging.app  # the fixture
QUESTIONS = ("Who handles payment data?", "Do you collect data of children under 14?", "zebra?")
PAID = "Payment data is handled by Paylane, our payment processor."


@pytest.fixture
def comparison(small_index: Index) -> Comparison:
    *_, last = compare(small_index, QUESTIONS, ["acme.md", "bolt.txt"])
    return last


def test_partial_results_come_one_question_at_a_time(small_index: Index) -> None:
    found = list(compare(small_index, QUESTIONS, ["acme.md", "bolt.txt"]))
    assert [len(partial.turns) for partial in found] == [1, 2, 3]
    assert found[-1].names == {"acme.md": "Acme", "bolt.txt": "Bolt"}


def test_every_cell_is_what_that_policy_says(comparison: Comparison) -> None:
    paid, children, zebra = comparison.turns
    assert finding_of(paid, "acme.md").citations[0].passage.text == PAID
    assert finding_of(children, "acme.md").verdict is Verdict.SILENT
    assert finding_of(children, "bolt.txt").verdict is Verdict.NO
    assert {finding.verdict for finding in zebra.answer.findings} == {Verdict.SILENT}
    with pytest.raises(KeyError):
        finding_of(paid, "gone.md")


def test_the_table_has_a_row_a_question_and_a_column_a_policy(comparison: Comparison) -> None:
    assert table_of(comparison, quotations=False) == [
        ["Question", "Acme", "Bolt"],
        ["Who handles payment data?", "Says", NOTHING],
        ["Do you collect data of children under 14?", NOTHING, "No"],
        ["zebra?", NOTHING, NOTHING],
    ]
    assert table_of(comparison, quotations=True)[1] == ["Who handles payment data?", "Says", PAID, NOTHING, ""]


def test_filters_find_where_policies_differ(comparison: Comparison, small_index: Index) -> None:
    assert [some_silent(turn) for turn in comparison.turns] == [True, True, False]
    assert [disagree(turn) for turn in comparison.turns] == [False, False, False]
    paid, children, zebra = comparison.turns
    said = {verdict: with_verdicts(children, verdict, Verdict.NO) for verdict in Verdict}
    assert {verdict for verdict, turn in said.items() if disagree(turn)} == {Verdict.YES, Verdict.CONDITIONAL}
    mixed = dataclasses.replace(comparison, turns=(paid, said[Verdict.YES], zebra, said[Verdict.NO]))
    assert filtered(mixed, ["They disagree"]).turns == (said[Verdict.YES],)
    assert [turn.question for turn in filtered(comparison, ["Only some say something"]).turns] == list(QUESTIONS[:2])
    assert filtered(comparison, []) == comparison


def with_verdicts(turn: Turn, *verdicts: Verdict) -> Turn:
    """A turn in which the policies say this."""
    findings = tuple(dataclasses.replace(finding, verdict=verdict) for finding, verdict in zip(turn.answer.findings, verdicts, strict=True))
    return dataclasses.replace(turn, answer=dataclasses.replace(turn.answer, findings=findings))


def test_a_cell_that_looks_like_a_formula_is_not_one(small_index: Index) -> None:
    *_, found = compare(small_index, ['=HYPERLINK("http://evil.example")', "@who handles payment data?"], ["acme.md", "bolt.txt"])
    rows = list(csv.reader(io.StringIO(csv_of(table_of(found, quotations=True)).decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Question", '\'=HYPERLINK("http://evil.example")', "'@who handles payment data?"]
    with zipfile.ZipFile(io.BytesIO(xlsx_of(table_of(found, quotations=True)))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_the_colours_say_the_verdict_in_both_themes(comparison: Comparison) -> None:
    for dark, colour in ((False, "#dce8f4"), (True, "#203447")):
        assert f"background-color: {colour}" in styled(table_of(comparison, quotations=False), dark=dark).to_html()


def test_policies_of_one_name_have_columns_of_their_own() -> None:
    assert list(styled([["Question", "Acme", "Acme"], ["q", "Yes", "No"]], dark=False).columns) == ["Acme (1)", "Acme (2)"]


def test_the_markdown_table_can_not_be_broken_by_what_a_policy_says(comparison: Comparison) -> None:
    text = as_markdown(comparison)
    assert text.splitlines()[:3] == ["| Question | Acme | Bolt |", "| --- | --- | --- |", "| Who handles payment data? | Says | – |"]
    assert f"- Acme: “{PAID}”" in text
    assert "No policy says." in text


def test_own_questions_are_one_a_line() -> None:
    assert own_questions("a?\n\n b?  c\na?\n") == ("a?", "b? c")
    assert all(len(set(questions)) == len(questions) >= 12 for questions in SETS.values())


def compared(app: AppTest, chosen: str, *own: str) -> AppTest:
    """The page with a comparison of both policies."""
    app.run().switch_page("pages/compare.py").run()
    app.selectbox(key="set").select(chosen).run()
    app.text_area(key="own").set_value("\n".join(own)).run()
    app.multiselect(key="compared").set_value(["acme.md", "bolt.txt"]).run()
    app.button(key="compare").click().run()
    assert not app.exception
    return app


def test_a_comparison_is_made_filtered_and_read(app: AppTest) -> None:
    compared(app, "Only my own", *QUESTIONS)
    frame = app.dataframe[0].value
    assert list(frame.index) == list(QUESTIONS)
    assert list(frame["Bolt"]) == [NOTHING, "No", NOTHING]
    app.pills(key="filters").select("Only some say something").run()
    assert list(app.dataframe[0].value.index) == list(QUESTIONS[:2])


def test_nothing_is_compared_without_questions_or_policies(app: AppTest) -> None:
    app.run().switch_page("pages/compare.py").run()
    app.multiselect(key="compared").set_value([]).run()
    assert app.button(key="compare").disabled


def click(app: AppTest, row: int, column: str) -> AppTest:
    """Click on a cell of the table."""
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": [], "columns": [], "cells": [(row, column)]}}
    app.run()
    assert not app.exception
    return app


def test_a_cell_shows_its_quotation_with_a_link_to_its_place(app: AppTest) -> None:
    click(compared(app, "Only my own", *QUESTIONS), 0, "Acme")
    assert f"<blockquote><q>{PAID}</q></blockquote>" in html_of(app)
    (link,) = app.get("page_link")
    start = ACME.index(PAID)
    assert urllib.parse.parse_qs(link.proto.query_string) == {"document": ["acme.md"], "start": [str(start)], "end": [str(start + len(PAID))]}
    click(app, 0, "Bolt")
    assert any("Nothing in this policy answers the question." in text_of(page) for page in html_of(app))
    assert not app.get("page_link")


def test_an_own_question_that_is_in_the_set_is_asked_once(app: AppTest) -> None:
    compared(app, "Privacy", "Whom do I write to?", "zebra?")
    assert list(app.dataframe[0].value.index) == [*SETS["Privacy"], "zebra?"]


def test_a_comparison_that_can_not_be_reviewed_says_why(app: AppTest) -> None:
    compared(app, "Only my own", "zebra?").button(key="review").click().run()
    assert not app.exception
    assert app.info[0].value.replace("\\", "") == "There is nothing to review: no policy said anything."
    assert list(app.run().info) == []
