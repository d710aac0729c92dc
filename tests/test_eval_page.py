"""The HTML report: found beside wanted for every question, nothing from outside, no text of a policy as markup."""

from __future__ import annotations

import html.parser
import pathlib
from typing import Any

import pytest

from eval.gold import Evidence, Question
from eval.highlight import AROUND, Piece, highlight
from eval.judge import judge
from eval.page import write_page
from eval.report import make_report
from ingest import Span

TEXT = "We <b>never</b> sell data. Paylane handles payments."
POLICIES = {"a.md": "Acme & Sons"}


class Marks(html.parser.HTMLParser):
    """Collects the text of each mark with its classes, and every address that the page would load or link."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[tuple[str, str]] = []
        self.outcomes: list[tuple[str | None, str | None]] = []
        self.addresses: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self._open = str(values.get("class")) if tag == "mark" else ""
        self.addresses += [str(values[name]) for name in ("src", "href", "xlink:href", "action") if values.get(name)]
        if tag == "details":
            self.outcomes.append((values["data-outcome"], values["data-policy"]))

    def handle_data(self, data: str) -> None:
        if self._open:
            self.marks.append((self._open.strip(), data))
            self._open = ""


@pytest.fixture
def page(tmp_path: pathlib.Path) -> Marks:
    wanted = Evidence(Span("a.md", 27, 52), TEXT[27:52])
    questions = [
        Question("q1", "who <script>?", "a.md", (wanted,), answerable=True),
        Question("q2", "which?", "a.md", (), answerable=False, kind="unanswerable", near_miss=(wanted,)),
        Question("q3", "left out?", "a.md", (wanted,), answerable=True),
    ]
    citation = {"document": "a.md", "start": 0, "end": 26, "quote": "", "score": 1.0}
    finding: dict[str, Any] = {"policy": "Acme & Sons", "document": "a.md", "verdict": "states", "confidence": 0.9, "citations": [citation]}
    rows: dict[str, dict[str, Any]] = {
        "q1": {"abstained": False, "findings": [finding], "considered": [citation], "seconds": 0.1},
        "q2": {
            "abstained": True,
            "findings": [{**finding, "verdict": "silent", "confidence": 0.1, "citations": []}],
            "considered": [citation],
            "seconds": 0.2,
        },
    }
    judged = [judge(question, rows.get(question.qid), POLICIES) for question in questions]
    settings = {"corpus": "c", "scope": "given", "index": "abc", "encoder": "words"}
    path = write_page(make_report(judged, settings), questions, judged, rows, {"a.md": TEXT}, tmp_path)
    marks = Marks()
    marks.feed(path.read_text("utf-8"))
    return marks


def test_found_is_marked_beside_wanted(page: Marks) -> None:
    legend = [("wanted", "wanted"), ("found", "found"), ("wanted found", "both")]
    assert page.marks == [*legend, *[("found", TEXT[0:26]), ("wanted", TEXT[27:52])] * 2, ("wanted", TEXT[27:52])]
    assert page.outcomes == [("missed", "Acme & Sons"), ("rightly refused", "Acme & Sons"), ("left out", "Acme & Sons")]


def test_the_page_needs_nothing_else(page: Marks) -> None:
    assert [address for address in page.addresses if not address.startswith("#")] == []


def test_no_text_is_shown_twice() -> None:
    word = "w" * 40
    text = f"{'a ' * 100}{word}{' b' * 100}"
    start = text.index(word)
    # What is shown around each of the two ends inside the word between them.
    pieces = highlight(text, [Span("d", start - AROUND - 5, start + 10 - AROUND)], [Span("d", start + 20 + AROUND, start + 25 + AROUND)])
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.gap for piece in pieces] == [False] * len(pieces)


def test_far_spans_are_shown_in_stretches_of_whole_words() -> None:
    text = "word " * 200
    pieces = highlight(text, [Span("d", 500, 504)], [Span("d", 900, 904)])
    assert [(len(piece.text), piece.wanted, piece.found, piece.gap) for piece in pieces] == [
        (160, False, False, True),
        (4, True, False, False),
        (160, False, False, False),
        (160, False, False, True),
        (4, False, True, False),
        (96, False, False, False),
    ]
    assert pieces[1] == Piece("word", wanted=True)
