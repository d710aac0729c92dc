"""Search an opened index: nearest by meaning and by words, over all policies or some, with what each hit's score is made of."""

from __future__ import annotations

import dataclasses
import pathlib
import tempfile
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.build import documents_from_bytes, index_id
from index.encode import Encoder, Vectors
from index.generation import Generation, advice, open_newest
from index.lexical import WordTable
from index.table import PassageTable
from index.vectors import Rows, VectorTable
from ingest import CHUNK_CHARACTERS, Document, Passage, PolicyError, splitter_name


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """What search returns and what an answer cites: a passage, and how well it fits (higher is better)."""

    passage: Passage
    score: float


@dataclasses.dataclass(frozen=True, slots=True)
class Candidates:
    """Sentences that may answer, by row, with the parts of their scores; arrays of one length."""

    rows: Rows
    dense: npt.NDArray[np.float32]
    chunk: npt.NDArray[np.float32]
    lexical: npt.NDArray[np.float32]
    neighbour: npt.NDArray[np.float32]

    def only(self, wanted: npt.NDArray[np.bool_]) -> Candidates:
        """Those that a mask [n] lets through."""
        return Candidates(*(getattr(self, field.name)[wanted] for field in dataclasses.fields(self)))


class Index:
    """One generation of an index in memory. It never changes, so threads may share it."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        files = generation.files
        self.encoder = encoder
        self.name = generation.name
        self.id = index_id(generation)
        self.documents = documents_from_bytes(files["documents.jsonl"])
        self.unread = tuple((path, reason) for path, reason in generation.manifest["unread"])
        self.sentences = PassageTable.from_bytes(files["sentences.npy"], files["sentences.json"])
        self.chunks = PassageTable.from_bytes(files["chunks.npy"], files["chunks.json"])
        self._sentence_vectors = VectorTable.from_bytes(files["sentences.faiss"])
        self._chunk_vectors = VectorTable.from_bytes(files["chunks.faiss"])
        with tempfile.TemporaryDirectory() as folder:
            for name, data in files.items():
                if name.startswith("lexical/"):
                    pathlib.Path(folder, name.removeprefix("lexical/")).write_bytes(data)
            self._words = WordTable.load(pathlib.Path(folder))
        self._numbers = {document.id: number for number, document in enumerate(self.documents)}
        self._chunk_of = self._chunks_of_sentences()

    def document(self, document_id: str) -> Document:
        """The document of that id. Raises KeyError where there is none."""
        return self.documents[self._numbers[document_id]]

    def rows_of(self, document_id: str) -> tuple[int, int]:
        """The rows [start, end) of a document's sentences."""
        number = self._numbers[document_id]
        return int(self.sentences.bounds[number]), int(self.sentences.bounds[number + 1])

    def passage(self, row: int) -> Passage:
        """The sentence in row `row`."""
        return self.sentences.passage(row, self.documents)

    def encode(self, question: str) -> Vectors:
        """The question's vector, float32 [d]."""
        vector: Vectors = self.encoder.encode([question])[0]
        return vector

    def words(self, question: str) -> npt.NDArray[np.float32]:
        """The lexical score of every sentence, float32 [n]."""
        return self._words.scores(question)

    def candidates(self, vector: Vectors, words: npt.NDArray[np.float32], k: int, *document_ids: str) -> Candidates:
        """The sentences of some documents (without any named, of all) that are among their best `k` by meaning or by words."""
        ranges = _merged([self.rows_of(document_id) for document_id in document_ids]) or [(0, len(self.sentences))]
        near, _ = self._sentence_vectors.search(vector, k, ranges)
        among = np.concatenate([np.arange(start, end) for start, end in ranges])
        count = min(k, len(among))
        best = among[np.argpartition(-words[among], count - 1)[:count]] if count else among
        rows = np.union1d(near, best[words[best] > 0])
        dense = self._sentence_vectors.take(rows) @ vector
        chunk = self._chunk_vectors.take(self._chunk_of[rows]) @ vector
        return Candidates(rows, dense, chunk, words[rows], self._neighbours(rows, vector))

    def _neighbours(self, rows: Rows, vector: Vectors) -> npt.NDArray[np.float32]:
        """The cosine of the better of the sentences before and after each row, in the same document; 0 where there is none."""
        number = self.sentences.places[:, 0]
        best = np.zeros(len(rows), np.float32)
        for step in (-1, 1):
            beside = np.clip(rows + step, 0, len(self.sentences) - 1)
            same = (number[beside] == number[rows]) & (beside != rows)
            cosines = self._sentence_vectors.take(beside) @ vector
            best = np.maximum(best, np.where(same, cosines, 0.0)).astype(np.float32)
        return best

    def _chunks_of_sentences(self) -> Rows:
        """For each sentence, the row of the chunk in which it begins."""
        found = np.zeros(len(self.sentences), np.int64)
        for number in range(len(self.documents)):
            low, high = self.chunks.bounds[number], self.chunks.bounds[number + 1]
            left, right = self.sentences.bounds[number], self.sentences.bounds[number + 1]
            starts = self.chunks.places[low:high, 1]
            found[left:right] = low + np.searchsorted(starts, self.sentences.places[left:right, 1], side="right") - 1
        return found


def _merged(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges [start, end) in order, those that follow on one another as one.

    >>> _merged([(5, 7), (0, 2), (2, 4)])
    [(0, 4), (5, 7)]
    """
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def open_index(root: pathlib.Path, encoder: Encoder, chunk_characters: int = CHUNK_CHARACTERS) -> Index:
    """Open the newest generation in `root`.

    Raises PolicyError where there is none, where it is damaged, or where it was made with another encoder or splitter.
    """
    generation = open_newest(root)
    for what, expected in (("encoder", encoder.name), ("splitter", splitter_name(chunk_characters))):
        found = generation.manifest[what]
        if found != expected:
            raise PolicyError(f"the index {generation.folder} was made with the {what} {found}, expected {expected}; {advice(root)}")
    return Index(generation, encoder)
