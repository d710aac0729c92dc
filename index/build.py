"""Build an index over a corpus, or bring one up to date; what has not changed is neither read nor embedded again."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
import json
import pathlib
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from index.encode import Encoder, Vectors
from index.generation import Generation, Writer, generations, open_newest, read_manifest, walk_files
from index.lexical import WordTable
from index.table import PassageTable, keys_of
from index.vectors import VectorTable
from ingest import (
    CHUNK_CHARACTERS,
    READERS,
    Block,
    Corpus,
    Document,
    PolicyError,
    fingerprint,
    read_corpus,
    split_chunks,
    split_sentences,
    splitter_name,
)

# Texts embedded between two steps of the progress bar.
STEP = 64

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


@dataclasses.dataclass(frozen=True, slots=True)
class Built:
    """What a build did: texts embedded (equal ones once), and passages whose vectors an earlier generation had."""

    folder: pathlib.Path
    corpus: Corpus
    embedded: int
    reused: int


def is_current(root: pathlib.Path, corpus: pathlib.Path, encoder_name: str) -> bool:
    """Whether the newest generation was made from these very files, with these readers, splitter and encoder. Reads no policy."""
    published = generations(root)
    if not published:
        return False
    try:
        manifest = read_manifest(published[-1])
    except PolicyError:
        return False
    made = (manifest["encoder"], manifest["splitter"], manifest.get("readers"))
    return made == (encoder_name, splitter_name(), _readers()) and bool(manifest["sources"] == fingerprint(corpus))


def build_index(
    corpus_folder: pathlib.Path,
    root: pathlib.Path,
    encoder: Encoder,
    progress: Progress = lambda *_: None,
    *,
    rebuild: bool = False,
    chunk_characters: int = CHUNK_CHARACTERS,
) -> Built:
    """Write a new generation of the index in `root` over the policies in `corpus_folder`.

    Vectors of passages that an earlier generation holds are taken from it, unless `rebuild`. Raises PolicyError where
    nothing can be read or written; the generation before then stays as it is.
    """
    with Writer(root) as writer:
        sources = fingerprint(corpus_folder)
        corpus = read_corpus(corpus_folder, lambda name: progress(f"reading {name}", 0, 0))
        old = None if rebuild else _previous(root, encoder.name)
        sentences = [split_sentences(document) for document in corpus.documents]
        chunks = [split_chunks(document, chunk_characters) for document in corpus.documents]
        if not any(sentences):
            raise PolicyError(f"the policies in {corpus_folder} hold headings and no sentence; expected something that can be quoted")
        embedded = reused = 0
        for name, passages in (("sentences", sentences), ("chunks", chunks)):
            table = PassageTable.from_passages(passages)
            texts = [passage.in_context for found in passages for passage in found]
            vectors, keys, new, taken = _embed(texts, encoder, old, name, progress)
            embedded, reused = embedded + new, reused + taken
            integers, head = table.to_bytes()
            writer.write(f"{name}.npy", integers)
            writer.write(f"{name}.json", head)
            writer.write(f"{name}.faiss", VectorTable(vectors).to_bytes())
            writer.write(f"{name}.keys.npy", _npy(keys))
            if name == "sentences":
                for path, data in _lexical(texts):
                    writer.write(f"lexical/{path}", data)
        writer.write("documents.jsonl", documents_to_bytes(corpus.documents))
        folder = writer.publish(
            {
                "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                "encoder": encoder.name,
                "splitter": splitter_name(chunk_characters),
                "readers": _readers(),
                "sources": sources,
                "unread": [[entry.path, entry.reason] for entry in corpus.unread],
                "documents": {document.id: document.sha256 for document in corpus.documents},
            }
        )
    return Built(folder, corpus, embedded, reused)


def _readers() -> list[str]:
    """What reads files here, with versions: another version may read another text."""
    return sorted({name for name, _ in READERS.values()})


def documents_to_bytes(documents: Sequence[Document]) -> bytes:
    """Documents as JSON lines, blocks as short lists."""
    return b"".join(json.dumps(_document_row(document), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n" for document in documents)


def documents_from_bytes(data: bytes) -> tuple[Document, ...]:
    """Read what `documents_to_bytes` gave."""
    return tuple(_document(json.loads(line)) for line in data.decode("utf-8", "surrogatepass").split("\n") if line)


def _document_row(document: Document) -> dict[str, Any]:
    row = {field.name: getattr(document, field.name) for field in dataclasses.fields(Document)}
    row["blocks"] = [[block.kind, block.start, block.end, block.level] for block in document.blocks]
    row["effective_date"] = document.effective_date.isoformat() if document.effective_date else None
    return row


def _document(row: dict[str, Any]) -> Document:
    row["blocks"] = tuple(Block(*block) for block in row["blocks"])
    row["effective_date"] = datetime.date.fromisoformat(row["effective_date"]) if row["effective_date"] else None
    for name in ("page_starts", "page_labels", "aliases", "warnings"):
        row[name] = tuple(row.get(name, ()))
    return Document(**row)


def _previous(root: pathlib.Path, encoder_name: str) -> Generation | None:
    """The generation whose vectors can be used again; None where there is none, or it is damaged or another encoder's."""
    try:
        generation = open_newest(root)
    except PolicyError:
        return None
    return generation if generation.manifest["encoder"] == encoder_name else None


def _embed(
    texts: list[str], encoder: Encoder, old: Generation | None, name: str, progress: Progress
) -> tuple[Vectors, np.ndarray[Any, Any], int, int]:
    """Vectors [n, d] and keys [n, 16] of texts, how many had to be computed, and how many texts took theirs from `old`."""
    keys = keys_of(texts)
    known: dict[bytes, int] = {}
    table = None
    if old is not None:
        old_keys = np.load(io.BytesIO(old.files[f"{name}.keys.npy"]), allow_pickle=False)
        known = {key.tobytes(): row for row, key in enumerate(old_keys)}
        table = VectorTable.from_bytes(old.files[f"{name}.faiss"])
    # Equal texts are embedded once, and the longest first, so that texts of one length are padded together.
    different = {key.tobytes(): text for key, text in zip(keys, texts, strict=True) if key.tobytes() not in known}
    missing = sorted(different.items(), key=lambda item: -len(item[1]))
    fresh: dict[bytes, Vectors] = {}
    for start in range(0, len(missing), STEP):
        progress(f"embedding {name}", start, len(missing))
        step = missing[start : start + STEP]
        fresh.update(zip((key for key, _ in step), encoder.encode([text for _, text in step]), strict=True))
    progress(f"embedding {name}", len(missing), len(missing))
    rows = np.asarray([known.get(key.tobytes(), -1) for key in keys], np.int64)
    dimension = len(next(iter(fresh.values()))) if table is None else table.dimension
    vectors = np.zeros((len(texts), dimension), np.float32)
    if table is not None and (rows >= 0).any():
        vectors[rows >= 0] = table.take(rows[rows >= 0])
    for number in np.flatnonzero(rows < 0):
        vectors[number] = fresh[keys[number].tobytes()]
    return vectors, keys, len(missing), int((rows >= 0).sum())


def _lexical(texts: Sequence[str]) -> list[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        WordTable.from_texts(texts).save(pathlib.Path(folder))
        return list(walk_files(pathlib.Path(folder)))


def _npy(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def index_id(generation: Generation) -> str:
    """A short name for exactly this content: of the same corpus, encoder and splitter it is the same everywhere."""
    content = json.dumps([generation.manifest["files"], generation.manifest["encoder"], generation.manifest["splitter"]], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:12]
