"""Measure the assistant on questions with gold answers, asked as the page asks them."""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Callable

from eval import annotate, check, follow_ups, results, scopes, sweep, topics
from eval.command import INTERRUPTED, finish
from eval.compare import compare, dropped
from eval.evaluate import Settings, evaluate, read_questions
from eval.export import EXPORTS
from eval.paths import add_gold_arguments, index_folder, locate, out_folder
from eval.report import Report
from eval.run import SCOPES
from eval.table import as_columns, as_lines, as_markdown, comparison_table, moved_lines
from index import load_encoder, progress_bar
from ingest import PolicyError
from ingest.command import run

# The other things to do, each with options of its own.
COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "annotate": annotate.main,
    "check": check.main,
    "follow-ups": follow_ups.main,
    "scope": scopes.main,
    "readme": results.main,
    "sweep": sweep.main,
    "topics": topics.main,
}

BASELINE = "an earlier run to compare with: its folder or report.json, or a folder of results such as eval/results, of which the newest"
# The measure of which a comparison names the questions won and lost.
MOVED = "Right"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it was measured, 1 when it is worse than the baseline, 2 when it could not be measured."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    options = _parser().parse_args(arguments)
    return finish("eval", lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    if options.resume and not options.out:
        raise PolicyError("--resume needs the folder of the run that was interrupted; name it with --out, such as --out runs/DATE-TIME")
    baseline = results.find_baseline(options.baseline, options.scope) if options.baseline else None
    settings = _settings(options)
    questions = read_questions(settings)
    try:
        with progress_bar("question") as progress:
            report = evaluate(settings, questions, load_encoder(), progress)
    except KeyboardInterrupt:
        print(f"\neval: interrupted; go on with the same command and --resume --out {settings.out}", file=sys.stderr)
        return INTERRUPTED
    print(as_lines(report))
    print(f"\nreport in {settings.out}")
    if options.keep:
        print(f"kept as {results.keep_report(report)}")
    return _against(baseline, report, options.max_drop, settings.out) if baseline else 0


def _against(baseline: Report, report: Report, max_drop: float, out: pathlib.Path) -> int:
    """Print and save the comparison with a baseline; 1 where something dropped that must not."""
    comparisons = compare(baseline, report)
    known = {question.qid for question in baseline.questions}
    shared = sum(question.qid in known for question in report.questions)
    title = f"against {baseline.created}{f' · commit {baseline.commit}' if baseline.commit else ''}, {shared} questions in common (* is no chance)"
    moved = moved_lines(comparisons, MOVED)
    print("\n".join(["", title, "", as_columns(comparison_table(comparisons)), "", *moved]))
    (out / "comparison.md").write_text("\n\n".join(["# Comparison", title, as_markdown(comparison_table(comparisons)), *moved]) + "\n", "utf-8")
    worse = dropped(comparisons, max_drop)
    for entry in worse:
        print(f"eval: {entry.name} is worse by {-entry.gain:.3f} than the baseline, by more than {max_drop} and not by chance", file=sys.stderr)
    return 1 if worse else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__, epilog=f"other commands, each with --help: {', '.join(COMMANDS)}")
    add = parser.add_argument
    add_gold_arguments(parser)
    add("--scope", choices=list(SCOPES), default="given", help="; ".join(f"{name}: {meaning}" for name, meaning in SCOPES.items()))
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
    add(
        "--baseline",
        type=pathlib.Path,
        metavar="REPORT",
        help=BASELINE,
    )
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
    corpus, questions = locate(options, out / "converted")
    return Settings(
        corpus=corpus,
        questions=questions,
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
    run(main)
