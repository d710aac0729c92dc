"""The reader as it is trained: the cross-encoder, what a question is read with, and the loss."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import random
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import torch
from safetensors.torch import save_file

from answer.verdict import STANCES
from index.network import (
    CHANGES,
    HEAD,
    Input,
    add_changes,
    head_of,
    layout,
    load_head,
    load_transformer,
    merge_adapter,
    network_id,
    padded,
    pooled_outputs,
    to_changes,
)
from training.base import DEVICE, half_precision, in_groups, trainable_base
from training.candidates import Studied, choose, nearest
from training.pieces import Asked, Pieces, wordings_of
from training.seal import write_hashes

# Questions of another family that are put to a policy, for each of its own.
STRANGERS = 0.12
VERDICTS = {stance.value: place for place, stance in enumerate(STANCES)}
# How often a sentence is shown without what stands above and before it.
BARE_SHARE = 0.1
# What stands in a word piece's place where it is masked: [PAD], which packed vocabularies have in the same place.
BLANK = 0
# Whatever an epoch is made of.
E = TypeVar("E")
Example = tuple[int, Asked, list[int], int]  # number of the lesson, question, rows to read, how many of these answer


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What a training may be told.

    `frozen` layers, from the first, stay as they are: they know words, and two of six left out save a third of the time.
    `candidates` sentences are read with a question, `questions_a_step` are in a step, `pairs` go through the network together. A share
    `masked` of the word pieces is hidden, which keeps a network from learning questions by heart as dropout does and costs a CPU no time. A share
    `kept` of the weights that a training began from is in those that it ends with (Wortsman et al. 2022, section 3). Public
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
    masked: float = 0.0
    kept: float = 0.0
    decay: float = 0.01
    measure: int = 240
    measure_every: int = 1
    seconds: float = 0.0


class Model(torch.nn.Module):
    """The cross-encoder; only its upper layers and its head are learnt."""

    def __init__(self, base: pathlib.Path, settings: Settings, start: pathlib.Path | None = None) -> None:
        """From the embedded weights or, where `start` is the folder of an adapter or of a reader, from its."""
        super().__init__()
        self.encoder = trainable_base(base)
        if start is not None:
            (add_changes if (start / CHANGES).is_file() else merge_adapter)(self.encoder, start)
        fixed = ("embeddings.", *(f"encoder.layer.{number}." for number in range(settings.frozen)))
        for name, parameter in self.encoder.named_parameters():
            parameter.requires_grad = not name.startswith((*fixed, "pooler."))
        for module in self.encoder.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = settings.dropout
        self.head = head_of(self.encoder.config.hidden_size)
        self.scale = torch.nn.Parameter(torch.tensor(15.0))
        self.middle = torch.nn.Parameter(torch.tensor(0.45))
        if start is not None and (start / HEAD).is_file():
            self.scale.data, self.middle.data = load_head(start, self.head)
        self.pairs = settings.pairs
        self.to(DEVICE)

    def read(self, inputs: Sequence[Input]) -> torch.Tensor:
        """Outputs of pairs, [n, OUTPUTS], in groups of like length."""
        return in_groups(self._read_together, inputs, [len(ids) for ids, _, _ in inputs], self.pairs)

    def mix(self, other: Model, share: float) -> None:
        """Take a share of another's weights."""
        with torch.no_grad():
            for own, theirs in zip(self.parameters(), other.parameters(), strict=True):
                own.mul_(1.0 - share).add_(theirs, alpha=share)

    def _read_together(self, inputs: Sequence[Input]) -> torch.Tensor:
        batch = {name: tensor.to(DEVICE) for name, tensor in padded(inputs).items()}
        asked = batch.pop("question").float()
        with half_precision():
            states = self.encoder(**batch).last_hidden_state
        outputs: torch.Tensor = pooled_outputs(states.float(), asked, batch["token_type_ids"].float(), self.head, self.scale, self.middle)
        return outputs


def examples_of(studied: Sequence[Studied], generator: random.Random, candidates: int) -> list[Example]:
    """An epoch: one wording of each question with what it is read with, and questions of other families that have no answer here."""
    found: list[Example] = []
    for number, entry in enumerate(studied):
        wordings = wordings_of(entry.lesson)
        for places in wordings:
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


def hide(inputs: Sequence[Input], share: float, ends: tuple[int, int], generator: random.Random) -> list[Input]:
    """The inputs with a share of their word pieces replaced by BLANK."""
    return [([BLANK if piece not in ends and generator.random() < share else piece for piece in ids], end, begin) for ids, end, begin in inputs]


def loss_of(
    model: Model, batch: Sequence[Example], studied: Sequence[Studied], ends: tuple[int, int], generator: random.Random, settings: Settings
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
    outputs = model.read(hide(inputs, settings.masked, ends, generator) if settings.masked else inputs)
    place, positive = place.to(DEVICE), positive.to(DEVICE)
    logits = outputs[place.clamp(min=0), 0].masked_fill(place < 0, float("-inf"))
    logits = torch.cat([logits[:, :widest], torch.zeros_like(logits[:, :1])], dim=1)
    loss = (torch.logsumexp(logits, 1) - torch.logsumexp(logits.masked_fill(~positive, float("-inf")), 1)).mean()
    if stances:
        loss = loss + settings.stance_weight * torch.nn.functional.cross_entropy(outputs[stances, 1:], torch.tensor(wanted).to(DEVICE))
    return loss


def batches_of(examples: Sequence[E], count: int) -> Iterator[Sequence[E]]:
    """Cut an epoch into steps."""
    for start in range(0, len(examples), count):
        yield examples[start : start + count]


def card_of(folder: pathlib.Path) -> dict[str, Any]:
    """What was trained before, as the card of what goes on from it says: its weights' short name and its own card."""
    return {"weights": network_id(folder), **json.loads((folder / "training.json").read_text("utf-8"))}


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
