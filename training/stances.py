"""Train the network that gives the verdicts: the reader's, read further with nothing but questions and what answers them.

The reader learns to rank on six sentences for each question, and a stance on one of them. Here a question is read with one
sentence that answers it and nothing else, so that an epoch over all verdicts costs a tenth of the reader's, and there is time
for many.
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

from answer.verdict import STANCES
from eval.command import finish
from index.network import READER_FOLDER, STANCE_FOLDER, Input
from ingest.command import run
from training import cross_encoder
from training.base import Schedule, take_steps
from training.cross_encoder import BARE_SHARE, VERDICTS, Model, batches_of, card_of, hide, inputs_of, save
from training.pieces import Asked, Pieces, wordings_of
from training.sources import Lessons, lessons_of, parse_options

# How often a question that has several sentences that answer it is read with another than the first.
OTHER_EVIDENCE = 0.25
# The stances that are a verdict; the last one, "states", is read less often, since it's easy and common.
PROPER = [stance.value for stance in STANCES[:3]]
Example = tuple[int, Asked, int]  # number of the lesson, question, row that answers


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What a training may be told.

    `questions_a_step` are in a step, of which `pairs` go through the network together. Of the questions that want no verdict, a
    share `states` is read. `masked` is as in the reader's settings. With `seconds` the training ends after them, and is not
    the same twice.
    """

    epochs: int = 8
    seed: int = 7
    rate: float = 1.5e-4
    head_rate: float = 3e-4
    frozen: int = 0
    questions_a_step: int = 96
    pairs: int = 48
    states: float = 0.3
    masked: float = 0.1
    decay: float = 0.01
    seconds: float = 0.0


def examples_of(lessons: Sequence[Pieces], generator: random.Random, states: float) -> list[Example]:
    """An epoch: one wording of each question that has a stance, with a sentence that answers it."""
    found: list[Example] = []
    for number, lesson in enumerate(lessons):
        for places in wordings_of(lesson):
            if lesson.questions[places[0]].stance is None:
                continue
            question = lesson.questions[generator.choice(places)]
            if question.stance in PROPER or generator.random() < states:
                other = generator.random() < OTHER_EVIDENCE
                found.append((number, question, generator.choice(question.evidence) if other else question.evidence[0]))
    generator.shuffle(found)
    return found


def validate(model: Model, lessons: Sequence[Pieces], ends: tuple[int, int]) -> dict[str, Any]:
    """The share of held-out verdicts that are right where the first evidence is given, and how many there are.

    The confusion is wanted against said, in the order of PROPER.
    """
    first = [(number, lesson.questions[places[0]]) for number, lesson in enumerate(lessons) for places in wordings_of(lesson)]
    asked = [(number, question) for number, question in first if question.stance in PROPER]
    if not asked:
        return {}
    inputs = [one for number, question in asked for one in inputs_of(lessons[number], question, question.evidence[:1], ends)]
    model.eval()
    with torch.inference_mode():
        said = model.read(inputs).float().cpu().numpy()[:, 1:4].argmax(1)
    model.train()
    confusion = np.zeros((3, 3), int)
    for (_, question), place in zip(asked, said, strict=True):
        confusion[VERDICTS[str(question.stance)], place] += 1
    return {"verdicts": round(float(np.trace(confusion) / len(asked)), 3), "questions": len(asked), "confusion": confusion.tolist()}


def measure(model: Model, lessons: Lessons) -> dict[str, Any]:
    """`validate` over each source that has verdicts held out."""
    return {name: measured for name, held in lessons.held.items() if (measured := validate(model, held, lessons.ends))}


def loss_of(
    model: Model, batch: Sequence[Example], lessons: Sequence[Pieces], ends: tuple[int, int], generator: random.Random, masked: float
) -> torch.Tensor:
    """The mean cross-entropy of the stances."""
    inputs: list[Input] = []
    for number, question, row in batch:
        inputs += inputs_of(lessons[number], question, [row], ends, generator.random() < BARE_SHARE)
    wanted = torch.tensor([VERDICTS[str(question.stance)] for _, question, _ in batch])
    outputs = model.read(hide(inputs, masked, ends, generator))
    return torch.nn.functional.cross_entropy(outputs[:, 1:], wanted.to(outputs.device))


def train(out: pathlib.Path, lessons: Lessons, settings: Settings, start: pathlib.Path, mixed: pathlib.Path | None = None) -> None:
    """Train and save the network, from the weights of the reader in the folder `start`.

    What is saved is the mean of its weights and those in the folder `mixed`, where there is one: two trainings from the same
    start, averaged, know more than either (Wortsman et al. 2022, "Model soups", section 3).
    """
    begun = time.monotonic()
    torch.manual_seed(settings.seed)
    generator = random.Random(settings.seed)
    before = card_of(start)
    how = cross_encoder.Settings(frozen=settings.frozen, pairs=settings.pairs)
    model = Model(lessons.base, how, start)
    layers = [parameter for parameter in model.encoder.parameters() if parameter.requires_grad]
    groups = [{"params": layers, "lr": settings.rate}, {"params": list(model.head.parameters()), "lr": settings.head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=settings.decay)
    steps = settings.epochs * len(examples_of(lessons.training, random.Random(settings.seed), settings.states)) // settings.questions_a_step
    schedule = Schedule(optimizer, steps, settings.seconds)
    cost = functools.partial(loss_of, model, lessons=lessons.training, ends=lessons.ends, generator=generator, masked=settings.masked)
    log: list[dict[str, Any]] = []
    model.train()
    print(f"{steps} steps, ready after {time.monotonic() - begun:.0f}s", flush=True)
    for epoch in range(settings.epochs):
        batches = batches_of(examples_of(lessons.training, generator, settings.states), settings.questions_a_step)
        loss = take_steps(batches, cost, optimizer, schedule, layers, epoch + 1)
        log.append({"epoch": epoch + 1, "seconds": round(time.monotonic() - begun), **loss, **measure(model, lessons)})
        print(json.dumps(log[-1]), flush=True)
        if schedule.done >= 1.0:
            break
    if mixed is not None:
        model.mix(Model(lessons.base, how, mixed), 0.5)
        log.append({"mixed with": card_of(mixed), **measure(model, lessons)})
        print(json.dumps(log[-1]), flush=True)
    save(model, lessons.base, out, {**dataclasses.asdict(settings), "steps": steps, **lessons.counts(), "log": log, "start": before})


def main(arguments: list[str] | None = None) -> int:
    """Run the training; 0 when the network is saved."""
    parser = argparse.ArgumentParser(prog="python -m training.stances", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=STANCE_FOLDER)
    parser.add_argument("--start", type=pathlib.Path, default=READER_FOLDER, help="begin from the weights of this reader")
    parser.add_argument(
        "--mixed", type=pathlib.Path, help="end with the mean of what was learnt and the network in this folder, trained from the same start"
    )
    options, settings = parse_options(parser, Settings, arguments)
    return finish("training.stances", lambda: _run(options, settings))


def _run(options: argparse.Namespace, settings: Settings) -> int:
    train(options.out, lessons_of(options, contrasts=True), settings, options.start, options.mixed)
    return 0


if __name__ == "__main__":
    run(main)
