"""The page from a cold start; policies put on the shelf, replaced and taken away in a real browser, and asked right after."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from ingest import read_bytes
from tests.browser.conftest import SMALL
from tests.browser.driving import COLD_START_MS, ROOT, Visit

pytestmark = pytest.mark.browser

Visiting = Callable[..., Visit]
# One of each format that is read.
FILES = tuple(ROOT / "corpus" / "privacy" / name for name in ("hpec.pdf", "hep-pro.docx", "hetacloud.html", "helpu.txt", "workpex.md"))
OLD, NEW = "We keep your orders for two years.", "We keep your orders for five years."


def test_the_first_visitor_after_a_start_sees_it_get_ready_and_is_answered(shelf: tuple[str, pathlib.Path], visit: Visiting) -> None:
    # The first test of this file, so nobody has opened the page yet, and no model is loaded.
    ann = visit(shelf[0])
    page = ann.open()
    expect(page.get_by_text("Getting the policies ready")).to_be_visible()
    page.get_by_role("heading", name="Ask your policies").wait_for(timeout=COLD_START_MS)
    ann.ask("Who handles payment data at Acme?")
    expect(page.locator(".st-key-answer-0 q").first).to_have_text("Payment data is handled by Paylane, our payment processor.")
    ann.cite(0, 1)
    assert ann.marked() == "Payment data is handled by Paylane, our payment processor."


def test_files_of_every_format_are_added_and_asked_without_a_restart(shelf: tuple[str, pathlib.Path], visit: Visiting) -> None:
    ann = visit(shelf[0])
    page = ann.go("Policies", "Policies")
    page.get_by_role("button", name="Add policies").click()
    page.locator("input[type=file]").set_input_files(FILES)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("6 policies, ")).to_be_visible(timeout=COLD_START_MS)
    for file in FILES:
        document = read_bytes(file.read_bytes(), file.name)
        page.locator(f".st-key-read-{file.name.replace('.', '-')} button").click()
        page.get_by_role("button", name="Ask about it").click()
        ann.ready()
        ann.ask("What personal data is collected?")
        quotations = page.locator("[class*='st-key-answer-'] q").all_text_contents()
        assert quotations, file.name
        assert [quotation for quotation in quotations if quotation not in document.text] == [], file.name
        page.get_by_role("button", name="New conversation").first.click()
        ann.go("Policies", "Policies")


def test_a_policy_is_replaced_and_removed_while_another_visitor_reads(shelf: tuple[str, pathlib.Path], visit: Visiting) -> None:
    bob = visit(shelf[0])
    bob.open()
    bob.ready()
    bob.ask("How long does Acme keep orders?")
    bob.cite(0, 1)
    assert bob.marked() == OLD
    ann = visit(shelf[0])
    page = ann.go("Policies", "Policies")
    page.locator(".st-key-read-acme-md button").click()
    page.get_by_role("button", name="Manage").click()
    page.locator("input[type=file]").set_input_files({"name": "acme.md", "mimeType": "", "buffer": SMALL.replace(OLD, NEW).encode()})
    page.get_by_role("button", name="Replace", exact=True).click()
    page.get_by_text("Replaced Acme").wait_for(timeout=COLD_START_MS)
    page.get_by_role("radio", name="Changes").click()
    expect(page.locator(".changes del")).to_have_text("two")
    expect(page.locator(".changes ins")).to_have_text("five")
    bob.page.get_by_role("button", name="Close").click()
    expect(bob.page.locator(".st-key-answer-0 q").first).to_have_text(OLD)
    bob.ask("How long does Acme keep orders?")
    expect(bob.page.locator(".st-key-answer-1 q").first).to_have_text(NEW)
    page.get_by_role("button", name="Manage").click()
    page.get_by_text("Remove this policy and its earlier versions for good").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_text("Removed Acme").wait_for(timeout=COLD_START_MS)
    expect(page.locator(".st-key-read-acme-md")).to_have_count(0)
    assert not (shelf[1] / "acme.md").exists()
