"""Questions embedded, and sentences read, many at a time, which takes less than one question after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from answer import Pair, Reader
from index import OUTPUTS, Encoder

Vectors = npt.NDArray[np.float32]

# The first questions of a run are embedded one by one, as on the page: the latency that is reported is theirs.
SINGLY = 50
# Texts embedded between two steps of a progress bar.
STEP = 128


class BatchEncoder:
    """An encoder that has the vectors of some texts ready; whatever else it is asked for, the encoder inside it embeds.

    The vectors are those of the encoder inside, but for the last bits of a float: how texts are grouped rounds them otherwise.
    """

    def __init__(self, encoder: Encoder, ready: Mapping[str, Vectors] | None = None) -> None:
        self.name = encoder.name
        self.ready = dict(ready or {})
        self._encoder = encoder

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed texts that are not ready yet, the longest first, so that those of one length are padded together."""
        missing = sorted(set(texts) - self.ready.keys(), key=lambda text: (-len(text), text))
        for start in range(0, len(missing), STEP):
            step = missing[start : start + STEP]
            self.ready.update(zip(step, self._encoder.encode(step), strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit vector a text, float32 [n, d]."""
        if len(texts) == 1 and texts[0] in self.ready:
            return np.asarray(self.ready[texts[0]][None, :])
        return self._encoder.encode(texts)


class BatchReader:
    """A reader that has what it says of some pairs ready; whatever else it is asked for, the reader inside it reads."""

    def __init__(self, reader: Reader) -> None:
        self.name = reader.name
        self._reader = reader
        self._ready: dict[Pair, Vectors] = {}

    def prepare(self, pairs: Sequence[Pair]) -> None:
        """Read pairs that are not ready yet, all of them at once: the reader puts those of one length together."""
        missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._ready]
        self._ready.update(zip(missing, self._reader.read(missing), strict=True))

    def read(self, pairs: Sequence[Pair]) -> Vectors:
        """What the reader says of pairs, float32 [n, outputs]."""
        missing = [pair for pair in pairs if pair not in self._ready]
        if missing:
            fresh = dict(zip(missing, self._reader.read(missing), strict=True))
            return np.stack([self._ready[pair] if pair in self._ready else fresh[pair] for pair in pairs])
        return np.stack([self._ready[pair] for pair in pairs]) if pairs else self._reader.read(pairs)


class Collector:
    """Stands in for a reader, and keeps what it is given to read; what it says of it means nothing."""

    def __init__(self) -> None:
        self.name = "collector"
        self.pairs: list[Pair] = []

    def read(self, pairs: Sequence[Pair]) -> Vectors:
        """Zeros, float32 [n, OUTPUTS]."""
        self.pairs += pairs
        return np.zeros((len(pairs), OUTPUTS), np.float32)
