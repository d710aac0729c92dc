"""From a question to an answer: scope, candidates, order, verdict, confidence."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from answer.calibration import Calibration, calibration_of
from answer.contrast import contrasting
from answer.nouns import Answer, Finding, Scope, Verdict
from answer.quote import quotations
from answer.rank import Ranked, Scores, features, order, weigh
from answer.read import Reader, pairs_of, read_pools, the_reader, the_stances
from answer.scope import find_scope
from answer.verdict import may_want_a_verdict, verdict_of
from index import Candidates, Hit, Index
from ingest import PolicyError

# Sentences looked at closely in each policy; the one that answers is among so many in nearly all development questions.
CANDIDATES = 24
# Quotations a finding cites at most: the one that answers, and those that bear it out.
CITATIONS = 3
# A further quotation is cited if its score is at most this far below the first's.
MARGIN = 0.12
# The same where sentences were read, and scores are log-odds.
MARGIN_READ = 4.0
# Sentences that an answer says it considered.
CONSIDERED = 64
# With more policies than this in scope, only those are asked that hold one of the best sentences overall.
ASKED_ONE_BY_ONE = 40
OVERALL = 600


def ask(
    index: Index,
    question: str,
    given: Sequence[str] = (),
    calibration: Calibration | None = None,
    reader: Reader | None = None,
    stances: Reader | None = None,
) -> Answer:
    """Answer a question from the policies in an index; `given` names the policies to ask, where the user chose them.

    `calibration` is the committed one for the index's encoder, `reader` and `stances` are the committed networks for order and
    for verdicts, but where others are tried out.
    Raises PolicyError for an empty question and for a given name that is no policy's.
    """
    if not question.strip():
        raise PolicyError("the question is empty; ask something such as 'who handles payment data?'")
    scope, asked = find_scope(question, index.documents, given)
    calibration = calibration or calibration_of(index.encoder.name)
    ranked = _rank(index, asked, scope, calibration, reader)
    if calibration.stances and may_want_a_verdict(asked):
        ranked = _judged(index, asked, ranked, calibration, stances or the_stances())
    findings = [_finding(index, asked, document_id, ranked.get(document_id, ()), calibration) for document_id in scope.document_ids]
    findings.sort(key=lambda finding: (-finding.confidence, finding.document_id))
    considered = sorted((entry.hit for entries in ranked.values() for entry in entries), key=_by_score)[:CONSIDERED]
    return Answer(question, asked, scope, tuple(findings), tuple(considered))


def _rank(index: Index, asked: str, scope: Scope, calibration: Calibration, reader: Reader | None) -> dict[str, list[Ranked]]:
    """For each policy in scope, its sentences from best to worst."""
    pools = _candidates(index, asked, scope)
    nearness = [weigh(features(candidates), calibration) for _, candidates in pools]
    scored: Sequence[tuple[Scores, Scores | None]]
    if calibration.read and pools:
        scored = read_pools(index, reader or the_reader(), asked, [candidates.rows for _, candidates in pools], nearness, calibration)
    else:
        scored = [(scores, None) for scores in nearness]
    ranked: dict[str, list[Ranked]] = {}
    for (document_id, candidates), (scores, outputs) in zip(pools, scored, strict=True):
        found = ranked.setdefault(document_id, [])
        for place in order(scores, candidates.rows):
            stance = None if outputs is None or np.isnan(outputs[place, 0]) else outputs[place, 1:]
            row = int(candidates.rows[place])
            found.append(Ranked(row, Hit(index.passage(row), float(scores[place])), stance))
    return ranked


def _judged(index: Index, asked: str, ranked: dict[str, list[Ranked]], calibration: Calibration, stances: Reader) -> dict[str, list[Ranked]]:
    """The same with the stance of the first sentence of each policy that isn't silent, read all together."""
    first = {name: entries[0] for name, entries in ranked.items() if entries and _confidence(entries, calibration) >= calibration.threshold}
    if not first:
        return ranked
    outputs = stances.read(pairs_of(index, asked, np.asarray([entry.row for entry in first.values()], np.int64)))
    read = {name: dataclasses.replace(entry, stance=row[1:]) for (name, entry), row in zip(first.items(), outputs, strict=True)}
    return {name: [read[name], *entries[1:]] if name in read else entries for name, entries in ranked.items()}


def _confidence(ranked: Sequence[Ranked], calibration: Calibration) -> float:
    return calibration.confidence(ranked[0].hit.score) if ranked else 0.0


def _candidates(index: Index, asked: str, scope: Scope) -> list[tuple[str, Candidates]]:
    """For each policy that is asked, the sentences that may answer."""
    vector, words = index.encode(asked), index.words(asked)
    if len(scope.document_ids) <= ASKED_ONE_BY_ONE:
        depth = _depth([end - start for start, end in map(index.rows_of, scope.document_ids)])
        return [(document_id, index.candidates(vector, words, depth, document_id)) for document_id in scope.document_ids]
    found = index.candidates(vector, words, OVERALL, *scope.document_ids)
    numbers = index.sentences.places[found.rows, 0]
    return [(index.documents[int(number)].id, found.only(numbers == number)) for number in np.unique(numbers)]


def _depth(lengths: Sequence[int]) -> int:
    """How many sentences of each policy are looked at, by how many each has: as many as give CONSIDERED together, and CANDIDATES at least.

    >>> _depth([500]), _depth([500, 300]), _depth([500, 300, 400]), _depth([5, 500, 3])
    (64, 32, 24, 56)
    """
    left = CONSIDERED
    for number, length in enumerate(sorted(lengths)):
        share = math.ceil(left / (len(lengths) - number))
        if length >= share:
            return max(CANDIDATES, share)
        left -= length
    return max(CANDIDATES, *lengths)


def _finding(index: Index, asked: str, document_id: str, ranked: Sequence[Ranked], calibration: Calibration) -> Finding:
    policy = index.document(document_id).policy
    confidence = _confidence(ranked, calibration)
    if confidence < calibration.threshold:
        return Finding(policy, document_id, Verdict.SILENT, (), confidence)
    margin = MARGIN_READ if calibration.read else MARGIN
    verdict = verdict_of(asked, ranked[0].hit.passage.text, ranked[0].stance)
    best = [entry for entry in ranked[:CITATIONS] if entry.hit.score >= ranked[0].hit.score - margin]
    cited = quotations(index, best, states=verdict is Verdict.STATES)
    quoted = cited[0].passage.span
    but = contrasting([entry.hit for number, entry in enumerate(ranked) if number == 0 or not quoted.overlap(entry.hit.passage.span)])
    if but is not None:  # both quotations are shown, and neither a plain yes nor a plain no says what they do
        but = next((hit for hit in cited if hit.passage.span.overlap(but.passage.span)), but)
        cited = cited if but in cited else (*cited, but)
        verdict = Verdict.CONDITIONAL if verdict in {Verdict.YES, Verdict.NO} else verdict
    return Finding(policy, document_id, verdict, cited, confidence, but)


def _by_score(hit: Hit) -> tuple[float, str, int]:
    return (-hit.score, hit.passage.span.document_id, hit.passage.span.start)
