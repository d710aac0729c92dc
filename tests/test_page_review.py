"""The page for reviewers, driven without a browser."""

from __future__ import annotations

import json
import pathlib

import pytest
from streamlit.testing.v1 import AppTest

from cite import Review, export_bundle, library_of
from index import Index
from pages.parts import shell
from pages.parts.conversation import ask_turn
from pages.parts.desk import Desk
from pages.parts.worklist import bundle_of_turns, gold_file
from tests import paging
from tests.citing import write_answers
from tests.paging import ENTRY, ask, html_of, text_of

app = paging.app  # the fixture
PAID = "Payment data is handled by Paylane, our payment processor."


def review(app: AppTest) -> AppTest:
    app.switch_page("pages/review.py").run()
    assert not app.exception
    return app


def begin(app: AppTest, label: str) -> AppTest:
    box = app.selectbox(key="source")
    box.select(next(option for option in box.options if label in option)).run()
    app.button(key="begin").click().run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    return "\n".join(text_of(page) for page in html_of(app))


def named(app: AppTest, name: str = "Ada") -> AppTest:
    app.text_input(key="reviewer").set_value(name).run()
    assert not app.exception
    return app


def decisions(app: AppTest) -> list[str]:
    """The keys of the decisions on the page, in order."""
    return [str(element.key) for element in app.get("button_group") if str(element.key).startswith("choose-")]


def choose(app: AppTest, number: int, *words: str) -> AppTest:
    app.segmented_control(key=decisions(app)[number]).set_value(*words or (None,)).run()
    assert not app.exception
    return app


@pytest.fixture
def conversation(app: AppTest) -> AppTest:
    """A work list made of a conversation of one question to Acme."""
    return begin(review(ask(app.run(), "who handles payment data at Acme?")), "Conversation: who handles")


def test_before_there_is_a_list_the_page_says_what_one_is(app: AppTest) -> None:
    review(app.run())
    assert "You have no work lists yet." in text(app)
    assert app.selectbox(key="source").options == ["A file: answers.jsonl of a batch run, or a bundle"]
    assert app.button(key="begin").disabled


def test_a_conversation_becomes_a_list_at_an_address_of_its_own(conversation: AppTest) -> None:
    assert conversation.markdown[0].value == "# who handles payment data at Acme?"
    assert PAID in text(conversation)
    other = AppTest.from_file(ENTRY, default_timeout=180).run()
    other.query_params["list"] = conversation.query_params["list"]
    other.switch_page("pages/review.py").run()
    assert PAID in text(other)


def test_nobody_decides_without_a_name_and_the_name_is_kept(conversation: AppTest) -> None:
    assert "Write your name first" in text(conversation)
    assert all(conversation.segmented_control(key=key).disabled for key in decisions(conversation))
    named(conversation)
    assert not any(conversation.segmented_control(key=key).disabled for key in decisions(conversation))
    assert shell.desk().name_of(conversation.session_state["visitor"]) == "Ada"


def test_decisions_are_signed_counted_filtered_and_taken_back(conversation: AppTest) -> None:
    choose(named(conversation), 0, "Accept")
    total = len(decisions(conversation))
    assert "Accepted by Ada on " in text(conversation)
    assert conversation.get("progress")[0].proto.text.startswith(f"1 of {total} decided: 1 accepted, 0 rejected")
    conversation.pills(key="review-filter").set_value("To do").run()
    assert PAID not in text(conversation)
    conversation.pills(key="review-filter").set_value("Accepted").run()
    assert PAID in text(conversation)
    choose(conversation, 0)
    assert "There is no such quotation in this list." in text(conversation)


def test_a_comment_alone_is_a_review(conversation: AppTest) -> None:
    key = decisions(named(conversation))[0].replace("choose-", "comment-")
    conversation.text_input(key=key).set_value("Ask legal").run()
    assert "Commented by Ada on " in text(conversation)
    work = shell.desk().open(conversation.query_params["list"])
    assert work is not None
    assert next(work.bundle.entries()).citation.review.comment == "Ask legal"


def test_what_another_reviewer_decides_is_seen(conversation: AppTest) -> None:
    choose(named(conversation), 0, "Accept")
    other = AppTest.from_file(ENTRY, default_timeout=180).run()
    other.query_params["list"] = conversation.query_params["list"]
    other.switch_page("pages/review.py").run()
    choose(named(other, "Bob"), 0, "Reject")
    conversation.run()
    assert conversation.segmented_control(key=decisions(conversation)[0]).value == "Reject"
    assert "Rejected by Bob on " in text(conversation)


