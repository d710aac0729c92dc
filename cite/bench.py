"""Measure citing: many citations over a corpus, exported in every format and verified.

Beside the seconds that passed stand those of the processor, which other programs on the machine make no longer.
"""

from __future__ import annotations

import functools
import itertools
import os
import pathlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from cite.answers import answers_of_rows
from cite.claim import claims_of
from cite.export import export_bundle
from cite.formats import FORMATS
from cite.library import read_library
from cite.make import make_bundle
from cite.store import bundle_from_json, bundle_to_json
from cite.verify import Status, verify
from ingest import Document, Passage, PolicyError, split_sentences


def bench(corpus: pathlib.Path, citations: int) -> Iterator[str]:
    """Lines of a report: seconds to make a bundle, and for each format and the verification; all of it counted in the last line but one.

    Raises PolicyError where there is no corpus, and where a citation of it is not exact.
    """
    library = read_library(corpus)
    sentences = [(document, passage) for document in library.documents.values() for passage in split_sentences(document)]
    if not sentences:
        raise PolicyError(f"found nothing to cite in {corpus}; name a folder of policies with --corpus")
    rows = [_row(number, *pair) for number, pair in zip(range(citations), itertools.cycle(sentences), strict=False)]
    yield f"{citations:,} citations of {len(sentences):,} sentences in {len(library.documents)} policies"
    begun = _clocks()
    bundle = make_bundle(answers_of_rows(rows), library)
    yield _line("make", begun)
    for name in FORMATS:
        yield _timed(name, functools.partial(export_bundle, bundle, library, name))
    yield _timed("verify", functools.partial(_verify, bundle_to_json(bundle), corpus))
    yield _line("in all", begun)
    yield f"on {os.cpu_count()} cores, of which {os.getloadavg()[0]:.1f} were wanted at the end" if hasattr(os, "getloadavg") else ""


def _timed(name: str, work: Callable[[], object]) -> str:
    begun = _clocks()
    work()
    return _line(name, begun)


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _line(name: str, begun: tuple[float, float]) -> str:
    passed, used = (after - before for before, after in zip(begun, _clocks(), strict=True))
    return f"{name:<8} {passed:6.2f} s   processor {used:6.2f} s"


def _verify(data: bytes, corpus: pathlib.Path) -> None:
    """Read the bundle back and the policies again, and verify."""
    found = verify(claims_of(bundle_from_json(data, "bundle.json")), corpus)
    if wrong := [entry for entry in found if entry.status is not Status.EXACT]:
        raise PolicyError(f"{len(wrong)} of {len(found)} citations are not exact, the first {wrong[0].claim.id}: {wrong[0].detail}")


def _row(number: int, document: Document, passage: Passage) -> dict[str, Any]:
    """An answer that cites one sentence, for a question of its own."""
    span = passage.span
    place = {"document": document.id, "start": span.start, "end": span.end, "quote": passage.text, "score": 0.5}
    citation = {**place, "heading": passage.heading, "lead": passage.lead}
    finding = {"policy": document.policy, "document": document.id, "verdict": "states", "confidence": 0.75, "citations": [citation]}
    return {"id": str(number), "question": f"What does {document.policy} say in sentence {number}?", "findings": [finding]}
