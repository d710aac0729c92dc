"""Text in the cells of a table: made harmless for spreadsheets, and given back exactly."""

from __future__ import annotations

import re

# A spreadsheet takes a cell for a formula if it begins with one of these, some also behind blanks, byte order marks, quotes and
# separators, and in their full-width forms (OWASP, CSV Injection). An apostrophe is among them, so that one of the text is kept.
_DANGEROUS = re.compile(r"[\s\"';,|\ufeff]*[=+\-@＝＋－＠]|[\x00-\x1f']")

# What a spreadsheet that opens a CSV takes for a number, a date, a time or a truth value, and gives back written otherwise:
# nothing but figures, signs, and the English words that stand in dates and numbers.
_WORDS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|(?:mon|tues|wednes|thurs|fri|satur|sun)day|am|pm|e"
)
MAX_TYPED = 64  # No number, and no date with its weekday, is longer.
_RETYPED = re.compile(rf"(?=.*\d)(?:[\W\d_]|(?<![a-z])(?:{_WORDS})(?![a-z]))*|\s*(?:true|false)\s*", re.IGNORECASE | re.DOTALL)

# XML can't carry these; Office Open XML writes them _xHHHH_ (ECMA-376, 22.9.2.19) and a text that looks like one _x005F_xHHHH_.
_UNCARRIED = r"[\x00-\x08\x0b-\x1f\ufffe\uffff]"
_MARKED = re.compile(rf"{_UNCARRIED}|_(?=x[0-9A-Fa-f]{{4}}_)")
_CODE = re.compile(r"_x(00[01][0-9A-Fa-f]|[Ff]{3}[EeFf]|005[Ff])_")


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
    """What `harmless` or `untyped` was given: an apostrophe that they put in front is taken away, one that a reviewer wrote is not.

    >>> restored("'=1+1"), restored("''tis"), restored("We keep it."), restored("'t Hooft")
    ('=1+1', "'tis", 'We keep it.', "'t Hooft")
    """
    return cell[1:] if cell.startswith("'") and cell in {harmless(cell[1:]), untyped(cell[1:])} else cell


def carried(text: str) -> str:
    r"""The text as XML can carry it.

    >>> carried("a\x0cb"), carried("_x0041_")
    ('a_x000C_b', '_x005F_x0041_')
    """
    return _MARKED.sub(_code_of, text)


def uncarried(text: str) -> str:
    r"""What `carried` was given.

    >>> uncarried("a_x000C_b"), uncarried("_x005F_x000C_"), uncarried("_x0041_")
    ('a\x0cb', '_x000C_', '_x0041_')
    """
    return _CODE.sub(lambda match: chr(int(match.group(1), 16)), text)


def coded(text: str) -> str:
    r"""The text with the codes that `uncarried` made characters of.

    A program that saves a sheet anew keeps its texts in one table, and openpyxl takes _x005F_ away from those: then a text that
    only looked like a code can't be told from one.

    >>> coded("a\x0cb")
    'a_x000C_b'
    """
    return re.sub(_UNCARRIED, _code_of, text)


def _code_of(match: re.Match[str]) -> str:
    return f"_x{ord(match.group()):04X}_"
