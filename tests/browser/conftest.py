"""The page as a real browser sees it, over the real corpus with the real model."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import ROOT, Visit, browser_path

SMALL = """# Acme Privacy Policy

## Payments

Payment data is handled by Paylane, our payment processor.

## Storage

We keep your orders for two years.
"""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser the tests are skipped and say so; where CI is set they run, and fail."""
    if browser_path() or os.environ.get("CI"):
        return
    here = pathlib.Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(
                pytest.mark.skip(reason="no chromium on this machine; install one with the system's package manager to run the browser tests")
            )


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the project's own corpus, with an index that doesn't exist yet."""
    from tests.browser.driving import served

    folder = tmp_path_factory.mktemp("browser")
    with served(ROOT / "corpus", folder / "index", folder / "state") as found:
        yield found


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, pathlib.Path]]:
    """The app over a corpus of one policy, in which files may be put and taken away; its address and the corpus."""
    from tests.browser.driving import served

    folder = tmp_path_factory.mktemp("shelf")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "acme.md").write_text(SMALL, "utf-8")
    with served(folder / "corpus", folder / "index", folder / "state") as found:
        yield found, folder / "corpus"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless browser for all tests."""
    from tests.browser.driving import browsing

    assert browser_path(), "CI is set, but there is no chromium on this machine"
    with browsing() as found:
        yield found


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens the page for a visitor. Whatever a test does, no script may fail, and nothing may be asked of another host."""
    visits: list[Visit] = []

    def begin(address: str, **options: object) -> Visit:
        visits.append(Visit(browser, address, **options))  # type: ignore[arg-type]
        return visits[-1]

    yield begin
    for entry in visits:
        entry.context.close()
    assert [url for entry in visits for url in entry.strangers()] == []
    assert [error for entry in visits for error in entry.errors] == []
