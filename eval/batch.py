"""Questions embedded many at a time, which takes a fraction of the time that they take one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index import Encoder

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
