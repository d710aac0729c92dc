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
from index import Encoder, load_encoder
from index.encode import embedded_path
from index.network import CHANGES, HEAD, READER_FOLDER, Input, head_of, layout, load_transformer, padded, pooled_outputs, reading_of, to_changes
from training.base import trainable_base
from training.candidates import Studied, choose, nearest, study
from training.examples import Lesson, Question, read_lessons
from training.seal import write_hashes
from training.supplement import read_supplement

# Layers, from the first, that stay as they are: they know words, and two of six left out save a third of the time.
FROZEN = 2
LEARNING_RATE = 8e-5
HEAD_RATE = 1e-3
EPOCHS = 3
# Sentences read with a question, and questions in a step.
CANDIDATES = 6
QUESTIONS_A_STEP = 24
# Pairs that go through the network together: of like length, so that little is padded.
PAIRS = 48
# Questions of another family that are put to a policy, for each of its own.
STRANGERS = 0.12
VERDICTS = {stance.value: place for place, stance in enumerate(STANCES)}
STANCE_WEIGHT = 0.5
# Questions by which an epoch is measured, of each source.
MEASURED = 240
# How often a sentence is shown without what stands above and before it.
BARE_SHARE = 0.1

Example = tuple[int, Question, list[int], int]  # number of the lesson, question, rows to read, how many of these answer


class Model(torch.nn.Module):
    """The cross-encoder; only its upper layers and its head are learnt."""

    def __init__(self) -> None:
        super().__init__()
        base, self.tokenizer = trainable_base()
        fixed = ("embeddings.", *(f"encoder.layer.{number}." for number in range(FROZEN)))
        for name, parameter in base.named_parameters():
            parameter.requires_grad = not name.startswith((*fixed, "pooler."))
        self.encoder = base
        self.head = head_of(base.config.hidden_size)
        self.scale = torch.nn.Parameter(torch.tensor(15.0))
        self.middle = torch.nn.Parameter(torch.tensor(0.45))

    def read(self, inputs: Sequence[Input]) -> torch.Tensor:
        """Outputs of pairs, [n, OUTPUTS], in groups of like length."""
        order = sorted(range(len(inputs)), key=lambda number: len(inputs[number][0]))
        found = []
        for start in range(0, len(order), PAIRS):
            batch = padded([inputs[number] for number in order[start : start + PAIRS]])
            asked = batch.pop("question").float()
            with torch.autocast("cpu", torch.bfloat16):
                states = self.encoder(**batch).last_hidden_state
            found.append(pooled_outputs(states.float(), asked, batch["token_type_ids"].float(), self.head, self.scale, self.middle))
        return torch.cat(found)[torch.tensor(np.argsort(order))]


@dataclasses.dataclass(frozen=True, slots=True)
class Tokens:
    """The word pieces of a lesson: of each sentence (above, before, itself), and of each question."""

    sentences: list[tuple[list[int], list[int], list[int]]]
    questions: dict[str, list[int]]


def tokenize(lesson: Lesson, tokenizer: Any) -> Tokens:
    """Cut everything in a lesson into word pieces once."""
    readings = [reading_of(sentence, lesson.sentences[number - 1] if number else None) for number, sentence in enumerate(lesson.sentences)]
    pieces = tokenizer([part for reading in readings for part in reading], add_special_tokens=False)["input_ids"]
    texts = [question.text for question in lesson.questions]
    asked = tokenizer(texts, add_special_tokens=False)["input_ids"]
    return Tokens([tuple(pieces[3 * number : 3 * number + 3]) for number in range(len(readings))], dict(zip(texts, asked, strict=True)))


def examples_of(studied: Sequence[Studied], asked: Sequence[np.ndarray[Any, Any]], generator: random.Random) -> list[Example]:
    """An epoch: one wording of each question with what it is read with, and questions of other families that have no answer here."""
    found: list[Example] = []
    for number, entry in enumerate(studied):
        wordings: dict[int, list[int]] = {}
        for place, question in enumerate(entry.lesson.questions):
            wordings.setdefault(question.row, []).append(place)
        for places in wordings.values():
            place = generator.choice(places)
            question = entry.lesson.questions[place]
            found.append((number, question, *choose(question, entry.nearest[place], CANDIDATES, generator)))
        for _ in range(round(STRANGERS * len(wordings))):
            other = generator.randrange(len(studied))
            if studied[other].lesson.family != entry.lesson.family:
                place = generator.randrange(len(studied[other].lesson.questions))
                strange = dataclasses.replace(studied[other].lesson.questions[place], evidence=(), near=(), verdict=None, kind="unanswerable")
                order = nearest(asked[other][place : place + 1], entry.vectors)[0]
                found.append((number, strange, *choose(strange, order, CANDIDATES, generator)))
    generator.shuffle(found)
    return found


