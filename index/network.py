"""The learnt networks over the embedded weights: adapters that are merged into them, and the cross-encoder. The only file that knows torch."""

from __future__ import annotations

import hashlib
import json
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest import Passage, PolicyError

WEIGHTS = "adapter_model.safetensors"
SETTINGS = "adapter_config.json"
CHANGES = "changes.safetensors"
HEAD = "head.safetensors"
# Behind the name of a matrix whose changes are kept in 8 bits: the scales of its rows.
SCALE = ".scale"
# Says what every file of a folder must hash to; written by python -m training.
HASHES = "sha256.json"
ENCODER_FOLDER = pathlib.Path(__file__).parent / "adapter"
READER_FOLDER = pathlib.Path(__file__).parent / "reader"
STANCE_FOLDER = pathlib.Path(__file__).parent / "stances"

# Word pieces that are read of a question, of what stands above a sentence, of what stands before it, and of the sentence.
QUESTION_TOKENS = 48
ABOVE_TOKENS = 24
BEFORE_TOKENS = 24
SENTENCE_TOKENS = 110
# Pairs that go through the network at once, sorted by length, so that little is padded.
BATCH = 16
# What the cross-encoder says of a pair: whether the sentence answers (a log-odds), and if so with yes, no, a condition or a statement.
OUTPUTS = 5

Floats = npt.NDArray[np.float32]
# Word pieces, how many of them are [CLS] and the question, and where the sentence begins.
Input = tuple[list[int], int, int]


def network_id(folder: pathlib.Path) -> str:
    """A short name for the learnt weights in a folder; "" where there are none. Raises PolicyError where a file is not what was committed."""
    if not (folder / HASHES).is_file():
        return ""
    expected = json.loads((folder / HASHES).read_text("utf-8"))
    for name, digest in expected.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest() if (folder / name).is_file() else "missing"
        if found != digest:
            raise PolicyError(f"the file {folder / name} is {found[:12]}, expected sha256 {digest[:12]}…; run git checkout {folder}")
    return str(next(iter(expected.values())))[:12]


def merge_adapter(model: Any, folder: pathlib.Path) -> None:
    """Add an adapter to a BERT model's weights: W + alpha / rank * B A (Hu et al. 2021, "LoRA", section 4.1)."""
    import torch
    from safetensors.torch import load_file

    settings = json.loads((folder / SETTINGS).read_text("utf-8"))
    scale = settings["lora_alpha"] / settings["r"]
    weights = load_file(folder / WEIGHTS)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, down in weights.items():
            if name.endswith("lora_A.weight"):
                up = weights[name.replace("lora_A", "lora_B")]
                target = name.removeprefix("base_model.model.").replace("lora_A.weight", "weight")
                parameters[target].add_((scale * (up.float() @ down.float())).to(parameters[target].device))


def quietly() -> None:
    """Keep transformers from drawing a bar for the second that a local file takes."""
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def to_changes(learnt: Mapping[str, Any]) -> dict[str, Any]:
    """What was added to weights, small enough to be kept: matrices in 8 bits with a scale for each row, all else in 16."""
    import torch

    found: dict[str, Any] = {}
    for name, change in learnt.items():
        if change.dim() == 2:
            scale = change.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
            found[name] = (change / scale).round().to(torch.int8).contiguous()
            found[name + SCALE] = scale.contiguous()
        else:
            found[name] = change.half().contiguous()
    return found


def add_changes(model: Any, folder: pathlib.Path) -> None:
    """Add what `to_changes` kept to a model's weights."""
    import torch
    from safetensors.torch import load_file

    changes = load_file(folder / CHANGES)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, change in changes.items():
            if not name.endswith(SCALE):
                parameters[name].add_(change.float() * changes.get(name + SCALE, torch.ones(1)))


def load_transformer(path: pathlib.Path, attention: str = "sdpa", tokenized: bool = True) -> tuple[Any, Any]:
    """The embedded BERT model and its tokenizer, as transformers loads them from a folder; None where no tokenizer is wanted."""
    from transformers import AutoModel, AutoTokenizer

    quietly()
    tokenizer = AutoTokenizer.from_pretrained(path) if tokenized else None
    return AutoModel.from_pretrained(path, attn_implementation=attention), tokenizer


def head_of(width: int) -> Any:
    """The layers over the two pooled texts: [n, 4 * width] to [n, OUTPUTS]."""
    import torch

    return torch.nn.Sequential(torch.nn.Linear(4 * width, width), torch.nn.GELU(), torch.nn.Dropout(0.1), torch.nn.Linear(width, OUTPUTS))


def load_head(folder: pathlib.Path, head: Any) -> tuple[Any, Any]:
    """Fill a head of `head_of` with the weights in a reader's folder; the scale and the middle of `pooled_outputs`."""
    from safetensors.torch import load_file

    weights = {name: weight.float() for name, weight in load_file(folder / HEAD).items()}
    scale, middle = weights.pop("scale"), weights.pop("middle")
    head.load_state_dict(weights)
    return scale, middle


