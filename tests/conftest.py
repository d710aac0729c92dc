"""What tests share: an encoder whose vectors a reader can predict, a small corpus, and an index over it."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence

import numpy as np
import pytest

from index import Index, build_index, open_index, words_of


class WordEncoder:
    """Two texts are as near as they share stemmed words: each different word is a dimension of its own, in the order met."""

    name = "words"

    def __init__(self) -> None:
        self._dimensions: dict[str, int] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors [n, 2048]; the zero vector for a text without words."""
        vectors = np.zeros((len(texts), 2048), np.float32)
        for row, words in enumerate(words_of(list(texts))):
            for word in words:
                vectors[row, self._dimensions.setdefault(word, len(self._dimensions)) % 2048] += 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


ACME = """# Acme Privacy Policy

## Payments

Payment data is handled by Paylane, our payment processor. We never sell personal data.

## Deletion

You can delete your account in the settings, unless an invoice is still open.

## Cookies

We use cookies for:

- keeping you signed in;
- counting visits to the help pages.
"""

BOLT = """BOLT PRIVACY NOTICE

WHO WE ARE

Bolt Couriers delivers parcels in Leeds. Write to privacy@bolt.example with any question.

CHILDREN

We do not knowingly collect data of children under 14.
"""


def index_of(text: str, folder: pathlib.Path) -> Index:
    """An index over one policy in Markdown."""
    (folder / "corpus").mkdir()
    (folder / "corpus" / "policy.md").write_text(text, "utf-8")
    encoder = WordEncoder()  # a second one would number words in another order
    build_index(folder / "corpus", folder / "index", encoder)
    return open_index(folder / "index", encoder)


@pytest.fixture
def word_encoder() -> WordEncoder:
    """An encoder that needs no model."""
    return WordEncoder()


@pytest.fixture
def small_corpus(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with two policies, acme.md and bolt.txt, and their names."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "acme.md").write_text(ACME, "utf-8")
    (folder / "bolt.txt").write_text(BOLT, "utf-8")
    (folder / "policies.toml").write_text('["acme.md"]\npolicy = "Acme"\n\n["bolt.txt"]\npolicy = "Bolt"\norganisation = "Bolt Couriers"\n', "utf-8")
    return folder


@pytest.fixture
def small_index(small_corpus: pathlib.Path, tmp_path: pathlib.Path, word_encoder: WordEncoder) -> Index:
    """An index over the small corpus."""
    build_index(small_corpus, tmp_path / "index", word_encoder)
    return open_index(tmp_path / "index", word_encoder)
