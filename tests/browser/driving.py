"""A page served over a corpus, and a browser that opens it and writes down which hosts it asks."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Loading the model and building the index on two busy cores.
COLD_START_MS = 300_000
STEP_MS = 60_000
# Tenths of a second without anything running after which nothing more is expected to.
QUIET_LOOKS = 4
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}

expect.set_options(timeout=STEP_MS)


def browser_path() -> str | None:
    """The Chromium of this machine; None where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(corpus: pathlib.Path, index: pathlib.Path, state: pathlib.Path) -> Iterator[str]:
    """`streamlit run` over a corpus with an index folder of its own; gives the address."""
    port = free_port()
    variables = {"ASKPOLICY_CORPUS": str(corpus), "ASKPOLICY_INDEX": str(index), "ASKPOLICY_STATE": str(state), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port), "--server.headless", "true"]
    log = state.parent / "streamlit.log"
    state.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=output, stderr=output)
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(address + "_stcore/health", process, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: pathlib.Path) -> None:
    for _ in range(600):
        assert process.poll() is None, f"streamlit ended:\n{log.read_text('utf-8', 'replace')}"
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"streamlit did not start:\n{log.read_text('utf-8', 'replace')}")


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One visitor: a page, and every address it asked for."""

    def __init__(self, browser: Browser, address: str, *, size: str = "wide", dark: bool = False, context: BrowserContext | None = None) -> None:
        width, height = SIZES[size]
        self.address = address
        self.context = context or browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
        )
        self.context.set_default_timeout(STEP_MS)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str = "") -> Page:
        """Open an address and wait for the line for questions, which is there once the index is."""
        self.page.goto(self.address + path)
        return self.page

    def ready(self) -> Page:
        """Wait until questions can be asked."""
        self.page.get_by_test_id("stChatInputTextArea").wait_for(timeout=COLD_START_MS)
        self.settle()
        return self.page

    def go(self, title: str, heading: str) -> Page:
        """Go to another page by the navigation, from wherever the visitor is; on a telephone it has to be unfolded first."""
        if self.page.url == "about:blank":
            self.open()
            self.ready()
        link = self.page.get_by_test_id("stSidebarNavLink").filter(has_text=title)
        self._unfold()
        link.click()
        self.page.get_by_role("heading", name=heading, exact=True, level=1).wait_for(timeout=STEP_MS)
        self.settle()
        return self.page

    def compare(self) -> Page:
        """Compare the policies that are chosen at first, and open the cell in the middle of the first row."""
        page = self.go("Compare", "Compare")
        page.get_by_test_id("stMain").get_by_role("button", name="Compare", exact=True).click()
        frame = page.locator(".st-key-wide [data-testid=stDataFrame]")
        frame.wait_for(timeout=COLD_START_MS)
        self.settle()
        frame.scroll_into_view_if_needed()
        frame.click(position={"x": 280, "y": 60})
        page.locator(".st-key-cell").wait_for()
        self.settle()
        return page

    def review(self, name: str = "Ada Review") -> Page:
        """Make a work list of the conversation at hand, and say who reviews."""
        self._unfold()
        self.page.get_by_role("button", name="Review citations").click()
        field = self.page.get_by_label("Your name")
        field.wait_for()
        field.fill(name)
        field.press("Enter")
        self.settle()
        return self.page

    def _unfold(self) -> None:
        """Bring the sidebar out, where it is folded away."""
        if self.page.get_by_test_id("stSidebar").get_attribute("data-collapsed") != "false":
            self.page.get_by_test_id("stExpandSidebarButton").click()
            self.page.wait_for_timeout(600)

    def settle(self) -> None:
        """Wait until the page has been drawn and nothing has run for a while."""
        state = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        quiet = 0
        while quiet < QUIET_LOOKS:
            self.page.wait_for_function(state, timeout=STEP_MS)
            self.page.wait_for_timeout(100)
            quiet = quiet + 1 if self.page.evaluate(state) else 0

    def ask(self, question: str) -> None:
        """Type a question and wait for its answer."""
        count = self.page.locator("[class*='st-key-answer-'] .headline").count()
        box = self.page.get_by_test_id("stChatInputTextArea")
        box.fill(question)
        box.press("Enter")
        expect(self.page.locator("[class*='st-key-answer-'] .headline")).to_have_count(count + 1)
        self.settle()

    def cite(self, turn: int, number: int) -> None:
        """Click on a citation and wait for its policy."""
        self.page.locator(f".st-key-cite-{turn}-{number} button").first.click()
        self.opened(turn, number)

    def opened(self, turn: int, number: int) -> None:
        """Wait until a citation is the one that is open."""
        self.page.locator(f".st-key-cite-{turn}-{number} button[kind=secondary]").wait_for()
        self.settle()
        self.page.locator(".policy-text mark").first.wait_for()

    def marked(self) -> str:
        """The characters that are highlighted in the policy."""
        return "".join(self.page.locator(".policy-text mark").all_text_contents())

    def wait_for_mark(self, text: str) -> None:
        """Wait until exactly these characters are highlighted: the place of the citation before may still stand there for a moment."""
        marks = "[...document.querySelectorAll('.policy-text mark')].map(mark => mark.textContent).join('')"
        self.page.wait_for_function(f"text => {marks} === text", arg=text)

    def strangers(self) -> list[str]:
        """Addresses that were asked for on other hosts than the one that serves the page."""
        home = urllib.parse.urlsplit(self.address).netloc
        return [url for url in self.asked if not url.startswith(("data:", "blob:")) and urllib.parse.urlsplit(url).netloc != home]
