"""What a work list is made of: where its citations come from, which of them are shown, and what becomes of the accepted ones."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Callable, Sequence
from typing import Literal

from answer import answer_row
from cite import (
    Bundle,
    Entry,
    Review,
    add_gold,
    bundle_of_answers,
    claims_of,
    gold_rows,
    input_from_bytes,
    is_sealed,
    library_of,
    make_bundle,
    merge_reviews,
    now,
    returned_from_bytes,
    write_file,
)
from index import Index
from ingest import PolicyError
from pages.parts.conversation import Turn
from pages.parts.take_away import library_of_turns

GOLD = "accepted.jsonl"

FILTERS: dict[str, Callable[[Review], bool]] = {
    "All": lambda _: True,
    "To do": lambda review: review.status not in {"accept", "reject"},
    "Accepted": lambda review: review.status == "accept",
    "Rejected": lambda review: review.status == "reject",
    "Commented": lambda review: bool(review.comment),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """What a returned file brought: reviews by citation id, and what is wrong or differs, a line each."""

    reviews: dict[str, Review]
    conflicts: tuple[str, ...]
    refused: tuple[str, ...]


def bundle_of_turns(turns: Sequence[Turn], folder: pathlib.Path) -> Bundle:
    """The citations of a conversation or a comparison. Raises PolicyError where a policy has changed since it was quoted."""
    return bundle_of_answers([answer_row(turn.answer) for turn in turns], library_of_turns(turns, folder))


def bundle_of_file(data: bytes, name: str, index: Index, folder: pathlib.Path) -> Bundle:
    """A bundle, or the answers of a batch run held against the policies as they are. Raises PolicyError for what is neither."""
    found = input_from_bytes(data, name)
    if not isinstance(found, Bundle):
        return make_bundle(found, library_of(index, folder))
    if not is_sealed(found):
        raise PolicyError(f"{name}: its seal is broken, so something besides the reviews was changed; ask for the bundle as it was exported")
    return found


def entries_of(bundle: Bundle) -> list[Entry]:
    """Each different citation of a bundle once, in its order: the same question asked twice cites the same."""
    return list({entry.citation.id: entry for entry in reversed(list(bundle.entries()))}.values())[::-1]


def counted(entries: Sequence[Entry]) -> dict[str, int]:
    """How many citations pass each filter."""
    return {name: sum(passes(entry.citation.review) for entry in entries) for name, passes in FILTERS.items()}


def selected(entries: Sequence[Entry], filter_name: str, words: str) -> list[Entry]:
    """The citations that pass a filter and hold all words, in their question, policy, quotation or review."""
    wanted = words.casefold().split()

    def holds(entry: Entry) -> bool:
        citation, review = entry.citation, entry.citation.review
        known = f"{entry.question.question} {citation.policy} {citation.quote} {review.comment} {review.reviewer}".casefold()
        return all(word in known for word in wanted)

    return [entry for entry in entries if FILTERS[filter_name](entry.citation.review) and holds(entry)]


def decided(before: Review, reviewer: str, *, status: Literal["accept", "reject"] | None, comment: str) -> Review:
    """The review that a click or comment makes of the one before: that one where nothing changed, an empty one where all was taken back."""
    text = comment.strip()
    word = status or ("comment" if text else "")
    if (word, text) == (before.status, before.comment):
        return before
    return Review(status=word, reviewer=reviewer, comment=text, reviewed_at=now()) if word else Review()


def reviews_in(data: bytes, name: str, bundle: Bundle, *, replace: bool) -> Taken:
    """The reviews that a returned JSON, CSV or XLSX has for a bundle; where it differs from ours, `replace` says which counts.

    Raises PolicyError for a file that is no export.
    """
    returned = returned_from_bytes(data, name)
    merged = merge_reviews(bundle, returned.claims, "replace" if replace else "keep")
    before = {entry.citation.id: entry.citation.review for entry in bundle.entries()}
    after = {entry.citation.id: entry.citation.review for entry in merged.bundle.entries()}
    changed = {citation: review for citation, review in after.items() if review != before[citation]}
    return Taken(changed, merged.conflicts, (*returned.problems, *merged.refused))


def gold_file(state: pathlib.Path) -> pathlib.Path:
    """Where accepted citations are added as questions with known answers."""
    return state / "questions" / GOLD


def add_accepted(bundle: Bundle, corpus: pathlib.Path, path: pathlib.Path) -> tuple[int, list[str]]:
    """Add what was accepted to a file of gold questions: how many that were, and what could not be added and why."""
    rows, problems = gold_rows(claims_of(bundle), corpus)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        data, added, differing = add_gold(path, rows)
    except OSError as error:
        raise PolicyError(f"{path} can't be written: {error.strerror}") from error
    if added:
        write_file(path, data)
    return added, problems + differing
