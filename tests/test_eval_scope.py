"""Scope, measured: names of the sample policies in many spellings, in a hundred questions."""

from __future__ import annotations

import pathlib

import pytest

from eval import scopes
from ingest import read_corpus

ROOT = pathlib.Path(__file__).parent.parent


def test_every_spelling_is_understood_and_nothing_else() -> None:
    documents = read_corpus(ROOT / "corpus").documents
    carriers, others = scopes.read_carriers(ROOT / "eval" / "carriers.txt")
    assert len(carriers) + len(others) >= 100
    asked = list(scopes.ask_all(documents, scopes.names_of(documents), carriers, others))
    wrong = [entry for entry in asked if entry.found and not entry.right]
    assert wrong == []
    for spelling in scopes.SPELLINGS:
        some = [entry.right for entry in asked if entry.spelling == spelling]
        assert sum(some) / len(some) >= (0.9 if spelling == "with a slip" else 1.0), spelling


def test_a_wrong_policy_is_counted_as_wrong() -> None:
    right = scopes.Asked("as it is", "?", frozenset("a"), frozenset("a"))
    wrong = scopes.Asked("as it is", "?", frozenset("a"), frozenset("b"))
    missed = scopes.Asked("as it is", "?", frozenset("a"), frozenset())
    assert scopes.scope_table([right, wrong, missed])[1] == [["as it is", "3", "0.333", "0.500", "1"]]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"does {} sell it?\n", "has no line --"),
        (b"does {} sell it?\n--\nwho?\n", "has 1 questions with {} before the line --; expected 4 or more"),
        (b"does {} sell it?\n" * 4 + b"does it?\n--\n", "'does it?' stands before the line -- and has no {}"),
        (b"\xff\n--\n", "can't be read: 'utf-8' codec can't decode byte 0xff"),
    ],
)
def test_what_can_be_wrong_with_the_files_is_said_in_one_line(
    small_corpus: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], written: bytes, said: str
) -> None:
    (tmp_path / "carriers.txt").write_bytes(written)
    assert scopes.main(["--corpus", str(small_corpus), "--carriers", str(tmp_path / "carriers.txt")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"eval scope: {tmp_path / 'carriers.txt'}")
    assert said in line
