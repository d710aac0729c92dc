"""Where a corpus and its questions lie, as every command of this package is told."""

from __future__ import annotations

import argparse
import datetime
import pathlib
from collections.abc import Sequence

from eval.convert import FORMATS, OWN, convert, recognise

AUTO = "auto"
CORPUS = pathlib.Path("corpus")
QUESTIONS = pathlib.Path("eval", "questions")


def add_gold_arguments(parser: argparse.ArgumentParser, *, formats: bool = True) -> None:
    """Add --corpus, --questions and, where other people's formats are understood, --format."""
    parser.add_argument(
        "--corpus", type=pathlib.Path, default=CORPUS, help="folder of policies, or of a corpus.jsonl, or that file (default: corpus)"
    )
    form = "what the files are in (default: what they look like)"
    text = "JSON lines, or a folder of them (default: those of the project, or questions.jsonl beside the corpus)"
    parser.add_argument("--questions", type=pathlib.Path, nargs="+", default=[], help=text)
    if formats:
        parser.add_argument("--format", choices=[AUTO, OWN, *FORMATS], default=AUTO, help=form)


def locate(options: argparse.Namespace, folder: pathlib.Path) -> tuple[pathlib.Path, tuple[pathlib.Path, ...]]:
    """The corpus and question files that those arguments mean; other people's formats are converted into the folder first."""
    name = recognise(options.corpus, options.questions) if options.format == AUTO else options.format
    if name == OWN:
        return options.corpus, gold_files(options.corpus, options.questions)
    corpus, questions = convert(name, options.corpus, options.questions, folder)
    return corpus, (questions,)


def gold_files(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> tuple[pathlib.Path, ...]:
    """The question files that are meant: those named, each file of a folder named, or what goes with the corpus."""
    beside = corpus.parent if corpus.suffix == ".jsonl" else corpus
    named = questions or [QUESTIONS if corpus == CORPUS else beside / "questions.jsonl"]
    return tuple(file for path in named for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path]))


def out_folder(prefix: str = "") -> pathlib.Path:
    """Where a run is kept that no folder was named for: by its beginning."""
    return pathlib.Path("runs", f"{prefix}{datetime.datetime.now(datetime.UTC):%Y-%m-%d-%H%M%S}")


def index_folder(corpus: pathlib.Path, out: pathlib.Path) -> pathlib.Path:
    """The index of a corpus: the one that the page uses for the project's own, else one beside the results."""
    return pathlib.Path(".index") if corpus == CORPUS else out / "index"
