"""The page on which people ask, driven without a browser."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests import paging
from tests.conftest import ACME
from tests.paging import ENTRY, ask, html_of, marked_in, text_of

app = paging.app  # the fixture
PAID = "Payment data is handled by Paylane, our payment processor."


def quotations(app: AppTest) -> list[str]:
    return [text_of(page.split("<q>")[1].split("</q>")[0]) for page in html_of(app) if "<q>" in page]


def reader(app: AppTest) -> list[str]:
    return [page for page in html_of(app) if 'class="policy-text"' in page]


def test_the_empty_page_offers_questions_and_one_click_asks_one(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert app.markdown[0].value == "# Ask your policies"
    labels = [button.label for button in app.button]
    app.button(key=f"example-{labels.index('Can I delete my account?')}").click().run()
    assert app.chat_message[0].text[0].value == "Can I delete my account?"
    assert "You can delete your account in the settings, unless an invoice is still open." in quotations(app)


def test_a_question_is_answered_with_the_sentence_and_its_place(app: AppTest) -> None:
    ask(app.run(), "who handles payment data at Acme?")
    assert quotations(app)[0] == PAID
    assert app.button(key="cite-0-1").label == "\\[1\\] Acme · Payments"
    assert any("Asked Acme, because your question names it." in page for page in html_of(app))


def test_a_citation_opens_the_policy_with_exactly_the_quotation_marked(app: AppTest) -> None:
    ask(app.run(), "who handles payment data at Acme?")
    assert reader(app) == []
    app.button(key="cite-0-1").click().run()
    assert [marked_in(page) for page in reader(app)] == [PAID]
    assert "You can delete your account" in text_of(reader(app)[0])
    start = ACME.index(PAID)
    place = {"document": "acme.md", "start": str(start), "end": str(start + len(PAID))}
    assert {name: app.query_params[name] for name in place} == place
    app.button(key="reader-close").click().run()
    assert reader(app) == []
    assert "document" not in app.query_params


def test_a_shared_link_opens_its_place(app: AppTest) -> None:
    app.query_params.update({"document": "bolt.txt", "start": "0", "end": "4"})
    app.run()
    assert [marked_in(page) for page in reader(app)] == ["BOLT"]


def test_a_broken_link_opens_the_page_all_the_same(app: AppTest) -> None:
    app.query_params.update({"document": "../etc/passwd", "start": "0", "end": "4"})
    app.run()
    assert not app.exception
    assert reader(app) == []


def test_several_policies_give_a_row_each_and_the_silent_one_line(app: AppTest) -> None:
    ask(app.run(), "cookies for counting visits?")
    pages = html_of(app)
    assert any("1 is silent: Bolt." in page for page in pages)
    assert any("Asked all 2 policies." in page for page in pages)
    assert quotations(app)[0] == "counting visits to the help pages."


def test_silence_is_a_screen_of_its_own_with_what_came_nearest(app: AppTest) -> None:
    ask(app.run(), "colour of the moon and cookies' taste")
    pages = html_of(app)
    assert any("The policies do not say." in page for page in pages)
    assert any("Every sentence of all 2 policies was searched." in page for page in pages)
    assert any("Nearest passages. They do not answer the question." in page for page in pages)
    assert quotations(app)
    app.button(key="cite-0-1").click().run()
    assert [marked_in(page) for page in reader(app)] == quotations(app)[:1]


def test_a_scope_is_chosen_shown_and_undone_in_one_click(app: AppTest) -> None:
    app.run()
    app.multiselect(key="policies").select("bolt.txt").run()
    ask(app, "who handles payment data?")
    assert any("Asked Bolt, as you chose." in page for page in html_of(app))
    assert any("Bolt does not say." in page for page in html_of(app))
    app.button(key="widen-0").click().run()
    assert PAID in quotations(app)
    assert any("Asked all 2 policies." in page for page in html_of(app))


def test_a_new_conversation_begins_empty(app: AppTest) -> None:
    ask(app.run(), "who handles payment data?")
    next(button for button in app.button if button.label == "New conversation").click().run()
    assert app.markdown[0].value == "# Ask your policies"
    assert list(app.chat_message) == []


def test_two_visitors_do_not_see_each_other(app: AppTest) -> None:
    ask(app.run(), "who handles payment data?")
    other = AppTest.from_file(ENTRY, default_timeout=180).run()
    assert list(other.chat_message) == []
    assert PAID not in quotations(other)


def test_a_corpus_without_policies_says_what_to_do(app: AppTest, tmp_path, monkeypatch) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("ASKPOLICY_CORPUS", str(tmp_path / "nothing"))
    monkeypatch.setenv("ASKPOLICY_INDEX", str(tmp_path / "other-index"))
    app.run()
    assert not app.exception
    assert "Found no policy that can be read" in app.text[0].value
    (tmp_path / "nothing" / "late.txt").write_text("We keep your data for two years.", "utf-8")
    next(button for button in app.button if button.label == "Try again").click().run()
    assert app.markdown[0].value == "# Ask your policies"


def test_a_hostile_policy_stays_text(app: AppTest, small_corpus) -> None:
    sentence = "Payment data goes to <img src=x onerror=alert(1)> ![i](http://evil.example/p) **Evil** processors."
    (small_corpus / "evil.md").write_text(
        f"# Evil <script>alert(1)</script> ![i](http://evil.example/t)\n\n## Payment :red[x] $x$\n\n{sentence}\n", "utf-8"
    )
    app.run().multiselect(key="policies").select("evil.md").run()
    ask(app, "who handles payment data processors?")
    assert quotations(app)
    assert all(quotation in sentence for quotation in quotations(app))
    app.button(key="cite-0-1").click().run()
    assert [marked_in(page) for page in reader(app)] == quotations(app)[:1]
    assert not [page for page in html_of(app) if "<img" in page or "<script>alert" in page]
    for element in [*app.markdown, *app.button]:
        label = getattr(element, "label", None) or element.value
        assert "![i](" not in str(label)
