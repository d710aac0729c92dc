"""The page that shows how good the answers are: it says what `python -m eval` wrote, and nothing else."""

from __future__ import annotations

import json
import pathlib

import pytest
from streamlit.testing.v1 import AppTest

from answer import stated_error
from eval import __main__ as evaluation
from eval.report import load_report
from ingest import PolicyError
from pages.parts import shell
from pages.parts.quality import (
    HEADLINES,
    LESS_IS_BETTER,
    Asked,
    Measure,
    Run,
    answers_of,
    calibration_points,
    differences,
    find_runs,
    hit_points,
    interval_rows,
    read_run,
    risk_points,
    worst,
)
from tests import paging
from tests.conftest import ACME, BOLT
from tests.paging import html_of, text_of

app = paging.app  # the fixture
TEXTS = {"acme.md": ACME, "bolt.txt": BOLT}
PAID = "Payment data is handled by Paylane, our payment processor."
WRONG = "Bolt Couriers delivers parcels in Leeds."


def gold(number: int, question: str, document: str, text: str, kind: str) -> dict[str, object]:
    start = TEXTS[document].find(text) if text else 0
    evidence = [{"doc": document, "start": start, "end": start + len(text), "text": text}] if text else []
    return {"qid": f"q{number}", "question": question, "doc_id": document, "evidence": evidence, "answerable": bool(text), "kind": kind}


# What is wanted of the last but one is not what is found, so that something goes wrong.
GOLD = (
    gold(1, "Who handles payment data?", "acme.md", PAID, "who"),
    gold(2, "Can I delete my account?", "acme.md", "You can delete your account in the settings, unless an invoice is still open.", "can"),
    gold(3, "Do you collect data of children?", "bolt.txt", WRONG, "who"),
    gold(4, "What colour is a zebra?", "bolt.txt", "", "unanswerable"),
)


@pytest.fixture
def root(app: AppTest, small_corpus: pathlib.Path, tmp_path: pathlib.Path, word_encoder, monkeypatch) -> pathlib.Path:
    """A project whose last run asked the four questions."""
    questions = shell.ROOT / "eval" / "questions"
    questions.mkdir(parents=True)
    (questions / "small.jsonl").write_text("".join(json.dumps(row) + "\n" for row in GOLD), "utf-8")
    monkeypatch.setattr(evaluation, "load_encoder", lambda: word_encoder)
    out = shell.ROOT / "runs" / "first"
    out.parent.mkdir()
    assert evaluation.main(["--corpus", str(small_corpus), "--questions", str(questions), "--out", str(out), "--exports"]) == 0
    return shell.ROOT


def quality(app: AppTest) -> AppTest:
    app.run().switch_page("pages/quality.py").run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    return "\n".join(text_of(page) for page in html_of(app))


def test_what_is_read_is_what_was_written(root: pathlib.Path) -> None:
    (path,) = find_runs(root)
    run, report = read_run(path), load_report(path)
    assert {measure.name: (measure.value, measure.low, measure.high, measure.count) for measure in run.measures} == {
        name: (found.value, found.low, found.high, found.count) for name, found in report.measures.items()
    }
    assert [(entry.qid, entry.right, entry.confidence) for entry in run.questions] == [
        (entry.qid, entry.right, entry.confidence) for entry in report.questions
    ]
    assert set(HEADLINES) <= {measure.name for measure in run.measures} | {"Verdict accuracy"}
    assert list(answers_of(run)) == ["q1", "q2", "q3", "q4"]


def test_the_curves_are_those_of_the_measures(root: pathlib.Path) -> None:
    run = read_run(find_runs(root)[0])
    values = {measure.name: measure.value for measure in run.measures}
    risks = [point["risk"] for point in risk_points(run.questions)]
    assert sum(risks) / len(risks) == pytest.approx(values["Risk-coverage area"], abs=1e-4)
    bins = calibration_points(run.questions)
    gap = sum(abs(point["right"] - point["confidence"]) * point["questions"] for point in bins) / len(run.questions)
    assert gap == pytest.approx(values["Calibration error"], abs=1e-4)
    assert {point["k"]: point["share"] for point in hit_points(run.measures) if point["measure"].startswith("cited")} == {
        int(name.split("@")[1]): value for name, value in values.items() if name.startswith("cited Hit@")
    }


