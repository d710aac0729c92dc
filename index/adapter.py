"""The encoder's adapter: low-rank changes to the embedded weights, learnt on policies."""

from __future__ import annotations

import hashlib
import json
import pathlib
from typing import TYPE_CHECKING

from ingest import PolicyError

if TYPE_CHECKING:
    import torch

FOLDER = pathlib.Path(__file__).parent / "adapter"
WEIGHTS = "adapter_model.safetensors"
# Says what every file of the folder must hash to; written by python -m training.
HASHES = "sha256.json"


def adapter_id() -> str:
    """A short name for the adapter in use; "" where there is none. Raises PolicyError where a file is not what was committed."""
    if not (FOLDER / HASHES).is_file():
        return ""
    expected = json.loads((FOLDER / HASHES).read_text("utf-8"))
    for name, digest in expected.items():
        found = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() if (FOLDER / name).is_file() else "missing"
        if found != digest:
            raise PolicyError(f"the adapter file {FOLDER / name} is {found[:12]}, expected sha256 {digest[:12]}…; run git checkout index/adapter")
    return str(expected[WEIGHTS])[:12]


def merge_adapter(model: torch.nn.Module) -> None:
    """Add the adapter to a BERT model's weights: W + alpha / rank * B A (Hu et al. 2021, "LoRA", section 4.1)."""
    import torch
    from safetensors.torch import load_file

    settings = json.loads((FOLDER / "adapter_config.json").read_text("utf-8"))
    scale = settings["lora_alpha"] / settings["r"]
    weights = load_file(FOLDER / WEIGHTS)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, down in weights.items():
            if name.endswith("lora_A.weight"):
                up = weights[name.replace("lora_A", "lora_B")]
                target = name.removeprefix("base_model.model.").replace("lora_A.weight", "weight")
                parameters[target].add_(scale * (up @ down))