def inputs_of(tokens: Tokens, asked: list[int], rows: Sequence[int], tokenizer: Any, bare: bool = False) -> list[Input]:
    """The network's inputs for a question and some rows of a lesson."""
    ends = (tokenizer.cls_token_id, tokenizer.sep_token_id)
    return [layout(asked, ([], []) if bare else tokens.sentences[row][:2], tokens.sentences[row][2], ends) for row in rows]


def loss_of(
    model: Model, batch: Sequence[Example], tokens: Sequence[Tokens], everything: dict[str, list[int]], generator: random.Random
) -> torch.Tensor:
    """Mean over questions of -log of the probability that lies on the evidence or on "none of them", and the weighted loss of stances."""
    inputs: list[Input] = []
    bounds = [0]
    for number, question, rows, _ in batch:
        inputs += inputs_of(tokens[number], everything[question.text], rows, model.tokenizer, generator.random() < BARE_SHARE)
        bounds.append(len(inputs))
    outputs = model.read(inputs)
    losses, stances, wanted = [], [], []
    for (_, question, _, answering), start, end in zip(batch, bounds[:-1], bounds[1:], strict=True):
        logits = torch.cat([outputs[start:end, 0], torch.zeros(1)])
        positive = logits[:answering] if answering else logits[-1:]
        losses.append(torch.logsumexp(logits, 0) - torch.logsumexp(positive, 0))
        if question.stance is not None and answering:
            stances.append(outputs[start, 1:])
            wanted.append(VERDICTS[question.stance])
    loss = torch.stack(losses).mean()
    if stances:
        loss = loss + STANCE_WEIGHT * torch.nn.functional.cross_entropy(torch.stack(stances), torch.tensor(wanted))
    return loss


