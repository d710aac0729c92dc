"""Learn from what the network itself takes for answers: read all candidates first, then keep the mistakes and what comes near to one.

Online hard example mining (Shrivastava, Gupta and Girshick 2016): to read costs a third of what it costs to learn from what was read.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from training.candidates import Studied
from training.cross_encoder import Example, Model, inputs_of

# Log-odds by which what answers must lead everything else, "none of them" included, for a question to teach no more.
SURE = 4.0


def hardest(model: Model, batch: Sequence[Example], studied: Sequence[Studied], ends: tuple[int, int], count: int) -> list[Example]:
    """The examples of which the network isn't sure, one at least, each with its answers and the `count` others that score highest."""
    inputs = [one for number, question, rows, _ in batch for one in inputs_of(studied[number].lesson, question, rows, ends)]
    with torch.no_grad():
        odds = model.read(inputs)[:, 0].float().cpu()
    found: list[tuple[float, Example]] = []
    start = 0
    for number, question, rows, answering in batch:
        read = odds[start : start + len(rows)]
        start += len(rows)
        others = read[answering:]
        order = others.argsort(descending=True, stable=True)[:count].tolist()
        best = max([0.0, *others.tolist()]) if answering else max(others.tolist(), default=0.0)
        lead = float(read[:answering].max()) - best if answering else -best
        kept = [*rows[:answering], *(rows[answering + place] for place in order)]
        if kept:
            found.append((lead, (number, question, kept, answering)))
    unsure = [example for lead, example in found if lead < SURE]
    return unsure or [min(found, key=lambda entry: entry[0])[1]]
