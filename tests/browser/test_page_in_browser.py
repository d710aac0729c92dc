"""What a visitor does, in a real browser: from a cold start to the highlighted sentence."""

from __future__ import annotations

import pathlib

import pytest
from playwright.sync_api import Browser, expect

from ingest import read_corpus
from tests.browser.driving import COLD_START_MS, ROOT, STEP_MS, Visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The text of each document of the corpus, read without the page."""
    return {document.id: document.text for document in read_corpus(pathlib.Path(ROOT / "corpus")).documents}


def test_from_a_cold_start_to_the_highlighted_sentence(address: str, browser: Browser, texts: dict[str, str]) -> None:
    visit = Visit(browser, address)
    page = visit.open()
    expect(page.get_by_text("Getting the policies ready")).to_be_visible()
    page.get_by_role("heading", name="Ask your policies").wait_for(timeout=COLD_START_MS)
    visit.ask("can I delete my account?")
    quotations = page.locator(".st-key-answer-0 q").all_text_contents()
    assert quotations
    assert all(any(quotation in text for text in texts.values()) for quotation in quotations)
    visit.cite(0, 1)
    assert visit.marked() == quotations[0]
    expect(page.locator(".policy-text mark").first).to_be_in_viewport()
    assert visit.strangers() == []
    assert visit.errors == []


def test_an_address_opens_the_policy_at_its_place(address: str, browser: Browser, texts: dict[str, str]) -> None:
    text = texts["staff/expenses.html"]
    start = text.index("receipt")
    visit = Visit(browser, address)
    visit.open(f"?document=staff/expenses.html&start={start}&end={start + 7}")
    visit.ready()
    assert visit.marked() == "receipt"
    visit.page.get_by_role("button", name="Close").click()
    expect(visit.page.locator(".policy-text")).to_have_count(0)
    assert "document=" not in visit.page.url


def test_every_citation_of_an_answer_is_marked_exactly(address: str, browser: Browser) -> None:
    visit = Visit(browser, address)
    visit.open()
    visit.ready()
    visit.ask("What is the hotel limit according to the Expenses policy?")
    quotations = visit.page.locator(".st-key-answer-0 q").all_text_contents()
    for number, quotation in enumerate(quotations, 1):
        visit.cite(0, number)
        assert visit.marked() == quotation


def test_silence_is_said(address: str, browser: Browser) -> None:
    visit = Visit(browser, address)
    visit.open()
    visit.ready()
    visit.ask("what is the moon made of?")
    expect(visit.page.get_by_text("The policies do not say.")).to_be_visible()
    expect(visit.page.get_by_text("Nearest passages. They do not answer the question.")).to_be_visible()


def test_a_scope_is_chosen_with_the_keyboard_and_the_mouse(address: str, browser: Browser) -> None:
    visit = Visit(browser, address)
    page = visit.open()
    visit.ready()
    page.get_by_text("Asking: All 11 policies").click()
    page.get_by_role("button", name="Staff").click()
    expect(page.get_by_text("Asking: Staff (6 policies)")).to_be_visible()
    page.keyboard.press("Escape")
    visit.ask("can I delete my account?")
    expect(page.get_by_text("Asked Staff (6 policies), as you chose.")).to_be_visible()
    page.get_by_role("button", name="Ask all 11 instead").click()
    expect(page.get_by_text("Asked all 11 policies.")).to_be_visible()


def test_two_visitors_do_not_see_each_other(address: str, browser: Browser) -> None:
    one, two = Visit(browser, address), Visit(browser, address)
    one.open()
    one.ready()
    one.ask("do I need a receipt?")
    two.open()
    two.ready()
    expect(two.page.get_by_role("heading", name="Ask your policies")).to_be_visible()
    expect(two.page.get_by_text("do I need a receipt?", exact=True)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
def test_a_telephone_shows_the_policy_as_a_sheet_of_its_own(address: str, browser: Browser, dark: bool) -> None:
    visit = Visit(browser, address, size="narrow", dark=dark)
    page = visit.open()
    visit.ready()
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme") == ("dark" if dark else "light")
    visit.ask("who handles payment data?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.cite(0, 1)
    box = page.locator(".st-key-reader").bounding_box(timeout=STEP_MS)
    assert box is not None
    assert (box["x"], box["y"], round(box["width"]), round(box["height"])) == (0, 0, 390, 844)
    expect(page.locator(".policy-text mark").first).to_be_in_viewport()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".policy-text")).to_have_count(0)
