"""nDCG, by ir_measures. The only file that knows it."""

from __future__ import annotations

from collections.abc import Mapping

import ir_measures

from eval.judge import Ranking


def discounted_gain(rankings: Mapping[str, Ranking], k: int) -> dict[str, float]:
    """nDCG@k of each ranking, by question id (Järvelin and Kekäläinen 2002; every piece of evidence has gain 1).

    A span that hits several pieces of evidence at once counts as one item that was wanted, not as several.
    """
    wanted: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for qid, ranking in rankings.items():
        together = {number for numbers in ranking.found for number in numbers[1:]}
        wanted[qid] = {f"evidence-{number}": 1 for number in range(ranking.wanted) if number not in together}
        names = (f"evidence-{numbers[0]}" if numbers else f"other-{place}" for place, numbers in enumerate(ranking.found))
        run[qid] = {name: -float(place) for place, name in enumerate(names)}
    if not wanted:
        return {}
    scored = ir_measures.iter_calc([ir_measures.nDCG @ k], wanted, run)
    return {**dict.fromkeys(wanted, 0.0), **{metric.query_id: metric.value for metric in scored}}
