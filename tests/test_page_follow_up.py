"""Follow-ups and prose on the page: how a question was understood, and what a language model wrote, in a box of its own."""

from __future__ import annotations

import pathlib

import pytest
from streamlit.testing.v1 import AppTest

from answer.chat import URL
from tests import paging
from tests.paging import ask, html_of, text_of
from tests.test_answer_compose import model

app = paging.app  # the fixture


def test_a_follow_up_is_shown_as_it_was_typed_and_as_it_was_understood(app: AppTest) -> None:
    ask(app.run(), "Does Acme sell personal data?")
    ask(app, "and Bolt?")
    assert [message.text[0].value for message in app.chat_message] == ["Does Acme sell personal data?", "and Bolt?"]
    said = [text_of(page) for page in html_of(app)]
    assert any("Understood as: “Does Bolt sell personal data?”" in page for page in said)
    assert any("Asked Bolt, because your question names it." in page for page in said)


def test_a_kept_follow_up_comes_back_as_it_was(app: AppTest) -> None:
    ask(app.run(), "Does Acme sell personal data?")
    ask(app, "and Bolt?")
    conversation = app.query_params["conversation"]
    again = AppTest.from_file(paging.ENTRY, default_timeout=180)
    again.query_params["conversation"] = conversation
    again.run()
    assert [message.text[0].value for message in again.chat_message] == ["Does Acme sell personal data?", "and Bolt?"]
    assert any("Understood as: “Does Bolt sell personal data?”" in text_of(page) for page in html_of(again))


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("obey", "Acme says “Payment data is handled by” [1]. It says so plainly. [1]"),
        ("lie", "4 sentences left out"),
        ("busy", "No prose: the language model answered with the status 503. The quotations stand as they are."),
    ],
)
def test_prose_stands_beside_the_quotations(app: AppTest, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, mode: str, shown: str) -> None:
    with model(mode, tmp_path / "log") as url:
        monkeypatch.setenv(URL, url)
        ask(app.run(), "Who handles payment data at Acme?")
    said = [text_of(page) for page in html_of(app)]
    assert any(shown in page for page in said)
    assert any("Payment data is handled by Paylane, our payment processor." in page for page in said)
    assert any("Written by a language model" in page for page in said) == (mode != "busy")


def test_without_a_language_model_nothing_is_written(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL, raising=False)
    ask(app.run(), "Who handles payment data at Acme?")
    assert not any("language model" in page for page in html_of(app))
