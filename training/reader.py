"""Train the reader: a cross-encoder over a question and a sentence in its context, from the embedded weights.

A question is read with the sentences that answer it and with the ones that the encoder would take for answers. The loss is
a softmax over these and "none of them" (whose log-odds are 0, so that the log-odds of a sentence mean something by
themselves), and a cross-entropy over yes, no, conditional and states for the sentences that answer.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
import pathlib
import random
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from eval.command import finish
from index.network import ENCODER_FOLDER, READER_FOLDER, merge_adapter
from ingest.command import run
from training.base import Schedule, take_steps, trainable_base
from training.candidates import Studied, study
from training.cross_encoder import STRANGERS, VERDICTS, Model, Settings, batches_of, card_of, examples_of, inputs_of, loss_of, save
from training.pieces import wordings_of
from training.sources import OWN, Lessons, lessons_of, parse_options

# The weights of the encoder's cosine beside the log-odds by which an epoch is measured.
NEARS = (0.0, 8.0, 16.0)
# An epoch that ends after this share of the time is the last: to measure takes longer than the steps that are left.
ENOUGH = 0.98


def validate(model: Model, studied: Sequence[Studied], ends: tuple[int, int], most: int) -> dict[str, float]:
    """Over held-out lessons, reading the encoder's first DEPTH.

    Hits by sentence and mean reciprocal rank for each weight of the cosine in NEARS, AUROC of the best score with the last of
    them, and yes, no or conditional right where the evidence is given.
    """
    from sklearn.metrics import roc_auc_score

    model.eval()
    ranks: dict[float, list[int]] = {near: [] for near in NEARS}
    best, answerable, verdicts = [], [], []
    step = max(1, sum(len(entry.lesson.questions) for entry in studied) // most)
    for entry in studied:
        places = range(0, len(entry.lesson.questions), step)
        read = [_read_with(entry, place) for place in places]
        inputs = [one for place, rows in zip(places, read, strict=True) for one in inputs_of(entry.lesson, entry.lesson.questions[place], rows, ends)]
        with torch.inference_mode():
            everything = model.read(inputs).float().cpu().numpy()
        start = 0
        for place, rows in zip(places, read, strict=True):
            question, outputs = entry.lesson.questions[place], everything[start : start + len(rows)]
            start += len(rows)
            count = len(entry.nearest[place])
            for near in NEARS:
                scores = outputs[:count, 0] + near * (entry.vectors[rows[:count]] @ entry.asked[place])
                order = [rows[number] for number in np.argsort(-scores, kind="stable")]
                if question.evidence:
                    ranks[near].append(min((order.index(row) for row in question.evidence if row in order), default=len(order)))
            best.append(float(scores.max()))
            answerable.append(bool(question.evidence))
            if question.stance not in (None, "states") and question.evidence:
                stance = outputs[rows.index(question.evidence[0]), 1:4]
                verdicts.append(int(stance.argmax()) == VERDICTS[str(question.stance)])
    model.train()
    found = {f"hit@{k} near {near:g}": _share(rank < k for rank in ranks[near]) for near in NEARS for k in (1, 3)}
    reciprocal = {f"mrr near {near:g}": round(float(np.mean([1 / (1 + rank) for rank in ranks[near]])), 3) for near in NEARS}
    auroc = round(float(roc_auc_score(answerable, best)), 3) if len(set(answerable)) > 1 else 0.0
    return {**found, **reciprocal, "auroc": auroc, "verdicts": _share(verdicts or [False]), "questions": len(best)}


def _read_with(entry: Studied, place: int) -> list[int]:
    """The rows that a question is measured by: the nearest, and its first evidence for the stance."""
    question = entry.lesson.questions[place]
    rows = [int(row) for row in entry.nearest[place]]
    return rows + [row for row in question.evidence[:1] if row not in rows]


def _share(values: Any) -> float:
    return round(float(np.mean(list(values))), 3)


def _steps_over(learnt: Sequence[Studied], own: Sequence[Studied], settings: Settings) -> int:
    """About how many steps a training has: about every second stranger is of another family and is asked."""
    counts = [sum(len(wordings_of(entry.lesson)) for entry in entries) for entries in (learnt, own)]
    early = min(settings.epochs, settings.supplement_epochs)
    read = (1 + STRANGERS / 2) * (early * counts[0] + (settings.epochs - early) * counts[1])
    return round(read / settings.questions_a_step)


def train(out: pathlib.Path, lessons: Lessons, settings: Settings, adapter: pathlib.Path, start: pathlib.Path | None = None) -> None:
    """Train and save the reader, from the embedded weights or from those of an adapter or a reader in the folder `start`."""
    begun = time.monotonic()
    torch.manual_seed(settings.seed)
    generator = random.Random(settings.seed)
    # Read first: a folder without it must not cost the hours of a training.
    before = {"start": card_of(start)} if start is not None else {}
    network = trainable_base(lessons.base)
    merge_adapter(network, adapter)
    network.eval()
    learnt = study(lessons.training, network, adapter, lessons.ends)
    own = [entry for entry in learnt if entry.lesson.source in OWN]
    held = {name: study(pieces, network, adapter, lessons.ends) for name, pieces in lessons.held.items()}
    model = Model(lessons.base, settings, start)
    layers = [parameter for parameter in model.encoder.parameters() if parameter.requires_grad]
    heads = [*model.head.parameters(), model.scale, model.middle]
    optimizer = torch.optim.AdamW([{"params": layers, "lr": settings.rate}, {"params": heads, "lr": settings.head_rate}], weight_decay=settings.decay)
    steps = _steps_over(learnt, own, settings)
    schedule = Schedule(optimizer, steps, settings.seconds)
    log: list[dict[str, Any]] = []
    model.train()
    print(f"{len(learnt)} lessons, {steps} steps, ready after {time.monotonic() - begun:.0f}s", flush=True)
    for epoch in range(settings.epochs):
        studied = learnt if epoch < settings.supplement_epochs else own
        batches = batches_of(examples_of(studied, generator, settings.candidates), settings.questions_a_step)
        cost = functools.partial(loss_of, model, studied=studied, ends=lessons.ends, generator=generator, settings=settings)
        loss = take_steps(batches, cost, optimizer, schedule, [*layers, *heads], epoch + 1)
        last = epoch + 1 == settings.epochs or schedule.done >= ENOUGH
        entry: dict[str, Any] = {"epoch": epoch + 1, "seconds": round(time.monotonic() - begun), **loss}
        if last or epoch % settings.measure_every == settings.measure_every - 1:
            entry |= {name: validate(model, entries, lessons.ends, settings.measure) for name, entries in held.items()}
        log.append(entry)
        print(json.dumps(log[-1]), flush=True)
        if last:
            break
    if start is not None and settings.kept:
        model.mix(Model(lessons.base, settings, start), settings.kept)
    save(model, lessons.base, out, {**dataclasses.asdict(settings), "steps": steps, **lessons.counts(), "log": log, **before})


def main(arguments: list[str] | None = None) -> int:
    """Run the training; 0 when the reader is saved."""
    parser = argparse.ArgumentParser(prog="python -m training.reader", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=READER_FOLDER)
    parser.add_argument("--encoder", type=pathlib.Path, default=ENCODER_FOLDER, help="the adapter whose encoder chooses what is read")
    parser.add_argument("--start", type=pathlib.Path, help="begin from the weights of this adapter or reader, not from the embedded ones")
    options, settings = parse_options(parser, Settings, arguments)
    return finish("training.reader", lambda: _run(options, settings))


def _run(options: argparse.Namespace, settings: Settings) -> int:
    train(options.out, lessons_of(options), settings, options.encoder, options.start)
    return 0


if __name__ == "__main__":
    run(main)
