"""From a question to an answer: scope, candidates, order, verdict, confidence."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from answer.calibration import Calibration, calibration_of
from answer.nouns import Answer, Finding, Scope, Verdict
from answer.rank import features, order, weigh
from answer.scope import find_scope
from answer.verdict import verdict_of
from index import Hit, Index
from ingest import PolicyError

# Sentences looked at closely in each policy; the one that answers is among so many in nearly all development questions.
CANDIDATES = 24
# Quotations a finding cites at most: the one that answers, and those that bear it out.
CITATIONS = 3
# A further quotation is cited if its score is at most this far below the first's.
MARGIN = 0.12
# Sentences that an answer says it considered.
CONSIDERED = 64
# With more policies than this in scope, only those are asked that hold one of the best sentences overall.
ASKED_ONE_BY_ONE = 40
OVERALL = 600


def ask(index: Index, question: str, given: Sequence[str] = (), calibration: Calibration | None = None) -> Answer:
    """Answer a question from the policies in an index; `given` names the policies to ask, where the user chose them.

    `calibration` is the committed one for the index's encoder, but where another is tried out.
    Raises PolicyError for an empty question and for a given name that is no policy's.
    """
    if not question.strip():
        raise PolicyError("the question is empty; ask something such as 'who handles payment data?'")
    scope, asked = find_scope(question, index.documents, given)
    calibration = calibration or calibration_of(index.encoder.name)
    ranked = _rank(index, asked, scope, calibration)
    findings = [_finding(index, asked, document_id, ranked.get(document_id, ()), calibration) for document_id in scope.document_ids]
    findings.sort(key=lambda finding: (-finding.confidence, finding.document_id))
    considered = sorted(itertools.chain.from_iterable(ranked.values()), key=_by_score)[:CONSIDERED]
    return Answer(question, asked, scope, tuple(findings), tuple(considered))


def _rank(index: Index, asked: str, scope: Scope, calibration: Calibration) -> dict[str, list[Hit]]:
    """For each policy in scope, its sentences from best to worst."""
    vector, words = index.encode(asked), index.words(asked)
    few = len(scope.document_ids) <= ASKED_ONE_BY_ONE
    pools: Iterable[str | None] = scope.document_ids if few else [None]
    depth = max(CANDIDATES, CONSIDERED // len(scope.document_ids)) if few else OVERALL
    wanted = set(scope.document_ids)
    ranked: dict[str, list[Hit]] = {}
    for pool in pools:
        candidates = index.candidates(vector, words, depth, pool)
        scores = weigh(features(candidates), calibration)
        for place in order(scores, candidates.rows):
            passage = index.passage(int(candidates.rows[place]))
            if passage.span.document_id in wanted:
                ranked.setdefault(passage.span.document_id, []).append(Hit(passage, float(scores[place])))
    return ranked


def _finding(index: Index, asked: str, document_id: str, hits: Sequence[Hit], calibration: Calibration) -> Finding:
    policy = index.document(document_id).policy
    confidence = calibration.confidence(hits[0].score) if hits else 0.0
    if confidence < calibration.threshold:
        return Finding(policy, document_id, Verdict.SILENT, (), confidence)
    cited = tuple(hit for hit in hits[:CITATIONS] if hit.score >= hits[0].score - MARGIN)
    return Finding(policy, document_id, verdict_of(asked, hits[0].passage.text), cited, confidence)


def _by_score(hit: Hit) -> tuple[float, str, int]:
    return (-hit.score, hit.passage.span.document_id, hit.passage.span.start)
