"""What a policy says now in place of words that it no longer says: its most similar sentence, and the difference word by word."""

from __future__ import annotations

import collections
import dataclasses
import difflib
import re

from cite.normal import normalise
from ingest import Document, Passage, split_sentences

# Among so many sentences that share the most words with the quotation, the one most alike in order is taken.
COMPARED = 5

_WORD = re.compile(r"\w+")


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words: `old` of the quotation, `new` of the sentence; equal where nothing changed."""

    old: str
    new: str


@dataclasses.dataclass(frozen=True, slots=True)
class Nearest:
    """The sentence that is most like a quotation, and what became of the quotation's words."""

    passage: Passage
    changes: tuple[Change, ...]

    @property
    def diff(self) -> str:
        """The changes in one line, old words in [-…-], new ones in {+…+}."""
        return " ".join(_marked(change) for change in self.changes)


class Sentences:
    """A document's sentences, ready to be compared."""

    def __init__(self, document: Document) -> None:
        self._passages = split_sentences(document)
        self._words = [_words(passage.text) for passage in self._passages]
        self._holders: dict[str, list[int]] = collections.defaultdict(list)
        for number, words in enumerate(self._words):
            for word in words:
                self._holders[word].append(number)

    def nearest(self, quote: str) -> Nearest | None:
        """The sentence that is most like the quotation; None where the document has none, or none shares a word with it."""
        wanted = _words(quote)
        shared: collections.Counter[int] = collections.Counter()
        for word, count in wanted.items():
            for number in self._holders.get(word, ()):
                shared[number] += min(count, self._words[number][word])

        def likeness(number: int) -> float:
            return 2 * shared[number] / (wanted.total() + self._words[number].total())

        best = sorted(shared, key=lambda number: (-likeness(number), number))[:COMPARED]
        if not best:
            return None
        old = normalise(quote).split()
        chosen = max(best, key=lambda number: (_matcher(old, normalise(self._passages[number].text).split()).ratio(), -number))
        passage = self._passages[chosen]
        return Nearest(passage, changes_between(old, normalise(passage.text).split()))


def changes_between(old: list[str], new: list[str]) -> tuple[Change, ...]:
    """How one list of words became the other.

    >>> changes_between("kept for 30 days".split(), "kept for 60 days".split())
    (Change(old='kept for', new='kept for'), Change(old='30', new='60'), Change(old='days', new='days'))
    """
    codes = _matcher(old, new).get_opcodes()
    return tuple(Change(" ".join(old[a:b]), " ".join(new[c:d])) for _, a, b, c, d in codes)


def _matcher(old: list[str], new: list[str]) -> difflib.SequenceMatcher[str]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False)


def _words(text: str) -> collections.Counter[str]:
    return collections.Counter(_WORD.findall(normalise(text).casefold()))


def _marked(change: Change) -> str:
    if change.old == change.new:
        return change.old
    return (f"[-{change.old}-]" if change.old else "") + (f"{{+{change.new}+}}" if change.new else "")
