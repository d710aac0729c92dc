"""A report: what was run, what was measured, and what each question added to it; saved as `report.json`."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
import pathlib
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from eval.batch import SINGLY
from eval.interval import interval
from eval.judge import Judged
from eval.measures import Estimate, Share, confusion, measure, shares_of, stances_by_policy
from ingest import PolicyError

VERSION = 1
DECIMALS = 6
FILE = "report.json"
# The quantiles of latency, by their names in `speed`; beside each stand the bounds of its 95 % interval, with _low and _high.
LATENCIES = {"median_seconds": 0.5, "p95_seconds": 0.95}
# The fields of a report that hold measures by group.
GROUPS = ("by_split", "by_kind", "by_policy")


@dataclasses.dataclass(frozen=True, slots=True)
class QuestionResult:
    """What one question adds to each measure: a numerator and a denominator for those that are shares, and the curves' columns."""

    qid: str
    kind: str
    policy: str
    split: str
    left_out: bool
    answerable: bool
    right: bool
    confidence: float
    shares: dict[str, Share]


# Its columns but for the shares.
_PLAIN = tuple(field.name for field in dataclasses.fields(QuestionResult) if field.name != "shares")


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """An evaluation. `settings` say what was asked of what and how; `speed` is in seconds a question and in MB."""

    created: str
    commit: str
    settings: dict[str, Any]
    measures: dict[str, Estimate]
    by_split: dict[str, dict[str, Estimate]]
    by_kind: dict[str, dict[str, Estimate]]
    by_policy: dict[str, dict[str, Estimate]]
    confusion: dict[str, dict[str, int]]
    stances_by_policy: dict[str, Estimate]
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


def make_report(judged: Sequence[Judged], settings: dict[str, Any], took: dict[str, float] | None = None) -> Report:
    """Measure judged answers, all together and in groups; `took` are the seconds of the steps of the run, for `speed`."""
    speed = {**_speed(judged), **(took or {})}
    shares = shares_of(judged)
    return Report(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        commit=commit_of(pathlib.Path()),
        settings=settings,
        measures=measure(judged),
        by_split=_groups(judged, lambda entry: entry.split),
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
                split=entry.split,
                left_out=entry.left_out,
                answerable=entry.answerable,
                right=entry.right,
                confidence=entry.confidence,
                shares={name: share[number] for name, share in shares.items() if share[number][1] > 0},
            )
            for number, entry in enumerate(judged)
        ),
    )


def save_report(report: Report, path: pathlib.Path) -> pathlib.Path:
    """Write a report into a file, or as `report.json` into a folder; give the path of the file."""
    file = path / FILE if path.is_dir() else path
    row = {"version": VERSION, **{field.name: getattr(report, field.name) for field in dataclasses.fields(report)}}
    row["measures"] = _plain(report.measures)
    row["stances_by_policy"] = _plain(report.stances_by_policy)
    for name in GROUPS:
        row[name] = {group: _plain(found) for group, found in row[name].items()}
    row["questions"] = _to_columns(report.questions)
    # One line for each part: a difference between two reports shows which of them it is in.
    lines = (f"{json.dumps(name)}: {json.dumps(_rounded(value), ensure_ascii=False)}" for name, value in row.items())
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    return file


def load_report(path: pathlib.Path) -> Report:
    """Read a `report.json`, or the one in a folder. Raises PolicyError for what is none."""
    file = path / FILE if path.is_dir() else path
    try:
        row = json.loads(file.read_bytes())
        if row.pop("version") != VERSION:
            raise PolicyError(f"{file} is a report of another version; expected {VERSION}: run python -m eval again")
        for name in GROUPS:
            row[name] = {group: _estimates(found) for group, found in row[name].items()}
        row["measures"] = _estimates(row["measures"])
        row["stances_by_policy"] = _estimates(row["stances_by_policy"])
        row["questions"] = _from_columns(row["questions"])
        return Report(**row)
    except OSError as error:
        raise PolicyError(f"{file} can't be read: {error.strerror}; expected the {FILE} of an earlier python -m eval") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicyError(f"{file} is no report ({type(error).__name__}: {error}); expected the {FILE} of an earlier python -m eval") from error


def as_saved(question: QuestionResult) -> QuestionResult:
    """The same result as it is after it was saved and read: a run is no worse for the decimals that a file leaves out."""
    shares = {name: (round(above, DECIMALS), round(below, DECIMALS)) for name, (above, below) in question.shares.items()}
    return dataclasses.replace(question, confidence=round(question.confidence, DECIMALS), shares=shares)


def _to_columns(questions: Sequence[QuestionResult]) -> dict[str, Any]:
    """Questions as columns, a third of the size of rows; the shares as one column a measure, null where it doesn't apply."""
    columns: dict[str, Any] = {name: [getattr(question, name) for question in questions] for name in _PLAIN}
    names = dict.fromkeys(name for question in questions for name in question.shares)
    columns["shares"] = {name: [question.shares.get(name) for question in questions] for name in names}
    return columns


def _from_columns(columns: dict[str, Any]) -> tuple[QuestionResult, ...]:
    plain = [dict(zip(_PLAIN, values, strict=True)) for values in zip(*(columns[name] for name in _PLAIN), strict=True)]
    shares = [
        {name: tuple(column[number]) for name, column in columns["shares"].items() if column[number] is not None} for number in range(len(plain))
    ]
    return tuple(QuestionResult(**values, shares=share) for values, share in zip(plain, shares, strict=True))


def commit_of(root: pathlib.Path) -> str:
    """The short name of the commit that is checked out, with a + where files were changed since; "" outside of git."""
    git = shutil.which("git")
    if git is None:
        return ""
    commands = (["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
    done = [subprocess.run([git, "-C", str(root), *command], capture_output=True, text=True, check=False) for command in commands]  # noqa: S603
    return done[0].stdout.strip() + ("+" if done[1].stdout.strip() else "") if done[0].returncode == 0 else ""


def _plain(found: dict[str, Estimate]) -> dict[str, Any]:
    return {name: dataclasses.asdict(estimate) for name, estimate in found.items()}


def _estimates(found: dict[str, dict[str, Any]]) -> dict[str, Estimate]:
    return {name: Estimate(**estimate) for name, estimate in found.items()}


def _groups(judged: Sequence[Judged], group_of: Callable[[Judged], str]) -> dict[str, dict[str, Estimate]]:
    groups: dict[str, list[Judged]] = {}
    for entry in judged:
        groups.setdefault(group_of(entry), []).append(entry)
    return {group: measure(groups[group]) for group in sorted(groups)}


def _speed(judged: Sequence[Judged]) -> dict[str, float]:
    """Latency of the questions that were embedded one by one, and the most memory that a process held."""
    seconds = np.array([entry.seconds for entry in judged[:SINGLY] if entry.seconds is not None])
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = largest / (1e6 if sys.platform == "darwin" else 1e3)
    if not len(seconds):
        return {"peak_megabytes": peak}
    found: dict[str, float] = {}
    for name, share in LATENCIES.items():
        quantile = functools.partial(np.quantile, q=share)
        found[name] = float(quantile(seconds))
        if bounds := interval((seconds,), quantile):
            found |= {f"{name}_low": bounds[0], f"{name}_high": bounds[1]}
    return {**found, "peak_megabytes": peak}


def _rounded(value: Any) -> Any:
    """Enough decimals for anything here, and files that stay readable."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {name: _rounded(entry) for name, entry in value.items()}
    return [_rounded(entry) for entry in value] if isinstance(value, (list, tuple)) else value
