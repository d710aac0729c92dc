"""When two texts say the same words: the few differences that are none, and where words stand although a text was set anew.

These differences, and no others, are overlooked when a quotation is looked for in a text that has changed:

1. runs of blanks and line breaks, of any kind, count as one space, and those around a quotation not at all;
2. characters that nobody sees count as not there: soft hyphen, zero-width space, word joiner, byte order mark;
3. letters that Unicode can write in two ways are the same letter (normal form NFC), and the ligatures ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ are their letters;
4. quotation marks and apostrophes, curved, low or straight, are the same mark, as are the hyphen's three characters.

Case, digits, punctuation, dashes and accents count. Words stand only as whole words: “30 days” does not stand in
“130 days”, nor “personal data” in “non-personal data”.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence

_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_BLANK = re.compile(rf"[{_UNSEEN}]*\s[\s{_UNSEEN}]*")
_MARKS = {**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"'), **dict.fromkeys("\u2010\u2011", "-")}
_LETTERS = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_SAME = {**_MARKS, **_LETTERS, **dict.fromkeys(_UNSEEN, "")}
_ONE_FOR_ONE = str.maketrans(_MARKS)
_UNEVEN = re.compile(f"[{_UNSEEN}{''.join(_LETTERS)}]")


@dataclasses.dataclass(frozen=True, slots=True)
class Normal:
    """A text in normal form; its character `n` stands for `[starts[n], ends[n])` of the text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def find(self, quote: str, *, left: bool = True, right: bool = True) -> Iterator[tuple[int, int]]:
        """Where a quotation in normal form stands: [start, end) in the text.

        With `left` it must begin, with `right` end, where words do.
        """
        place = self.text.find(quote) if quote else -1
        while place >= 0:
            end = place + len(quote)
            if not (left and inside_word(self.text, place)) and not (right and inside_word(self.text, end)):
                yield self.starts[place], self.ends[end - 1]
            place = self.text.find(quote, place + 1)


def normalise(text: str) -> str:
    """The text in normal form, without blanks around it.

    >>> normalise(" the cus\u00adtomer’s\u00a0\u00a0ﬁle\\n")
    "the customer's file"
    """
    return normal_of(text).text.strip(" ")


def normal_of(text: str) -> Normal:
    """The text in normal form with the places of its characters."""
    builder = _Builder()
    at = 0
    for blank in _BLANK.finditer(text):
        builder.put_word(text[at : blank.start()], at)
        builder.put(" ", blank.start(), blank.end())
        at = blank.end()
    builder.put_word(text[at:], at)
    return Normal("".join(builder.parts), builder.starts, builder.ends)


def inside_word(text: str, place: int) -> bool:
    """Whether a cut at `place` would go through a word or a number: hyphens, apostrophes and decimal points are inside, too.

    >>> [inside_word("not 1.5 non-users", place) for place in (2, 4, 6, 12)]
    [True, False, True, True]
    """
    before, after = text[max(0, place - 2) : place], text[place : place + 2]
    if not before or not after:
        return False
    if _wordish(before[-1]) and _wordish(after[0]):
        return True
    for mark, outer, inner in ((before[-1], before[:-1], after[0]), (after[0], after[1:], before[-1])):
        if mark in "-'" and outer and _wordish(outer) and _wordish(inner):
            return True
        if mark in ".," and outer.isdigit() and inner.isdigit():
            return True
    return False


def _wordish(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


class _Builder:
    """Collects a normal form piece by piece."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def put(self, part: str, start: int, end: int) -> None:
        """Append characters that all stand for [start, end)."""
        self.parts.append(part)
        self.starts += [start] * len(part)
        self.ends += [end] * len(part)

    def put_word(self, word: str, at: int) -> None:
        """Append a stretch without blanks that begins at `at`."""
        even = word.translate(_ONE_FOR_ONE)
        if unicodedata.is_normalized("NFC", even) and not _UNEVEN.search(word):
            self.parts.append(even)
            self.starts += range(at, at + len(word))
            self.ends += range(at + 1, at + len(word) + 1)
            return
        # Letters that may be written as one are taken together; nothing outside such a group changes what is in it.
        group, first, last = "", at, at
        for number, character in enumerate(word, at):
            same = _SAME.get(character, character)
            if same and group and not _joins(same[0]):
                self.put(unicodedata.normalize("NFC", group), first, last)
                group = ""
            if same:
                first = first if group else number
                group, last = group + same, number + 1
        self.put(unicodedata.normalize("NFC", group), first, last)


def _joins(character: str) -> bool:
    """Whether the character may become one with those before it, or change places with them."""
    return unicodedata.combining(character) != 0 or character in _joining()


@functools.cache
def _joining() -> frozenset[str]:
    """Characters of combining class 0 that all the same join what is before them: Hangul's vowels and finals, some Indic vowels."""
    found = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(code)).split()
        if parts and not parts[0].startswith("<"):
            if len(parts) == 2:
                found.add(chr(int(parts[1], 16)))
            if unicodedata.combining(chr(int(parts[0], 16))):
                found.add(chr(code))
    return frozenset(found)
