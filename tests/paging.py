"""What the tests of the pages share: reading HTML as a browser does, and opening the app over a small corpus."""

from __future__ import annotations

import html.parser
import pathlib
import time

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import library, shell

ENTRY = str(pathlib.Path(__file__).parent.parent / "streamlit_app.py")


class _Reader(html.parser.HTMLParser):
    """Collects the text of a page, the part of it that stands in marks, and the elements that it is made of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.marked: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._depth += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._depth:
            self.marked.append(data)


def read_html(page: str) -> _Reader:
    """What a browser makes of it."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def marked_in(page: str) -> str:
    """The text content of the marks of a page, joined."""
    return "".join(read_html(page).marked)


def text_of(page: str) -> str:
    """The text content of a page."""
    return "".join(read_html(page).text)


def html_of(app: AppTest) -> list[str]:
    """Every piece of HTML on the page, but for the style sheet and our own scripts."""
    return [element.proto.body for element in app.get("html") if not element.proto.body.startswith(("<style>", "<script>"))]


def wait(ready, seconds: float = 20.0) -> None:
    """Wait for something that a thread does; fail if it isn't done in time."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "not ready in time"
        time.sleep(0.01)


@pytest.fixture
def app(small_corpus, tmp_path, word_encoder, monkeypatch) -> AppTest:
    """The app over the small corpus, with an encoder that needs no model; not run yet."""
    monkeypatch.setenv("ASKPOLICY_CORPUS", str(small_corpus))
    monkeypatch.setenv("ASKPOLICY_INDEX", str(tmp_path / "page-index"))
    monkeypatch.setenv("ASKPOLICY_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(library, "load_encoder", lambda: word_encoder)
    monkeypatch.setattr(shell, "ROOT", tmp_path / "root")  # without the runs of whoever works here
    return AppTest.from_file(ENTRY, default_timeout=180)


def ask(app: AppTest, question: str) -> AppTest:
    """Type a question and run until it is answered."""
    app.chat_input[0].set_value(question).run()
    assert not app.exception
    return app
