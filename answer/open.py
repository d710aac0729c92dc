"""Have an index ready for questions: open it, or build it first where it is missing or no longer true."""

from __future__ import annotations

import pathlib

from index import Encoder, Index, Progress, build_index, is_current, open_index
from ingest import PolicyError


def ready_index(corpus: pathlib.Path, root: pathlib.Path, encoder: Encoder, progress: Progress = lambda *_: None) -> Index:
    """The index over `corpus`, brought up to date first. Raises PolicyError where neither can be done.

    A current one is only read, so that its folder need not be writable.
    """
    if not is_current(root, corpus, encoder.name):
        build_index(corpus, root, encoder, progress)
    try:
        return open_index(root, encoder)
    except PolicyError:
        build_index(corpus, root, encoder, progress, rebuild=True)
        return open_index(root, encoder)
