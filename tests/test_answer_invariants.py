"""What holds of every answer, whatever is asked: it quotes exactly, from what is in scope, and the same each time."""

from __future__ import annotations

import functools
import json
import pathlib
import shutil
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answer import FORMATS, Verdict, ask, escape_markdown
from conftest import ACME, BOLT, WordEncoder
from index import Index, build_index, open_index

POLICIES = {
    "acme.md": ACME,
    "bolt.txt": BOLT,
    "copy.md": ACME,  # the same text twice: ties everywhere
    "crane.txt": "Crane rents cranes. Payment data is kept for seven years. We sell data to partners unless you object.\n",
}
NAMES = ["Acme", "Bolt", "Copy", "Crane"]
ENGLISH = "who handles payment data can I delete my account do you sell cookies children is it kept for years".split()
WORDS = st.sampled_from([*ENGLISH, "Acme", "Bolt's", "crane", "?", "never", "14", "☂", "privacy@bolt.example"])
QUESTIONS = st.one_of(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), st.text(min_size=1, max_size=40).filter(str.strip))
GIVEN = st.lists(st.sampled_from(NAMES), max_size=3)


def built(names: tuple[str, ...]) -> Index:
    """An index over the policies, whose files are named in this order; policy names stay."""
    folder = pathlib.Path(tempfile.mkdtemp())
    facts = []
    for name, (old, text) in zip(names, POLICIES.items(), strict=True):
        file = f"{name}{pathlib.PurePosixPath(old).suffix}"
        (folder / file).write_text(text, "utf-8")
        facts.append(f'["{file}"]\npolicy = "{pathlib.PurePosixPath(old).stem.capitalize()}"\n')
    (folder / "policies.toml").write_text("\n".join(facts), "utf-8")
    encoder = WordEncoder()
    build_index(folder, folder / ".index", encoder)
    index = open_index(folder / ".index", encoder)
    shutil.rmtree(folder)
    return index


@functools.cache
def forwards() -> Index:
    return built(("a", "b", "c", "d"))


@functools.cache
def backwards() -> Index:
    return built(("z", "y", "x", "w"))


@given(question=QUESTIONS, given=GIVEN)
@settings(max_examples=150, deadline=None)
def test_citations_are_exact_and_in_scope(question: str, given: list[str]) -> None:
    index = forwards()
    answer = ask(index, question, given)
    assert answer.question == question
    assert sorted(finding.document_id for finding in answer.findings) == sorted(answer.scope.document_ids)
    assert [finding.confidence for finding in answer.findings] == sorted((f.confidence for f in answer.findings), reverse=True)
    if given:
        assert {finding.policy for finding in answer.findings} == set(given)
    for finding in answer.findings:
        assert (finding.verdict is Verdict.SILENT) == (finding.citations == ())
        assert 0.0 <= finding.confidence <= 1.0
        assert {hit.passage.span.document_id for hit in finding.citations} <= {finding.document_id}
        scores = [hit.score for hit in finding.citations]
        assert scores == sorted(scores, reverse=True)
    for hit in (*answer.considered, *(hit for finding in answer.findings for hit in finding.citations)):
        span = hit.passage.span
        assert span.document_id in answer.scope.document_ids
        assert index.document(span.document_id).text[span.start : span.end] == hit.passage.text != ""
    assert answer.abstained == all(finding.verdict is Verdict.SILENT for finding in answer.findings)


@given(question=QUESTIONS, given=GIVEN)
@settings(max_examples=50, deadline=None)
def test_the_same_question_gives_the_same_answer(question: str, given: list[str]) -> None:
    index = forwards()
    assert ask(index, question, given) == ask(index, question, given)


@given(question=QUESTIONS, given=GIVEN)
@settings(max_examples=100, deadline=None)
def test_the_order_of_files_does_not_matter(question: str, given: list[str]) -> None:
    said = [
        {
            (
                finding.policy,
                finding.verdict,
                round(finding.confidence, 5),
                tuple((hit.passage.text, hit.passage.heading) for hit in finding.citations),
            )
            for finding in ask(index, question, given).findings
        }
        for index in (forwards(), backwards())
    ]
    assert said[0] == said[1]


@given(question=QUESTIONS)
@settings(max_examples=50, deadline=None)
def test_every_format_can_write_every_answer(question: str) -> None:
    index = forwards()
    answer = ask(index, question)
    written = {name: write(answer, index) for name, write in FORMATS.items()}
    row = json.loads(written["json"])
    for finding in row["findings"]:
        for citation in finding["citations"]:
            assert index.document(citation["document"]).text[citation["start"] : citation["end"]] == citation["quote"]
    assert answer.headline in written["text"]
    assert escape_markdown(answer.headline) in written["md"]


@pytest.mark.parametrize("given", [["Crane"], ["d.txt"], ["crane"], ["CRANE "], ["Crane", "crane"]])
def test_a_policy_can_be_given_however_it_is_spelt(given: list[str]) -> None:
    assert ask(forwards(), "Who?", given).scope.document_ids == ("d.txt",)
