"""Work lists in their file, and what they are made of."""

from __future__ import annotations

import dataclasses
import json
import pathlib

import pytest

from cite import Bundle, Review, export_bundle, is_sealed, library_of
from index import Index
from ingest import PolicyError
from pages.parts.conversation import ask_turn
from pages.parts.desk import NAME, Desk
from pages.parts.worklist import (
    add_accepted,
    bundle_of_file,
    bundle_of_turns,
    counted,
    decided,
    entries_of,
    gold_file,
    reviews_in,
    selected,
)
from tests.citing import QUESTIONS, rows_of

ACCEPTED = Review("accept", "Ada", "as it says", "2026-01-31T12:00:00Z")


@pytest.fixture
def bundle(small_index: Index, tmp_path: pathlib.Path) -> Bundle:
    return bundle_of_turns([ask_turn(small_index, question, ()) for question in QUESTIONS], tmp_path / "corpus")


@pytest.fixture
def desk(tmp_path: pathlib.Path) -> Desk:
    return Desk(tmp_path / "state")


def first_id(bundle: Bundle) -> str:
    return next(bundle.entries()).citation.id


def test_a_list_is_kept_with_what_was_decided_and_its_seal_holds(desk: Desk, bundle: Bundle) -> None:
    name = desk.begin("ann", "Payments", bundle)
    desk.decide(name, {first_id(bundle): ACCEPTED})
    work = desk.open(name)
    assert work is not None
    assert (work.owner, work.title) == ("ann", "Payments")
    assert [entry.citation.review for entry in entries_of(work.bundle)] == [ACCEPTED, *[Review()] * (len(entries_of(bundle)) - 1)]
    assert is_sealed(work.bundle)
    assert dataclasses.replace(work.bundle, questions=()) == dataclasses.replace(bundle, questions=())
    assert [(entry.title, entry.decided, entry.citations) for entry in desk.listed("ann")] == [("Payments", 1, len(entries_of(bundle)))]
    assert desk.listed("bob") == []


def test_the_last_word_on_a_citation_counts_and_a_bundle_brings_its_reviews(desk: Desk, bundle: Bundle) -> None:
    name = desk.begin("ann", "one", bundle)
    desk.decide(name, {first_id(bundle): ACCEPTED})
    desk.decide(name, {first_id(bundle): Review("reject", "Bob", "", "2026-02-01T12:00:00Z")})
    work = desk.open(name)
    assert work is not None
    assert next(work.bundle.entries()).citation.review.reviewer == "Bob"
    again = desk.open(desk.begin("ann", "two", work.bundle))
    assert again is not None
    assert again.bundle == work.bundle


def test_a_review_is_revised_as_it_is_kept_by_then(desk: Desk, bundle: Bundle) -> None:
    name, citation = desk.begin("ann", "one", bundle), first_id(bundle)
    desk.revise(name, citation, lambda kept: dataclasses.replace(ACCEPTED, comment=kept.comment))
    desk.revise(name, citation, lambda kept: dataclasses.replace(kept, comment="see 4"))
    desk.revise(name, citation, lambda kept: kept)
    work = desk.open(name)
    assert work is not None
    assert next(work.bundle.entries()).citation.review == dataclasses.replace(ACCEPTED, comment="see 4")
    desk.delete(name, "ann")
    with pytest.raises(PolicyError, match="no longer kept"):
        desk.revise(name, citation, lambda _: ACCEPTED)


def test_only_the_owner_deletes_and_then_nothing_of_it_is_left(desk: Desk, bundle: Bundle) -> None:
    name = desk.begin("ann", "Payments", bundle)
    desk.decide(name, {first_id(bundle): ACCEPTED})
    assert not desk.delete(name, "bob")
    assert b"Paylane" in desk.path.read_bytes()
    assert desk.delete(name, "ann")
    assert desk.open(name) is None
    with pytest.raises(PolicyError, match="no longer kept"):
        desk.decide(name, {first_id(bundle): ACCEPTED})
    assert b"Paylane" not in desk.path.read_bytes()
    assert b"as it says" not in desk.path.read_bytes()
    assert [path.name for path in desk.path.parent.iterdir()] == [NAME]


def test_a_name_is_kept_for_each_reviewer(desk: Desk) -> None:
    assert desk.name_of("ann") == ""
    desk.call("ann", "Ann")
    desk.call("ann", "Ann B.")
    desk.call("bob", "Bob")
    assert (desk.name_of("ann"), desk.name_of("bob")) == ("Ann B.", "Bob")


def test_the_same_question_twice_gives_each_citation_once(small_index: Index, bundle: Bundle, tmp_path: pathlib.Path) -> None:
    turns = [ask_turn(small_index, question, ()) for question in (*QUESTIONS, *QUESTIONS)]
    twice = bundle_of_turns(turns, tmp_path / "corpus")
    assert [entry.citation.id for entry in entries_of(twice)] == [entry.citation.id for entry in entries_of(bundle)]


