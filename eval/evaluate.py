"""From settings to a report: read, check, index, ask, judge, measure, save."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Sequence
from typing import Any

from answer import ready_index
from eval.gold import Question, read_gold
from eval.judge import judge
from eval.report import Report, make_report, save_report
from eval.run import ANSWERS, answer_questions, write_rows
from index import Encoder, Index, Progress
from ingest import PolicyError, read_corpus


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What to evaluate. `split` "" and `limit` 0 mean everything."""

    corpus: pathlib.Path
    questions: tuple[pathlib.Path, ...]
    out: pathlib.Path
    index: pathlib.Path
    scope: str = "given"
    split: str = ""
    limit: int = 0


def read_questions(settings: Settings) -> tuple[Question, ...]:
    """The questions that the settings choose, checked against the corpus. Raises PolicyError where any is wrong or none is left."""
    texts = {document.id: document.text for document in read_corpus(settings.corpus).documents}
    questions = read_gold(settings.questions, texts)
    chosen = tuple(question for question in questions if not settings.split or question.split == settings.split)
    if not chosen:
        splits = ", ".join(sorted({question.split or "(none)" for question in questions}))
        raise PolicyError(f"no question is of the split {settings.split!r}; found {splits}")
    return chosen[: settings.limit or None]


def evaluate(settings: Settings, questions: Sequence[Question], encoder: Encoder, progress: Progress = lambda *_: None) -> Report:
    """Ask the questions, judge the answers, and write `answers.jsonl` and `report.json` into the folder `settings.out`."""
    settings.out.mkdir(parents=True, exist_ok=True)
    index = ready_index(settings.corpus, settings.index, encoder, progress)
    rows = {row["id"]: row for row in write_rows(settings.out / ANSWERS, answer_questions(index, questions, settings.scope, progress))}
    policies = {document.id: document.policy for document in index.documents}
    report = make_report([judge(question, rows.get(question.qid), policies) for question in questions], _described(settings, index))
    save_report(report, settings.out)
    return report


def _described(settings: Settings, index: Index) -> dict[str, Any]:
    return {
        "corpus": settings.corpus.as_posix(),
        "questions": [path.as_posix() for path in settings.questions],
        "scope": settings.scope,
        "split": settings.split,
        "limit": settings.limit,
        "index": index.id,
        "encoder": index.encoder.name,
        "documents": len(index.documents),
    }
