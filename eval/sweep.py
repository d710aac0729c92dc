"""Try other settings of retrieval, one at a time or in a grid, and see which differences are no chance.

Settings are chosen on the development questions; what is chosen on the test questions is no longer tested by them.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import itertools
import json
import math
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from answer import Calibration, calibration_of, ready_index, the_reader
from eval.batch import BatchEncoder, BatchReader
from eval.command import finish
from eval.compare import Comparison, compare
from eval.evaluate import Settings, read_questions
from eval.gold import Question
from eval.judge import judge
from eval.paths import add_gold_arguments, index_folder, locate, out_folder
from eval.plots import draw_sweep
from eval.report import Report, make_report
from eval.results import FOLDER, result_name
from eval.run import SCOPES, answer_questions
from eval.table import Table, as_columns, as_markdown, headline
from index import Index, Progress, build_index, load_encoder, open_index, progress_bar
from ingest import CHUNK_CHARACTERS, PolicyError

CHUNK = "chunk_characters"
# A chunk that is shorter than a sentence gives it no surroundings.
SMALLEST_CHUNK = 100
# Tried where nothing is named: each without its part of the score, with less, and with more.
USUAL = {"chunk": (0.0, 0.2, 0.4), "lexical": (0.0, 0.2, 0.4), "neighbour": (0.0, 0.3), CHUNK: (400.0, 1600.0)}
# How many sentences are read; 0 leaves the reader off. Tried where it is on.
READ = "read"
# Where the sweeps that are kept are, beside the results.
KEPT = FOLDER / "sweeps"
SHOWN = (
    "considered Hit@1",
    "considered Hit@3",
    "considered Hit@5",
    "considered MRR",
    "considered nDCG@10",
    "cited Hit@1",
    "Verdict accuracy",
    "AUROC",
    "Right",
)
# What the plot shows, and whether a difference is said to be one.
DECIDING = "considered MRR"

Setting = Mapping[str, float]


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """A run with some settings; `against` compares it with the run with the committed ones."""

    setting: Setting
    report: Report
    against: dict[str, Comparison]

    @property
    def name(self) -> str:
        """The setting in words."""
        return ", ".join(f"{name} {value:g}" for name, value in self.setting.items()) or "as committed"


def settings_of(varied: Mapping[str, Sequence[float]], *, grid: bool) -> Iterator[Setting]:
    """The settings to try, what is committed first: each value by itself, or all combinations.

    >>> [dict(setting) for setting in settings_of({"chunk": (0.0, 0.2), "lexical": (0.1,)}, grid=False)]
    [{}, {'chunk': 0.0}, {'chunk': 0.2}, {'lexical': 0.1}]
    """
    yield {}
    if grid:
        yield from (dict(zip(varied, values, strict=True)) for values in itertools.product(*varied.values()))
    else:
        yield from ({name: value} for name, values in varied.items() for value in values)


def sweep(
    settings: Settings, questions: Sequence[Question], tried: Sequence[Setting], encoder: BatchEncoder, progress: Progress = lambda *_: None
) -> list[Trial]:
    """Ask all questions with each of the settings, the committed ones first."""
    encoder.prepare([question.question for question in questions])
    trials: list[Trial] = []
    index_of = functools.cache(functools.partial(_index, settings, encoder))
    reader: BatchReader | None = None  # shared, because most settings have the same sentences read
    for number, setting in enumerate(tried):
        progress("trying", number, len(tried))
        index = index_of(int(setting.get(CHUNK, CHUNK_CHARACTERS)))
        calibration = _calibration(encoder, setting)
        reader = BatchReader(the_reader()) if calibration.read and reader is None else reader
        rows = {row["id"]: row for row in answer_questions(index, questions, settings.scope, calibration, reader=reader)}
        policies = {document.id: document.policy for document in index.documents}
        described = {"corpus": settings.corpus.as_posix(), "scope": settings.scope, "split": settings.split, **setting}
        report = make_report([judge(question, rows.get(question.qid), policies) for question in questions], described)
        before = trials[0].report if trials else report
        trials.append(Trial(setting, report, {entry.name: entry for entry in compare(before, report)}))
    progress("trying", len(tried), len(tried))
    return trials


def sweep_table(trials: Sequence[Trial]) -> Table:
    """One row a setting; a star marks what differs from the first row by no chance."""
    rows = []
    for trial in trials:
        cells = []
        for name in SHOWN:
            estimate, compared = trial.report.measures.get(name), trial.against.get(name)
            star = "*" if compared is not None and compared.significant else ""
            cells.append(f"{estimate.value:.3f}{star}" if estimate is not None else "–")
        moved = trial.against.get(DECIDING)
        rows.append([trial.name, *cells, f"{len(moved.won)}/{len(moved.lost)}" if moved else "–"])
    return ["setting", *SHOWN, "won/lost"], rows


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when all settings were tried, 2 when they can't be."""
    parser = argparse.ArgumentParser(prog="python -m eval sweep", description=__doc__)
    add_gold_arguments(parser)
    parser.add_argument("--scope", choices=list(SCOPES), default="given")
    parser.add_argument("--split", default="dev", help='which questions; "" for all (default: dev)')
    parser.add_argument("--vary", nargs="+", default=[], metavar="NAME=V1,V2", help=f"what to vary, of {', '.join(_names())} (default: the usual)")
    parser.add_argument("--grid", action="store_true", help="try all combinations, not one change at a time")
    parser.add_argument("--index", type=pathlib.Path, help="folder of the index (default: .index for corpus, else OUT/index)")
    parser.add_argument("--keep", action="store_true", help=f"put the table and the plot among the committed results, in {KEPT.as_posix()}")
    parser.add_argument("--out", type=pathlib.Path, help="folder for the results (default: runs/sweep-DATE-TIME)")
    options = parser.parse_args(arguments)
    return finish("eval sweep", lambda: _run(options))


