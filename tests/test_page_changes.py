"""What changed between two versions: nothing is missed, nothing is made up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest import document_from_text
from pages.parts.changes import Change, change_html, changed_sections
from tests.paging import read_html

OLD = """# Acme

## Leave

You get 25 days a year. Ask two weeks early. Ask your manager.

## Sickness

Ring by nine. Bring a note.

## Gone

This section goes away.
"""
NEW = """# Acme

## Leave

You get 28 days a year. Ask two weeks early. Ask your manager. Days can be sold.

## Sickness

Ring by nine.

## Remote

Work from home on two days.
"""


def sections(old: str, new: str) -> dict[str, list[tuple[str, str, str]]]:
    found = changed_sections(document_from_text(old, "a.md"), document_from_text(new, "a.md"))
    return {section.heading[-1]: [(change.kind, change.old, change.new) for change in section.changes] for section in found}


def test_every_change_is_found_under_its_heading() -> None:
    assert sections(OLD, NEW) == {
        "Leave": [("changed", "You get 25 days a year.", "You get 28 days a year."), ("added", "", "Days can be sold.")],
        "Sickness": [("removed", "Bring a note.", "")],
        "Remote": [("added", "", "Work from home on two days.")],
        "Gone": [("removed", "This section goes away.", "")],
    }


def test_the_same_text_has_no_changes_however_it_is_wrapped() -> None:
    assert sections(OLD, OLD) == {}
    assert sections(OLD, OLD.replace("a year. Ask", "a\nyear.\nAsk")) == {}


def test_words_that_changed_are_marked() -> None:
    assert change_html(Change("Up to 25 days.", "Up to 28 days <b>.")) == "Up to <del>25</del><ins>28</ins> days<ins> &lt;b&gt;</ins>."
    assert change_html(Change("", "New.")) == "<ins>New.</ins>"
    assert change_html(Change("Old.", "")) == "<del>Old.</del>"


@given(st.text("ab .,<&", min_size=1, max_size=30), st.text("ab .,<&", min_size=1, max_size=30))
def test_both_sentences_can_be_read_out_of_a_change(old: str, new: str) -> None:
    page = change_html(Change(old, new))
    without = {"ins": "", "del": ""}
    for gone in without:
        skipping = False
        for piece in page.replace(f"<{gone}>", f"\0+{gone}\0").replace(f"</{gone}>", "\0-\0").split("\0"):
            if piece in {f"+{gone}", "-"}:
                skipping = piece != "-"
            elif not skipping:
                without[gone] += piece
    assert "".join(read_html(without["ins"]).text) == old
    assert "".join(read_html(without["del"]).text) == new


@given(
    st.lists(st.sampled_from(["One is here.", "Two came by.", "Three left again.", "Four stayed on."]), max_size=6),
    st.lists(st.sampled_from(["One is here.", "Two came by.", "Three left.", "Five is new."]), max_size=6),
)
def test_every_sentence_that_is_only_in_one_version_is_reported(old: list[str], new: list[str]) -> None:
    changes = [
        change
        for section in changed_sections(document_from_text("\n\n".join(old), "a.txt"), document_from_text("\n\n".join(new), "a.txt"))
        for change in section.changes
    ]
    assert {sentence for sentence in old if sentence not in new} <= {change.old for change in changes}
    assert {sentence for sentence in new if sentence not in old} <= {change.new for change in changes}
