"""Results that are kept, and the README's table made from the newest of them."""

from __future__ import annotations

import pathlib

import pytest

from eval.measures import Estimate
from eval.report import QuestionResult, Report, load_report, save_report
from eval.results import BEGIN, END, find_baseline, keep_report, main
from ingest import PolicyError

README = f"# Project\n\nBefore.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n"


def report(scope: str, created: str, hit: float) -> Report:
    questions = tuple(
        QuestionResult(
            f"q{number}",
            kind="who",
            policy="Acme",
            split=split,
            left_out=False,
            answerable=True,
            right=False,
            confidence=0.5,
            shares={"cited Hit@1": (0.0, 1.0)} if split == "dev" else {},
        )
        for number, split in enumerate(["dev", "dev", "test"])
    )
    by_split = {"dev": {"cited Hit@1": Estimate(hit, hit - 0.1, hit + 0.1, 2)}, "test": {"cited Hit@1": Estimate(hit, None, None, 1)}}
    speed = {"median_seconds": 0.041, "p95_seconds": 0.05, "peak_megabytes": 500.0}
    settings = {"scope": scope, "corpus": "corpus"}
    return Report(created, "abc1234+", settings, {}, by_split, {}, {}, {"yes": {"no": 1}}, {"Acme": Estimate(0.5, 0.0, 1.0, 2)}, speed, questions)


def test_a_kept_report_is_read_as_it_was(tmp_path: pathlib.Path) -> None:
    kept = keep_report(report("given", "2025-03-01T10:00:00+00:00", 0.5), tmp_path / "results")
    assert kept == tmp_path / "results" / "2025-03-01-abc1234-given.json"
    read = load_report(kept)
    assert read == report("given", "2025-03-01T10:00:00+00:00", 0.5)


def test_the_table_holds_the_newest_of_each_scope(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    for scope, created, hit in (
        ("given", "2025-03-02T10:00:00+00:00", 0.6),
        ("given", "2025-03-01T10:00:00+00:00", 0.5),
        ("detect", "2025-02-01", 0.4),
    ):
        keep_report(report(scope, created, hit), tmp_path / "results")
    readme = tmp_path / "README.md"
    readme.write_text(README, "utf-8")
    assert main(["--readme", str(readme), "--results", str(tmp_path / "results")]) == 0
    text = readme.read_text("utf-8")
    assert "| the first citation proves the answer (cited Hit@1) | 0.60 [0.50–0.70] | 0.60 | 0.40 [0.30–0.50] | 0.40 |" in text
    assert "2025-03-02, commit abc1234+, policy chosen by the user: 2 development and 1 test questions; 41 ms a question (median)" in text
    assert text.startswith("# Project\n\nBefore.\n\n" + BEGIN)
    assert text.endswith(END + "\n\nAfter.\n")
    assert main(["--readme", str(readme), "--results", str(tmp_path / "results")]) == 0
    assert readme.read_text("utf-8") == text


def test_a_baseline_is_a_file_a_run_or_the_newest_of_its_scope(tmp_path: pathlib.Path) -> None:
    older, newer, other = (report(scope, f"2025-03-0{day}T10:00:00+00:00", 0.5) for day, scope in ((1, "given"), (2, "given"), (3, "detect")))
    kept = [keep_report(entry, tmp_path / "results") for entry in (older, newer, other)]
    run = tmp_path / "run"
    run.mkdir()
    save_report(older, run)
    assert find_baseline(kept[0], "given") == find_baseline(run, "given") == older
    assert find_baseline(tmp_path / "results", "given") == newer
    with pytest.raises(PolicyError, match=r"no result with the scope all in .*, only detect, given; run python -m eval --keep --scope all"):
        find_baseline(tmp_path / "results", "all")


def test_what_is_missing_is_said(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = tmp_path / "README.md"
    assert main(["--readme", str(readme), "--results", str(tmp_path)]) == 2
    assert "has no place for the table" in capsys.readouterr().err
    readme.write_text(README, "utf-8")
    assert main(["--readme", str(readme), "--results", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"eval readme: there are no results in {tmp_path}; run python -m eval --keep\n"
    assert readme.read_text("utf-8") == README