def test_a_decision_leaves_the_comment_that_another_reviewer_wrote_meanwhile(conversation: AppTest) -> None:
    name = conversation.query_params["list"]
    citation = decisions(named(conversation))[0].removeprefix("choose-")
    shell.desk().decide(name, {citation: Review("comment", "Bob", "Ask legal", "2026-02-30")})
    choose(conversation, 0, "Accept")
    work = shell.desk().open(name)
    assert work is not None
    review = next(work.bundle.entries()).citation.review
    assert (review.status, review.reviewer, review.comment) == ("accept", "Ada", "Ask legal")
    shell.desk().decide(name, {citation: Review("reject", "Bob", "Ask legal", "2026-02-30")})
    conversation.text_input(key=f"comment-{citation}").set_value("Legal agrees").run()
    work = shell.desk().open(name)
    assert work is not None
    review = next(work.bundle.entries()).citation.review
    assert (review.status, review.comment) == ("reject", "Legal agrees")


def test_a_day_that_is_none_is_shown_as_it_was_written(conversation: AppTest) -> None:
    citation = decisions(named(conversation))[0].removeprefix("choose-")
    shell.desk().decide(conversation.query_params["list"], {citation: Review("reject", "Bob", "", "2026-02-30")})
    conversation.run()
    assert not conversation.exception
    assert "Rejected by Bob on 2026-02-30." in text(conversation)


def test_accepted_ones_are_added_to_the_evaluation_set(conversation: AppTest) -> None:
    choose(named(conversation), 0, "Accept")
    conversation.button(key="gold").click().run()
    assert conversation.info[0].value.startswith("1 question added to ")
    (row,) = (json.loads(line) for line in gold_file(shell.state_folder()).read_text("utf-8").splitlines())
    assert row["evidence"][0]["text"] == PAID
    assert row["note"].startswith("accepted by Ada ")


def test_reviews_of_a_returned_file_are_taken(conversation: AppTest, small_index: Index) -> None:
    choose(named(conversation), 0, "Accept")
    work = shell.desk().open(conversation.query_params["list"])
    assert work is not None
    data = export_bundle(work.bundle, library_of(small_index), "csv")
    choose(conversation, 0, "Reject")
    conversation.file_uploader(key="returned").upload("back.csv", data, "text/csv").run()
    conversation.button(key="take-reviews").click().run()
    assert conversation.info[0].value.startswith("0 reviews taken")
    assert "“accept” by Ada" in conversation.warning[0].value
    conversation.checkbox(key="replace").check().run()
    conversation.button(key="take-reviews").click().run()
    assert conversation.info[0].value.startswith("1 review taken")
    assert conversation.segmented_control(key=decisions(conversation)[0]).value == "Accept"


def test_a_list_shows_what_became_of_its_quotations(conversation: AppTest, small_corpus: pathlib.Path) -> None:
    conversation.toggle(key="recheck").set_value(True).run()
    assert "Exact" in text(conversation)
    acme = small_corpus / "acme.md"
    acme.write_text(acme.read_text("utf-8").replace("Paylane, our", "Otherpay, our"), "utf-8")
    conversation.run()
    assert any("<del>Paylane,</del> <ins>Otherpay,</ins>" in page for page in html_of(conversation))
    assert "The policy no longer says it." in text(conversation)


def test_a_list_is_deleted_for_good(conversation: AppTest) -> None:
    assert conversation.button(key="delete-list").disabled
    conversation.checkbox(key="sure-list").check().run()
    conversation.button(key="delete-list").click().run()
    assert "You have no work lists yet." in text(conversation)
    assert shell.desk().listed(conversation.session_state["visitor"]) == []