def test_the_page_shows_the_figures_and_what_went_wrong(app: AppTest, root: pathlib.Path) -> None:
    run = read_run(find_runs(root)[0])
    first = next(measure for measure in run.measures if measure.name == "cited Hit@1")
    quality(app)
    assert f"{first.value:.0%}the first quotation proves the answer" in text(app)
    covered = next(measure.value for measure in run.measures if measure.name == "Coverage")
    assert f"{stated_error():.0%} of the questions that have an answer are refused" in text(app)
    assert f"In this run it refused {1 - covered:.0%} of them." in text(app)
    assert {entry.qid for entry in worst(run.questions)} >= {"q3"}
    labels = [expander.label for expander in app.expander]
    assert any(label.startswith("Do you collect data of children?") for label in labels)
    assert f"Wanted“{WRONG}”" in text(app) or f"Wanted{WRONG}" in text(app)
    assert "We do not knowingly collect data of children under 14." in text(app)
    assert len(app.get("vega_lite_chart")) == 5


def test_without_a_run_the_page_says_what_to_do(app: AppTest) -> None:
    quality(app)
    assert "Nothing has been measured yet. Run python -m eval" in text(app)


def test_a_report_that_is_cut_off_is_said_to_be_and_the_others_are_shown(app: AppTest, root: pathlib.Path) -> None:
    (path,) = find_runs(root)
    broken = root / "runs" / "second"
    broken.mkdir()
    (broken / "report.json").write_bytes(path.read_bytes()[:500])
    (root / "eval" / "results").mkdir()
    (root / "eval" / "results" / "old.json").write_text(json.dumps({**json.loads(path.read_bytes()), "version": 0}), "utf-8")
    with pytest.raises(PolicyError, match="run python -m eval again"):
        read_run(broken / "report.json")
    quality(app)
    assert len(app.warning) == 2
    assert "the first quotation proves the answer" in text(app)
    assert "There is no other run to compare with." in text(app)


def test_a_kept_report_without_its_answers_is_shown_and_compared(app: AppTest, root: pathlib.Path) -> None:
    (path,) = find_runs(root)
    row = json.loads(path.read_bytes())
    first = row["measures"]["cited Hit@1"]["value"]
    row["measures"]["cited Hit@1"] |= {"value": 0.01, "low": 0.0, "high": 0.02}
    row["created"] = "2020-01-31T12:00:00+00:00"
    (root / "eval" / "results").mkdir()
    kept = root / "eval" / "results" / "kept.json"  # the older run in the newer file, as in a fresh clone
    kept.write_text(json.dumps(row), "utf-8")
    assert find_runs(root) == [path, kept]
    quality(app)
    assert [label.split(" · ")[0] for label in app.selectbox(key="run").options] == [
        read_run(path).created[:16].replace("T", " "),
        "2020-01-31 12:00",
    ]
    app.selectbox(key="run").select_index(1).run()
    assert not app.exception
    assert "1%the first quotation proves the answer0% to 2%, " in text(app)
    assert "The answers of this run are no longer there." in text(app)
    differing = next(frame for frame in (element.value for element in app.dataframe) if "Before" in frame).set_index("Measure")
    assert differing.loc["cited Hit@1", ["Before", "Now"]].tolist() == [round(first, 3), 0.01]


def test_an_interval_that_begins_at_nothing_is_drawn_from_there() -> None:
    rows = interval_rows([Measure("Right", 0.1, 0.0, 0.3, 9), Measure("AUROC", 0.5, None, None, 2)])
    assert [(row["low"], row["value"], row["high"]) for row in rows] == [(0.0, 0.1, 0.3), (0.5, 0.5, 0.5)]


def test_a_difference_is_clear_only_where_the_intervals_are_apart() -> None:
    def run(*measures: Measure) -> Run:
        return Run(pathlib.Path("x"), "", "", {}, measures, {}, {}, ())

    before = run(Measure("Right", 0.5, 0.4, 0.6, 9), Measure("Calibration error", 0.3, 0.25, 0.35, 9), Measure("AUROC", 0.5, None, None, 2))
    after = run(Measure("Right", 0.7, 0.65, 0.8, 9), Measure("Calibration error", 0.5, 0.45, 0.6, 9), Measure("AUROC", 0.9, None, None, 2))
    assert "Calibration error" in LESS_IS_BETTER
    assert [(name, word) for name, _, _, word in differences(before, after)] == [
        ("Right", "better"),
        ("Calibration error", "worse"),
        ("AUROC", "no clear difference"),
    ]
    assert {word for *_, word in differences(before, before)} == {"no clear difference"}


def test_the_worst_are_the_surest_that_were_wrong() -> None:
    entries = [Asked(f"q{number}", "who", "Acme", answerable=True, right=number == 1, confidence=number / 10) for number in range(4)]
    assert [entry.qid for entry in worst(entries)] == ["q3", "q2", "q0"]
    assert [entry.qid for entry in worst(entries, 1)] == ["q3"]
