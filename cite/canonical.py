"""One way to write a value as JSON, and the hashes that rest on it."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

# Scores and confidences are kept to this many digits after the point.
DIGITS = 6
# Below this a number would be written with an exponent, which Python and ECMAScript spell differently.
SMALL = 1e-4


def canonical(value: Any) -> bytes:
    """The value as canonical JSON in UTF-8: RFC 8785, for values whose keys are ASCII and whose floats went through `rounded`.

    >>> canonical({"b": "é", "a": [1, rounded(0.50000049), rounded(2.0)]}).decode()
    '{"a":[1,0.5,2],"b":"é"}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")


def plain(value: Any) -> Any:
    """A noun as dictionaries, lists and numbers as bundles keep them; a field that is None unless it is given is left out where it is None.

    >>> plain((1.0, "a", (0.25, None)))
    [1, 'a', [0.25, None]]
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, tuple):
        return [plain(entry) for entry in value]
    named = ((name, getattr(value, name), optional) for name, optional in _fields_of(type(value)))
    return {name: plain(entry) for name, entry, optional in named if entry is not None or not optional}


def _look_up_fields(kind: Any) -> tuple[tuple[str, bool], ...]:
    return tuple((field.name, field.default is None) for field in dataclasses.fields(kind))


# The names of a noun's fields, each with whether it may be left out.
_fields_of: Callable[[Any], tuple[tuple[str, bool], ...]] = functools.cache(_look_up_fields)


def rounded(number: float) -> float:
    """The number as bundles keep it: six digits, whole numbers as integers, and nothing so small that it needs an exponent.

    >>> rounded(0.1234567), rounded(1.0), rounded(0.00004)
    (0.123457, 1, 0)
    """
    short = round(number, DIGITS if abs(number) >= SMALL else 4)
    return int(short) if short == int(short) else short


def sha256_of(text: str) -> str:
    """SHA-256 of a text in UTF-8; a lone surrogate, which no file can hold, counts as what Python makes of it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def citation_id(question: str, document: str, start: int, end: int, quote: str) -> str:
    """The same words at the same place, cited for the same question, have the same id, whoever exports them and when.

    It begins with letters, so that no spreadsheet takes it for a number.
    """
    return "cite-" + _digest([question, document, start, end, fold_lines(quote)])[:24]


def seal_of(
    *,
    citation: str,
    source_sha256: str,
    text_sha256: str,
    extractor: str,
    quote_sha256: str,
    prefix: str,
    suffix: str,
    page: int | None,
    section: str,
) -> str:
    """What shows that a field was edited after export; only fields that a spreadsheet gives back as it got them."""
    return _digest([citation, source_sha256, text_sha256, extractor, quote_sha256, fold_lines(prefix), fold_lines(suffix), page, section])


def fold_lines(text: str) -> str:
    r"""Line ends as \n: spreadsheets rewrite them, and that is no edit."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def section_line(section: Sequence[str]) -> str:
    """A path of headings on one line.

    >>> section_line(["Payments", "Cards"])
    'Payments › Cards'
    """
    return " › ".join(section)


def _digest(values: list[Any]) -> str:
    return hashlib.sha256(canonical(values)).hexdigest()
