"""Asking: the right policy, exact quotations, silence where nothing is said."""

from __future__ import annotations

import pytest

from answer import Verdict, ask
from index import Index
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
    answer = ask(small_index, "Does Bolt Couriers' policy cover children?")
    assert answer.scope.document_ids == ("bolt.txt",)
    assert answer.scope.source == "named"
    assert "bolt" not in answer.asked.lower()


def test_an_unknown_policy_is_named_with_its_nearest(small_index: Index) -> None:
    with pytest.raises(PolicyError, match=r"no policy named 'Acmee Corp'.*Acme"):
        ask(small_index, "who?", ["Acmee Corp"])


def test_an_empty_question_is_refused(small_index: Index) -> None:
    with pytest.raises(PolicyError, match="empty"):
        ask(small_index, "  ")
