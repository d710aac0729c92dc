"""Judging: what hits, in which order citations count, which verdicts and stances are right, what a missing answer costs."""

from __future__ import annotations

from typing import Any

from eval.gold import Evidence, Question, Stance
from eval.judge import JudgedStance, Ranking, cited_spans, hits, judge, rank
from ingest import Span

POLICIES = {"a.md": "Acme", "b.txt": "Bolt"}


def evidence(document: str, start: int, end: int) -> Evidence:
    return Evidence(Span(document, start, end), "x" * (end - start))


def finding(document: str, verdict: str, confidence: float, *spans: tuple[int, int]) -> dict[str, Any]:
    citations = [{"document": document, "start": start, "end": end, "quote": "", "score": 1.0} for start, end in spans]
    return {"policy": POLICIES[document], "document": document, "verdict": verdict, "confidence": confidence, "citations": citations}


def answered(*findings: dict[str, Any]) -> dict[str, Any]:
    citations = [citation for entry in findings for citation in entry["citations"]]
    return {
        "id": "q",
        "abstained": not citations,
        "findings": list(findings),
        "considered": [*citations, {"document": "a.md", "start": 0, "end": 9}],
        "seconds": 0.1,
    }


def test_a_citation_hits_when_half_of_the_shorter_is_shared_and_it_is_not_too_long() -> None:
    wanted = Span("a.md", 100, 200)
    assert hits(Span("a.md", 150, 250), wanted)
    assert not hits(Span("a.md", 151, 251), wanted)
    assert not hits(Span("b.txt", 100, 200), wanted)
    assert hits(Span("a.md", 0, 600), wanted)  # 3 · 100 + 300 characters
    assert not hits(Span("a.md", 0, 601), wanted)


def test_every_policys_first_citation_comes_before_anyones_second() -> None:
    row = answered(finding("a.md", "yes", 0.4, (0, 5), (5, 9)), finding("b.txt", "no", 0.9, (1, 2), (2, 3), (3, 4)))
    assert [(span.document_id, span.start) for span in cited_spans(row)] == [("b.txt", 1), ("a.md", 0), ("b.txt", 2), ("a.md", 5), ("b.txt", 3)]


def test_any_evidence_is_one_thing_to_hit_and_all_of_it_several() -> None:
    spans, wanted = [Span("a.md", 0, 5), Span("a.md", 20, 30), Span("a.md", 10, 15)], [evidence("a.md", 10, 15), evidence("a.md", 20, 30)]
    any_, all_ = rank(spans, wanted, "any"), rank(spans, wanted, "all")
    assert any_ == Ranking(((), (0,), ()), 1)
    assert all_ == Ranking(((), (1,), (0,)), 2)
    assert [all_.hit(1), all_.hit(2), all_.recall(2), all_.recall(3), all_.reciprocal_rank(64)] == [0.0, 1.0, 0.5, 1.0, 0.5]


def test_an_answer_in_the_wrong_document_is_seen() -> None:
    question = Question("q", "may I?", "a.md", (evidence("a.md", 0, 10),), answerable=True, kind="yes_no", verdict="yes")
    judged = judge(question, answered(finding("b.txt", "yes", 0.8, (0, 10)), finding("a.md", "conditional", 0.5, (0, 10))), POLICIES)
    assert (judged.policy, judged.wrong_document, judged.right, judged.confidence) == ("Acme", True, False, 0.8)
    assert (judged.verdict_wanted, judged.verdict_found) == ("yes", "conditional")


def test_a_silent_assistant_is_judged_by_what_it_would_have_cited() -> None:
    question = Question("q", "may I?", "a.md", (evidence("a.md", 0, 9),), answerable=True)
    judged = judge(question, answered(finding("a.md", "silent", 0.2)), POLICIES)
    assert (judged.refused, judged.right, judged.cited, judged.considered) == (True, True, Ranking((), 1), Ranking(((0,),), 1))
    assert judged.verdict_found == "silent"


def test_stances_are_silent_only_where_the_policy_is() -> None:
    piece = evidence("a.md", 0, 9)
    stances = (Stance("Acme", "a.md", "partial", None, (piece,)), Stance("Bolt", "b.txt", "silent", None, ()))
    question = Question("q", "which?", None, (piece,), answerable=True, need="all", stances=stances)
    judged = judge(question, answered(finding("a.md", "states", 0.9, (0, 9)), finding("b.txt", "yes", 0.7, (4, 6))), POLICIES)
    assert judged.stances == (JudgedStance("Acme", "partial", None, "states", hit=True), JudgedStance("Bolt", "silent", None, "yes", hit=False))
    assert [stance.right for stance in judged.stances] == [True, False]
    # A policy without a line is taken to be silent.
    assert [stance.right for stance in judge(question, answered(), POLICIES).stances] == [False, True]


def test_a_question_left_out_is_wrong_in_everything() -> None:
    stances = (Stance("Acme", "a.md", "states", "yes", (evidence("a.md", 0, 9),)), Stance("Bolt", "b.txt", "silent", None, ()))
    asked = judge(Question("q", "may I?", None, (evidence("a.md", 0, 9),), answerable=True, stances=stances), None, POLICIES)
    assert (asked.refused, asked.confidence, asked.right, asked.cited) == (True, 0.0, False, Ranking((), 1))
    assert [stance.right for stance in asked.stances] == [False, False]
    unanswerable = judge(Question("q", "may I?", "a.md", (), answerable=False), None, POLICIES)
    assert (unanswerable.refused, unanswerable.confidence, unanswerable.left_out) == (False, 1.0, True)
