"""A report as tables: what a terminal has room for, and what the Markdown has besides."""

from __future__ import annotations

from eval.measures import Estimate
from eval.report import Report
from eval.table import MAX_POLICIES, as_lines, as_page, speed_line

RIGHT, HIT = Estimate(0.5, 0.25, 0.75, 4), Estimate(1.0, None, None, 1)
SPEED = {"median_seconds": 0.0412, "median_seconds_low": 0.04, "median_seconds_high": 0.05, "p95_seconds": 0.1, "peak_megabytes": 512.3}


def report(policies: int) -> Report:
    by_policy = {f"policy {number}": {"Right": RIGHT, "cited Hit@1": HIT} for number in range(policies)}
    settings = {"corpus": "corpus", "scope": "given"}
    confusion = {"yes": {"yes": 1, "no": 0}, "no": {"yes": 0, "no": 0}}
    return Report("2025-01-01", "abc", settings, {"Right": RIGHT}, {"dev": {"Right": RIGHT}}, {}, by_policy, confusion, {"Acme": RIGHT}, SPEED, ())


def test_markdown_holds_every_policy_with_intervals() -> None:
    page = as_page(report(MAX_POLICIES + 1))
    assert f"| policy {MAX_POLICIES} | 4 | 1.00 | 0.50 (0.25–0.75) |" in page
    assert (
        "## Questions to several policies\n\n| policy | questions to several | Stance accuracy |\n|:--|--:|--:|\n| Acme | 4 | 0.50 (0.25–0.75) |"
        in page
    )
    assert "| yes | 1 | 0 |" in page
    assert "By kind" not in page
    assert "By split" not in page


def test_a_terminal_has_room_for_some_policies_without_intervals() -> None:
    assert ["policy", "0", "4", "1.00", "0.50"] in [line.split() for line in as_lines(report(2)).splitlines()]
    assert "policy 0" not in as_lines(report(MAX_POLICIES + 1))


def test_speed_has_intervals_and_steps() -> None:
    timed = report(1)
    timed.speed.update(index_seconds=12.4, asking_seconds=3.0)
    assert speed_line(timed) == "latency 41 ms (40–50) median, 100 ms 95th percentile · indexed in 12 s · asked in 3 s · peak memory 512 MB"
