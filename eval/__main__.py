"""Measure the assistant on questions with gold answers, asked as the page asks them."""

from __future__ import annotations

import argparse
import datetime
import pathlib
import sys

from eval.evaluate import Settings, evaluate, read_questions
from eval.run import SCOPES
from eval.table import as_lines
from index import load_encoder, progress_bar
from ingest import PolicyError

CORPUS = pathlib.Path("corpus")
QUESTIONS = pathlib.Path("eval", "questions")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it was measured, 2 when it could not be."""
    options = _parser().parse_args(arguments)
    try:
        settings = _settings(options)
        questions = read_questions(settings)
        with progress_bar("question") as progress:
            report = evaluate(settings, questions, load_encoder(), progress)
    except PolicyError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    print(as_lines(report))
    print(f"\nreport in {settings.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    parser.add_argument(
        "--corpus", type=pathlib.Path, default=CORPUS, help="folder of policies, or a corpus.jsonl, or a folder with one (default: corpus)"
    )
    parser.add_argument(
        "--questions", type=pathlib.Path, nargs="+", help="JSON lines, or a folder of them (default: those of the project, or beside the corpus)"
    )
    parser.add_argument("--scope", choices=list(SCOPES), default="given", help="; ".join(f"{name}: {meaning}" for name, meaning in SCOPES.items()))
    parser.add_argument("--split", default="", help="only the questions of this split, such as dev or test")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="only the first N questions")
    parser.add_argument("--index", type=pathlib.Path, help="folder of the index (default: .index for corpus, else OUT/index)")
    parser.add_argument("--out", type=pathlib.Path, help="folder for the report (default: runs/DATE-TIME)")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    now = datetime.datetime.now(datetime.UTC)
    out = options.out or pathlib.Path("runs", f"{now:%Y-%m-%d-%H%M%S}")
    index = options.index or (pathlib.Path(".index") if options.corpus == CORPUS else out / "index")
    named = options.questions or [QUESTIONS if options.corpus == CORPUS else _folder(options.corpus) / "questions.jsonl"]
    files = [file for path in named for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    return Settings(options.corpus, tuple(files), out, index, options.scope, options.split, max(0, options.limit))


def _folder(corpus: pathlib.Path) -> pathlib.Path:
    return corpus.parent if corpus.suffix == ".jsonl" else corpus


if __name__ == "__main__":
    sys.exit(main())
