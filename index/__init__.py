"""Passages in, hits out."""

from index.build import Built, Progress, build_index, is_current
from index.encode import Encoder, load_encoder
from index.lexical import words_of
from index.search import Candidates, Hit, Index, open_index

__all__ = ["Built", "Candidates", "Encoder", "Hit", "Index", "Progress", "build_index", "is_current", "load_encoder", "open_index", "words_of"]
