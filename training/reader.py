"""Train the reader: a cross-encoder over a question and a sentence in its context, from the embedded weights.

A question is read with the sentences that answer it and with the ones that the encoder would take for answers. The loss is
a softmax over these and "none of them" (whose log-odds are 0, so that the log-odds of a sentence mean something by
themselves), and a cross-entropy over yes, no, conditional and states for the sentences that answer.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import random
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from answer.verdict import STANCES
from index.network import (
    CHANGES,
    ENCODER_FOLDER,
    HEAD,
    READER_FOLDER,
    Input,
    head_of,
    layout,
    load_transformer,
    merge_adapter,
    padded,
    pooled_outputs,
    to_changes,
)
from training.base import DEVICE, Schedule, half_precision, trainable_base
from training.candidates import Studied, choose, nearest, study
from training.pieces import Asked, Pieces
from training.seal import write_hashes
from training.sources import OWN, Lessons, add_sources, lessons_of

# Questions of another family that are put to a policy, for each of its own.
STRANGERS = 0.12
VERDICTS = {stance.value: place for place, stance in enumerate(STANCES)}
# How often a sentence is shown without what stands above and before it.
BARE_SHARE = 0.1
# The weights of the encoder's cosine beside the log-odds by which an epoch is measured.
NEARS = (0.0, 8.0, 16.0)

Example = tuple[int, Asked, list[int], int]  # number of the lesson, question, rows to read, how many of these answer


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What a training may be told.

    `frozen` layers, from the first, stay as they are: they know words, and two of six left out save a third of the time.
    `candidates` sentences are read with a question, `questions_a_step` are in a step, `pairs` go through the network together. Public
    sets are read in the first `supplement_epochs` only, so that the project's own have the last word. With `seconds` the training
    ends after them, and is not the same twice. `measure` questions of each source are measured by.
    """

    epochs: int = 3
    seed: int = 7
    rate: float = 8e-5
    head_rate: float = 1e-3
    frozen: int = 2
    candidates: int = 6
    questions_a_step: int = 24
    pairs: int = 48
    supplement_epochs: int = 99
    stance_weight: float = 0.5
    dropout: float = 0.0
    decay: float = 0.01
    measure: int = 240
    measure_every: int = 1
    seconds: float = 0.0


class Model(torch.nn.Module):
    """The cross-encoder; only its upper layers and its head are learnt."""

    def __init__(self, base: pathlib.Path, settings: Settings, adapter: pathlib.Path | None = None) -> None:
        super().__init__()
        self.encoder = trainable_base(base)
        if adapter is not None:
            merge_adapter(self.encoder, adapter)
        fixed = ("embeddings.", *(f"encoder.layer.{number}." for number in range(settings.frozen)))
        for name, parameter in self.encoder.named_parameters():
            parameter.requires_grad = not name.startswith((*fixed, "pooler."))
        for module in self.encoder.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = settings.dropout
        self.head = head_of(self.encoder.config.hidden_size)
        self.scale = torch.nn.Parameter(torch.tensor(15.0))
        self.middle = torch.nn.Parameter(torch.tensor(0.45))
        self.pairs = settings.pairs
        self.to(DEVICE)

    def read(self, inputs: Sequence[Input]) -> torch.Tensor:
        """Outputs of pairs, [n, OUTPUTS], in groups of like length."""
        order = sorted(range(len(inputs)), key=lambda number: len(inputs[number][0]))
        found = []
        for start in range(0, len(order), self.pairs):
            batch = {name: tensor.to(DEVICE) for name, tensor in padded([inputs[number] for number in order[start : start + self.pairs]]).items()}
            asked = batch.pop("question").float()
            with half_precision():
                states = self.encoder(**batch).last_hidden_state
            found.append(pooled_outputs(states.float(), asked, batch["token_type_ids"].float(), self.head, self.scale, self.middle))
        return torch.cat(found)[torch.from_numpy(np.argsort(order)).to(DEVICE)]


