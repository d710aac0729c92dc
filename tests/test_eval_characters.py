"""Characters and words in common with the evidence: values that can be counted by hand."""

from __future__ import annotations

from hypothesis import given, strategies

from eval.characters import exact_match, legalbench, merge, precision, recall, text_scores, word_f1
from eval.gold import Evidence
from ingest import Span


def evidence(start: int, end: int, text: str = "", document: str = "a") -> Evidence:
    return Evidence(Span(document, start, end), text)


def test_characters_found_twice_count_once_and_in_legalbenchs_way_twice() -> None:
    found, wanted = [Span("a", 0, 10), Span("a", 5, 15)], [evidence(5, 25)]
    assert precision(found, wanted) == 10 / 15
    assert recall(found, wanted, "all") == 10 / 20
    assert legalbench(found, wanted) == (15 / 20, 15 / 20)


def test_any_piece_suffices_or_all_are_needed() -> None:
    found, wanted = [Span("a", 0, 10)], [evidence(0, 10), evidence(20, 50)]
    assert recall(found, wanted, "any") == 1.0
    assert recall(found, wanted, "all") == 10 / 40
    assert precision([Span("b", 0, 10)], wanted) == precision([], wanted) == 0.0


def test_quotes_are_compared_as_squad_does() -> None:
    wanted = [evidence(0, 1, "The payment data is handled by Paylane.")]
    assert exact_match("payment data is handled, by paylane", wanted) == 1.0
    assert exact_match("payment data is handled", wanted) == exact_match("", wanted) == 0.0
    assert word_f1("Paylane keeps the data", wanted) == 2 * 2 / (3 + 6)
    assert word_f1("", wanted) == 0.0


def test_an_answer_that_cites_nothing_scores_nothing() -> None:
    scores = text_scores([], [Span("a", 0, 10)], "", [evidence(0, 10, "x")], "any")
    assert {name for name, value in scores.items() if value} == {
        f"considered {kind} {measure}@{k}" for kind in ("Character", "LegalBench-RAG") for measure in ("precision", "recall") for k in (8, 64)
    }


PLACES = strategies.tuples(strategies.sampled_from("ab"), strategies.integers(1, 30), strategies.integers(1, 30))
SPANS = strategies.lists(PLACES.map(lambda place: Span(place[0], place[1], place[1] + place[2])))


@given(SPANS)
def test_merging_keeps_the_characters(spans: list[Span]) -> None:
    def characters(some: list[Span]) -> list[tuple[str, int]]:
        return [(span.document_id, place) for span in some for place in range(span.start, span.end)]

    assert characters(merge(spans)) == sorted(set(characters(spans)))
