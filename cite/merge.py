"""Take reviews back into a bundle: matched by citation id, every disagreement listed, nothing overwritten unasked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from cite.claim import Claim
from cite.nouns import Bundle, Review

Resolution = Literal["stop", "keep", "replace"]


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """The bundle with the reviews that were taken.

    `conflicts` are reviews that differ from one that was there; `refused` are rows that can't be matched, or were altered.
    """

    bundle: Bundle
    taken: int
    conflicts: tuple[str, ...]
    refused: tuple[str, ...]


def merge_reviews(bundle: Bundle, claims: Iterable[Claim], resolution: Resolution = "stop") -> Merged:
    """Put the reviews of `claims` into a bundle.

    Where the bundle, or an earlier claim, has another review of a citation, `resolution` decides: "stop" and "keep" leave
    the earlier one, "replace" takes the later; the conflict is listed in any case. A row without a review says nothing.
    """
    reviews = {entry.citation.id: entry.citation.review for entry in bundle.entries()}
    taken: dict[str, Claim] = {}
    conflicts, refused = [], []
    for claim in claims:
        if claim.review == Review():
            continue
        if wrong := claim.contradictions():
            refused.append(f"{claim.place}: {claim.id} was altered ({'; '.join(wrong)}), so its review is not taken")
        elif claim.id not in reviews:
            refused.append(f"{claim.place}: {claim.id} is no citation of the bundle")
        elif claim.review != reviews[claim.id]:
            if reviews[claim.id] != Review():
                where = taken[claim.id].place if claim.id in taken else "the bundle"
                conflicts.append(f"{claim.place}: {claim.id} is {describe(claim.review)}, in {where} it is {describe(reviews[claim.id])}")
                if resolution != "replace":
                    continue
            reviews[claim.id] = claim.review
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


def signed(claims: Iterable[Claim], reviewer: str, moment: Callable[[], str]) -> list[Claim]:
    """The claims with a name and a time on reviews that lack them."""
    return [dataclasses.replace(claim, review=_signed(claim.review, reviewer, moment)) if claim.review.given else claim for claim in claims]


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


def _signed(review: Review, reviewer: str, moment: Callable[[], str]) -> Review:
    return dataclasses.replace(review, reviewer=review.reviewer or reviewer, reviewed_at=review.reviewed_at or moment())
