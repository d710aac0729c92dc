"""Ask every question as the page would, and keep each answer as one line of `answers.jsonl`."""

from __future__ import annotations

import json
import multiprocessing
import pathlib
import signal
import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from answer import Answer, Calibration, Pair, answer_row, ask, calibration_of, the_reader
from eval.batch import SINGLY, BatchEncoder, BatchReader, Collector, Vectors
from eval.gold import Question
from index import Index, Progress, load_encoder, open_index
from ingest import PolicyError, parse_row

Row = dict[str, Any]

SCOPES = {
    "given": "the gold document is given to the assistant",
    "detect": "the assistant finds the document from the question's words",
    "all": "every document is asked, whatever the question says",
}
ANSWERS = "answers.jsonl"
# What a line of it takes from an answer as `python -m answer --format json` writes it, and what it has besides.
TAKEN = ("question", "asked", "scope", "abstained", "findings", "considered")
COLUMNS = {"id", *TAKEN, "seconds"}
# Questions whose sentences are read together.
BLOCK = 32


def given_documents(question: Question, scope: str, index: Index) -> list[str]:
    """The documents that the assistant is told to ask; empty where it is to find out for itself.

    A question to several policies is given those whose answers are known: the corpus may hold policies that it isn't about.
    """
    if scope == "all":
        return [document.id for document in index.documents]
    if scope == "detect":
        return []
    return [question.document_id] if question.document_id is not None else [stance.document_id for stance in question.stances]


def answer_questions(
    index: Index,
    questions: Sequence[Question],
    scope: str,
    calibration: Calibration | None = None,
    *,
    wanted: Container[str] | None = None,
    reader: BatchReader | None = None,
) -> Iterator[Row]:
    """Ask the questions; give a row for each of those `wanted` (all, where it is None), in their order.

    The first are asked one by one, as on the page, and their latency is what is reported; the others in blocks, whose sentences are
    read together. What is in a block doesn't depend on what is wanted, so that an interrupted run ends with the same numbers.
    `calibration` is the committed one, but where another is tried out; `reader` has ready what was read before.
    """
    used = calibration or calibration_of(index.encoder.name)
    reader = reader or (BatchReader(the_reader()) if used.read else None)
    for block in blocks_of(questions):
        if wanted is None or any(question.qid in wanted for question in block):
            yield from _answer_block(index, block, scope, used, wanted, reader)


def _answer_block(
    index: Index, block: Sequence[Question], scope: str, calibration: Calibration, wanted: Container[str] | None, reader: BatchReader | None
) -> Iterator[Row]:
    if reader is not None and len(block) > 1:
        reader.prepare(_pairs(index, block, scope, calibration))
    for question in block:
        if wanted is None or question.qid in wanted:
            started = time.perf_counter()
            answer = ask(index, question.question, given_documents(question, scope, index), calibration, reader)
            yield to_row(question.qid, answer, time.perf_counter() - started)


def blocks_of(questions: Sequence[Question]) -> list[Sequence[Question]]:
    """The first SINGLY one by one, then BLOCK at a time."""
    first = [questions[number : number + 1] for number in range(min(SINGLY, len(questions)))]
    return [*first, *(questions[start : start + BLOCK] for start in range(SINGLY, len(questions), BLOCK))]


def _pairs(index: Index, block: Sequence[Question], scope: str, calibration: Calibration) -> list[Pair]:
    """All that will be read for a block, found by asking with a reader that only takes note."""
    collector = Collector()
    for question in block:
        ask(index, question.question, given_documents(question, scope, index), calibration, collector)
    return collector.pairs


def answer_in_workers(
    root: pathlib.Path, encoder: BatchEncoder, questions: Sequence[Question], scope: str, workers: int, wanted: frozenset[str]
) -> Iterator[Row]:
    """As `answer_questions`, by several processes that each open the index in `root` and load the models; they take what `encoder` has ready."""
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads of torch and faiss half-way
    blocks = [block for block in blocks_of(questions) if any(question.qid in wanted for question in block)]
    with ProcessPoolExecutor(min(workers, len(blocks)), context, _open_in_worker, (root, scope, encoder.ready, wanted)) as pool:
        try:
            for rows in pool.map(_answer_in_worker, blocks):
                yield from rows
        except BrokenProcessPool as error:
            raise PolicyError("a worker died, perhaps for want of memory; go on with --resume and fewer --workers") from error


def to_row(qid: str, answer: Answer, seconds: float) -> Row:
    """An answer as a line of `answers.jsonl`; offsets are Unicode code points."""
    row = answer_row(answer)
    for finding in row["findings"]:
        for citation in finding["citations"]:
            citation.pop("lead")
    kept = {name: row[name] for name in TAKEN}
    return {"id": qid, **kept, "seconds": round(seconds, 4)}


def write_rows(path: pathlib.Path, done: Sequence[Row], rows: Iterable[Row], total: int, progress: Progress = lambda *_: None) -> list[Row]:
    """Write rows as they come, each line whole, after those that were `done` before; give all of them."""
    kept = list(done)
    begun = path.with_suffix(".part")
    begun.write_text("".join(_line(row) for row in kept), "utf-8")
    begun.replace(path)  # at once, so that a second interruption loses nothing of what was done before the first
    with path.open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(_line(row))
            file.flush()
            kept.append(row)
            progress("asking", len(kept), total)
    return kept


def read_rows(path: pathlib.Path) -> list[Row]:
    """The rows of an `answers.jsonl`; what an interruption cut off at the end is left out. Empty where there is no file."""
    if not path.exists():
        return []
    rows = []
    for line in path.read_bytes().split(b"\n")[:-1]:
        row = parse_row(line)
        if isinstance(row, str) or not row.keys() >= COLUMNS:
            break
        rows.append(row)
    return rows


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


# What a worker process opened when it began.
_opened: list[tuple[Index, str, frozenset[str]]] = []


def _open_in_worker(root: pathlib.Path, scope: str, ready: Mapping[str, Vectors], wanted: frozenset[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one ends the others
    _opened.append((open_index(root, BatchEncoder(load_encoder(), ready)), scope, wanted))


def _answer_in_worker(block: Sequence[Question]) -> list[Row]:
    index, scope, wanted = _opened[0]
    calibration = calibration_of(index.encoder.name)
    return list(_answer_block(index, block, scope, calibration, wanted, BatchReader(the_reader()) if calibration.read else None))
