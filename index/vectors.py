"""Nearest vectors by inner product. The only file that knows FAISS."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import faiss
import numpy as np
import numpy.typing as npt

from index.encode import Vectors
from ingest import PolicyError

Rows = npt.NDArray[np.int64]


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """A single query gains nothing from a second thread, and loses on a shared core (40 ms against 12 ms over 100,000 rows).

    Only while searching: the number is OpenMP's, and torch's too, whose networks take twice as long with one.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _selector(ranges: Sequence[tuple[int, int]], rows: int) -> faiss.IDSelector:
    """What lets FAISS see the rows in some ranges only; of one range it looks at no other row."""
    if len(ranges) == 1:
        return faiss.IDSelectorRange(*ranges[0])
    seen = np.zeros(rows, np.bool_)
    for start, end in ranges:
        seen[start:end] = True
    return faiss.IDSelectorBitmap(np.packbits(seen, bitorder="little"))


class VectorTable:
    """Unit vectors in rows, searched exactly."""

    def __init__(self, vectors: Vectors) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._index.d)

    def search(self, vector: Vectors, k: int, ranges: Sequence[tuple[int, int]] | None = None) -> tuple[Rows, Vectors]:
        """The `k` rows in some ranges [start, end), or of all, nearest to a vector [d], best first, ties by row, and their cosines."""
        ranges = [(0, len(self))] if ranges is None else ranges
        k = min(k, sum(end - start for start, end in ranges))
        if k <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        chosen = faiss.SearchParameters(sel=_selector(ranges, len(self))) if list(ranges) != [(0, len(self))] else None
        with _one_thread():
            scores, rows = self._index.search(vector[None, :], k, params=chosen)
        kept = rows[0] >= 0  # FAISS fills up with -1, which would be the last row
        rows, scores = rows[0][kept], scores[0][kept]
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def take(self, rows: Rows) -> Vectors:
        """The vectors of some rows, [n, d]."""
        if not len(rows):
            return np.zeros((0, self.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(rows), np.float32)

    def to_bytes(self) -> bytes:
        """The table as FAISS writes it. `faiss.write_index` is not used: on a full disk it reports success."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> VectorTable:
        """Read what `to_bytes` gave. Raises PolicyError for anything else."""
        table = cls.__new__(cls)
        try:
            table._index = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        except RuntimeError as error:
            raise PolicyError(f"the vectors can't be read: {str(error).splitlines()[-1]}") from error
        return table
