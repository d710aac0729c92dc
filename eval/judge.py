"""Compare one answer with its gold: which citations hit, which verdict and stances are right, whether silence was due."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eval.characters import text_scores
from eval.gold import Evidence, Question, Stance
from eval.run import Row
from ingest import Span

# A citation may be this much longer than the evidence and still hit: three times as long and 300 characters besides.
LONGER_TIMES = 3
LONGER_CHARACTERS = 300

SILENT = "silent"
LEFT_OUT = "left out"


@dataclasses.dataclass(frozen=True, slots=True)
class Ranking:
    """A ranked list against its evidence.

    `found` has for each span, best first, the numbers of the pieces of evidence that it is the first to hit; `wanted` is
    how many there are to hit. Where any evidence suffices, all of it counts as one piece.
    """

    found: tuple[tuple[int, ...], ...]
    wanted: int

    @property
    def first(self) -> int | None:
        """The rank of the first hit, counted from 1; None where nothing hits."""
        return next((rank for rank, numbers in enumerate(self.found, 1) if numbers), None)

    def hit(self, k: int) -> float:
        """1 if one of the first k hits."""
        return float(self.first is not None and self.first <= k)

    def recall(self, k: int) -> float:
        """The share of the evidence that the first k hit."""
        return sum(len(numbers) for numbers in self.found[:k]) / self.wanted

    def reciprocal_rank(self, k: int) -> float:
        """1 over the rank of the first hit; 0 where none of the first k hits."""
        return 1.0 / self.first if self.first is not None and self.first <= k else 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class JudgedStance:
    """What a policy was found to say to a question put to several, beside what it says."""

    policy: str
    status: str
    wanted: str | None
    found: str
    hit: bool

    @property
    def right(self) -> bool:
        """Silence is for silent policies only; whoever says something on the point without settling it may be cited."""
        return self.found != LEFT_OUT and (self.found == SILENT) == (self.status == SILENT)


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """One answer judged. `left_out` says that the run has no answer to the question: then everything counts as wrong.

    `confidence` is the best finding's. `right` says whether the first sentence hits: the first cited or, where the
    assistant kept silent, the one that it would have cited. `verdict_wanted` is None where the question has none. `scores`
    are those of quoted text, by measure; empty where there is nothing to quote.
    """

    qid: str
    kind: str
    policy: str
    split: str
    answerable: bool
    left_out: bool
    refused: bool
    confidence: float
    right: bool
    cited: Ranking | None
    considered: Ranking | None
    wrong_document: bool
    verdict_wanted: str | None
    verdict_found: str
    stances: tuple[JudgedStance, ...]
    seconds: float | None
    scores: Mapping[str, float]

    @property
    def outcome(self) -> str:
        """What became of the question, in two words or so."""
        if self.left_out:
            return LEFT_OUT
        if not self.answerable:
            return "rightly refused" if self.refused else "wrongly answered"
        if self.refused:
            return "wrongly refused"
        first = self.cited.first if self.cited else None
        return "missed" if first is None else "hit first" if first == 1 else "hit later"


def hits(found: Span, wanted: Span) -> bool:
    """Whether a citation of `found` proves what stands in `wanted`.

    Same document, at least half of the shorter of the two in common, and not so long that it hides the evidence.

    >>> hits(Span("a", 0, 10), Span("a", 5, 20)), hits(Span("a", 0, 10), Span("a", 6, 20))
    (True, False)
    """
    length, wanted_length = found.end - found.start, wanted.end - wanted.start
    if length > LONGER_TIMES * wanted_length + LONGER_CHARACTERS:
        return False
    return found.shares_half(wanted)


def spans_of(entries: Iterable[Mapping[str, Any]]) -> list[Span]:
    """Where citations or considered sentences stand."""
    return [Span(entry["document"], entry["start"], entry["end"]) for entry in entries]


def cited_spans(row: Row) -> list[Span]:
    """The citations of an answer in the order in which a reader meets them: everyone's first before anyone's second."""
    findings = sorted(row["findings"], key=lambda finding: -finding["confidence"])
    by_rank = itertools.zip_longest(*(spans_of(finding["citations"]) for finding in findings))
    return [span for rank in by_rank for span in rank if span is not None]


def first_quote(row: Row) -> str:
    """What the first citation quotes; "" where nothing is cited."""
    first = max((finding for finding in row["findings"] if finding["citations"]), key=lambda finding: float(finding["confidence"]), default=None)
    return str(first["citations"][0]["quote"]) if first else ""


def rank(spans: Sequence[Span], evidence: Sequence[Evidence], need: str) -> Ranking:
    """Judge a ranked list of spans."""
    groups = [[piece.span] for piece in evidence] if need == "all" else [[piece.span for piece in evidence]]
    open_groups = dict(enumerate(groups))
    found = []
    for span in spans:
        numbers = tuple(number for number, group in open_groups.items() if any(hits(span, wanted) for wanted in group))
        for number in numbers:
            del open_groups[number]
        found.append(numbers)
    return Ranking(tuple(found), len(groups))


def judge(question: Question, row: Row | None, policies: Mapping[str, str]) -> Judged:
    """Judge the answer to a question; `row` is None where the run left it out. `policies` are names by document id."""
    policy = policies.get(question.document_id, question.document_id) if question.document_id is not None else "several"
    wanted = question.verdict if not question.stances else None
    if row is None:
        # The worst of everything: an answerable question refused, an unanswerable one answered with full confidence.
        row = {"abstained": question.answerable, "findings": [], "considered": [], "seconds": None}
        confidence = 0.0 if question.answerable else 1.0
        stances = tuple(JudgedStance(stance.policy, stance.status, stance.verdict, LEFT_OUT, hit=False) for stance in question.stances)
        left_out = True
    else:
        confidence = max((finding["confidence"] for finding in row["findings"]), default=0.0)
        stances = tuple(_judge_stance(stance, row) for stance in question.stances)
        left_out = False
    cited, considered = cited_spans(row), spans_of(row["considered"])
    homes = {piece.span.document_id for piece in question.evidence}
    return Judged(
        qid=question.qid,
        kind=question.kind,
        policy=policy,
        split=question.split,
        answerable=question.answerable,
        left_out=left_out,
        refused=row["abstained"],
        confidence=confidence,
        right=question.answerable and bool(rank((cited or considered)[:1], question.evidence, "any").first),
        cited=rank(cited, question.evidence, question.need) if question.answerable else None,
        considered=rank(considered, question.evidence, question.need) if question.answerable else None,
        wrong_document=question.answerable and bool(cited) and cited[0].document_id not in homes,
        verdict_wanted=wanted,
        verdict_found=LEFT_OUT if left_out else _verdict(row, question.document_id),
        stances=stances,
        seconds=row["seconds"],
        scores=text_scores(cited, considered, first_quote(row), question.evidence, question.need) if question.answerable else {},
    )


def _judge_stance(stance: Stance, row: Row) -> JudgedStance:
    finding = next((finding for finding in row["findings"] if finding["document"] == stance.document_id), None)
    if finding is None:
        return JudgedStance(stance.policy, stance.status, stance.verdict, SILENT, hit=False)
    spans = spans_of(finding["citations"][:1])
    hit = bool(stance.evidence) and bool(rank(spans, stance.evidence, "any").first)
    return JudgedStance(stance.policy, stance.status, stance.verdict, finding["verdict"], hit)


def _verdict(row: Row, document_id: str | None) -> str:
    """The verdict of the policy asked; where all were, of the most confident that says something. A missing one is silent."""
    findings = [finding for finding in row["findings"] if document_id is None or finding["document"] == document_id]
    speaking = [finding for finding in findings if finding["verdict"] != SILENT]
    return str(max(speaking, key=lambda finding: float(finding["confidence"]))["verdict"]) if speaking else SILENT
