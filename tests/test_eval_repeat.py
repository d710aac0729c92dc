"""Two runs give the same answers, whatever interrupted one of them and however many processes asked."""

from __future__ import annotations

import contextlib
import json
import pathlib
from collections.abc import Iterator

import pytest

from answer import Calibration
from conftest import ACME, WordEncoder
from eval import __main__ as command
from eval.batch import SINGLY
from eval.run import COLUMNS, read_rows
from index import Progress

SENTENCE = "Payment data is handled by Paylane, our payment processor."
WORDS = ("payment", "cookies", "account", "invoice", "visits", "parcels", "settings", "children", "email")


@pytest.fixture
def corpus(small_corpus: pathlib.Path) -> pathlib.Path:
    """The small corpus, with more questions beside it than are embedded one by one."""
    start = ACME.index(SENTENCE)
    evidence = [{"start": start, "end": start + len(SENTENCE), "text": SENTENCE}]
    questions = [f"What does it say of {one} and {other}?" for one in WORDS for other in WORDS]
    rows = [{"qid": f"q{n}", "question": text, "doc_id": "acme.md", "evidence": evidence} for n, text in enumerate(questions[: SINGLY + 14])]
    (small_corpus.parent / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return small_corpus


def run(corpus: pathlib.Path, name: str, *arguments: str) -> list[dict[str, object]]:
    """The answers of a run in a folder of that name, without the seconds they took."""
    out = corpus.parent / name
    questions = corpus.parent / "questions.jsonl"
    status = command.main(["--corpus", str(corpus), "--questions", str(questions), "--out", str(out), "--exports", *arguments])
    assert status == 0
    return answers(out)


def answers(out: pathlib.Path) -> list[dict[str, object]]:
    rows = [json.loads(line) for line in (out / "answers.jsonl").read_text("utf-8").splitlines()]
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


@contextlib.contextmanager
def stopped(_unit: str) -> Iterator[Progress]:
    """A progress bar at which someone presses Ctrl-C after nine questions."""

    def show(what: str, done: int, _total: int) -> None:
        if what == "asking" and done == 9:
            raise KeyboardInterrupt

    yield show


def test_two_runs_are_the_same(corpus: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "load_encoder", WordEncoder)
    first = run(corpus, "first")
    assert len(first) == SINGLY + 14
    assert run(corpus, "second") == first


def test_an_interrupted_run_says_how_to_go_on_and_ends_the_same(
    corpus: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], word_encoder: WordEncoder
) -> None:
    monkeypatch.setattr(command, "load_encoder", lambda: word_encoder)  # a new one would number words in another order
    whole = run(corpus, "whole")
    out = corpus.parent / "cut"
    arguments = ["--corpus", str(corpus), "--questions", str(corpus.parent / "questions.jsonl"), "--out", str(out), "--exports"]
    capsys.readouterr()
    with monkeypatch.context() as patched:
        patched.setattr(command, "progress_bar", stopped)
        assert command.main(arguments) == 130
    assert capsys.readouterr().err == f"\neval: interrupted; go on with the same command and --resume --out {out}\n"
    assert answers(out) == whole[:9]
    with monkeypatch.context() as patched:
        patched.setattr("eval.evaluate.calibration_of", lambda name: Calibration(name, threshold=0.9))
        assert command.main([*arguments, "--resume"]) == 2
    assert "had another calibration; leave out --resume to begin it again" in capsys.readouterr().err
    assert run(corpus, "cut", "--resume") == whole


@pytest.mark.model
def test_workers_and_the_real_encoder_give_the_same(corpus: pathlib.Path) -> None:
    whole = run(corpus, "whole")
    assert run(corpus, "workers", "--workers", "2") == whole
    lines = (corpus.parent / "whole" / "answers.jsonl").read_bytes().split(b"\n")
    (corpus.parent / "whole" / "answers.jsonl").write_bytes(b"\n".join(lines[:30]) + b"\n" + lines[30][:50])
    assert run(corpus, "whole", "--resume") == whole


def test_lines_that_are_no_answers_are_asked_again(tmp_path: pathlib.Path) -> None:
    whole = json.dumps(dict.fromkeys(COLUMNS))
    path = tmp_path / "answers.jsonl"
    for broken in ("[1]", '{"id": "1"}', "\udcff", whole[:-1], "[" * 100_000):
        path.write_text(f"{whole}\n{broken}\n{whole}\n", "utf-8", "surrogateescape")
        assert read_rows(path) == [json.loads(whole)]
    path.write_text(whole, "utf-8")  # cut off before its line break, so perhaps in a number
    assert read_rows(path) == []