def usual(calibration: Calibration) -> dict[str, Sequence[float]]:
    """What is tried where nothing is named; the reader off, and reading half as much, where it is on.

    >>> usual(Calibration("any", read=24))["read"]
    (0, 12)
    """
    return {**USUAL, **({READ: (0, calibration.read // 2)} if calibration.read else {})}


def _run(options: argparse.Namespace) -> int:
    varied = dict(_varied(entry) for entry in options.vary)
    out = options.out or out_folder("sweep-")
    corpus, files = locate(options, out / "converted")
    settings = Settings(corpus, files, out, options.index or index_folder(corpus, out), options.scope, options.split)
    questions = read_questions(settings)
    out.mkdir(parents=True, exist_ok=True)
    encoder = BatchEncoder(load_encoder())
    tried = list(settings_of(varied or usual(calibration_of(encoder.name)), grid=options.grid))
    with progress_bar("setting") as progress:
        trials = sweep(settings, questions, tried, encoder, progress)
    _save(trials, out, "sweep")
    print(f"{len(questions)} questions · {settings.corpus} · scope {settings.scope}{f' · split {settings.split}' if settings.split else ''}\n")
    print(as_columns(sweep_table(trials)))
    print(f"\n* differs from the first row, and not by chance. Won and lost: questions in {DECIDING}. Results in {out}")
    if options.keep:
        _save(trials, KEPT, result_name(trials[0].report))
        print(f"kept as {KEPT / result_name(trials[0].report)}.json, .md and .svg")
    return 0


def _save(trials: Sequence[Trial], folder: pathlib.Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = [
        {"setting": dict(trial.setting), "measures": {name: dataclasses.asdict(value) for name, value in trial.report.measures.items()}}
        for trial in trials
    ]
    whole = {"created": trials[0].report.created, "commit": trials[0].report.commit, **trials[0].report.settings, "trials": rows}
    (folder / f"{name}.json").write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
    legend = f"* differs from the first row, and not by chance. Won and lost: questions in {DECIDING}."
    (folder / f"{name}.md").write_text(f"# Sweep\n\n{headline(trials[0].report)}\n\n{as_markdown(sweep_table(trials))}\n\n{legend}\n", "utf-8")
    drawn = {trial.name: estimate for trial in trials if (estimate := trial.report.measures.get(DECIDING))}
    (folder / f"{name}.svg").write_text(draw_sweep(drawn, DECIDING), "utf-8")


def _index(settings: Settings, encoder: BatchEncoder, chunk_characters: int) -> Index:
    """The index over the corpus as it is now, with chunks of that size; the vectors of one that is there already are taken from it."""
    if chunk_characters == CHUNK_CHARACTERS:
        return ready_index(settings.corpus, settings.index, encoder)
    root = settings.out / f"index-{chunk_characters}"
    build_index(settings.corpus, root, encoder, chunk_characters=chunk_characters)
    return open_index(root, encoder, chunk_characters)


def _calibration(encoder: BatchEncoder, setting: Setting) -> Calibration:
    """The committed calibration with some fields changed, each a number of the kind that it was."""
    committed = calibration_of(encoder.name)
    changes: dict[str, Any] = {name: type(getattr(committed, name))(value) for name, value in setting.items() if name != CHUNK}
    return dataclasses.replace(committed, **changes)


def _names() -> list[str]:
    """What can be varied: every number of a calibration, and the size of chunks."""
    return [*(field.name for field in dataclasses.fields(Calibration) if isinstance(field.default, int | float)), CHUNK]


def _varied(entry: str) -> tuple[str, tuple[float, ...]]:
    name, _, values = entry.partition("=")
    try:
        numbers = tuple(float(value) for value in values.split(","))
    except ValueError:
        numbers = ()
    if name not in _names() or not numbers or not all(map(math.isfinite, numbers)) or (name == CHUNK and min(numbers) < SMALLEST_CHUNK):
        names = ", ".join(_names())
        raise PolicyError(f"--vary {entry} can't be tried; expected NAME=V1,V2 with a name of {names} (at least {SMALLEST_CHUNK})")
    return name, numbers
