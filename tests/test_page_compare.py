"""Comparing: every question asked of every policy, the differences found, the table safe for a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from answer import Verdict
from index import Index
from pages.parts.compare import NOTHING, Comparison, as_markdown, compare, disagree, filtered, finding_of, some_silent, table_of
from pages.parts.grid import csv_of, styled, xlsx_of
from pages.parts.questions import SETS, own_questions
from tests import paging
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
    assert [turn.question for turn in filtered(comparison, ["Only some say something"]).turns] == list(QUESTIONS[:2])
    assert filtered(comparison, []) == comparison


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


def test_a_comparison_is_made_filtered_and_read(app: AppTest) -> None:
    app.run().switch_page("pages/compare.py").run()
    assert not app.exception
    app.selectbox(key="set").select("Only my own").run()
    app.text_area(key="own").set_value("\n".join(QUESTIONS)).run()
    app.multiselect(key="compared").set_value(["acme.md", "bolt.txt"]).run()
    app.button(key="compare").click().run()
    assert not app.exception
    frame = app.dataframe[0].value
    assert list(frame.index) == list(QUESTIONS)
    assert list(frame["Bolt"]) == [NOTHING, "No", NOTHING]
    app.pills(key="filters").select("Only some say something").run()
    assert list(app.dataframe[0].value.index) == list(QUESTIONS[:2])


def test_nothing_is_compared_without_questions_or_policies(app: AppTest) -> None:
    app.run().switch_page("pages/compare.py").run()
    app.multiselect(key="compared").set_value([]).run()
    assert app.button(key="compare").disabled


def test_a_cell_shows_its_quotation(app: AppTest, comparison: Comparison) -> None:
    def page(turn: object, document_id: str) -> None:
        from pages.parts.draw_cell import draw_cell

        draw_cell(turn, document_id)

    shown = AppTest.from_function(page, args=(comparison.turns[1], "acme.md")).run()
    assert any("Nothing in this policy answers the question." in text_of(page) for page in html_of(shown))
