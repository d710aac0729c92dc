"""Lines and words where they are printed: the characters of a line of print, dealt out to the words that it was read as."""

from __future__ import annotations

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.compose import CELL_SEPARATOR

Character = Mapping[str, Any]

# Ends the last line of a sentence, or one that introduces something.
SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
# Print may join these letters; the text that is read from it has them apart.
_LIGATURES = frozenset("ﬀﬁﬂﬃﬄﬅﬆ")


@dataclasses.dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of print, or a row of a table: its page, its distance from the page's top and left edges in points."""

    page: int
    top: float
    left: float
    size: float
    bold: bool
    text: str
    kind: str = ""
    characters: tuple[Character, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word and where it stands on its page: a box in points, in the page's own coordinates, upwards from the lower left."""

    page: int
    text: str
    left: float
    bottom: float
    right: float
    top: float


def words_of(text: str, characters: Sequence[Character], page: Any) -> Iterator[PrintedWord]:
    """The words of a line or table row of a pdfplumber page; nothing where its characters don't spell its text."""
    # pdfplumber gives a ligature once for each of its letters.
    characters = [character for before, character in itertools.pairwise([None, *characters]) if character is not None and character is not before]
    words = [word for word in text.split() if word != CELL_SEPARATOR.strip()]
    spelt = "".join("".join(_letters(character).split()) for character in characters)
    if "".join(words) != spelt:
        words = text.split()  # the sign that separates cells may also be printed
        if "".join(words) != spelt:
            return
    left_over = iter(characters)
    for word in words:
        taken: list[Character] = []
        while sum(len(_letters(character)) for character in taken) < len(word):
            taken.append(next(left_over))
        yield PrintedWord(page.page_number, word, *_box(taken, page))


def _letters(character: Character) -> str:
    text = str(character["text"])
    return unicodedata.normalize("NFKC", text) if text in _LIGATURES else text


def _box(characters: Sequence[Character], page: Any) -> tuple[float, float, float, float]:
    """The box around characters as left, bottom, right, top; pdfminer moves and turns pages, which is undone here."""
    shift = page.mediabox[0]
    x = [character[key] - shift for character in characters for key in ("x0", "x1")]
    y = [character[key] for character in characters for key in ("y0", "y1")]
    left, bottom, right, top = page.page_obj.mediabox
    turned = {
        90: (right - max(y), bottom + min(x), right - min(y), bottom + max(x)),
        180: (right - max(x), top - max(y), right - min(x), top - min(y)),
        270: (left + min(y), top - max(x), left + max(y), top - min(x)),
    }
    return turned.get(page.rotation, (left + min(x), bottom + min(y), left + max(x), bottom + max(y)))
