"""From settings to a report: read, check, index, ask, judge, measure, save."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from answer import calibration_of, ready_index
from eval.batch import SINGLY, BatchEncoder
from eval.export import EXPORTS, Run
from eval.gold import Question, read_gold
from eval.judge import judge
from eval.page import write_page
from eval.report import Report, make_report, save_report
from eval.run import ANSWERS, Row, answer_in_workers, answer_questions, read_rows, write_rows
from eval.table import as_page
from index import Encoder, Index, Progress
from ingest import PolicyError, read_corpus

# What a run was asked, written before its first answer, so that it is taken up again with the same.
RUN = "run.json"


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What to evaluate. `split` "" and `limit` or `sample` 0 mean everything; `workers` 1 means this process."""

    corpus: pathlib.Path
    questions: tuple[pathlib.Path, ...]
    out: pathlib.Path
    index: pathlib.Path
    scope: str = "given"
    split: str = ""
    limit: int = 0
    sample: int = 0
    seed: int = 0
    resume: bool = False
    workers: int = 1
    exports: tuple[str, ...] = ()


def read_questions(settings: Settings) -> tuple[Question, ...]:
    """The questions that the settings choose, checked against the corpus. Raises PolicyError where any is wrong or none is left."""
    documents = read_corpus(settings.corpus).documents
    texts, policies = ({document.id: getattr(document, name) for document in documents} for name in ("text", "policy"))
    questions = read_gold(settings.questions, texts, policies)
    chosen = tuple(question for question in questions if not settings.split or question.split == settings.split)
    if not chosen:
        splits = ", ".join(sorted({question.split or "(none)" for question in questions}))
        raise PolicyError(f"no question is of the split {settings.split!r}; found {splits}")
    if 0 < settings.sample < len(chosen):
        numbers = np.random.default_rng(settings.seed).choice(len(chosen), settings.sample, replace=False)
        chosen = tuple(chosen[number] for number in sorted(numbers))
    return chosen[: settings.limit or None]


def evaluate(settings: Settings, questions: Sequence[Question], encoder: Encoder, progress: Progress = lambda *_: None) -> Report:
    """Ask the questions, judge the answers, and write the answers and the report, as JSON, Markdown and HTML, into the folder `settings.out`."""
    started = time.perf_counter()
    settings.out.mkdir(parents=True, exist_ok=True)
    batching = BatchEncoder(encoder)
    index = ready_index(settings.corpus, settings.index, batching, progress)
    indexed = time.perf_counter()
    # All of them, whatever was done before: the vectors of a batch depend in their last bits on what else is in it.
    batching.prepare([question.question for question in questions[SINGLY:]])
    described = _described(settings, index)
    rows = _ask_all(settings, questions, index, batching, described, progress)
    took = {"index_seconds": indexed - started, "asking_seconds": time.perf_counter() - indexed}
    by_id = {row["id"]: row for row in rows}
    policies = {document.id: document.policy for document in index.documents}
    judged = [judge(question, by_id.get(question.qid), policies) for question in questions]
    report = make_report(judged, described, took)
    save_report(report, settings.out)
    (settings.out / "report.md").write_text(as_page(report), "utf-8")
    write_page(report, questions, judged, by_id, {document.id: document.text for document in index.documents}, settings.out)
    run = Run(questions, by_id, {document.id: document for document in index.documents})
    for name in settings.exports:
        EXPORTS[name](run, settings.out / name)
    return report


def _ask_all(
    settings: Settings, questions: Sequence[Question], index: Index, encoder: BatchEncoder, described: dict[str, Any], progress: Progress
) -> list[Row]:
    path = settings.out / ANSWERS
    asked = {question.qid: question.question for question in questions}
    done = [row for row in _begun(settings, described) if asked.get(row["id"]) == row["question"]]
    (settings.out / RUN).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", "utf-8")
    wanted = frozenset(asked) - {row["id"] for row in done}
    if settings.workers > 1 and len(wanted) > 1:
        rows = answer_in_workers(settings.index, encoder, questions, settings.scope, settings.workers, wanted)
    else:
        rows = answer_questions(index, questions, settings.scope, wanted=wanted)
    return write_rows(path, done, rows, len(questions), progress)


def _begun(settings: Settings, described: dict[str, Any]) -> list[Row]:
    """The answers of the run that is to be resumed. Raises PolicyError where it was asked something else."""
    run = settings.out / RUN
    if not settings.resume or not run.exists():
        return []
    try:
        before = json.loads(run.read_bytes())
    except ValueError:
        before = None
    if before != described:
        other = [name for name in described if not isinstance(before, dict) or before.get(name) != described[name]]
        raise PolicyError(f"the run in {settings.out} had another {', '.join(other)}; leave out --resume to begin it again, or name another --out")
    return read_rows(settings.out / ANSWERS)


def _described(settings: Settings, index: Index) -> dict[str, Any]:
    return {
        "corpus": settings.corpus.as_posix(),
        "questions": [path.as_posix() for path in settings.questions],
        "scope": settings.scope,
        "split": settings.split,
        "limit": settings.limit,
        "sample": settings.sample,
        "seed": settings.seed,
        "index": index.id,
        "encoder": index.encoder.name,
        "calibration": dataclasses.asdict(calibration_of(index.encoder.name)),
        "documents": len(index.documents),
    }
