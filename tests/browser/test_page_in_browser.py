"""What a visitor does, in a real browser: ask, read at the place, follow up, compare, review."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from ingest import read_corpus
from tests.browser.driving import ROOT, STEP_MS, Visit

pytestmark = pytest.mark.browser

Visiting = Callable[..., Visit]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The text of each document of the corpus, read without the page."""
    return {document.id: document.text for document in read_corpus(pathlib.Path(ROOT / "corpus")).documents}


def test_an_answer_quotes_the_policies_and_a_click_marks_the_sentence(address: str, visit: Visiting, texts: dict[str, str]) -> None:
    ann = visit(address)
    page = ann.open()
    ann.ready()
    ann.ask("can I delete my account?")
    quotations = page.locator(".st-key-answer-0 q").all_text_contents()
    assert quotations
    assert all(any(quotation in text for text in texts.values()) for quotation in quotations)
    ann.cite(0, 1)
    assert ann.marked() == quotations[0]
    expect(page.locator(".policy-text mark").first).to_be_in_viewport()


def test_an_address_opens_the_policy_at_its_place(address: str, visit: Visiting, texts: dict[str, str]) -> None:
    text = texts["staff/expenses.html"]
    start = text.index("receipt")
    ann = visit(address)
    ann.open(f"?document=staff/expenses.html&start={start}&end={start + 7}")
    ann.ready()
    assert ann.marked() == "receipt"
    ann.page.get_by_role("button", name="Close").click()
    expect(ann.page.locator(".policy-text")).to_have_count(0)
    assert "document=" not in ann.page.url


def test_every_citation_of_an_answer_is_marked_exactly(address: str, visit: Visiting) -> None:
    ann = visit(address)
    ann.open()
    ann.ready()
    ann.ask("What is the hotel limit according to the Expenses policy?")
    quotations = ann.page.locator(".st-key-answer-0 q").all_text_contents()
    for number, quotation in enumerate(quotations, 1):
        ann.cite(0, number)
        ann.wait_for_mark(quotation)


def test_a_pdf_is_shown_as_it_is_printed(address: str, visit: Visiting, texts: dict[str, str]) -> None:
    start = texts["staff/leave-and-benefits.pdf"].index("After 10 years")
    ann = visit(address)
    ann.open(f"?document=staff/leave-and-benefits.pdf&start={start}&end={start + 14}")
    ann.ready()
    ann.page.get_by_role("radio", name="Page as printed").click()
    picture = ann.page.get_by_role("img", name="Page 6 of Leave and Benefits Policy")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200


def test_a_follow_up_says_how_it_was_understood(address: str, visit: Visiting, texts: dict[str, str]) -> None:
    ann = visit(address)
    page = ann.open()
    ann.ready()
    ann.ask("How long does HelpU keep my data?")
    ann.ask("what about HEP.PRO?")
    expect(page.locator(".st-key-foot-1").get_by_text("Understood as: “How long does HEP.PRO keep my data?”")).to_be_visible()
    quotations = page.locator(".st-key-answer-1 q").all_text_contents()
    assert quotations
    assert all(quotation in texts["privacy/hep-pro.docx"] for quotation in quotations)


def test_silence_is_said(address: str, visit: Visiting) -> None:
    ann = visit(address)
    ann.open()
    ann.ready()
    ann.ask("what is the moon made of?")
    expect(ann.page.get_by_text("The policies do not say.")).to_be_visible()
    expect(ann.page.get_by_text("Nearest passages. They do not answer the question.")).to_be_visible()


def test_a_scope_is_chosen_with_the_keyboard_and_the_mouse(address: str, visit: Visiting) -> None:
    ann = visit(address)
    page = ann.open()
    ann.ready()
    page.get_by_text("Asking: All 11 policies").click()
    page.get_by_role("button", name="Staff").click()
    expect(page.get_by_text("Asking: Staff (6 policies)")).to_be_visible()
    page.keyboard.press("Escape")
    ann.ask("can I delete my account?")
    expect(page.get_by_text("Asked Staff (6 policies), as you chose.")).to_be_visible()
    page.get_by_role("button", name="Ask all 11 instead").click()
    expect(page.get_by_text("Asked all 11 policies.")).to_be_visible()


def test_two_visitors_do_not_see_each_other(address: str, visit: Visiting) -> None:
    ann, bob = visit(address), visit(address)
    ann.open()
    ann.ready()
    ann.ask("do I need a receipt?")
    bob.open()
    bob.ready()
    expect(bob.page.get_by_role("heading", name="Ask your policies")).to_be_visible()
    expect(bob.page.get_by_text("do I need a receipt?", exact=True)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
def test_a_telephone_shows_the_policy_as_a_sheet_of_its_own(address: str, visit: Visiting, dark: bool) -> None:
    ann = visit(address, size="narrow", dark=dark)
    page = ann.open()
    ann.ready()
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme") == ("dark" if dark else "light")
    ann.ask("who handles payment data?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ann.cite(0, 1)
    box = page.locator(".st-key-reader").bounding_box(timeout=STEP_MS)
    assert box is not None
    assert (box["x"], box["y"], round(box["width"]), round(box["height"])) == (0, 0, 390, 844)
    expect(page.locator(".policy-text mark").first).to_be_in_viewport()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".policy-text")).to_have_count(0)


def test_policies_are_compared_and_a_cell_is_read(address: str, visit: Visiting, texts: dict[str, str]) -> None:
    ann = visit(address)
    page = ann.compare()
    cell = page.locator(".st-key-cell")
    expect(cell.locator(".headline")).to_have_text("What personal data is collected?")
    expect(cell).to_be_in_viewport()
    quotations = cell.locator("q").all_text_contents()
    assert quotations
    assert all(quotation in texts["privacy/helpu.txt"] for quotation in quotations)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").first.click()
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    table = pathlib.Path(waiting.value.path()).read_text("utf-8-sig")
    assert table.splitlines()[0].startswith("Question,HelpU,HelpU: quotation,")
    assert len(table.splitlines()) >= 16


def test_citations_are_reviewed_taken_away_and_checked(address: str, visit: Visiting) -> None:
    ann = visit(address)
    page = ann.open()
    ann.ready()
    ann.ask("Can I delete my account at HEP.PRO?")
    quotation = page.locator(".st-key-answer-0 q").first.text_content()
    ann.review("Ann")
    expect(page.locator(".st-key-item-1 q")).to_have_text(str(quotation))
    page.locator(".st-key-item-1").get_by_role("radio", name="Accept").click()
    expect(page.locator(".st-key-item-1").get_by_text("Accepted by Ann on ")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").first.click()
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="All work lists").click()
    page.get_by_role("heading", name="Your work lists").wait_for()
    ann.settle()
    page.get_by_role("radio", name="Check a file").click()
    page.get_by_text("Each quotation is looked up in the policies").wait_for()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "back.json", "mimeType": "application/json", "buffer": waiting.value.path().read_bytes()}
    )
    expect(page.locator(".st-key-checked-1 .chip")).to_have_text("Exact")
