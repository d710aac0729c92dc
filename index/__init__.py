"""Passages in, hits out."""

from index.bar import progress_bar
from index.build import Built, Progress, build_index, is_current
from index.encode import Encoder, load_encoder, load_reader, load_stances
from index.lexical import words_of
from index.network import OUTPUTS, CrossEncoder, reading_of
from index.search import Candidates, Hit, Index, open_index
from index.stored import Stored, open_documents

__all__ = [
    "OUTPUTS",
    "Built",
    "Candidates",
    "CrossEncoder",
    "Encoder",
    "Hit",
    "Index",
    "Progress",
    "Stored",
    "build_index",
    "is_current",
    "load_encoder",
    "load_reader",
    "load_stances",
    "open_documents",
    "open_index",
    "progress_bar",
    "reading_of",
    "words_of",
]
