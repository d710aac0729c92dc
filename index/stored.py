"""The documents of an index without the means to search it: enough to cite from, and ready at once."""

from __future__ import annotations

import dataclasses
import pathlib

from index.build import documents_from_bytes, index_id
from index.generation import open_newest
from ingest import Document


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """What an index was made from; `id` names exactly this content, as `Index.id` does."""

    id: str
    documents: tuple[Document, ...]


def open_documents(root: pathlib.Path) -> Stored:
    """The documents of the newest generation in `root`; needs no encoder. Raises PolicyError where there is none, or it is damaged."""
    generation = open_newest(root)
    return Stored(index_id(generation), documents_from_bytes(generation.files["documents.jsonl"]))
