"""Reports of `python -m eval` as the page shows them: read as data, because the pages and the evaluation don't know each other."""

from __future__ import annotations

import dataclasses
import functools
import json
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from answer import stated_error
from ingest import PolicyError

REPORT = "report.json"
ANSWERS = "answers.jsonl"
VERSION = 1
BINS = 10

# The measures that are shown large, with what they mean; the others stand in the table.
HEADLINES = {
    "cited Hit@1": "the first quotation proves the answer",
    "cited Hit@3": "one of the first three does",
    "Verdict accuracy": "yes, no or conditional is right",
    "Refusal recall": "unanswerable questions are refused",
}
# The curves over k, by the measures' names, and what they are called in the plot.
CURVES = {"cited Hit": "cited: one proves it", "considered Hit": "looked at: one proves it", "considered Recall": "looked at: share of the proof"}
# Of these, less is better.
LESS_IS_BETTER = {"Wrong document", "Risk-coverage area", "Calibration error"}


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """A measured value with its 95 % interval, where there were enough questions for one."""

    name: str
    value: float
    low: float | None
    high: float | None
    count: int


def error_line(measures: Sequence[Measure]) -> str:
    """What the threshold was chosen for, and how many questions with an answer the run refused."""
    chosen = f"The policies count as silent where the confidence is under a threshold. It was chosen so that {stated_error():.0%} of the questions"
    coverage = next((measure.value for measure in measures if measure.name == "Coverage"), None)
    refused = "" if coverage is None else f" In this run it refused {1 - coverage:.0%} of them."
    return f"{chosen} that have an answer are refused, on questions kept for that choice.{refused}"


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """One question of a run: whether its first quotation was right, and how sure the answer was."""

    qid: str
    kind: str
    policy: str
    answerable: bool
    right: bool
    confidence: float


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """One report."""

    path: pathlib.Path
    created: str
    commit: str
    settings: Mapping[str, Any]
    measures: tuple[Measure, ...]
    by_kind: Mapping[str, tuple[Measure, ...]]
    speed: Mapping[str, float]
    questions: tuple[Asked, ...]

    @property
    def label(self) -> str:
        """The run in a few words."""
        scope = {"given": "policy chosen", "detect": "policy found", "all": "all policies"}.get(str(self.settings.get("scope")), "")
        return " · ".join(part for part in (self.created[:16].replace("T", " "), self.commit, scope, f"{len(self.questions)} questions") if part)


def find_runs(root: pathlib.Path) -> list[pathlib.Path]:
    """The reports below a folder: those of runs, and those that were kept; the latest first, and those that can't be read last."""
    found = [*root.glob(f"runs/*/{REPORT}"), *root.glob("eval/results/*.json")]
    return sorted(found, key=lambda path: (_created(path, path.stat().st_mtime_ns), path.as_posix()), reverse=True)


@functools.lru_cache(maxsize=1024)
def _created(path: pathlib.Path, changed: int) -> str:  # noqa: ARG001 - a file that changed is read again
    """When a report was made, as it says itself: a fresh clone dates all its files alike."""
    try:
        return str(json.loads(path.read_text("utf-8"))["created"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def read_run(path: pathlib.Path) -> Run:
    """Read a report. Raises PolicyError for what is none."""
    try:
        row = json.loads(path.read_text("utf-8"))
        if row["version"] != VERSION:
            raise PolicyError(f"{path} is a report of another version; run python -m eval again")
        columns = row["questions"]
        names = [field.name for field in dataclasses.fields(Asked)]
        questions = tuple(Asked(*values) for values in zip(*(columns[name] for name in names), strict=True))
        by_kind = {kind: _measures(found) for kind, found in row["by_kind"].items()}
        return Run(path, row["created"], row["commit"], row["settings"], _measures(row["measures"]), by_kind, row["speed"], questions)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicyError(f"{path} can't be read as a report ({error}); run python -m eval again") from error


def _measures(found: Mapping[str, Mapping[str, Any]]) -> tuple[Measure, ...]:
    return tuple(Measure(name, entry["value"], entry["low"], entry["high"], entry["count"]) for name, entry in found.items())


def interval_rows(measures: Sequence[Measure]) -> list[dict[str, Any]]:
    """Measures as rows of a plot; one without an interval has its value for both ends."""
    return [
        {
            **dataclasses.asdict(measure),
            "low": measure.value if measure.low is None else measure.low,
            "high": measure.value if measure.high is None else measure.high,
        }
        for measure in measures
    ]


def risk_points(questions: Sequence[Asked]) -> list[dict[str, float]]:
    """Coverage and risk, answering the most confident questions first."""
    wrong = 0
    points = []
    for number, entry in enumerate(sorted(questions, key=lambda entry: -entry.confidence), 1):
        wrong += not entry.right
        points.append({"coverage": number / len(questions), "risk": wrong / number})
    return points


def calibration_points(questions: Sequence[Asked]) -> list[dict[str, float]]:
    """For each of ten bins of confidence that has questions: the mean confidence, how often the first quotation was right, and their number."""
    bins: dict[int, list[Asked]] = {}
    for entry in questions:
        bins.setdefault(min(int(entry.confidence * BINS), BINS - 1), []).append(entry)
    return [
        {
            "confidence": sum(entry.confidence for entry in found) / len(found),
            "right": sum(entry.right for entry in found) / len(found),
            "questions": float(len(found)),
        }
        for _, found in sorted(bins.items())
    ]


def hit_points(measures: Sequence[Measure]) -> list[dict[str, Any]]:
    """Hit and recall at k: of the sentences that were cited, and of all that were looked at."""
    points = []
    for measure in measures:
        name, at, depth = measure.name.partition("@")
        if at and depth.isdigit() and name in CURVES:
            points.append({"measure": CURVES[name], "k": int(depth), "share": measure.value})
    return sorted(points, key=lambda point: (point["measure"], point["k"]))


def worst(questions: Sequence[Asked], limit: int = 30) -> list[Asked]:
    """The questions that were answered wrongly, the surest first."""
    return sorted((entry for entry in questions if not entry.right), key=lambda entry: (-entry.confidence, entry.qid))[:limit]


def answers_of(run: Run) -> dict[str, Mapping[str, Any]]:
    """The answers of a run by question, where its folder still has them."""
    path = run.path.with_name(ANSWERS)
    rows: dict[str, Mapping[str, Any]] = {}
    if run.path.name != REPORT or not path.is_file():
        return rows
    for line in path.read_bytes().splitlines():
        try:
            row = json.loads(line)
            rows[str(row["id"])] = row
        except (ValueError, KeyError, TypeError):
            continue  # cut off where a run was interrupted
    return rows


def wanted_of(folder: pathlib.Path) -> dict[str, Mapping[str, Any]]:
    """The gold questions of a folder by their ids, for what was wanted."""
    rows: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                rows[str(row["qid"])] = row
    return rows


def differences(before: Run, after: Run) -> list[tuple[str, float, float, str]]:
    """Each measure that both runs have: before, after, and whether that is better, worse or within what chance does."""
    earlier = {measure.name: measure for measure in before.measures}
    found = []
    for measure in after.measures:
        if (other := earlier.get(measure.name)) is None:
            continue
        gain = (measure.value - other.value) * (-1 if measure.name in LESS_IS_BETTER else 1)
        apart = None not in (measure.low, other.high, measure.high, other.low) and (measure.low > other.high or measure.high < other.low)  # type: ignore[operator]
        found.append((measure.name, other.value, measure.value, "better" if apart and gain > 0 else "worse" if apart else "no clear difference"))
    return found
