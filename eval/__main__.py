"""Measure the assistant on questions with gold answers, asked as the page asks them."""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Callable

from eval import check, results, sweep
from eval.compare import compare, dropped
from eval.convert import FORMATS, OWN, convert, recognise
from eval.evaluate import Settings, evaluate, read_questions
from eval.export import EXPORTS
from eval.paths import add_gold_arguments, gold_files, index_folder, out_folder
from eval.report import Report, load_report
from eval.run import SCOPES
from eval.table import as_columns, as_lines, comparison_table
from index import load_encoder, progress_bar
from ingest import PolicyError

# The other things to do, each with options of its own.
COMMANDS: dict[str, Callable[[list[str]], int]] = {"check": check.main, "readme": results.main, "sweep": sweep.main}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it was measured, 1 when it is worse than the baseline, 2 when it could not be measured."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    options = _parser().parse_args(arguments)
    try:
        baseline = load_report(options.baseline) if options.baseline else None
        settings = _settings(options)
        questions = read_questions(settings)
        with progress_bar("question") as progress:
            report = evaluate(settings, questions, load_encoder(), progress)
        print(as_lines(report))
        print(f"\nreport in {settings.out}")
        if options.keep:
            print(f"kept as {results.keep_report(report)}")
        return _against(baseline, report, options.max_drop) if baseline else 0
    except PolicyError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2


def _against(baseline: Report, report: Report, max_drop: float) -> int:
    """Print the comparison with a baseline; 1 where something dropped that must not."""
    comparisons = compare(baseline, report)
    print(f"\nagainst {baseline.created}{f' · commit {baseline.commit}' if baseline.commit else ''} (* is no chance)\n")
    print(as_columns(comparison_table(comparisons)))
    worse = dropped(comparisons, max_drop)
    for entry in worse:
        print(f"eval: {entry.name} is worse by {-entry.gain:.3f} than the baseline, by more than {max_drop} and not by chance", file=sys.stderr)
    return 1 if worse else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__, epilog=f"other commands, each with --help: {', '.join(COMMANDS)}")
    add = parser.add_argument
    add_gold_arguments(parser)
    add("--scope", choices=list(SCOPES), default="given", help="; ".join(f"{name}: {meaning}" for name, meaning in SCOPES.items()))
    add("--format", choices=["auto", OWN, *FORMATS], default="auto", help="what the files are in (default: what they look like)")
    add("--split", default="", help="only the questions of this split, such as dev or test")
    add("--limit", type=int, default=0, metavar="N", help="only the first N questions")
    add("--sample", type=int, default=0, metavar="N", help="only N questions, drawn by chance")
    add("--seed", type=int, default=0, help="which N are drawn (default: 0)")
    add("--index", type=pathlib.Path, help="folder of the index (default: .index for corpus, else OUT/index)")
    add("--out", type=pathlib.Path, help="folder for the report (default: runs/DATE-TIME)")
    add("--resume", action="store_true", help="go on with the run in OUT that was interrupted")
    add("--workers", type=int, default=1, metavar="N", help="processes that ask at the same time (default: 1)")
    add("--exports", nargs="*", choices=list(EXPORTS), default=list(EXPORTS), help="formats of other tools to write besides (default: all)")
    add("--keep", action="store_true", help="put the report among the committed results, in eval/results")
    add("--baseline", type=pathlib.Path, metavar="REPORT", help="report.json of an earlier run to compare with")
    add(
        "--max-drop",
        type=float,
        default=0.02,
        metavar="X",
        help="exit 1 if a main measure drops by more, and not by chance (default: 0.02)",
    )
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    out = options.out or out_folder()
    corpus, questions = options.corpus, options.questions
    name = recognise(corpus, questions) if options.format == "auto" else options.format
    if name != OWN:
        corpus, converted = convert(name, corpus, questions, out / "converted")
        questions = [converted]
    return Settings(
        corpus=corpus,
        questions=gold_files(corpus, questions),
        out=out,
        index=options.index or index_folder(corpus, out),
        scope=options.scope,
        split=options.split,
        limit=max(0, options.limit),
        sample=max(0, options.sample),
        seed=options.seed,
        resume=options.resume,
        workers=options.workers,
        exports=tuple(options.exports),
    )


if __name__ == "__main__":
    sys.exit(main())
