"""Adapt the embedded encoder to policies: each question is to lie nearest to the sentences of its policy that answer it.

A step is one policy: a softmax over all its sentences, so that every other sentence of the same text is a hard negative
(InfoNCE, van den Oord et al. 2018, with several positives), and one more place, a learnt threshold, to which
questions go that the policy does not answer. Only a LoRA adapter is trained (Hu et al. 2021).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import random
import tempfile
import time
from collections.abc import Sequence
from typing import Any

import torch
from peft import LoraConfig, TaskType, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file

from eval.command import finish
from index.network import ENCODER_FOLDER, HASHES, SETTINGS, WEIGHTS
from ingest.command import run
from training.base import DEVICE, Schedule, encode, encode_all, take_steps, trainable_base
from training.cross_encoder import card_of
from training.pieces import Asked, Pieces
from training.seal import seal
from training.sources import Lessons, lessons_of, parse_options

# Cosines are multiplied by this before the softmax, as in sentence-transformers' losses.
SCALE = 20.0
# How often a sentence is shown without its heading and lead, so that texts without headings are understood too.
BARE_SHARE = 0.15
MAX_SENTENCE_TOKENS = 96
MAX_QUESTION_TOKENS = 48


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What a training may be told.

    `questions_a_step` and `sentences` are the most of a policy in a step. `strange_sentences` and `strange_questions` come from a policy of
    another family: sentences that answer none of the questions, and questions that no sentence answers. Without them the encoder
    learns to tell who from when, and forgets that payment data is not a laptop. With `seconds` the training ends after them.
    """

    epochs: int = 4
    seed: int = 7
    rate: float = 4e-4
    rank: int = 16
    questions_a_step: int = 40
    sentences: int = 70
    strange_sentences: int = 30
    strange_questions: int = 10
    seconds: float = 0.0


class Model(torch.nn.Module):
    """The encoder with its adapter, mean pooling and the threshold."""

    def __init__(self, base: pathlib.Path, ends: tuple[int, int], rank: int, start: pathlib.Path | None = None) -> None:
        super().__init__()
        config = LoraConfig(
            task_type=TaskType.FEATURE_EXTRACTION, r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules=["query", "key", "value", "dense"]
        )
        self.encoder = get_peft_model(trainable_base(base), config)
        if start is not None:
            set_peft_model_state_dict(self.encoder, load_file(start / WEIGHTS))
        self.threshold = torch.nn.Parameter(torch.tensor(0.42))
        self.ends = ends
        self.to(DEVICE)


