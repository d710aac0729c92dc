"""The one thing that all visitors share: the encoder and the newest index, brought up to date in the background."""

from __future__ import annotations

import dataclasses
import logging
import os
import pathlib
import threading
import time
from collections.abc import Callable

from answer import ready_index
from index import Encoder, Index, load_encoder
from ingest import PolicyError
from pages.parts.examples import find_examples

# Seconds between two looks at the corpus folder; more often would only cost time on every click.
LOOK_EVERY = 2.0


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """What the library has, and what it is doing: the newest index, its example questions, the step at hand, and what went wrong.

    `done` of `total` counts within the step (0 of 0 where nobody knows); `started` is when the step began, in `time.monotonic` seconds.
    """

    index: Index | None = None
    examples: tuple[str, ...] = ()
    step: str = ""
    done: int = 0
    total: int = 0
    started: float = 0.0
    error: str = ""

    @property
    def seconds_left(self) -> float | None:
        """How long the step will take at the pace so far; None before there is a pace."""
        if not 0 < self.done <= self.total:
            return None
        return (time.monotonic() - self.started) / self.done * (self.total - self.done)


class Library:
    """Shared by all sessions. A thread of its own builds, so that closing a tab stops nothing; sessions only look at `state`.

    The state is swapped whole and never changed; whoever holds an index keeps that index.
    """

    def __init__(self, corpus: pathlib.Path, root: pathlib.Path, load: Callable[[], Encoder] | None = None) -> None:
        self.corpus = corpus
        self.root = root
        self.state = State()
        self._load = load or load_encoder
        self._encoder: Encoder | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked = -LOOK_EVERY
        self._stamp: object = None

    @property
    def busy(self) -> bool:
        """Whether something is being prepared right now."""
        return self._thread is not None and self._thread.is_alive()

    def refresh(self, *, again: bool = False) -> State:
        """Start preparing if the corpus is not the one that was read last, or if told to try `again`. Returns at once."""
        with self._lock:
            now = time.monotonic()
            if self.busy or (not again and now - self._looked < LOOK_EVERY):
                return self.state
            self._looked = now
            stamp = stamp_of(self.corpus)
            if again or stamp != self._stamp:
                self._stamp = stamp
                self.state = dataclasses.replace(self.state, error="", step="Starting", done=0, total=0, started=now)
                self._thread = threading.Thread(target=self._prepare, name="askpolicy-library", daemon=True)
                self._thread.start()
            return self.state

    def catch_up(self) -> bool:
        """Look at the corpus at once, whenever that was done last; whether something is being prepared now."""
        self._looked = -LOOK_EVERY
        self.refresh()
        return self.busy

    def _prepare(self) -> None:
        try:
            if self._encoder is None:
                self._say("Loading the reading model", 0, 0)
                self._encoder = self._load()
            index = ready_index(self.corpus, self.root, self._encoder, self._say)
            if self.state.index is None or index.id != self.state.index.id:
                self._say("Looking for example questions", 0, 0)
                self.state = State(index, find_examples(index))
            else:
                self.state = dataclasses.replace(self.state, step="")
        except PolicyError as error:
            self.state = dataclasses.replace(self.state, error=str(error), step="")
        except Exception as error:  # a thread has no caller: what it doesn't say, nobody hears
            logging.getLogger(__name__).exception("the index could not be prepared")
            self.state = dataclasses.replace(
                self.state, error=f"something unexpected happened ({type(error).__name__}); the terminal says what", step=""
            )

    def _say(self, step: str, done: int, total: int) -> None:
        started = self.state.started if step == self.state.step else time.monotonic()
        self.state = dataclasses.replace(self.state, step=step, done=done, total=total, started=started)


def stamp_of(corpus: pathlib.Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files in a corpus: cheap to compare, and different whenever something was changed."""
    found = []
    for folder, _, names in os.walk(corpus):
        for name in names:
            path = pathlib.Path(folder, name)
            try:
                status = path.stat()
            except OSError:
                continue  # it went away while we looked; the next look sees the folder without it
            found.append((str(path), status.st_size, status.st_mtime_ns))
    return tuple(sorted(found))
