"""Stretches of public documents: they are whole paragraphs, and what is written to them is kept by offset or not at all."""

from __future__ import annotations

import json
import pathlib
import random

import pytest

from training import excerpts
from training.excerpts import main, stretch_of

PARAGRAPHS = [f"Paragraph {number}. " + "You may ask us for a copy of your data at any time. " * 12 for number in range(30)]
TEXT = "\n\n".join(PARAGRAPHS)


@pytest.fixture
def public(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A public set of two documents, one of them too short, and an empty folder of what was written."""
    monkeypatch.setattr(excerpts, "WRITTEN", tmp_path / "written")
    (tmp_path / "written").mkdir()
    folder = tmp_path / "public"
    folder.mkdir()
    rows = [{"doc_id": "long", "title": "Long: terms", "text": TEXT}, {"doc_id": "short", "title": "Short", "text": "We keep nothing."}]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def asked(quote: str, question: str = "can i see what you have") -> str:
    """A line with one question."""
    row = {"question": question, "kind": "yes_no", "verdict": "yes", "evidence": [quote], "near": [], "paraphrases": []}
    return json.dumps(row) + "\n"


def test_a_stretch_is_made_of_whole_paragraphs() -> None:
    for seed in range(20):
        bounds = stretch_of(TEXT, 700, random.Random(seed))
        assert bounds is not None
        found = TEXT[slice(*bounds)]
        assert 700 <= len(found.split()) <= 1050
        assert all(paragraph in PARAGRAPHS for paragraph in found.strip("\n").split("\n\n"))
    assert stretch_of("We keep nothing.", 700, random.Random(1)) is None
    assert stretch_of(TEXT, 5000, random.Random(1)) == (0, len(TEXT))


def test_a_set_that_is_missing_is_said_in_a_line(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cut", str(tmp_path / "none"), str(tmp_path / "texts")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("training.excerpts: ")
    assert str(tmp_path / "none") in line


def test_what_is_written_to_a_stretch_is_kept_once_and_by_offset(
    public: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "texts"
    assert main(["cut", str(public), str(folder), "--words", "700"]) == 0
    (text,) = folder.glob("*.txt")
    quote = "You may ask us for a copy of your data at any time."
    text.with_suffix(".jsonl").write_text(asked(quote), "utf-8")
    assert main(["keep", str(public), str(folder)]) == 0
    assert main(["keep", str(public), str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [f"{count} questions kept in {tmp_path / 'written' / 'public'}.jsonl" for count in (1, 0)]
    (line,) = (tmp_path / "written" / "public.jsonl").read_text("utf-8").splitlines()
    row = json.loads(line)
    ((start, end),) = row["evidence"]
    assert TEXT[start:end] == quote
    assert quote not in line


def test_no_stretch_is_cut_twice_and_one_document_is_not_both_learnt_from_and_held_out(
    public: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excerpts, "is_held_out", lambda name: False)
    cuts: list[str] = []
    for number in range(8):
        folder = tmp_path / str(number)
        assert main(["cut", str(public), str(folder), "--words", "700"]) == 0
        for text in folder.glob("*.txt"):
            cuts.append(text.read_text("utf-8"))
            text.with_suffix(".jsonl").write_text(asked("You may ask us for a copy of your data at any time.", f"time {number}?"), "utf-8")
        main(["keep", str(public), str(folder)])
        if number == 0:
            monkeypatch.setattr(excerpts, "is_held_out", lambda name: True)
            main(["cut", str(public), str(tmp_path / "none"), "--words", "700"])
            assert not list((tmp_path / "none").glob("*.txt"))
            monkeypatch.setattr(excerpts, "is_held_out", lambda name: False)
    found = [paragraph for text in cuts for paragraph in text.strip("\n").split("\n\n")]
    assert 2 <= len(cuts) <= 6
    assert len(found) == len(set(found))
    assert set(found) <= set(PARAGRAPHS)


def test_a_folder_is_cut_into_once(public: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "texts"
    assert main(["cut", str(public), str(folder), "--words", "700"]) == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["cut", str(public), str(folder), "--words", "700", "--seed", "8"]) == 2
    assert capsys.readouterr().err.startswith(f"training.excerpts: {folder} has a stretches.json from an earlier cut; expected ")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_quotation_that_is_not_in_the_stretch_is_named_and_nothing_is_kept(
    public: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "texts"
    main(["cut", str(public), str(folder), "--words", "700"])
    (text,) = folder.glob("*.txt")
    text.with_suffix(".jsonl").write_text(asked("You may ask us for a copy of your data at any time.") + asked("We sell it."), "utf-8")
    assert main(["keep", str(public), str(folder)]) == 2
    assert ":2: evidence is not in the policy word for word: 'We sell it.'" in capsys.readouterr().err
    assert not list((tmp_path / "written").iterdir())


def test_a_folder_that_was_not_cut_or_comes_from_another_set_is_named(
    public: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keep", str(public), str(tmp_path)]) == 2
    assert f"{tmp_path} has no stretches.json; expected a folder that" in capsys.readouterr().err
    main(["cut", str(public), str(tmp_path / "texts"), "--words", "700"])
    (public / "corpus.jsonl").write_text(json.dumps({"doc_id": "other", "title": "", "text": TEXT}) + "\n", "utf-8")
    assert main(["keep", str(public), str(tmp_path / "texts")]) == 2
    assert "long is not in" in capsys.readouterr().err
