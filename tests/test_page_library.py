"""The shared library: built once for all, swapped whole, honest about what goes wrong."""

from __future__ import annotations

import pathlib
import threading
import time

from index import Index
from ingest import PolicyError
from pages.parts import library as module
from pages.parts.library import Library, State, stamp_of
from tests.paging import wait


def settled(library: Library) -> State:
    library.refresh()
    wait(lambda: not library.busy)
    return library.state


def test_the_first_visitor_starts_the_build_and_it_says_how_far_it_is(small_corpus, tmp_path, word_encoder) -> None:
    steps: list[State] = []
    library = Library(small_corpus, tmp_path / "index", lambda: word_encoder)
    say = library._say

    def listen(step: str, done: int, total: int) -> None:
        say(step, done, total)
        steps.append(library.state)

    library._say = listen  # type: ignore[method-assign]
    state = settled(library)
    assert isinstance(state.index, Index)
    assert [document.policy for document in state.index.documents] == ["Acme", "Bolt"]
    assert steps[0].step == "Loading the reading model"
    assert "embedding sentences" in {step.step for step in steps}
    assert max(step.done for step in steps) > 0


def test_two_visitors_wait_for_one_build(small_corpus, tmp_path, word_encoder) -> None:
    gate, loads = threading.Event(), []

    def load():
        loads.append(1)
        gate.wait(10)
        return word_encoder

    library = Library(small_corpus, tmp_path / "index", load)
    for _ in range(5):
        library.refresh(again=True)
    gate.set()
    assert settled(library).index is not None
    assert loads == [1]


def test_a_changed_corpus_is_read_again_and_the_old_index_stays_what_it_was(small_corpus, tmp_path, word_encoder, monkeypatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.0)
    library = Library(small_corpus, tmp_path / "index", lambda: word_encoder)
    old = settled(library).index
    (small_corpus / "crux.txt").write_text("CRUX NOTICE\n\nCrux keeps invoices for seven years.\n", "utf-8")
    new = settled(library).index
    assert new is not old
    assert [document.id for document in new.documents] == ["acme.md", "bolt.txt", "crux.txt"]
    assert [document.id for document in old.documents] == ["acme.md", "bolt.txt"]
    assert settled(library).index is new


def test_what_can_not_be_made_is_said_and_mended_by_trying_again(tmp_path, word_encoder) -> None:
    corpus = tmp_path / "empty"
    corpus.mkdir()
    library = Library(corpus, tmp_path / "index", lambda: word_encoder)
    assert "no policy that can be read" in settled(library).error
    (corpus / "a.txt").write_text("We keep your data for two years.", "utf-8")
    library.refresh(again=True)
    wait(lambda: not library.busy)
    assert library.state.error == ""
    assert library.state.index is not None


def test_an_error_leaves_the_last_index_in_use(small_corpus, tmp_path, word_encoder, monkeypatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.0)
    library = Library(small_corpus, tmp_path / "index", lambda: word_encoder)
    index = settled(library).index
    (small_corpus / "policies.toml").write_text("not = [toml", "utf-8")
    state = settled(library)
    assert "policies.toml" in state.error
    assert state.index is index


def test_an_unexpected_error_is_not_swallowed(small_corpus, tmp_path, caplog) -> None:
    def load():
        raise ZeroDivisionError("never mind")

    assert "ZeroDivisionError" in settled(Library(small_corpus, tmp_path / "index", load)).error
    assert "never mind" in caplog.text


def test_a_missing_model_is_said(small_corpus, tmp_path) -> None:
    def load():
        raise PolicyError("the package is not installed")

    assert settled(Library(small_corpus, tmp_path / "index", load)).error == "the package is not installed"


def test_the_time_left_is_reckoned_from_the_pace() -> None:
    state = State(step="embedding", done=25, total=100, started=time.monotonic() - 10)
    assert state.seconds_left is not None
    assert 29 < state.seconds_left < 32
    assert State(step="reading").seconds_left is None


def test_a_stamp_tells_a_changed_file(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.txt").write_text("one", "utf-8")
    before = stamp_of(tmp_path)
    (tmp_path / "a.txt").write_text("other", "utf-8")
    assert stamp_of(tmp_path) != before
    assert stamp_of(tmp_path / "nowhere") == ()
