"""The library of policies, driven without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import shell
from pages.parts.outline import find_words, outline_of
from tests import paging
from tests.conftest import ACME
from tests.paging import html_of, marked_in, text_of

app = paging.app  # the fixture
CRUX = b"# Crux Policy\n\n## Keeping\n\nCrux keeps invoices for seven years.\n"


def library(app: AppTest) -> AppTest:
    app.run().switch_page("pages/policies.py").run()
    assert not app.exception
    return app


def policies(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("read-")]


def opened(app: AppTest, document_id: str) -> AppTest:
    library(app).button(key=f"read-{document_id}").click().run()
    assert not app.exception
    return app


def text_shown(app: AppTest) -> str:
    return next(page for page in html_of(app) if 'class="policy-text"' in page)


def test_every_policy_is_listed_and_filtered(app: AppTest) -> None:
    library(app)
    assert policies(app) == ["Acme Privacy Policy", "BOLT PRIVACY NOTICE"]
    assert any(page.startswith('<p class="plain">2 policies, ') for page in html_of(app))
    app.text_input(key="filter").set_value("bolt couriers").run()
    assert policies(app) == ["BOLT PRIVACY NOTICE"]
    app.text_input(key="filter").set_value("nobody").run()
    assert any("No policy is called that." in page for page in html_of(app))


def test_a_policy_is_read_with_its_outline(app: AppTest) -> None:
    opened(app, "acme.md")
    assert "You can delete your account in the settings" in text_of(text_shown(app))
    sections = [button for button in app.sidebar.button if str(button.key).startswith("section-")]
    assert [button.label for button in sections] == ["Acme Privacy Policy", "Payments", "Deletion", "Cookies"]
    sections[2].click().run()
    assert marked_in(text_shown(app)) == "Deletion"
    app.button(key="back").click().run()
    assert policies(app) == ["Acme Privacy Policy", "BOLT PRIVACY NOTICE"]


def test_words_are_found_one_after_the_other(app: AppTest) -> None:
    opened(app, "acme.md").text_input(key="find-acme.md").set_value("PAY").run()
    assert marked_in(text_shown(app)) == "Pay"
    assert any("1 of 4" in page for page in html_of(app))
    app.button(key="found-next").click().run()
    assert any("2 of 4" in page for page in html_of(app))
    app.text_input(key="find-acme.md").set_value("zebra <b>").run()
    assert any("The words “zebra &lt;b&gt;” do not stand in this policy." in page for page in html_of(app))


def test_an_address_opens_a_place(app: AppTest) -> None:
    start = ACME.index("Paylane")
    app.run().switch_page("pages/policies.py")
    app.query_params.update({"document": "acme.md", "start": str(start), "end": str(start + 7)})
    app.run()
    assert marked_in(text_shown(app)) == "Paylane"


def test_a_policy_that_is_gone_is_said_to_be(app: AppTest) -> None:
    app.run().switch_page("pages/policies.py")
    app.query_params["document"] = "gone.md"
    app.run()
    assert app.info[0].value == "That policy is not here any more."
    assert policies(app) == ["Acme Privacy Policy", "BOLT PRIVACY NOTICE"]


def test_policies_are_added_and_can_be_asked_at_once(app: AppTest, small_corpus) -> None:
    library(app).file_uploader[0].set_value([("crux.md", CRUX, "text/markdown"), ("bad.pdf", b"%PDF-", "application/pdf")]).run()
    app.button(key="add-now").click().run()
    assert not app.exception
    assert app.info[0].value.startswith("Added crux.")
    assert "bad.pdf" in app.info[0].value
    assert (small_corpus / "crux.md").read_bytes() == CRUX
    assert "Crux Policy" in policies(app)
    app.switch_page("pages/ask.py").run()
    app.chat_input[0].set_value("how long are invoices kept?").run()
    assert any("Crux keeps invoices for seven years." in page for page in html_of(app))


def test_a_new_version_is_compared_with_the_one_before(app: AppTest, small_corpus) -> None:
    opened(app, "acme.md").file_uploader[0].set_value(("acme.md", ACME.replace("Paylane", "Moneylane").encode(), "text/markdown")).run()
    app.button(key="replace-now").click().run()
    assert app.info[0].value == "Replaced Acme. See Changes for what is different."
    assert "Moneylane" in text_of(text_shown(app))
    app.segmented_control(key="view").set_value("Changes").run()
    assert any("<del>Paylane</del><ins>Moneylane</ins>" in page for page in html_of(app))
    assert any("Sentences: 1 changed." in page for page in html_of(app))


def test_a_policy_is_removed_after_a_second_thought(app: AppTest, small_corpus) -> None:
    opened(app, "bolt.txt")
    assert app.button(key="remove-now").disabled
    app.checkbox(key="sure-bolt.txt").check().run()
    app.button(key="remove-now").click().run()
    assert not app.exception
    assert policies(app) == ["Acme Privacy Policy"]
    assert not (small_corpus / "bolt.txt").exists()


def test_the_only_policy_is_not_removed(app: AppTest, small_corpus) -> None:
    (small_corpus / "bolt.txt").unlink()
    (small_corpus / "policies.toml").unlink()
    opened(app, "acme.md").checkbox(key="sure-acme.md").check().run()
    app.button(key="remove-now").click().run()
    assert app.info[0].value == "The only policy can't be removed. Add another one first."
    assert (small_corpus / "acme.md").exists()


def test_an_index_that_can_not_follow_is_said_on_every_page_that_answers(app: AppTest, small_corpus) -> None:
    app.run()
    (small_corpus / "policies.toml").write_text("not = [toml", "utf-8")
    paging.wait(lambda: not shell.library().catch_up())
    for page in ("ask", "compare", "policies", "review"):
        app.switch_page(f"pages/{page}.py").run()
        (said,) = (warning.value.replace("\\", "") for warning in app.warning)
        assert said.startswith("The policies could not be read again, so answers come from what was read before: ")
        assert "policies.toml" in said
    (small_corpus / "policies.toml").unlink()
    paging.wait(lambda: not shell.library().catch_up())
    assert list(app.run().warning) == []


def test_a_link_in_the_corpus_has_no_earlier_version_and_can_be_compared(app: AppTest, small_corpus) -> None:
    (small_corpus / "link.md").symlink_to(small_corpus / "acme.md")
    opened(app, "link.md").segmented_control(key="view").set_value("Changes").run()
    assert not app.exception
    assert any("No earlier version is kept." in page for page in html_of(app))


def test_another_visitors_answer_stays_open_while_its_policy_is_replaced(app: AppTest, small_corpus) -> None:
    paging.ask(app.run(), "who handles payment data?")
    (small_corpus / "acme.md").write_text(ACME.replace("Paylane", "Moneylane"), "utf-8")
    other = AppTest.from_file(paging.ENTRY, default_timeout=180).run()
    paging.wait(lambda: not shell.library().catch_up())
    paging.ask(other.run(), "who handles payment data?")
    assert any("Moneylane" in page for page in html_of(other))
    app.button(key="cite-0-1").click().run()
    assert marked_in(text_shown(app)) == "Payment data is handled by Paylane, our payment processor."
    assert app.info[0].value == "This policy has changed since the question was asked. You see it as it was then."


@pytest.mark.parametrize("closed", ["1", "yes"])
def test_visitors_may_be_kept_from_changing_anything(app: AppTest, monkeypatch, closed: str) -> None:
    monkeypatch.setenv("ASKPOLICY_READ_ONLY", closed)
    opened(app, "acme.md")
    assert not app.file_uploader
    assert "remove-now" not in [button.key for button in app.button]
    library(app)
    assert not app.file_uploader


def test_visitors_who_may_change_nothing_see_earlier_versions(app: AppTest, monkeypatch) -> None:
    monkeypatch.setenv("ASKPOLICY_READ_ONLY", "1")
    shell.shelf().replace("acme.md", "acme.md", ACME.replace("Paylane", "Moneylane").encode())
    opened(app, "acme.md").segmented_control(key="view").set_value("Changes").run()
    assert any("<del>Paylane</del><ins>Moneylane</ins>" in page for page in html_of(app))
    assert not any("No earlier version is kept." in page for page in html_of(app))


def test_asking_about_one_policy_chooses_it_and_nothing_else(app: AppTest, small_corpus) -> None:
    for collection in ("privacy", "staff"):
        (small_corpus / collection).mkdir()
        (small_corpus / collection / "crux.md").write_bytes(CRUX)
    app.run().pills(key="collections").select("staff").run()
    app.multiselect(key="policies").select("acme.md").run()
    opened(app, "bolt.txt").button(key="ask-it").click().run()
    assert app.multiselect(key="policies").value == ["bolt.txt"]
    assert app.pills(key="collections").value == []


def test_the_outline_counts_levels_without_gaps(small_index) -> None:
    assert [(heading.text, heading.level) for heading in outline_of(small_index.document("acme.md"))] == [
        ("Acme Privacy Policy", 1),
        ("Payments", 2),
        ("Deletion", 2),
        ("Cookies", 2),
    ]


def test_words_are_found_over_line_breaks_and_whatever_their_case(small_index) -> None:
    document = small_index.document("acme.md")
    assert [document.text[start:end] for start, end in find_words(document, "payment  DATA")] == ["Payment data"]
    assert find_words(document, "  ") == []
    assert find_words(document, "a.c") == []