def test_filters_count_and_select(bundle: Bundle, desk: Desk) -> None:
    entries = entries_of(bundle)
    name = desk.begin("ann", "x", bundle)
    desk.decide(name, {entries[0].citation.id: ACCEPTED, entries[1].citation.id: Review("comment", "Bob", "unsure", "2026-01-31T12:00:00Z")})
    work = desk.open(name)
    assert work is not None
    entries = entries_of(work.bundle)
    assert counted(entries) == {"All": len(entries), "To do": len(entries) - 1, "Accepted": 1, "Rejected": 0, "Commented": 2}
    assert selected(entries, "Commented", "UNSURE") == [entries[1]]
    assert selected(entries, "All", "children bolt")[0].citation.quote == "We do not knowingly collect data of children under 14."
    assert selected(entries, "Accepted", "zebra") == []


def test_a_click_is_signed_and_dated_and_can_be_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    once = decided(Review(), "Ann", status="accept", comment="")
    assert once == Review("accept", "Ann", "", "1970-01-01T00:00:00Z")
    assert decided(once, "Bob", status="accept", comment=" ") == once
    assert decided(once, "Bob", status="reject", comment="no: see 4") == Review("reject", "Bob", "no: see 4", "1970-01-01T00:00:00Z")
    assert decided(once, "Bob", status=None, comment="") == Review()
    assert decided(Review(), "Bob", status=None, comment="why?").status == "comment"


def test_a_batch_run_and_a_bundle_can_be_opened_but_not_a_bundle_that_was_altered(
    small_index: Index, bundle: Bundle, small_corpus: pathlib.Path
) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in rows_of(small_index)).encode()
    assert {entry.citation.quote for entry in entries_of(bundle_of_file(lines, "answers.jsonl", small_index, small_corpus))} == {
        entry.citation.quote for entry in entries_of(bundle)
    }
    data = export_bundle(bundle, library_of(small_index), "json")
    assert bundle_of_file(data, "b.json", small_index, small_corpus) == bundle
    with pytest.raises(PolicyError, match="seal is broken"):
        bundle_of_file(data.replace(b"Who handles", b"Who touches", 1), "b.json", small_index, small_corpus)
    with pytest.raises(PolicyError, match="expected answers"):
        bundle_of_file(b"hello", "x.jsonl", small_index, small_corpus)


@pytest.mark.parametrize("name", ["json", "csv", "xlsx"])
def test_reviews_come_back_from_every_table_and_conflicts_are_named(desk: Desk, bundle: Bundle, small_index: Index, name: str) -> None:
    mine = desk.begin("ann", "x", bundle)
    desk.decide(mine, {first_id(bundle): ACCEPTED})
    work = desk.open(mine)
    assert work is not None
    data = export_bundle(work.bundle, library_of(small_index), name)
    taken = reviews_in(data, f"back.{name}", bundle, replace=False)
    assert (taken.reviews, taken.conflicts, taken.refused) == ({first_id(bundle): ACCEPTED}, (), ())
    desk.decide(mine, {first_id(bundle): Review("reject", "Bob", "", "2026-02-01T12:00:00Z")})
    other = desk.open(mine)
    assert other is not None
    kept = reviews_in(data, "back", other.bundle, replace=False)
    assert (kept.reviews, len(kept.conflicts)) == ({}, 1)
    assert reviews_in(data, "back", other.bundle, replace=True).reviews == {first_id(bundle): ACCEPTED}


def test_accepted_ones_become_questions_once(desk: Desk, bundle: Bundle, small_corpus: pathlib.Path, tmp_path: pathlib.Path) -> None:
    name = desk.begin("ann", "x", bundle)
    desk.decide(name, {first_id(bundle): ACCEPTED})
    work = desk.open(name)
    assert work is not None
    path = gold_file(tmp_path / "state")
    assert add_accepted(work.bundle, small_corpus, path) == (1, [])
    assert add_accepted(work.bundle, small_corpus, path) == (0, [])
    (row,) = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    citation = next(bundle.entries()).citation
    assert row["question"] == QUESTIONS[0]
    assert row["evidence"] == [{"doc": citation.document, "start": citation.char_start, "end": citation.char_end, "text": citation.quote}]
    text = (small_corpus / "acme.md").read_text("utf-8")
    (small_corpus / "acme.md").write_text(text.replace("Paylane", "Otherpay"), "utf-8")
    added, problems = add_accepted(work.bundle, small_corpus, tmp_path / "other" / "gold.jsonl")
    assert added == 0
    assert "changed" in problems[0]