def loss_of(model: Model, lesson: Pieces, questions: list[Asked], stranger: Pieces, generator: random.Random, settings: Settings) -> torch.Tensor:
    """Mean over questions of -log of the probability that lies on the evidence, or on the threshold where there is none.

    `stranger` is a lesson of another family; its sentences are no evidence here, and its questions have none here.
    """
    chosen = {row for question in questions for row in (*question.evidence, *question.near)}
    others = [row for row in range(len(lesson.contexts)) if row not in chosen]
    generator.shuffle(others)
    rows = sorted(chosen) + others[: max(0, settings.sentences - len(chosen))]
    place = {row: number for number, row in enumerate(rows)}
    texts = [lesson.parts[row][2] if generator.random() < BARE_SHARE else lesson.contexts[row] for row in rows]
    texts += generator.sample(stranger.contexts, min(settings.strange_sentences, len(stranger.contexts)))
    asked = [question.ids for question in questions]
    asked += [question.ids for question in generator.sample(stranger.questions, min(settings.strange_questions, len(stranger.questions)))]
    sentences = encode_all(model.encoder, texts, model.ends, MAX_SENTENCE_TOKENS, -(-len(texts) // 2))
    cosines = encode(model.encoder, asked, model.ends, MAX_QUESTION_TOKENS) @ sentences.T
    logits = SCALE * torch.cat([cosines, model.threshold.expand(len(asked), 1)], dim=1)
    positive = torch.zeros(logits.shape, dtype=torch.bool)
    for number, question in enumerate(questions):
        positive[number, [place[row] for row in question.evidence] or [len(texts)]] = True
    positive[len(questions) :, len(texts)] = True
    answers = logits.masked_fill(~positive.to(DEVICE), float("-inf"))
    return (torch.logsumexp(logits, 1) - torch.logsumexp(answers, 1)).mean()


def validate(model: Model, lessons: Sequence[Pieces]) -> dict[str, float]:
    """Hit at 1, 3 and 5 by sentence over lessons held out, and how well the best cosine tells answerable from not (AUROC)."""
    from sklearn.metrics import roc_auc_score

    model.eval()
    ranks, best, answerable = [], [], []
    with torch.inference_mode():
        for lesson in lessons:
            sentences = encode_all(model.encoder, lesson.contexts, model.ends, 128)
            cosines = (encode_all(model.encoder, [question.ids for question in lesson.questions], model.ends, 64) @ sentences.T).cpu()
            for question, row in zip(lesson.questions, cosines, strict=True):
                best.append(float(row.max()))
                answerable.append(bool(question.evidence))
                if question.evidence:
                    order = row.argsort(descending=True).tolist()
                    ranks.append(min(order.index(number) for number in question.evidence))
    model.train()
    hits = {f"hit@{k}": round(sum(rank < k for rank in ranks) / len(ranks), 3) for k in (1, 3, 5)}
    auroc = round(float(roc_auc_score(answerable, best)), 3) if len(set(answerable)) > 1 else 0.0
    return {**hits, "auroc": auroc, "questions": len(best)}


def batches_of(training: Sequence[Pieces], generator: random.Random, count: int) -> list[tuple[Pieces, list[Asked]]]:
    """An epoch: every question of every lesson once, each step's from one lesson."""
    batches = []
    for lesson in training:
        questions = list(lesson.questions)
        generator.shuffle(questions)
        steps = -(-len(questions) // count)
        batches += [(lesson, questions[number::steps]) for number in range(steps)]
    generator.shuffle(batches)
    return batches


def train(out: pathlib.Path, lessons: Lessons, settings: Settings, start: pathlib.Path | None) -> None:
    """Train and save the adapter, from an earlier one where `start` names it, and beside it what the model card needs."""
    # First: a folder that can't be written, or one without a card, must not cost the hours of a training.
    out.mkdir(parents=True, exist_ok=True)
    before = {"start": card_of(start)} if start is not None else {}
    torch.manual_seed(settings.seed)
    generator = random.Random(settings.seed)
    model = Model(lessons.base, lessons.ends, settings.rank, start)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=settings.rate, weight_decay=0.01)
    steps = settings.epochs * len(batches_of(lessons.training, random.Random(0), settings.questions_a_step))
    schedule = Schedule(optimizer, steps, settings.seconds)
    log: list[dict[str, object]] = [{"epoch": 0, **{name: validate(model, held) for name, held in lessons.held.items()}}]
    print(log[-1], flush=True)
    model.train()

    def cost(batch: tuple[Pieces, list[Asked]]) -> torch.Tensor:
        lesson, questions = batch
        stranger = generator.choice([other for other in lessons.training if other.family != lesson.family])
        return loss_of(model, lesson, questions, stranger, generator, settings)

    for epoch in range(1, settings.epochs + 1):
        begun = time.monotonic()
        loss = take_steps(batches_of(lessons.training, generator, settings.questions_a_step), cost, optimizer, schedule, parameters, epoch)
        log.append({"epoch": epoch, "seconds": round(time.monotonic() - begun), **loss})
        if epoch == settings.epochs or schedule.done >= 1.0 or DEVICE.type == "cpu":
            log[-1] |= {name: validate(model, held) for name, held in lessons.held.items()}
        print(log[-1], "threshold", round(float(model.threshold.detach()), 3), flush=True)
        if schedule.done >= 1.0:
            break
    save(model, out, {**dataclasses.asdict(settings), "threshold": float(model.threshold.detach()), **lessons.counts(), "log": log, **before})


def save(model: Model, out: pathlib.Path, card: dict[str, Any]) -> None:
    """Put the adapter into a folder, sealed, with what the model card needs; the folder may be the one that the index uses meanwhile.

    What peft writes is finished aside, and the rest of it, such as a README.md, is thrown away.
    """
    with tempfile.TemporaryDirectory(dir=out) as aside:
        folder = pathlib.Path(aside)
        model.encoder.save_pretrained(aside)
        seal(folder)
        for name in (WEIGHTS, SETTINGS, HASHES):
            (folder / name).replace(out / name)
    (out / "training.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the training; 0 when the adapter is saved."""
    parser = argparse.ArgumentParser(prog="python -m training.encoder", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=ENCODER_FOLDER)
    parser.add_argument("--start", type=pathlib.Path, help="go on from the adapter in this folder")
    options, settings = parse_options(parser, Settings, arguments)
    return finish("training.encoder", lambda: _run(options, settings))


def _run(options: argparse.Namespace, settings: Settings) -> int:
    train(options.out, lessons_of(options), settings, options.start)
    return 0


if __name__ == "__main__":
    run(main)
