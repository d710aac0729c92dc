"""Results that are committed, by date and commit, and the table of the README that is made from the newest of them."""

from __future__ import annotations

import argparse
import pathlib

from eval.command import finish
from eval.measures import Estimate
from eval.report import FILE as REPORT
from eval.report import Report, load_report, save_report
from eval.table import as_markdown
from ingest import PolicyError

FOLDER = pathlib.Path("eval", "results")
README = pathlib.Path("README.md")
BEGIN, END = "<!-- eval:begin -->", "<!-- eval:end -->"
# What the README shows, with the words that it uses.
SHOWN = {
    "cited Hit@1": "the first citation proves the answer",
    "cited Hit@3": "one of the first three does",
    "considered Hit@5": "one of the five nearest sentences does",
    "Verdict accuracy": "yes, no or conditional is right",
    "Stance accuracy": "of several policies, who is silent and who is not is right",
    "Wrong document": "the first citation is of another document",
    "Coverage": "questions with an answer are not refused",
    "Refusal recall": "questions without an answer are refused",
    "Refusal precision": "what is refused has no answer",
    "AUROC": "AUROC of confidence, answerable against not",
}
SCOPES = {"given": "policy chosen by the user", "detect": "policy found from the question"}
SPLIT_BY = (
    "Development questions are those that settings were chosen on, test questions those on policies that no setting was chosen on; "
    "questions to several policies are about policies of both."
)
SPLITS = {"dev": "development", "test": "test"}


def keep_report(report: Report, folder: pathlib.Path = FOLDER) -> pathlib.Path:
    """Save a report among the committed results and give its path; a later one of the same day, commit and scope replaces it."""
    folder.mkdir(parents=True, exist_ok=True)
    return save_report(report, folder / f"{result_name(report)}.json")


def result_name(report: Report) -> str:
    """What a result is kept under: its date, commit and scope."""
    return "-".join(part for part in (report.created[:10], report.commit.rstrip("+"), report.settings["scope"]) if part)


def newest_reports(folder: pathlib.Path = FOLDER) -> dict[str, Report]:
    """The newest committed report of each scope. Raises PolicyError where there is none."""
    newest: dict[str, Report] = {}
    for report in sorted((load_report(path) for path in folder.glob("*.json")), key=lambda report: report.created):
        newest[report.settings["scope"]] = report
    if not newest:
        raise PolicyError(f"there are no results in {folder}; run python -m eval --keep")
    return newest


def find_baseline(path: pathlib.Path, scope: str) -> Report:
    """The report in a file or a run's folder, or the newest of that scope in a folder of results. Raises PolicyError where there is none."""
    if not path.is_dir() or (path / REPORT).exists():
        return load_report(path)
    found = newest_reports(path)
    if scope not in found:
        raise PolicyError(
            f"there is no result with the scope {scope} in {path}, only {', '.join(sorted(found))}; run python -m eval --keep --scope {scope}"
        )
    return found[scope]


def results_table(reports: dict[str, Report]) -> str:
    """The table as Markdown: each measure by scope and split, with its interval, and what was run below."""
    columns = [(scope, split) for scope in SCOPES if scope in reports for split in SPLITS if split in reports[scope].by_split]
    rows = []
    for name, meaning in SHOWN.items():
        cells = [_cell(reports[scope].by_split[split].get(name)) for scope, split in columns]
        rows.append([f"{meaning} ({name})", *cells])
    header = ["share of questions in which", *(f"{SCOPES[scope]}: {SPLITS[split]}" for scope, split in columns)]
    runs = [
        f"{report.created[:10]}{f', commit {report.commit}' if report.commit else ''}, {SCOPES[scope]}: {_counts(report)}; "
        f"{1000 * report.speed['median_seconds']:.0f} ms a question (median)"
        for scope, report in reports.items()
        if scope in SCOPES
    ]
    return "\n".join([as_markdown((header, rows)), "", f"In brackets: 95 % bootstrap intervals. {'. '.join(runs)}. {SPLIT_BY}"])


def write_readme(readme: pathlib.Path = README, folder: pathlib.Path = FOLDER) -> None:
    """Put the table between its marks in the README. Raises PolicyError where the marks or the results are missing."""
    text = readme.read_text("utf-8") if readme.is_file() else ""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise PolicyError(f"{readme} has no place for the table; expected one line {BEGIN} and, below it, one line {END}")
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    readme.write_text(f"{before}{BEGIN}\n{results_table(newest_reports(folder))}\n{after}", "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when the README was written, 2 when it could not be."""
    parser = argparse.ArgumentParser(
        prog="python -m eval readme", description="Write the table of results into the README, from the newest in eval/results."
    )
    parser.add_argument("--readme", type=pathlib.Path, default=README)
    parser.add_argument("--results", type=pathlib.Path, default=FOLDER)
    options = parser.parse_args(arguments)
    return finish("eval readme", lambda: _write(options))


def _write(options: argparse.Namespace) -> int:
    write_readme(options.readme, options.results)
    print(f"{options.readme} holds the newest results in {options.results}.")
    return 0


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    interval = f" [{estimate.low:.2f}–{estimate.high:.2f}]" if estimate.low is not None and estimate.high is not None else ""
    return f"{estimate.value:.2f}{interval}"


def _counts(report: Report) -> str:
    counts = (f"{sum(question.split == split for question in report.questions)} {word}" for split, word in SPLITS.items())
    return " and ".join(counts) + " questions"
