"""Passages in columns: a million of them cost megabytes of integers, not a million Python objects."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ingest import Document, Passage, Span


@dataclasses.dataclass(frozen=True, slots=True)
class PassageTable:
    """Passages of documents in order. Row n is passage n.

    `places` is int64 [n, 4]: document number, start, end, context number; `contexts` are the different pairs of
    heading path and lead; `bounds[d]:bounds[d + 1]` are the rows of document d.
    """

    places: npt.NDArray[np.int64]
    contexts: tuple[tuple[tuple[str, ...], str], ...]
    bounds: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.places)

    @classmethod
    def from_passages(cls, passages: Sequence[Sequence[Passage]]) -> PassageTable:
        """Tabulate the passages of each document in turn."""
        numbers: dict[tuple[tuple[str, ...], str], int] = {}
        places, bounds = [], [0]
        for document, found in enumerate(passages):
            for passage in found:
                context = numbers.setdefault((passage.heading, passage.lead), len(numbers))
                places.append((document, passage.span.start, passage.span.end, context))
            bounds.append(len(places))
        return cls(np.asarray(places, np.int64).reshape(-1, 4), tuple(numbers), np.asarray(bounds, np.int64))

    def passage(self, row: int, documents: Sequence[Document]) -> Passage:
        """Row `row` as a passage; its text is cut from the document, so it can't be anything else."""
        number, start, end, context = (int(value) for value in self.places[row])
        document = documents[number]
        heading, lead = self.contexts[context]
        return Passage(Span(document.id, start, end), document.text[start:end], heading, lead, document.page_at(start))

    def to_bytes(self) -> tuple[bytes, bytes]:
        """The integers as .npy and the contexts as JSON."""
        buffer = io.BytesIO()
        np.save(buffer, np.concatenate([self.places.ravel(), self.bounds]), allow_pickle=False)
        head = {"rows": len(self.places), "contexts": [[list(heading), lead] for heading, lead in self.contexts]}
        return buffer.getvalue(), json.dumps(head, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, integers: bytes, head: bytes) -> PassageTable:
        """Read what `to_bytes` gave."""
        facts = json.loads(head)
        flat = np.load(io.BytesIO(integers), allow_pickle=False)
        cut = facts["rows"] * 4
        contexts = tuple((tuple(heading), lead) for heading, lead in facts["contexts"])
        return cls(flat[:cut].reshape(-1, 4), contexts, flat[cut:])


def keys_of(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """A 16-byte hash of each text, uint8 [n, 16]: by them an update finds the vectors that it need not compute again."""
    digests = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 16)
