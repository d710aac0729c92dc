"""Draw the pictures in docs/screenshots again: `python -m tests.browser.screenshots`, or `make screenshots`.

Every scene is drawn wide and narrow, light and dark; names of scenes as arguments draw only those.
"""

from __future__ import annotations

import pathlib
import sys
import tempfile
from collections.abc import Callable

from playwright.sync_api import Browser

from tests.browser.driving import ROOT, SIZES, Visit, browser_path, browsing, served

FOLDER = ROOT / "docs" / "screenshots"


def empty(visit: Visit) -> None:
    """The page before the first question."""
    visit.open()
    visit.ready()


def answer(visit: Visit) -> None:
    """One question to all policies."""
    empty(visit)
    visit.ask("Who handles payment data?")


def reader(visit: Visit) -> None:
    """The policy open at a citation."""
    empty(visit)
    visit.ask("Can I delete my account at HEP.PRO?")
    visit.cite(0, 1)


def silence(visit: Visit) -> None:
    """A question that no policy answers."""
    empty(visit)
    visit.ask("Is there a canteen in the Leeds office?")


SCENES: dict[str, Callable[[Visit], None]] = {scene.__name__: scene for scene in (empty, answer, reader, silence)}


def draw(browser: Browser, address: str, names: list[str], folder: pathlib.Path) -> None:
    """Draw the named scenes into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for size in SIZES:
            for dark in (False, True):
                visit = Visit(browser, address, size=size, dark=dark)
                SCENES[name](visit)
                visit.page.mouse.move(0, 0)
                visit.page.wait_for_timeout(700)
                path = folder / f"{name}-{size}-{'dark' if dark else 'light'}.png"
                visit.page.screenshot(path=path)
                visit.context.close()
                print(path)


def main(names: list[str]) -> int:
    """Run the command; 0 when the pictures are drawn, 2 where they can't be."""
    if unknown := [name for name in names if name not in SCENES]:
        print(f"screenshots: there is no scene {unknown[0]!r}; expected some of {', '.join(SCENES)}", file=sys.stderr)
        return 2
    if not browser_path():
        print("screenshots: there is no chromium on this machine; install one with the system's package manager", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        with served(ROOT / "corpus", here / "index", here / "state") as address, browsing() as browser:
            draw(browser, address, names or list(SCENES), FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
