"""The embedded network as it is trained on a CPU: without what takes most of the time there and gains little."""

from __future__ import annotations

from typing import Any

import torch

from index.encode import embedded_path
from index.network import load_transformer


def trainable_base() -> tuple[Any, Any]:
    """The network and its tokenizer.

    The backward pass of torch's fused attention takes as long as all else, that of the plain one doesn't; the random numbers of
    dropout take as long again.
    """
    base, tokenizer = load_transformer(embedded_path(), attention="eager")
    for module in base.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return base, tokenizer
