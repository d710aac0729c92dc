"""A report: what was run, what was measured, and what each question added to it; saved as `report.json`."""

from __future__ import annotations

import dataclasses
import datetime
import json
import pathlib
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from eval.judge import Judged
from eval.measures import Estimate, Share, confusion, measure, shares_of, stances_by_policy
from ingest import PolicyError

VERSION = 1
FILE = "report.json"


@dataclasses.dataclass(frozen=True, slots=True)
class QuestionResult:
    """What one question adds to each measure: a numerator and a denominator for those that are shares, and the curves' columns."""

    qid: str
    kind: str
    policy: str
    left_out: bool
    answerable: bool
    right: bool
    confidence: float
    shares: dict[str, Share]


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """An evaluation. `settings` say what was asked of what and how; `speed` is in seconds a question and in MB."""

    created: str
    commit: str
    settings: dict[str, Any]
    measures: dict[str, Estimate]
    by_kind: dict[str, dict[str, Estimate]]
    by_policy: dict[str, dict[str, Estimate]]
    confusion: dict[str, dict[str, int]]
    stances_by_policy: dict[str, Share]
    speed: dict[str, float]
    questions: tuple[QuestionResult, ...]

    @property
    def left_out(self) -> int:
        """How many questions the run left out."""
        return sum(question.left_out for question in self.questions)

    @property
    def answerable(self) -> int:
        """How many questions have an answer."""
        return sum(question.answerable for question in self.questions)


def make_report(judged: Sequence[Judged], settings: dict[str, Any], root: pathlib.Path = pathlib.Path()) -> Report:
    """Measure judged answers, all together and in groups."""
    speed = _speed(judged)
    shares = shares_of(judged)
    return Report(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        commit=commit_of(root),
        settings=settings,
        measures=measure(judged),
        by_kind=_groups(judged, lambda entry: entry.kind),
        by_policy=_groups(judged, lambda entry: entry.policy),
        confusion=confusion(judged),
        stances_by_policy=dict(stances_by_policy(judged)),
        speed=speed,
        questions=tuple(
            QuestionResult(
                qid=entry.qid,
                kind=entry.kind,
                policy=entry.policy,
                left_out=entry.left_out,
                answerable=entry.answerable,
                right=entry.right,
                confidence=entry.confidence,
                shares={name: share[number] for name, share in shares.items() if share[number][1] > 0},
            )
            for number, entry in enumerate(judged)
        ),
    )


def save_report(report: Report, folder: pathlib.Path) -> pathlib.Path:
    """Write `report.json` into a folder and give its path."""
    path = folder / FILE
    row = {"version": VERSION, **dataclasses.asdict(report)}
    path.write_text(json.dumps(_rounded(row), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def load_report(path: pathlib.Path) -> Report:
    """Read a `report.json`, or the one in a folder. Raises PolicyError for what is none."""
    file = path / FILE if path.is_dir() else path
    try:
        row = json.loads(file.read_bytes())
        if row.pop("version") != VERSION:
            raise PolicyError(f"{file} is a report of another version; expected {VERSION}: run python -m eval again")
        for name in ("by_kind", "by_policy"):
            row[name] = {group: _estimates(found) for group, found in row[name].items()}
        row["measures"] = _estimates(row["measures"])
        row["questions"] = tuple(
            QuestionResult(**{**entry, "shares": {name: tuple(share) for name, share in entry["shares"].items()}}) for entry in row["questions"]
        )
        return Report(**row)
    except OSError as error:
        raise PolicyError(f"{file} can't be read: {error.strerror}; expected the {FILE} of an earlier python -m eval") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicyError(f"{file} is no report ({type(error).__name__}: {error}); expected the {FILE} of an earlier python -m eval") from error


def commit_of(root: pathlib.Path) -> str:
    """The short name of the commit that is checked out, with a + where files were changed since; "" outside of git."""
    git = shutil.which("git")
    if git is None:
        return ""
    commands = (["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
    done = [subprocess.run([git, "-C", str(root), *command], capture_output=True, text=True, check=False) for command in commands]  # noqa: S603
    return done[0].stdout.strip() + ("+" if done[1].stdout.strip() else "") if done[0].returncode == 0 else ""


def _estimates(found: dict[str, dict[str, Any]]) -> dict[str, Estimate]:
    return {name: Estimate(**estimate) for name, estimate in found.items()}


def _groups(judged: Sequence[Judged], group_of: Callable[[Judged], str]) -> dict[str, dict[str, Estimate]]:
    groups: dict[str, list[Judged]] = {}
    for entry in judged:
        groups.setdefault(group_of(entry), []).append(entry)
    return {group: measure(groups[group]) for group in sorted(groups)}


def _speed(judged: Sequence[Judged]) -> dict[str, float]:
    seconds = np.array([entry.seconds for entry in judged if entry.seconds is not None])
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = largest / (1e6 if sys.platform == "darwin" else 1e3)
    if not len(seconds):
        return {"peak_megabytes": peak}
    return {
        "median_seconds": float(np.median(seconds)),
        "p95_seconds": float(np.quantile(seconds, 0.95)),
        "total_seconds": float(seconds.sum()),
        "peak_megabytes": peak,
    }


def _rounded(value: Any) -> Any:
    """Six decimals are enough for anything here, and keep the files readable."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {name: _rounded(entry) for name, entry in value.items()}
    return [_rounded(entry) for entry in value] if isinstance(value, (list, tuple)) else value
