"""Text in the cells of a table: made harmless for spreadsheets, and given back exactly."""

from __future__ import annotations

import re

# A spreadsheet takes a cell for a formula if it begins with one of these, some also behind blanks, quotes and separators,
# and in their full-width forms (OWASP, CSV Injection). An apostrophe is among them, so that taking one away is never wrong.
_DANGEROUS = re.compile(r"[\s\"';,|]*[=+\-@＝＋－＠]|[\x00-\x1f']")

# What a spreadsheet that opens a CSV takes for a number, a date, a time or a truth value, and gives back written otherwise:
# nothing but figures, signs, and the English words that stand in dates and numbers.
_WORDS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|(?:mon|tues|wednes|thurs|fri|satur|sun)day|am|pm|e"
)
MAX_TYPED = 64  # No number, and no date with its weekday, is longer.
_RETYPED = re.compile(rf"(?=.*\d)(?:[\W\d_]|(?<![a-z])(?:{_WORDS})(?![a-z]))*|\s*(?:true|false)\s*", re.IGNORECASE | re.DOTALL)

# XML can't carry these; Office Open XML writes them _xHHHH_ (ECMA-376, 22.9.2.19) and a text that looks like one _x005F_xHHHH_.
_UNCARRIED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_CODE = re.compile(r"_x(00[01][0-9A-Fa-f]|[Ff]{3}[EeFf])_")


def harmless(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet might run it.

    >>> harmless("=1+1"), harmless("- item"), harmless("'tis"), harmless("We keep it.")
    ("'=1+1", "'- item", "''tis", 'We keep it.')
    """
    return "'" + text if _DANGEROUS.match(text) else text


def untyped(text: str) -> str:
    """The text in a CSV, harmless, and with an apostrophe in front where a spreadsheet would take it for a number or a date.

    >>> untyped("May 2024"), untyped("1e5"), untyped("0.10 %"), untyped("True"), untyped("5 days"), untyped("=1+1")
    ("'May 2024", "'1e5", "'0.10 %", "'True", '5 days', "'=1+1")
    """
    safe = harmless(text)
    return "'" + text if safe == text and len(text) <= MAX_TYPED and _RETYPED.fullmatch(text) else safe


def restored(cell: str) -> str:
    """What `harmless` or `untyped` was given: one apostrophe at the beginning is taken away.

    >>> restored("'=1+1"), restored("''tis"), restored("We keep it.")
    ('=1+1', "'tis", 'We keep it.')
    """
    return cell.removeprefix("'")


def carried(text: str) -> str:
    r"""The text as XML can carry it.

    >>> carried("a\x0cb"), carried("_x0041_")
    ('a_x000C_b', '_x005F_x0041_')
    """
    return _UNCARRIED.sub(lambda match: f"_x{ord(match.group()):04X}_", text)


def uncarried(text: str) -> str:
    r"""What `carried` was given; the mark of a text that only looks like one was taken away by whoever read the file.

    >>> uncarried("a_x000C_b"), uncarried("_x0041_")
    ('a\x0cb', '_x0041_')
    """
    return _CODE.sub(lambda match: chr(int(match.group(1), 16)), text)