def pooled_outputs(states: Any, question: Any, sentence: Any, head: Any, scale: Any, middle: Any) -> Any:
    """What the cross-encoder says of pairs whose last states are `states` [n, t, d]; masks [n, t] say where each text stands.

    The states of each text are averaged to u and v; the head reads u, v, u * v and |u - v| (Reimers and Gurevych 2019,
    section 3), and the log-odds also get the cosine of u and v, with which training begins where the encoder stands.
    """
    import torch

    # A sentence of signs that are no word pieces, such as spaces of no width, has no states.
    u, v = (((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1.0)) for mask in (question, sentence))
    outputs = head(torch.cat([u, v, u * v, (u - v).abs()], dim=-1))
    similar = scale * (torch.nn.functional.cosine_similarity(u, v) - middle)
    return torch.cat([outputs[:, :1] + similar[:, None], outputs[:, 1:]], dim=1)


def reading_of(passage: Passage, before: Passage | None) -> tuple[str, str, str]:
    """A sentence as the cross-encoder reads it: the headings above it, what introduces or precedes it, and the sentence."""
    same = before is not None and before.span.document_id == passage.span.document_id and before.heading == passage.heading
    return ". ".join(passage.heading[-2:]), passage.lead or (before.text if before is not None and same else ""), passage.text


def layout(question: Sequence[int], context: tuple[Sequence[int], Sequence[int]], sentence: Sequence[int], ends: tuple[int, int]) -> Input:
    """One input: [CLS] question [SEP] above before [SEP] sentence [SEP], each cut to its length, and where the question ends and the sentence begins.

    `context` is what stands above and before, `ends` are the tokens [CLS] and [SEP].

    >>> layout([7, 8], ([1], [2, 3]), [9], (101, 102))
    ([101, 7, 8, 102, 1, 2, 3, 102, 9, 102], 3, 8)
    """
    cls, sep = ends
    above, before = context
    head = [cls, *question[:QUESTION_TOKENS]]
    ids = [*head, sep, *above[:ABOVE_TOKENS], *before[-BEFORE_TOKENS:], sep]
    return [*ids, *sentence[:SENTENCE_TOKENS], sep], len(head), len(ids)


def padded(inputs: Sequence[Input]) -> dict[str, Any]:
    """Inputs of `layout` as tensors [n, t]: ids, attention, types (1 for the sentence), and the masks of question and sentence."""
    import torch

    longest = max(len(ids) for ids, _, _ in inputs)
    arrays = {name: np.zeros((len(inputs), longest), np.int64) for name in ("input_ids", "attention_mask", "token_type_ids", "question")}
    for row, (ids, end, begin) in enumerate(inputs):
        arrays["input_ids"][row, : len(ids)] = ids
        arrays["attention_mask"][row, : len(ids)] = 1
        arrays["token_type_ids"][row, begin : len(ids) - 1] = 1
        arrays["question"][row, 1:end] = 1
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _has_tiles() -> bool:
    """Whether the processor multiplies matrices of 16-bit numbers by itself (AMX).

    A pair is then read in a third of the time, and log-odds of about ten move by a few hundredths; elsewhere 16 bits are slower than 32.
    """
    import torch

    return bool(torch.cpu.get_capabilities().get("amx_bf16", False))


class CrossEncoder:
    """Reads a question and a sentence in its context together, on the CPU. Raises PolicyError where its weights are not those committed."""

    def __init__(self, base: pathlib.Path, folder: pathlib.Path) -> None:
        self.name = network_id(folder)
        if not self.name:
            raise PolicyError(f"the folder {folder} has no {HASHES}, so nothing says what its weights must be; run git checkout {folder}")
        self._model, self._tokenizer = load_transformer(base)
        add_changes(self._model, folder)
        self._model.eval()
        self._head = head_of(self._model.config.hidden_size).eval()
        self._scale, self._middle = load_head(folder, self._head)

    def read(self, pairs: Sequence[tuple[str, str, str, str]]) -> Floats:
        """What it says of each (question, above, before, sentence), float32 [n, OUTPUTS].

        Log-odds of answering, and logits of yes, no, conditional, states.
        """
        import torch

        inputs = self._inputs(pairs)
        order = sorted(range(len(inputs)), key=lambda number: len(inputs[number][0]))
        found = np.zeros((len(inputs), OUTPUTS), np.float32)
        half = _has_tiles()
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                batch = padded([inputs[row] for row in rows])
                asked = batch.pop("question").float()
                with torch.autocast("cpu", torch.bfloat16, enabled=half):
                    states = self._model(**batch).last_hidden_state
                found[rows] = pooled_outputs(states.float(), asked, batch["token_type_ids"].float(), self._head, self._scale, self._middle).numpy()
        return found

    def _inputs(self, pairs: Sequence[tuple[str, str, str, str]]) -> list[Input]:
        parts = list(dict.fromkeys(part for pair in pairs for part in pair))
        tokens = dict(zip(parts, self._tokenizer(parts, add_special_tokens=False)["input_ids"], strict=True)) if parts else {}
        ends = (self._tokenizer.cls_token_id, self._tokenizer.sep_token_id)
        return [layout(tokens[asked], (tokens[above], tokens[before]), tokens[text], ends) for asked, above, before, text in pairs]