def examples_of(studied: Sequence[Studied], generator: random.Random, candidates: int) -> list[Example]:
    """An epoch: one wording of each question with what it is read with, and questions of other families that have no answer here."""
    found: list[Example] = []
    for number, entry in enumerate(studied):
        wordings: dict[int, list[int]] = {}
        for place, question in enumerate(entry.lesson.questions):
            wordings.setdefault(question.row, []).append(place)
        for places in wordings.values():
            place = generator.choice(places)
            question = entry.lesson.questions[place]
            found.append((number, question, *choose(question, entry.nearest[place], candidates, generator)))
        for _ in range(round(STRANGERS * len(wordings))):
            other = generator.choice(studied)
            if other.lesson.family != entry.lesson.family:
                place = generator.randrange(len(other.lesson.questions))
                strange = dataclasses.replace(other.lesson.questions[place], evidence=[], near=[], stance=None)
                order = nearest(other.asked[place : place + 1], entry.vectors)[0]
                found.append((number, strange, *choose(strange, order, candidates, generator)))
    generator.shuffle(found)
    return found


def inputs_of(lesson: Pieces, asked: Asked, rows: Sequence[int], ends: tuple[int, int], bare: bool = False) -> list[Input]:
    """The network's inputs for a question and some rows of a lesson."""
    return [layout(asked.ids, ([], []) if bare else lesson.parts[row][:2], lesson.parts[row][2], ends) for row in rows]


def loss_of(
    model: Model, batch: Sequence[Example], studied: Sequence[Studied], ends: tuple[int, int], generator: random.Random, weight: float
) -> torch.Tensor:
    """Mean over questions of -log of the probability that lies on the evidence or on "none of them", and the weighted loss of stances."""
    inputs: list[Input] = []
    widest = max(len(rows) for _, _, rows, _ in batch)
    place = torch.full((len(batch), widest + 1), -1)
    positive = torch.zeros((len(batch), widest + 1), dtype=torch.bool)
    stances, wanted = [], []
    for number, (lesson, question, rows, answering) in enumerate(batch):
        place[number, : len(rows)] = torch.arange(len(inputs), len(inputs) + len(rows))
        positive[number, slice(0, answering) if answering else slice(widest, widest + 1)] = True
        if question.stance is not None and answering:
            stances.append(len(inputs))
            wanted.append(VERDICTS[question.stance])
        inputs += inputs_of(studied[lesson].lesson, question, rows, ends, generator.random() < BARE_SHARE)
    outputs = model.read(inputs)
    place, positive = place.to(DEVICE), positive.to(DEVICE)
    logits = outputs[place.clamp(min=0), 0].masked_fill(place < 0, float("-inf"))
    logits = torch.cat([logits[:, :widest], torch.zeros_like(logits[:, :1])], dim=1)
    loss = (torch.logsumexp(logits, 1) - torch.logsumexp(logits.masked_fill(~positive, float("-inf")), 1)).mean()
    if stances:
        loss = loss + weight * torch.nn.functional.cross_entropy(outputs[stances, 1:], torch.tensor(wanted).to(DEVICE))
    return loss


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


def batches_of(examples: Sequence[Example], count: int) -> Iterator[Sequence[Example]]:
    """Cut an epoch into steps."""
    for start in range(0, len(examples), count):
        yield examples[start : start + count]


