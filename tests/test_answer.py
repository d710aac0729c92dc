"""Asking: the right policy, exact quotations, silence where nothing is said."""

from __future__ import annotations

import pathlib

import pytest

from answer import FORMATS, Verdict, ask
from answer.answer import ASKED_ONE_BY_ONE, OVERALL
from conftest import WordEncoder, index_of
from index import Index, build_index, open_index
from ingest import PolicyError


def test_a_question_is_answered_with_the_sentence_that_proves_it(small_index: Index) -> None:
    answer = ask(small_index, "Who handles payment data?", ["Acme"])
    best = answer.findings[0].citations[0].passage
    assert best.text == "Payment data is handled by Paylane, our payment processor."
    assert small_index.document("acme.md").text[best.span.start : best.span.end] == best.text
    assert best.heading == ("Acme Privacy Policy", "Payments")


def test_each_policy_gives_one_finding(small_index: Index) -> None:
    answer = ask(small_index, "cookies for counting visits?")
    assert {finding.policy: finding.verdict is Verdict.SILENT for finding in answer.findings} == {"Acme": False, "Bolt": True}


def test_a_misspelt_name_chooses_the_policy_and_leaves_the_question(small_index: Index) -> None:
    answer = ask(small_index, "Does Bolt Curiers' policy cover children?")
    assert answer.scope.document_ids == ("bolt.txt",)
    assert answer.scope.source == "named"
    assert "bolt" not in answer.asked.lower()


def test_an_unknown_policy_is_named_with_its_nearest(small_index: Index) -> None:
    with pytest.raises(PolicyError, match=r"no policy named 'Acmee Corp'.*Acme"):
        ask(small_index, "who?", ["Acmee Corp"])


def test_an_empty_question_is_refused(small_index: Index) -> None:
    with pytest.raises(PolicyError, match="empty"):
        ask(small_index, "  ")


def test_many_chosen_policies_are_found_beside_a_long_one_that_was_not_chosen(tmp_path: pathlib.Path, word_encoder: WordEncoder) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    chosen = [f"club{number}" for number in range(ASKED_ONE_BY_ONE + 1)]
    for name in chosen:
        (folder / f"{name}.txt").write_text(f"Payment data of {name} is handled by Paylane.\n", "utf-8")
    (folder / "long.txt").write_text("".join(f"Payment data is handled {number}.\n\n" for number in range(OVERALL + 50)), "utf-8")
    build_index(folder, tmp_path / "index", word_encoder)
    answer = ask(open_index(tmp_path / "index", word_encoder), "Who handles payment data?", [f"{name}.txt" for name in chosen])
    assert len(answer.considered) == len(chosen)
    assert all(finding.verdict is not Verdict.SILENT for finding in answer.findings)


def test_what_a_policy_says_is_no_instruction_to_a_terminal_or_to_markdown(tmp_path: pathlib.Path) -> None:
    text = "# ![x](http://evil.example/a.png)\n\nPayment data \x1b[31m is handled by Paylane.\n"
    index = index_of(text, tmp_path)
    answer = ask(index, "Who handles payment data?")
    assert "\x1b" not in FORMATS["text"](answer, index)
    assert "![" not in FORMATS["md"](answer, index)
    assert "> \\[1\\] Payment data" in FORMATS["md"](answer, index)
