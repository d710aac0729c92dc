"""Sweeps: every number of a calibration can be varied, the committed ones come first, and nothing else is changed."""

from __future__ import annotations

import dataclasses
import json
import pathlib

import pytest

from answer import Calibration, calibration_of
from conftest import ACME, WordEncoder
from eval import sweep
from eval.__main__ import main

ASKED = {"Who handles payment data?": "Payment data is handled by Paylane, our payment processor.", "Is data sold?": "We never sell personal data."}


@pytest.fixture
def arguments(small_corpus: pathlib.Path, monkeypatch: pytest.MonkeyPatch, word_encoder: WordEncoder) -> list[str]:
    monkeypatch.setattr(sweep, "load_encoder", lambda: word_encoder)
    monkeypatch.setattr(sweep, "KEPT", small_corpus.parent / "kept")
    spans = {question: {"start": ACME.index(text), "end": ACME.index(text) + len(text), "text": text} for question, text in ASKED.items()}
    rows = [{"qid": question, "question": question, "doc_id": "acme.md", "split": "dev", "evidence": [span]} for question, span in spans.items()]
    questions = small_corpus.parent / "questions.jsonl"
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return ["sweep", "--corpus", str(small_corpus), "--questions", str(questions), "--out", str(small_corpus.parent / "out")]


def test_every_number_of_a_calibration_can_be_varied(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[tuple[dict[str, float], Calibration]] = []
    answer_questions = sweep.answer_questions
    monkeypatch.setattr(sweep, "answer_questions", lambda *given, **named: used.append(given[3]) or answer_questions(*given, **named))
    assert main([*arguments, "--vary", "lexical=0,0.5", "slope=2"]) == 0
    committed = calibration_of("words")
    wanted = [{}, {"lexical": 0.0}, {"lexical": 0.5}, {"slope": 2.0}]
    assert used == [dataclasses.replace(committed, **changes) for changes in wanted]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[3:7]] == ["as committed", "lexical 0", "lexical 0.5", "slope 2"]
    assert main([*arguments, "--vary", "zebra=1"]) == 2
    named = capsys.readouterr().err
    numbers = [field.name for field in dataclasses.fields(Calibration) if field.type in {"float", "int"}]
    assert "read" in numbers
    assert f"with a name of {', '.join(numbers)}, chunk_characters" in named


@pytest.mark.parametrize("size", [sweep.CHUNK_CHARACTERS, 100])
def test_the_corpus_is_asked_as_it_is_now(arguments: list[str], small_corpus: pathlib.Path, size: int) -> None:
    varied = [*arguments, "--vary", f"chunk_characters={size}"]
    assert main(varied) == 0
    before = "# Acme Privacy Policy\n\nThis sentence is new, and moves all the others.\n"
    (small_corpus / "acme.md").write_text(before + ACME, "utf-8")
    questions = small_corpus.parent / "questions.jsonl"
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    for row in rows:
        for span in row["evidence"]:
            span |= {"start": span["start"] + len(before), "end": span["end"] + len(before)}
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert main(varied) == 0
    saved = json.loads((small_corpus.parent / "out" / "sweep.json").read_text("utf-8"))
    assert [trial["measures"]["considered Hit@1"]["value"] for trial in saved["trials"]] == [1.0, 1.0]


def test_an_index_is_opened_once_for_each_size_of_chunks(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    opened = sweep._index
    monkeypatch.setattr(sweep, "_index", lambda settings, encoder, size: sizes.append(size) or opened(settings, encoder, size))
    assert main([*arguments, "--vary", "chunk=0,9", "chunk_characters=100,200", "--grid"]) == 0
    assert sizes == [sweep.CHUNK_CHARACTERS, 100, 200]


def test_numbers_keep_their_kind(word_encoder: WordEncoder) -> None:
    changed = sweep._calibration(sweep.BatchEncoder(word_encoder), {"read": 0.0, "near": 1.0, sweep.CHUNK: 400.0})
    assert (changed.read, type(changed.read), changed.near, type(changed.near)) == (0, int, 1.0, float)


@pytest.mark.parametrize("wrong", ["lexical", "lexical=", "lexical=a", "lexical=nan", "chunk_characters=0", "encoder=1"])
def test_what_cant_be_varied_is_said(arguments: list[str], wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--vary", wrong]) == 2
    assert capsys.readouterr().err.startswith(f"eval sweep: --vary {wrong} can't be tried; expected NAME=V1,V2 with a name of ")


def test_results_are_saved_and_kept(arguments: list[str], small_corpus: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--vary", "chunk=0,9", "chunk_characters=100", "--grid", "--keep"]) == 0
    out, kept = small_corpus.parent / "out", small_corpus.parent / "kept"
    saved = json.loads((out / "sweep.json").read_text("utf-8"))
    settings = [trial["setting"] for trial in saved["trials"]]
    assert settings == [{}, {"chunk": 0.0, "chunk_characters": 100.0}, {"chunk": 9.0, "chunk_characters": 100.0}]
    assert [trial["measures"]["considered Hit@1"]["value"] for trial in saved["trials"]][:2] == [1.0, 1.0]
    assert (out / "index-100").is_dir()
    assert "| chunk 9, chunk_characters 100 |" in (out / "sweep.md").read_text("utf-8")
    assert "chunk 9, chunk_characters 100" in (out / "sweep.svg").read_text("utf-8")
    names = sorted(path.suffix for path in kept.iterdir())
    assert names == [".json", ".md", ".svg"]
    assert len({path.stem for path in kept.iterdir()}) == 1
    assert json.loads(next(kept.glob("*.json")).read_text("utf-8")) == saved
    assert "kept as" in capsys.readouterr().out
