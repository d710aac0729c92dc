"""The commands `python -m index` and `python -m answer`: what they say, and one line with exit status 2 where they can't."""

from __future__ import annotations

import json
import pathlib

import pytest

import answer.__main__
import index.__main__
from conftest import WordEncoder


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch, word_encoder: WordEncoder) -> None:
    """Commands get the encoder that can be predicted; loading the real one takes seconds."""
    monkeypatch.setattr(answer.__main__, "load_encoder", lambda: word_encoder)
    monkeypatch.setattr(index.__main__, "load_encoder", lambda: word_encoder)
    monkeypatch.setattr(index.__main__, "encoder_name", lambda: word_encoder.name)


def said(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    """The lines on standard output and on standard error."""
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def test_building_says_what_was_done(small_corpus: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small_corpus / "bad.pdf").write_bytes(b"")
    root = tmp_path / "index"
    assert index.__main__.main([str(small_corpus), "--index", str(root)]) == 0
    out, err = said(capsys)
    assert out == [f"2 policies in {root / 'generation-000001'}: 16 passages embedded, 0 taken over."]
    assert err == ["index: left out bad.pdf: is empty"]
    assert index.__main__.main([str(small_corpus), "--index", str(root)]) == 0
    assert said(capsys) == ([f"The index in {root} is up to date."], [])
    assert index.__main__.main([str(small_corpus), "--index", str(root), "--rebuild"]) == 0
    assert said(capsys)[0] == [f"2 policies in {root / 'generation-000002'}: 16 passages embedded, 0 taken over."]


@pytest.mark.parametrize(
    ("corpus", "reason"),
    [
        ("missing", "there is no corpus at {0}; expected a folder of policies, see corpus/README.md"),
        ("empty", "found no policy that can be read in {0}; expected .pdf, .docx, .html, .htm, .md, .markdown, .txt files there"),
    ],
)
def test_a_corpus_that_is_none(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], corpus: str, reason: str) -> None:
    (tmp_path / "empty").mkdir()
    folder = tmp_path / corpus
    assert index.__main__.main([str(folder), "--index", str(tmp_path / "index")]) == 2
    assert said(capsys) == ([], [f"index: {reason.format(folder)}"])
    assert answer.__main__.main(["who?", "--corpus", str(folder), "--index", str(tmp_path / "index")]) == 2
    assert said(capsys) == ([], [f"answer: {reason.format(folder)}"])


def test_facts_that_cannot_be_used_are_named(small_corpus: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small_corpus / "policies.toml").write_text('["acme.md"]\npolcy = "Acme"\n', "utf-8")
    assert index.__main__.main([str(small_corpus), "--index", str(tmp_path / "index")]) == 2
    out, err = said(capsys)
    assert (out, len(err)) == ([], 1)
    assert "policies.toml: [\"acme.md\"] has the key 'polcy'; expected one of policy, organisation," in err[0]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([""], "the question is empty; ask something such as 'who handles payment data?'"),
        ([" \t"], "the question is empty; ask something such as 'who handles payment data?'"),
        (["who?", "--policy", "Acne"], "there is no policy named 'Acne'; the nearest names are Acme, Bolt"),
    ],
)
@pytest.mark.usefixtures("small_index")
def test_a_question_that_cannot_be_asked(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str) -> None:
    assert answer.__main__.main([*arguments, "--index", str(tmp_path / "index")]) == 2
    assert said(capsys) == ([], [f"answer: {reason}"])


def test_a_missing_index(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer.__main__.main(["who?", "--index", str(tmp_path / "index")]) == 2
    assert said(capsys) == ([], [f"answer: there is no index in {tmp_path / 'index'}; run python -m index corpus/ --index {tmp_path / 'index'}"])


@pytest.mark.usefixtures("small_index")
def test_an_answer_is_said_with_its_place(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "Who handles payment data?"
    assert answer.__main__.main([question, "--policy", "Acme", "--index", str(tmp_path / "index")]) == 0
    out, err = said(capsys)
    assert err == []
    assert "  [1] “Payment data is handled by Paylane, our payment processor.”" in out
    assert "      Acme · Acme Privacy Policy › Payments" in out
    assert answer.__main__.main([question, "--policy", "Acme", "--format", "json", "--index", str(tmp_path / "index")]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["findings"][0]["citations"][0]["quote"] == "Payment data is handled by Paylane, our payment processor."
    assert row["scope"] == {"source": "given", "documents": ["acme.md"]}


@pytest.mark.usefixtures("small_index")
def test_what_is_not_said_is_not_answered(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer.__main__.main(["Which zoo animals migrate?", "--index", str(tmp_path / "index")]) == 0
    out, _ = said(capsys)
    assert out[0] == "The policies do not say."
    assert "Nearest passages (they do not answer the question):" in out


def test_the_corpus_is_brought_up_to_date_first(small_corpus: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["Who washes bicycles?", "--corpus", str(small_corpus), "--index", str(tmp_path / "index"), "--policy", "Bolt"]
    assert answer.__main__.main(arguments) == 0
    assert "bicycles are washed" not in capsys.readouterr().out
    (small_corpus / "bolt.txt").write_text("Bolt delivers parcels. All bicycles are washed by Ann.\n", "utf-8")
    assert answer.__main__.main(arguments) == 0
    assert "“All bicycles are washed by Ann.”" in capsys.readouterr().out
