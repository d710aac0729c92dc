"""Conversations that are kept: listed, reopened, shared, copied, judged, taken away and deleted."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import shell
from pages.parts.store import Opinion
from tests import paging
from tests.paging import ENTRY, ask, html_of, text_of

app = paging.app  # the fixture
PAID = "Payment data is handled by Paylane, our payment processor."


def opened_by(address: dict[str, str], visitor: str | None = None) -> AppTest:
    """Another session that opens an address; the same browser's where the visitor is given."""
    other = AppTest.from_file(ENTRY, default_timeout=180)
    other.query_params.update(address)
    if visitor:
        other.session_state["visitor"] = visitor
    return other.run()


def name_of(app: AppTest) -> str:
    return str(app.session_state["conversation"])


def questions(app: AppTest) -> list[str]:
    return [message.text[0].value for message in app.chat_message]


def test_a_conversation_is_listed_and_reopened(app: AppTest) -> None:
    ask(app.run(), "who handles payment data?")
    first = name_of(app)
    app.button(key="new").click().run()
    ask(app, "can I delete my account?")
    assert [button.label for button in app.sidebar.button if str(button.key).startswith("open-")] == [
        "can I delete my account?",
        "who handles payment data?",
    ]
    app.button(key=f"open-{first}").click().run()
    assert questions(app) == ["who handles payment data?"]
    assert any(PAID in text_of(page) for page in html_of(app))
    app.button(key="cite-0-1").click().run()
    assert any('class="policy-text"' in page for page in html_of(app))


def test_an_address_reopens_a_conversation_in_another_tab_of_the_same_browser(app: AppTest) -> None:
    ask(app.run(), "who handles payment data?")
    other = opened_by({"conversation": name_of(app)}, app.session_state["visitor"])
    assert questions(other) == ["who handles payment data?"]
    ask(other, "can I delete my account?")
    assert name_of(other) == name_of(app)
    assert len(shell.store().open(name_of(app)).rows) == 2


def test_a_shared_conversation_is_read_and_gone_on_with_in_a_copy(app: AppTest) -> None:
    ask(app.run(), "who handles payment data?")
    other = opened_by({"conversation": name_of(app)})
    assert questions(other) == ["who handles payment data?"]
    assert any("Somebody shared this conversation with you." in page for page in html_of(other))
    assert "delete" not in [button.key for button in other.button]
    assert not other.get("feedback")
    ask(other, "can I delete my account?")
    assert questions(other) == ["who handles payment data?", "can I delete my account?"]
    assert name_of(other) != name_of(app)
    assert len(shell.store().open(name_of(app)).rows) == 1
    assert len(shell.store().open(name_of(other)).rows) == 2
    assert not any("Somebody shared" in page for page in html_of(other))


def test_a_deleted_conversation_is_gone(app: AppTest) -> None:
    ask(app.run(), "who handles payment data?")
    name = name_of(app)
    app.button(key="delete").click().run()
    assert questions(app) == []
    assert shell.store().open(name) is None
    other = opened_by({"conversation": name})
    assert questions(other) == []
    assert other.info[0].value == "That conversation is no longer kept."
    assert "conversation" not in other.query_params


def test_what_a_reader_thinks_is_kept(app: AppTest) -> None:
    ask(app.run(), "who handles payment data?")
    name = name_of(app)
    app.feedback[0].set_value(0).run()
    app.text_input(key=f"why-{name}-0").set_value(" the wrong section ").run()
    assert shell.store().open(name).opinions == (Opinion(0, "the wrong section"),)
    other = opened_by({"conversation": name}, app.session_state["visitor"])
    assert other.text_input(key=f"why-{name}-0").value == "the wrong section"


def test_a_policy_that_changed_since_is_said_to_have(app: AppTest, small_corpus, tmp_path, monkeypatch) -> None:
    ask(app.run(), "who handles payment data?")
    (small_corpus / "acme.md").write_text("# Acme Privacy Policy\n\n## Payments\n\nMoneylane handles all payments.\n", "utf-8")
    monkeypatch.setenv("ASKPOLICY_INDEX", str(tmp_path / "index-of-today"))
    other = opened_by({"conversation": name_of(app)}, app.session_state["visitor"])
    assert any(PAID in text_of(page) for page in html_of(other))
    other.button(key="cite-0-1").click().run()
    assert other.info[0].value == "Acme has changed since, and no longer says this word for word; ask again."
    assert not any('class="policy-text"' in page for page in html_of(other))


def test_where_nothing_can_be_kept_the_page_says_so_and_goes_on(app: AppTest, tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    monkeypatch.setenv("ASKPOLICY_STATE", str(tmp_path / "file"))
    ask(app.run(), "who handles payment data?")
    assert "ASKPOLICY\\_STATE" in app.info[0].value
    ask(app, "can I delete my account?")
    assert questions(app) == ["who handles payment data?", "can I delete my account?"]
    assert list(app.info) == []


def test_what_could_not_be_kept_is_kept_later_in_its_place(app: AppTest, tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    folders = {"broken": str(tmp_path / "file"), "whole": str(tmp_path / "state")}
    monkeypatch.setenv("ASKPOLICY_STATE", folders["broken"])
    ask(app.run(), "who handles payment data?")
    monkeypatch.setenv("ASKPOLICY_STATE", folders["whole"])
    ask(app, "can I delete my account?")
    assert kept_questions(app) == ["who handles payment data?", "can I delete my account?"]
    monkeypatch.setenv("ASKPOLICY_STATE", folders["broken"])
    ask(app, "cookies for counting visits?")
    assert "ASKPOLICY\\_STATE" in app.info[0].value
    app.feedback[2].set_value(1).run()
    monkeypatch.setenv("ASKPOLICY_STATE", folders["whole"])
    ask(app, "do you collect data of children under 14?")
    app.feedback[3].set_value(0).run()
    assert kept_questions(app) == questions(app)
    assert shell.store().open(name_of(app)).opinions == (Opinion(), Opinion(), Opinion(1), Opinion(0))


def kept_questions(app: AppTest) -> list[str]:
    return [row["typed"] for row in shell.store().open(name_of(app)).rows]


@pytest.mark.parametrize("name", ["json", "csv", "xlsx"])
def test_citations_are_taken_away_in_every_format(app: AppTest, name: str) -> None:
    from pages.parts.take_away import export

    ask(ask(app.run(), "who handles payment data?"), "can I delete my account?")
    data = export(app.session_state["turns"], name, shell.corpus_folder())
    if name == "json":
        bundle = json.loads(data)
        assert [question["question"] for question in bundle["questions"]] == ["who handles payment data?", "can I delete my account?"]
        assert bundle["questions"][0]["findings"][0]["citations"][0]["quote"] == PAID
    assert len(data) > 200


def test_an_answer_is_copied_as_text(app: AppTest) -> None:
    from pages.parts.take_away import as_text

    ask(app.run(), "who handles payment data?")
    assert f"> \\[1\\] {PAID}" in as_text(app.session_state["turns"][0])
