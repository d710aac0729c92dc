"""Draw the pictures in docs/screenshots again: `python -m tests.browser.screenshots`, or `make screenshots`.

A picture is called after its scene, its width in pixels and its theme. With --every, each scene is drawn wide and narrow, light and dark.
"""

from __future__ import annotations

import argparse
import contextlib
import pathlib
import sys
import tempfile
from collections.abc import Callable, Iterator

from playwright.sync_api import Browser

from tests.browser.driving import ROOT, SIZES, Visit, browser_path, browsing, served

FOLDER = ROOT / "docs" / "screenshots"
Picture = tuple[str, str, bool]  # scene, size, dark


def empty(visit: Visit) -> None:
    """The page before the first question."""
    visit.open()
    visit.ready()


def ask(visit: Visit) -> None:
    """One question to every policy, and one of them open at its quotation."""
    empty(visit)
    visit.ask("Can I delete my account?")
    visit.cite(0, 1)


def answer(visit: Visit) -> None:
    """The answer by itself."""
    empty(visit)
    visit.ask("Can I delete my account?")


def page(visit: Visit) -> None:
    """A PDF open as the page that is printed, with the quotation marked on it."""
    empty(visit)
    visit.ask("How many days of annual leave do I get?")
    visit.cite(0, 1)
    visit.page.get_by_role("radio", name="Page as printed").click()
    visit.page.locator(".st-key-page-image img").wait_for()


def silence(visit: Visit) -> None:
    """A question that no policy answers."""
    empty(visit)
    visit.ask("Is there a canteen in the Leeds office?")


def compare(visit: Visit) -> None:
    """A matrix, with the quotation behind a cell."""
    visit.compare()


def policies(visit: Visit) -> None:
    """The list of policies."""
    visit.go("Policies", "Policies")


def policy(visit: Visit) -> None:
    """One policy with its outline."""
    policies(visit)
    visit.page.get_by_role("button", name="Expenses Policy").click()
    visit.settle()


def review(visit: Visit) -> None:
    """A work list with a decision."""
    answer(visit)
    visit.review()
    visit.page.get_by_role("button", name="Accept", exact=True).or_(visit.page.get_by_role("radio", name="Accept", exact=True)).first.click()
    visit.settle()
    visit.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")


def quality(visit: Visit) -> None:
    """The last evaluation."""
    visit.go("Quality", "Quality")


SCENES: dict[str, Callable[[Visit], None]] = {
    scene.__name__: scene for scene in (empty, ask, answer, page, silence, compare, policies, policy, review, quality)
}
# What the repository keeps: enough to see what it looks like, and little to carry.
KEPT: tuple[Picture, ...] = (
    ("ask", "wide", False),
    ("ask", "wide", True),
    ("answer", "narrow", False),
    *((scene, "wide", False) for scene in ("silence", "compare", "policies", "review", "quality")),
)


def name_of(picture: Picture) -> str:
    """The file name of a picture."""
    scene, size, dark = picture
    return f"{scene}-{SIZES[size][0]}-{'dark' if dark else 'light'}.png"


def draw(browser: Browser, address: str, picture: Picture, folder: pathlib.Path) -> pathlib.Path:
    """Draw one picture into a folder; give its path."""
    scene, size, dark = picture
    visit = Visit(browser, address, size=size, dark=dark)
    with contextlib.closing(visit.context):
        SCENES[scene](visit)
        visit.page.mouse.move(0, 0)
        visit.page.wait_for_timeout(700)
        visit.settle()
        path = folder / name_of(picture)
        visit.page.screenshot(path=path)
    return path


@contextlib.contextmanager
def _app() -> Iterator[tuple[str, Browser]]:
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        with served(ROOT / "corpus", ROOT / ".index", here / "state") as address, browsing() as browser:
            yield address, browser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when the pictures are drawn, 2 where they can't be."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description="Draw the pictures in docs/screenshots again.")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"only these: {', '.join(SCENES)}")
    parser.add_argument("--every", action="store_true", help="each scene in every size and theme")
    parser.add_argument("--out", type=pathlib.Path, default=FOLDER, metavar="FOLDER")
    options = parser.parse_args(arguments)
    if unknown := [scene for scene in options.scenes if scene not in SCENES]:
        print(f"screenshots: there is no scene {unknown[0]!r}; expected some of {', '.join(SCENES)}", file=sys.stderr)
        return 2
    if not browser_path():
        print("screenshots: there is no chromium on this machine; install one with the system's package manager", file=sys.stderr)
        return 2
    pictures = [(scene, size, dark) for scene in SCENES for size in SIZES for dark in (False, True)] if options.every else KEPT
    options.out.mkdir(parents=True, exist_ok=True)
    with _app() as (address, browser):
        for picture in pictures:
            if not options.scenes or picture[0] in options.scenes:
                print(draw(browser, address, picture, options.out), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