def test_a_comparison_and_a_batch_run_can_be_reviewed(app: AppTest, small_index: Index, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "root" / "runs" / "2026-01-31"
    folder.mkdir(parents=True)
    (folder / "report.json").write_text("{}", "utf-8")
    write_answers(small_index, folder / "answers.jsonl")
    app.run().switch_page("pages/compare.py").run()
    app.selectbox(key="set").select("Only my own").run()
    app.text_area(key="own").set_value("Who handles payment data?").run()
    app.multiselect(key="compared").set_value(["acme.md", "bolt.txt"]).run()
    app.button(key="compare").click().run()
    begin(review(app), "Comparison of 2 policies in 1 question")
    assert PAID in text(app)
    app.button(key="back").click().run()
    begin(app, "Batch run: 2026-01-31")
    assert "We do not knowingly collect data of children under 14." in text(app)
    app.button(key="back").click().run()
    assert [button.label for button in app.button if str(button.key).startswith("list-")] == [
        "Batch run 2026-01-31",
        "Comparison of 2 policies in 1 question",
    ]


def test_a_file_can_be_reviewed_and_what_is_none_says_why(app: AppTest, small_index: Index, tmp_path: pathlib.Path) -> None:
    review(app.run())
    app.file_uploader(key="review-file").upload("notes.json", b"hello", "application/json").run()
    app.button(key="begin").click().run()
    assert "expected answers.jsonl" in app.warning[0].value.replace("\\", "")
    data = write_answers(small_index, tmp_path / "answers.jsonl").read_bytes()
    app.file_uploader(key="review-file").upload("answers.jsonl", data, "application/json").run()
    app.button(key="begin").click().run()
    assert PAID in text(app)


def test_a_list_that_is_gone_is_said_to_be(app: AppTest) -> None:
    app.run()
    app.query_params["list"] = "nothing"
    review(app)
    assert app.info[0].value == "That work list is no longer kept."


@pytest.mark.parametrize("name", ["json", "csv", "xlsx"])
def test_a_file_is_checked_against_the_policies(app: AppTest, small_index: Index, small_corpus: pathlib.Path, tmp_path, name: str) -> None:
    bundle = bundle_of_turns([ask_turn(small_index, "Who handles payment data at Acme?", ())], small_corpus)
    data = export_bundle(bundle, library_of(small_index), name)
    review(app.run())
    app.segmented_control(key="review-view").set_value("Check a file").run()
    app.file_uploader(key="check").upload(f"back.{name}", data, "application/octet-stream").run()
    count = sum(1 for _ in bundle.entries())
    assert f"{count} citation{'s' * (count > 1)}: {count} exact." in text(app)
    acme = small_corpus / "acme.md"
    before = acme.read_text("utf-8")
    for after, state in ((before.replace("Paylane", "Otherpay"), "Changed"), (before.replace("## Pay", "Hello.\n\n## Pay"), "Moved")):
        acme.write_text(after, "utf-8")
        app.run()
        assert not app.exception
        assert state in text(app)
    acme.unlink()
    app.run()
    assert "Missing" in text(app)


def test_a_file_that_was_altered_or_is_no_export_is_said_to_be(app: AppTest, small_index: Index, small_corpus: pathlib.Path) -> None:
    bundle = bundle_of_turns([ask_turn(small_index, "Who handles payment data at Acme?", ())], small_corpus)
    data = export_bundle(bundle, library_of(small_index), "csv")
    review(app.run())
    app.segmented_control(key="review-view").set_value("Check a file").run()
    app.file_uploader(key="check").upload("back.csv", data.replace(b"is handled by", b"is sold to"), "text/csv").run()
    assert "Edited" in text(app)
    app.file_uploader(key="check").upload("x.csv", b"a,b\n1,2\n", "text/csv").run()
    assert "has the columns" in app.warning[0].value


def test_reviews_of_two_visitors_are_listed_apart(conversation: AppTest) -> None:
    desk = Desk(shell.state_folder())
    other = AppTest.from_file(ENTRY, default_timeout=180).run()
    review(other)
    assert "You have no work lists yet." in text(other)
    assert len(desk.listed(conversation.session_state["visitor"])) == 1


def test_a_hostile_policy_and_reviewer_stay_text(app: AppTest, small_corpus: pathlib.Path) -> None:
    sentence = "Payment data goes to <img src=x onerror=alert(1)> ![i](http://evil.example/p) **Evil** processors."
    (small_corpus / "evil.md").write_text(f"# Evil <script>alert(1)</script>\n\n## ![i](http://evil.example/t)\n\n{sentence}\n", "utf-8")
    app.run().multiselect(key="policies").select("evil.md").run()
    begin(review(ask(app, "who handles payment data processors? <b>![i](http://elsewhere.example/q)")), "Conversation: who handles")
    named(app, "<script>alert(2)</script>")
    choose(app, 0, "Reject")
    assert "Rejected by <script>alert(2)</script> on " in text(app)
    # The mark before the picture's bracket ends a sentence; both halves are quoted as they stand.
    assert all(half in text(app) for half in (sentence[: sentence.index("[")], sentence[sentence.index("[") :]))
    assert not [page for page in html_of(app) if "<img" in page or "<script>alert" in page]
    for element in [*app.markdown, *app.button, *app.get("page_link")]:
        assert "![i](" not in str(getattr(element, "label", None) or getattr(element, "value", None) or element.proto.label)
