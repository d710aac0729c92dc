"""A progress bar on the terminal, with rate and time left; nothing where there is no terminal. The only file that knows tqdm."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from tqdm import tqdm

from index.build import Progress


@contextlib.contextmanager
def progress_bar(unit: str) -> Iterator[Progress]:
    """Give a function to call with what is being done, how many are done, and of how many (0 where nobody knows)."""
    with tqdm(unit=unit, file=sys.stderr, disable=None) as bar:

        def show(what: str, done: int, total: int) -> None:
            if done < bar.n:  # the next task begins; its rate is its own
                bar.reset()
            bar.set_description(what, refresh=False)
            bar.total = total or None
            bar.update(done - bar.n)

        yield show
