"""Adapt the embedded encoder to policies: each question is to lie nearest to the sentences of its policy that answer it.

A step is one policy: a softmax over all its sentences, so that every other sentence of the same text is a hard negative
(InfoNCE, van den Oord et al. 2018, with several positives), and one more place, a learnt threshold, to which
questions go that the policy does not answer. Only a LoRA adapter is trained (Hu et al. 2021).
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
import sys
import time
from collections.abc import Sequence

import numpy as np
import torch
from peft import LoraConfig, TaskType, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file

from index.network import WEIGHTS
from training.base import trainable_base
from training.examples import Lesson, Question, read_lessons
from training.seal import seal
from training.supplement import read_supplement

RANK = 16
ALPHA = 32
LEARNING_RATE = 4e-4
EPOCHS = 4
# Cosines are multiplied by this before the softmax, as in sentence-transformers' losses.
SCALE = 20.0
# How often a sentence is shown without its heading and lead, so that texts without headings are understood too.
BARE_SHARE = 0.15
MAX_SENTENCE_TOKENS = 96
MAX_QUESTION_TOKENS = 48
QUESTIONS_A_STEP = 40
SENTENCES_A_STEP = 70
# From a policy of another family, in each step: sentences that answer none of the questions, and questions that no sentence
# answers. Without them the encoder learns to tell who from when, and forgets that payment data is not a laptop.
STRANGE_SENTENCES = 30
STRANGE_QUESTIONS = 10


class Model(torch.nn.Module):
    """The encoder with its adapter, mean pooling and the threshold."""

    def __init__(self, start: pathlib.Path | None = None) -> None:
        super().__init__()
        base, self.tokenizer = trainable_base()
        config = LoraConfig(
            task_type=TaskType.FEATURE_EXTRACTION, r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=["query", "key", "value", "dense"]
        )
        self.encoder = get_peft_model(base, config)
        if start is not None:
            set_peft_model_state_dict(self.encoder, load_file(start / WEIGHTS))
        self.threshold = torch.nn.Parameter(torch.tensor(0.42))

    def encode(self, texts: list[str], longest: int) -> torch.Tensor:
        """Unit vectors [n, 384]."""
        inputs = self.tokenizer(texts, padding=True, truncation=True, max_length=longest, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            states = self.encoder(**inputs).last_hidden_state.float()
        mask = inputs["attention_mask"][..., None].float()
        return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)


def loss_of(model: Model, lesson: Lesson, questions: list[Question], stranger: Lesson, generator: random.Random) -> torch.Tensor:
    """Mean over questions of -log of the probability that lies on the evidence, or on the threshold where there is none.

    `stranger` is a lesson of another family; its sentences are no evidence here, and its questions have none here.
    """
    chosen = {row for question in questions for row in (*question.evidence, *question.near)}
    others = [row for row in range(len(lesson.sentences)) if row not in chosen]
    generator.shuffle(others)
    rows = sorted(chosen) + others[: max(0, SENTENCES_A_STEP - len(chosen))]
    place = {row: number for number, row in enumerate(rows)}
    texts = [lesson.sentences[row].text if generator.random() < BARE_SHARE else lesson.sentences[row].in_context for row in rows]
    strange = generator.sample(stranger.sentences, min(STRANGE_SENTENCES, len(stranger.sentences)))
    texts += [sentence.in_context for sentence in strange]
    asked = [question.text for question in questions]
    asked += [question.text for question in generator.sample(stranger.questions, min(STRANGE_QUESTIONS, len(stranger.questions)))]
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    halves = [order[: len(order) // 2], order[len(order) // 2 :]]  # short with short, long with long: less padding
    encoded = torch.cat([model.encode([texts[number] for number in half], MAX_SENTENCE_TOKENS) for half in halves])
    sentences = encoded[torch.tensor(np.argsort([number for half in halves for number in half]))]
    cosines = model.encode(asked, MAX_QUESTION_TOKENS) @ sentences.T
    logits = SCALE * torch.cat([cosines, model.threshold.expand(len(asked), 1)], dim=1)
    positive = torch.zeros_like(logits, dtype=torch.bool)
    for number, question in enumerate(questions):
        positive[number, [place[row] for row in question.evidence] or [len(texts)]] = True
    positive[len(questions) :, len(texts)] = True
    return (torch.logsumexp(logits, 1) - torch.logsumexp(logits.masked_fill(~positive, float("-inf")), 1)).mean()


def validate(model: Model, lessons: list[Lesson]) -> dict[str, float]:
    """Hit at 1, 3 and 5 by sentence over held-out policies, and how well the best cosine tells answerable from not (AUROC)."""
    from sklearn.metrics import roc_auc_score

    model.eval()
    ranks, best, answerable = [], [], []
    with torch.inference_mode():
        for lesson in lessons:
            sentences = torch.cat(
                [model.encode([p.in_context for p in lesson.sentences[i : i + 32]], 128) for i in range(0, len(lesson.sentences), 32)]
            )
            cosines = model.encode([question.text for question in lesson.questions], 64) @ sentences.T
            for question, row in zip(lesson.questions, cosines, strict=True):
                best.append(float(row.max()))
                answerable.append(question.answerable)
                if question.answerable:
                    order = row.argsort(descending=True).tolist()
                    ranks.append(min(order.index(number) for number in question.evidence))
    model.train()
    hits = {f"hit@{k}": round(sum(rank < k for rank in ranks) / len(ranks), 3) for k in (1, 3, 5)}
    return {**hits, "auroc": round(float(roc_auc_score(answerable, best)), 3), "questions": len(best)}


def train(
    out: pathlib.Path, epochs: int, seed: int, start: pathlib.Path | None, rate: float, supplements: Sequence[pathlib.Path] = ()
) -> dict[str, object]:
    """Train and save the adapter, from an earlier one where `start` names it; give back what the model card needs."""
    torch.manual_seed(seed)
    generator = random.Random(seed)
    own = read_lessons()
    lessons = [*own, *(lesson for folder in supplements for lesson in read_supplement(folder, seed))]
    training, held = [lesson for lesson in lessons if not lesson.held_out], [lesson for lesson in own if lesson.held_out]
    model = Model(start)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    steps = epochs * sum(-(-len(lesson.questions) // QUESTIONS_A_STEP) for lesson in training)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1, anneal_strategy="linear")
    log: list[dict[str, object]] = [{"epoch": 0, **validate(model, held)}]
    print(log[-1], flush=True)
    model.train()
    for epoch in range(1, epochs + 1):
        begun, losses = time.monotonic(), []
        batches = []
        for lesson in training:
            questions = list(lesson.questions)
            generator.shuffle(questions)
            count = -(-len(questions) // QUESTIONS_A_STEP)
            batches += [(lesson, questions[number::count]) for number in range(count)]
        generator.shuffle(batches)
        for lesson, questions in batches:
            stranger = generator.choice([other for other in training if other.family != lesson.family])
            loss = loss_of(model, lesson, questions, stranger, generator)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
            if len(losses) % 25 == 0:
                print(epoch, len(losses), round(float(np.mean(losses[-100:])), 3), f"{time.monotonic() - begun:.0f}s", flush=True)
        log.append({"epoch": epoch, "loss": round(float(np.mean(losses)), 3), **validate(model, held), "seconds": round(time.monotonic() - begun)})
        print(log[-1], "threshold", round(float(model.threshold), 3), flush=True)
        model.encoder.save_pretrained(str(out))
    card = {
        "threshold": float(model.threshold.detach()),
        "seed": seed,
        "lessons": len(training),
        "held_out": len(held),
        "questions": sum(len(lesson.questions) for lesson in training),
        "log": log,
    }
    seal(out)
    (out / "training.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    return card


def main(arguments: list[str] | None = None) -> int:
    """Run the training; 0 when the adapter is saved."""
    parser = argparse.ArgumentParser(prog="python -m training.encoder", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("index/adapter"))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=pathlib.Path, help="go on from the adapter in this folder")
    parser.add_argument("--rate", type=float, default=LEARNING_RATE)
    more = "folders with corpus.jsonl and questions.jsonl to learn from besides"
    parser.add_argument("--supplement", type=pathlib.Path, nargs="*", default=[], help=more)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    train(options.out, options.epochs, options.seed, options.start, options.rate, options.supplement)
    return 0


if __name__ == "__main__":
    sys.exit(main())