def train(out: pathlib.Path, lessons: Lessons, settings: Settings, adapter: pathlib.Path, warm: bool) -> None:
    """Train and save the reader, after each epoch; where `warm`, from the adapted encoder."""
    begun = time.monotonic()
    torch.manual_seed(settings.seed)
    generator = random.Random(settings.seed)
    print(f"lessons read after {time.monotonic() - begun:.0f}s", flush=True)
    network = trainable_base(lessons.base)
    merge_adapter(network, adapter)
    network.eval()
    learnt = study(lessons.training, network, adapter, lessons.ends)
    own = [entry for entry in learnt if entry.lesson.source in OWN]
    held = {name: study(pieces, network, adapter, lessons.ends) for name, pieces in lessons.held.items()}
    model = Model(lessons.base, settings, adapter if warm else None)
    layers = [parameter for parameter in model.encoder.parameters() if parameter.requires_grad]
    heads = [*model.head.parameters(), model.scale, model.middle]
    optimizer = torch.optim.AdamW([{"params": layers, "lr": settings.rate}, {"params": heads, "lr": settings.head_rate}], weight_decay=settings.decay)
    counts = [sum(len({question.row for question in entry.lesson.questions}) for entry in entries) for entries in (learnt, own)]
    early = min(settings.epochs, settings.supplement_epochs)
    read = (1 + STRANGERS / 2) * (early * counts[0] + (settings.epochs - early) * counts[1])  # about every second stranger is of another family
    steps = round(read / settings.questions_a_step)
    schedule = Schedule(optimizer, steps, settings.seconds)
    log: list[dict[str, Any]] = []
    model.train()
    print(f"{len(learnt)} lessons, {steps} steps, ready after {time.monotonic() - begun:.0f}s", flush=True)
    for epoch in range(settings.epochs):
        losses: list[torch.Tensor] = []
        studied = learnt if epoch < settings.supplement_epochs else own
        for batch in batches_of(examples_of(studied, generator, settings.candidates), settings.questions_a_step):
            if not schedule.step():
                break
            loss = loss_of(model, batch, studied, lessons.ends, generator, settings.stance_weight)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*layers, *heads], 1.0)
            optimizer.step()
            losses.append(loss.detach())
            if len(losses) % 100 == 0:
                print(epoch + 1, len(losses), round(float(torch.stack(losses[-100:]).mean()), 3), f"{time.monotonic() - begun:.0f}s", flush=True)
        last = epoch + 1 == settings.epochs or schedule.done >= 1.0
        entry: dict[str, Any] = {"epoch": epoch + 1, "seconds": round(time.monotonic() - begun)}
        if losses:
            entry["loss"] = round(float(torch.stack(losses).mean()), 3)
        if last or epoch % settings.measure_every == settings.measure_every - 1:
            entry |= {name: validate(model, entries, lessons.ends, settings.measure) for name, entries in held.items()}
        log.append(entry)
        print(json.dumps(log[-1]), flush=True)
        if last:
            break
    save(model, lessons.base, out, {**dataclasses.asdict(settings), "warm": warm, "steps": steps, **lessons.counts(), "log": log})


def save(model: Model, base: pathlib.Path, out: pathlib.Path, card: dict[str, Any]) -> None:
    """Write what was learnt as safetensors, sealed, with what the model card needs."""
    out.mkdir(parents=True, exist_ok=True)
    original = dict(load_transformer(base, tokenized=False)[0].float().named_parameters())
    changes = {name: parameter.detach().cpu() - original[name] for name, parameter in model.encoder.named_parameters()}
    save_file(to_changes({name: change for name, change in changes.items() if bool(change.any())}), out / CHANGES)
    head = {**model.head.state_dict(), "scale": model.scale.detach(), "middle": model.middle.detach()}
    save_file({name: weight.cpu().half().contiguous() for name, weight in head.items()}, out / HEAD)
    write_hashes(out, (CHANGES, HEAD))
    (out / "training.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the training; 0 when the reader is saved."""
    parser = argparse.ArgumentParser(prog="python -m training.reader", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=READER_FOLDER)
    parser.add_argument("--encoder", type=pathlib.Path, default=ENCODER_FOLDER, help="the adapter whose encoder chooses what is read")
    parser.add_argument("--warm", action="store_true", help="begin from the adapted encoder's weights, not the embedded ones")
    for field in dataclasses.fields(Settings):
        parser.add_argument("--" + field.name.replace("_", "-"), type=type(field.default), default=field.default)
    add_sources(parser)
    options = parser.parse_args(arguments)
    settings = Settings(**{field.name: getattr(options, field.name) for field in dataclasses.fields(Settings)})
    train(options.out, lessons_of(options), settings, options.encoder, options.warm)
    return 0


if __name__ == "__main__":
    sys.exit(main())
