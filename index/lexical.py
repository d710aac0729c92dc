"""Words in common: BM25 over stemmed words. The only file that knows bm25s."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer

_STEMMER = Stemmer.Stemmer("english")


class WordTable:
    """BM25 over texts in rows (Robertson's k1 = 1.5 and b = 0.75, with Lucene's inverse document frequency, which is never negative)."""

    def __init__(self, retriever: bm25s.BM25) -> None:
        self._retriever = retriever

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> WordTable:
        """Index texts, one a row."""
        retriever = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        words = words_of(texts)
        # Texts without any word (a list of amounts) have a mean length of 0, by which BM25 can't divide; a blank is no word of a question.
        retriever.index(words if any(words) else [[" "]] * len(words), show_progress=False)
        return cls(retriever)

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """The score of every row, float32 [n]; 0 where no word of the question stands in the row."""
        known = [word for word in words_of([question])[0] if word in self._retriever.vocab_dict]
        count = int(self._retriever.scores["num_docs"])
        return np.asarray(self._retriever.get_scores(known), np.float32) if known else np.zeros(count, np.float32)

    def save(self, folder: pathlib.Path) -> None:
        """Write plain files into a folder."""
        self._retriever.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: pathlib.Path) -> WordTable:
        """Read what `save` wrote."""
        return cls(bm25s.BM25.load(str(folder), load_corpus=False, show_progress=False))


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """Stemmed words without the commonest English ones.

    >>> words_of(["Who handles payments?"])
    [['who', 'handl', 'payment']]
    """
    tokens = bm25s.tokenize(list(texts), stopwords="en", stemmer=_STEMMER, return_ids=False, show_progress=False)
    return [list(words) for words in tokens]
