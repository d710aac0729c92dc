"""Take reviews back into a bundle: matched by citation id, every disagreement listed, nothing overwritten unasked."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable, Mapping
from typing import Literal

from cite.claim import Claim, claims_of
from cite.make import now
from cite.nouns import Bundle, Review

Resolution = Literal["stop", "keep", "replace"]

# What a row says that its seal doesn't cover and the bundle knows.
_KNOWN = ("verdict", "policy", "version", "effective_date")


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """The bundle with the reviews that were taken.

    `conflicts` are reviews that differ from one that was there; `refused` are rows that can't be matched, or were altered.
    """

    bundle: Bundle
    taken: int
    conflicts: tuple[str, ...]
    refused: tuple[str, ...]


def merge_reviews(bundle: Bundle, claims: Iterable[Claim], resolution: Resolution = "stop", reviewer: str = "") -> Merged:
    """Put the reviews of `claims` into a bundle.

    Where the bundle, or an earlier claim, has another review of a citation, `resolution` decides: "stop" and "keep" leave
    the earlier one, "replace" takes the later; the conflict is listed in any case. A row without a review says nothing.
    `reviewer`, where it is given, and the time sign reviews that have no name or time.
    """
    reviews = {entry.citation.id: entry.citation.review for entry in bundle.entries()}
    originals = collections.defaultdict(list)  # the same question asked twice may have had different answers
    for original in claims_of(bundle):
        originals[original.id].append(original)
    moment = now() if reviewer else ""
    taken: dict[str, Claim] = {}
    conflicts, refused = [], []
    for claim in claims:
        if not claim.review.given:
            continue
        if wrong := claim.contradictions():
            refused.append(f"{claim.place}: {claim.id} was altered ({'; '.join(wrong)}), so its review is not taken")
        elif claim.id not in reviews:
            refused.append(f"{claim.place}: {claim.id} is no citation of the bundle")
        elif wrong := min((_differences(claim, original) for original in originals[claim.id]), key=len):
            refused.append(f"{claim.place}: {claim.id} was altered ({'; '.join(wrong)}), so its review is not taken")
        elif (review := _signed(claim.review, reviews[claim.id], reviewer, moment)) != reviews[claim.id]:
            if reviews[claim.id].given:
                where = taken[claim.id].place if claim.id in taken else "the bundle"
                conflicts.append(f"{claim.place}: {claim.id} is {describe(review)}, in {where} it is {describe(reviews[claim.id])}")
                if resolution != "replace":
                    continue
            reviews[claim.id] = review
            taken[claim.id] = claim
    return Merged(with_reviews(bundle, reviews), len(taken), tuple(conflicts), tuple(refused))


def with_reviews(bundle: Bundle, reviews: Mapping[str, Review]) -> Bundle:
    """The bundle with these reviews, by citation id; its seal holds, since reviews are no part of it."""
    questions = []
    for question in bundle.questions:
        findings = []
        for finding in question.findings:
            cited = tuple(dataclasses.replace(citation, review=reviews.get(citation.id, citation.review)) for citation in finding.citations)
            findings.append(dataclasses.replace(finding, citations=cited))
        questions.append(dataclasses.replace(question, findings=tuple(findings)))
    return dataclasses.replace(bundle, questions=tuple(questions))


def describe(review: Review) -> str:
    """A review in a few words.

    >>> describe(Review("accept", "Ada", "fine", "2025-03-31"))
    '“accept” by Ada on 2025-03-31 with the comment “fine”'
    """
    words = [f"“{review.status}”" if review.status else "not decided"]
    words += [f"by {review.reviewer}"] if review.reviewer else []
    words += [f"on {review.reviewed_at}"] if review.reviewed_at else []
    words += [f"with the comment “{' '.join(review.comment.split())}”"] if review.comment else []
    return " ".join(words)


def _differences(claim: Claim, original: Claim) -> tuple[str, ...]:
    """In what a row differs from the citation of the bundle that it has the id of."""
    pairs = [(name, getattr(claim, name), getattr(original, name)) for name in _KNOWN]
    return tuple(f"{name} is {found!r}, in the bundle {known!r}" for name, found, known in pairs if found != known)


def _signed(review: Review, known: Review, reviewer: str, moment: str) -> Review:
    """The review with the name and time that it lacks: those of a known one that says the same, else these."""
    if (review.status, review.comment) == (known.status, known.comment) and review.reviewer in {"", known.reviewer}:
        reviewer, moment = known.reviewer or reviewer, known.reviewed_at or moment
    return dataclasses.replace(review, reviewer=review.reviewer or reviewer, reviewed_at=review.reviewed_at or moment)
