"""How much of the evidence is quoted, and how much besides: by characters, and by words as SQuAD counts them."""

from __future__ import annotations

import collections
import re
import string
from collections.abc import Iterable, Sequence

from eval.gold import Evidence
from ingest import Span

CITED_AT = (1, 5)
CONSIDERED_AT = (8, 64)

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same characters in spans that don't overlap or touch, in order.

    >>> merge([Span("a", 5, 9), Span("a", 0, 5), Span("b", 0, 2)])
    [Span(document_id='a', start=0, end=9), Span(document_id='b', start=0, end=2)]
    """
    merged: list[Span] = []
    for span in sorted(spans):
        last = merged[-1] if merged else None
        if last is not None and last.document_id == span.document_id and span.start <= last.end:
            merged[-1] = Span(span.document_id, last.start, max(last.end, span.end))
        else:
            merged.append(span)
    return merged


def precision(found: Sequence[Span], evidence: Sequence[Evidence]) -> float:
    """The share of the characters found that are evidence; 0 where nothing was found."""
    merged = merge(found)
    return _shared(merged, merge(piece.span for piece in evidence)) / _length(merged) if merged else 0.0


def recall(found: Sequence[Span], evidence: Sequence[Evidence], need: str) -> float:
    """The share of the evidence's characters that were found; where any piece suffices, of the piece that is found best."""
    merged = merge(found)
    pieces = [merge(piece.span for piece in evidence)] if need == "all" else [[piece.span] for piece in evidence]
    return max(_shared(merged, piece) / _length(piece) for piece in pieces)


def legalbench(found: Sequence[Span], evidence: Sequence[Evidence]) -> tuple[float, float]:
    """Precision and recall as LegalBench-RAG's own scorer has them (Pipitone and Alami 2024).

    It adds up the overlap of every pair, so that characters found twice count twice, and recall can exceed 1.
    """
    wanted = [piece.span for piece in evidence]
    shared = _shared(found, wanted)
    return (shared / _length(found) if found else 0.0), shared / _length(wanted)


def exact_match(quote: str, evidence: Sequence[Evidence]) -> float:
    """1 if the quotation is a piece of evidence, but for case, punctuation, articles and blanks (Rajpurkar and others 2016)."""
    return float(any(_words(quote) == _words(piece.text) for piece in evidence))


def word_f1(quote: str, evidence: Sequence[Evidence]) -> float:
    """The best F1 of the quotation's words against those of a piece of evidence, counted as for `exact_match`."""
    return max(_f1(_words(quote), _words(piece.text)) for piece in evidence)


def text_scores(cited: Sequence[Span], considered: Sequence[Span], quote: str, evidence: Sequence[Evidence], need: str) -> dict[str, float]:
    """All of these for one answer to an answerable question, by the names of the measures."""
    scores = {"cited Exact match": exact_match(quote, evidence), "cited F1": word_f1(quote, evidence)}
    for which, spans, depths in (("cited", cited, CITED_AT), ("considered", considered, CONSIDERED_AT)):
        for k in depths:
            scores[f"{which} Character precision@{k}"] = precision(spans[:k], evidence)
            scores[f"{which} Character recall@{k}"] = recall(spans[:k], evidence, need)
    for k in CONSIDERED_AT:
        names = (f"considered LegalBench-RAG precision@{k}", f"considered LegalBench-RAG recall@{k}")
        scores |= zip(names, legalbench(considered[:k], evidence), strict=True)
    return scores


def _f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    shared = (collections.Counter(found) & collections.Counter(wanted)).total()
    return 2 * shared / (len(found) + len(wanted)) if shared else 0.0


def _words(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def _shared(found: Iterable[Span], wanted: Sequence[Span]) -> int:
    return sum(span.overlap(other) for span in found for other in wanted)


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)


# The names of the measures, in their order.
TEXT_SCORES = tuple(text_scores([], [], "", [Evidence(Span("", 0, 1), " ")], "any"))
