"""The documents that citations point into: those of an index, or a folder read again."""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
from collections.abc import Collection, Mapping

from index import Index, Stored, open_documents
from ingest import Document, PolicyError, read_documents


@dataclasses.dataclass(frozen=True, slots=True)
class Library:
    """Documents by id. `folder` is where their files lie, `index_id` which index they are of; None where it isn't known.

    `unread` says of files that are there why they could not be read.
    """

    documents: Mapping[str, Document]
    index_id: str | None = None
    folder: pathlib.Path | None = None
    unread: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def file_bytes(self, document_id: str, sha256: str) -> bytes:
        """The bytes of a document's file. Raises PolicyError where they are not at hand, or no longer the ones that were cited."""
        path = self.folder / document_id if self.folder is not None else None
        if self.folder is None or path is None or not path.resolve().is_relative_to(self.folder.resolve()):
            raise PolicyError(f"the file {document_id} is not at hand; name the folder of policies with --corpus")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise PolicyError(f"{path} can't be read: {error.strerror}; name the folder of policies with --corpus") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise PolicyError(f"{path} has changed since it was cited; run python -m cite verify, then ask again")
        return data


def library_of(index: Index | Stored, folder: pathlib.Path | None = None) -> Library:
    """The documents of an index; `folder` is the corpus it was built from, which only the highlighted source needs."""
    return Library({document.id: document for document in index.documents}, index.id, folder)


def open_library(root: pathlib.Path, folder: pathlib.Path | None = None) -> Library:
    """The documents of the newest index in a folder. Raises PolicyError where there is none."""
    return library_of(open_documents(root), folder)


def read_library(folder: pathlib.Path, wanted: Collection[str] | None = None) -> Library:
    """Read a corpus, or those of its documents that are `wanted`. Raises PolicyError where there is no corpus."""
    corpus = read_documents(folder, wanted)
    return Library({document.id: document for document in corpus.documents}, None, folder, {entry.path: entry.reason for entry in corpus.unread})
