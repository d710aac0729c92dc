"""The embedded network as it is trained: on a GPU where there is one, else on the CPU without what takes most of the time there and gains little."""

from __future__ import annotations

import pathlib
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import torch

from index.network import load_transformer

T = TypeVar("T")
# Steps between two lines that say how a training goes.
SAID_EVERY = 100
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
# Texts that are embedded together.
GROUP = 512 if DEVICE.type == "cuda" else 64


def trainable_base(path: pathlib.Path) -> Any:
    """The network in a folder, in 32 bits, on DEVICE.

    On a CPU the backward pass of torch's fused attention takes as long as all else, that of the plain one doesn't; the random
    numbers of dropout take as long again.
    """
    base = load_transformer(path, attention="sdpa" if DEVICE.type == "cuda" else "eager", tokenized=False)[0].float()
    if DEVICE.type == "cpu":
        for module in base.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
    return base.to(DEVICE)


class Schedule:
    """A learning rate that rises over the first tenth of a training and falls to nothing at its end.

    The end is after `steps`, or after `seconds` where these are given and are over sooner: on a borrowed machine time is what is known.
    """

    WARM = 0.1

    def __init__(self, optimizer: torch.optim.Optimizer, steps: int, seconds: float = 0.0) -> None:
        self._optimizer, self._steps, self._seconds = optimizer, steps, seconds
        self._rates = [group["lr"] for group in optimizer.param_groups]
        self._step, self._begun = 0, time.monotonic()

    @property
    def done(self) -> float:
        """The share of the training that is over."""
        elapsed = (time.monotonic() - self._begun) / self._seconds if self._seconds else 0.0
        return min(1.0, max(self._step / max(1, self._steps), elapsed))

    def step(self) -> bool:
        """Set the rates for the next step; False where there is none."""
        done = self.done
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * min(1.0, max(done, 1e-3) / self.WARM, (1.0 - done) / (1.0 - self.WARM))
        self._step += 1
        return done < 1.0


def take_steps(
    batches: Iterable[T],
    loss_of: Callable[[T], torch.Tensor],
    optimizer: torch.optim.Optimizer,
    schedule: Schedule,
    clipped: Sequence[torch.nn.Parameter],
    epoch: int,
) -> dict[str, float]:
    """Take a step for each batch until the schedule ends; the mean "loss", or nothing where no step was left.

    The gradients of the parameters `clipped` are kept to a norm of 1.
    """
    begun, losses = time.monotonic(), list[torch.Tensor]()
    for batch in batches:
        if not schedule.step():
            break
        loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(clipped, 1.0)
        optimizer.step()
        losses.append(loss.detach())
        if len(losses) % SAID_EVERY == 0:
            recent = float(torch.stack(losses[-SAID_EVERY:]).mean())
            print(epoch, len(losses), round(recent, 3), f"{time.monotonic() - begun:.0f}s", flush=True)
    return {"loss": round(float(torch.stack(losses).mean()), 3)} if losses else {}


def half_precision() -> torch.autocast:
    """16-bit numbers for matrix products: much faster on either device, and enough for training."""
    return torch.autocast(DEVICE.type, torch.bfloat16)


def encode(network: Any, texts: Sequence[list[int]], ends: tuple[int, int], longest: int) -> torch.Tensor:
    """Unit vectors [n, 384] of texts in word pieces: the mean of their last states."""
    cls, sep = ends
    rows = [[cls, *ids[: longest - 2], sep] for ids in texts]
    width = max(len(row) for row in rows)
    padded, present = np.zeros((len(rows), width), np.int64), np.zeros((len(rows), width), np.int64)
    for number, row in enumerate(rows):
        padded[number, : len(row)], present[number, : len(row)] = row, 1
    ids, mask = torch.from_numpy(padded).to(DEVICE), torch.from_numpy(present).to(DEVICE)
    with half_precision():
        states = network(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    weights = mask[..., None].float()
    return torch.nn.functional.normalize((states * weights).sum(1) / weights.sum(1), dim=-1)


def encode_all(network: Any, texts: Sequence[list[int]], ends: tuple[int, int], longest: int, group: int = GROUP) -> torch.Tensor:
    """The same in groups of like length."""
    return in_groups(lambda some: encode(network, some, ends, longest), texts, [len(ids) for ids in texts], group)


def in_groups(read: Callable[[list[T]], torch.Tensor], items: Sequence[T], lengths: Sequence[int], count: int) -> torch.Tensor:
    """What `read` gives for items, [n, …] in their order, `count` at a time and of like length, so that little is padded."""
    order = sorted(range(len(items)), key=lengths.__getitem__)
    found = [read([items[number] for number in order[start : start + count]]) for start in range(0, len(order), count)]
    return torch.cat(found)[torch.from_numpy(np.argsort(order)).to(DEVICE)]