def validate(model: Model, studied: Sequence[Studied], tokens: Sequence[Tokens]) -> dict[str, float]:
    """Over held-out lessons, reading the encoder's first DEPTH: hits by sentence, AUROC of the best log-odds, verdicts given the evidence."""
    from sklearn.metrics import roc_auc_score

    model.eval()
    ranks, best, answerable, verdicts = [], [], [], []
    step = max(1, sum(len(entry.lesson.questions) for entry in studied) // MEASURED)
    with torch.inference_mode():
        for entry, pieces in zip(studied, tokens, strict=True):
            for place, question in list(enumerate(entry.lesson.questions))[::step]:
                rows = [int(row) for row in entry.nearest[place]]
                extra = [row for row in question.evidence[:1] if question.stance and row not in rows]
                outputs = model.read(inputs_of(pieces, pieces.questions[question.text], rows + extra, model.tokenizer)).numpy()
                odds = outputs[: len(rows), 0]
                best.append(float(odds.max()))
                answerable.append(question.answerable)
                if question.answerable:
                    order = [rows[number] for number in np.argsort(-odds, kind="stable")]
                    ranks.append(min((order.index(row) for row in question.evidence if row in order), default=len(order)))
                if question.stance and question.evidence:
                    stance = outputs[(rows + extra).index(question.evidence[0]), 1:]
                    verdicts.append(int(stance.argmax()) == VERDICTS[question.stance])
    model.train()
    found = {f"hit@{k}": round(sum(rank < k for rank in ranks) / max(1, len(ranks)), 3) for k in (1, 3, 5, 24)}
    auroc = round(float(roc_auc_score(answerable, best)), 3) if len(set(answerable)) > 1 else 0.0
    return {**found, "auroc": auroc, "verdicts": round(float(np.mean(verdicts or [False])), 3), "questions": len(best)}


def batches_of(examples: Sequence[Example]) -> Iterator[Sequence[Example]]:
    """Cut an epoch into steps."""
    for start in range(0, len(examples), QUESTIONS_A_STEP):
        yield examples[start : start + QUESTIONS_A_STEP]


def train(out: pathlib.Path, epochs: int, seed: int, supplements: Sequence[pathlib.Path], rate: float, limit: float) -> None:
    """Train and save the reader. With `limit` minutes, the schedule is cut to what can be done in them."""
    begun = time.monotonic()
    torch.manual_seed(seed)
    generator = random.Random(seed)
    lessons = [*read_lessons(), *(lesson for folder in supplements for lesson in read_supplement(folder, seed))]
    encoder: Encoder = load_encoder()
    both = [study(lesson, encoder) for lesson in lessons]
    model = Model()
    tokens = [tokenize(lesson, model.tokenizer) for lesson in lessons]
    everything = {text: pieces for entry in tokens for text, pieces in entry.questions.items()}
    kept = [number for number, lesson in enumerate(lessons) if not lesson.held_out]
    held: dict[str, list[int]] = {}
    for number, lesson in enumerate(lessons):
        if lesson.held_out:
            held.setdefault(lesson.name.split("/")[0] if lesson.path.name == "corpus.jsonl" else "own", []).append(number)
    studied, asked = [both[number][0] for number in kept], [both[number][1] for number in kept]
    learnt = [tokens[number] for number in kept]
    layers = [parameter for parameter in model.encoder.parameters() if parameter.requires_grad]
    heads = [*model.head.parameters(), model.scale, model.middle]
    optimizer = torch.optim.AdamW([{"params": layers, "lr": rate}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    steps = epochs * -(-len(examples_of(studied, asked, random.Random(seed))) // QUESTIONS_A_STEP) + epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [rate, HEAD_RATE], total_steps=steps, pct_start=0.1, anneal_strategy="linear")
    log: list[dict[str, Any]] = []
    model.train()
    print(f"{len(kept)} lessons, {steps} steps, ready after {time.monotonic() - begun:.0f}s", flush=True)
    for epoch in range(1, epochs + 1):
        losses: list[float] = []
        for batch in batches_of(examples_of(studied, asked, generator)):
            loss = loss_of(model, batch, learnt, everything, generator)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*layers, *heads], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
            if len(losses) % 20 == 0:
                print(epoch, len(losses), round(float(np.mean(losses[-100:])), 3), f"{time.monotonic() - begun:.0f}s", flush=True)
            if limit and time.monotonic() - begun > limit * 60:
                break
        measured = {name: validate(model, [both[n][0] for n in numbers], [tokens[n] for n in numbers]) for name, numbers in held.items()}
        log.append({"epoch": epoch, "loss": round(float(np.mean(losses)), 3), "seconds": round(time.monotonic() - begun), **measured})
        print(json.dumps(log[-1]), flush=True)
        save(model, out, {"seed": seed, "epochs": epochs, "rate": rate, "lessons": len(kept), "steps": steps, "log": log})


def save(model: Model, out: pathlib.Path, card: dict[str, Any]) -> None:
    """Write what was learnt as safetensors, sealed, with what the model card needs."""
    out.mkdir(parents=True, exist_ok=True)
    original = dict(load_transformer(embedded_path())[0].named_parameters())
    learnt = {name: parameter.detach() - original[name] for name, parameter in model.encoder.named_parameters() if parameter.requires_grad}
    save_file(to_changes(learnt), out / CHANGES)
    head = {**model.head.state_dict(), "scale": model.scale.detach(), "middle": model.middle.detach()}
    save_file({name: weight.half().contiguous() for name, weight in head.items()}, out / HEAD)
    write_hashes(out, (CHANGES, HEAD))
    (out / "training.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the training; 0 when the reader is saved."""
    parser = argparse.ArgumentParser(prog="python -m training.reader", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=READER_FOLDER)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rate", type=float, default=LEARNING_RATE)
    parser.add_argument("--minutes", type=float, default=0.0, help="stop an epoch after this time (0: never)")
    parser.add_argument(
        "--supplement", type=pathlib.Path, nargs="*", default=[], help="folders with corpus.jsonl and questions.jsonl to learn from besides"
    )
    options = parser.parse_args(arguments)
    train(options.out, options.epochs, options.seed, options.supplement, options.rate, options.minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
