"""The page as a real browser sees it, over the real corpus with the real model."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator

import pytest

from tests.browser.driving import ROOT, browser_path


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


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A headless browser for all tests."""
    from tests.browser.driving import browsing

    assert browser_path(), "CI is set, but there is no chromium on this machine"
    with browsing() as found:
        yield found
