"""Everybody can use the page: axe-core finds nothing serious, and the keyboard is enough."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.driving import Visit

pytestmark = pytest.mark.browser

Visiting = Callable[..., Visit]
GRAVE = {"serious", "critical"}


def grave(page: Page) -> list[str]:
    """What axe-core calls serious or worse: rule, element and reason."""
    found = Axe().run(page).response["violations"]
    return [f"{entry['id']}: {node['html'][:160]} {node['failureSummary']}" for entry in found if entry["impact"] in GRAVE for node in entry["nodes"]]


@pytest.mark.parametrize(("size", "dark"), [("wide", False), ("wide", True), ("narrow", False)])
def test_axe_finds_nothing_serious_on_any_page(address: str, visit: Visiting, size: str, dark: bool) -> None:
    ann = visit(address, size=size, dark=dark)
    found = {}
    ann.open()
    ann.ready()
    found["empty"] = grave(ann.page)
    ann.ask("Can I delete my account?")
    found["answer"] = grave(ann.page)
    ann.cite(0, 1)
    found["reader"] = grave(ann.page)
    ann.page.get_by_role("button", name="Close").click()
    ann.settle()
    ann.review("Ann")
    found["review"] = grave(ann.page)
    for title in ("Policies", "Quality", "Compare"):
        found[title] = grave(ann.go(title, title))
    if size == "wide":
        found["comparison"] = grave(ann.compare())
    assert {place: problems for place, problems in found.items() if problems} == {}


def test_the_keyboard_is_enough(address: str, visit: Visiting) -> None:
    ann = visit(address)
    page = ann.open()
    ann.ready()
    page.get_by_test_id("stChatInputTextArea").focus()
    page.keyboard.type("Who does HEP.PRO share my data with?")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-answer-0 .headline")).to_be_visible()
    ann.settle()
    tab_to(page, "[1] ")
    page.keyboard.press("Enter")
    ann.opened(0, 1)
    assert page.evaluate("document.activeElement.className") == "policy-text"
    quotation = ann.marked()
    assert quotation == page.locator(".st-key-answer-0 q").first.text_content()
    tab_to(page, "Next", back=True)
    page.keyboard.press("Enter")
    ann.opened(0, 2)
    assert ann.marked() != quotation
    tab_to(page, "Close", back=True)
    page.keyboard.press("Enter")
    expect(page.locator(".policy-text")).to_have_count(0)


def tab_to(page: Page, label: str, *, back: bool = False) -> None:
    """Press the tab key until a button or link that begins with `label` has the focus."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        # The names of icons are lines of their own.
        lines = page.evaluate("document.activeElement.matches('button, a') ? document.activeElement.innerText.split('\\n') : []")
        if any(line.strip().startswith(label) for line in lines):
            return
    raise AssertionError(f"the tab key never comes to {label!r}")
