"""Citations of answers as the bytes of a file, in any format."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from cite.answers import EXPECTED, AnswerRow, answers_of_rows, answers_of_text
from cite.formats import FORMATS
from cite.library import Library
from cite.make import make_bundle
from cite.nouns import FORMAT, Bundle
from cite.store import bundle_from_json, with_seal
from ingest import PolicyError

# A bundle that is cut off is still told from answers: inside a text, the quotation marks would be escaped.
_BUNDLE = re.compile(rb'"format"\s*:\s*"' + FORMAT.encode() + b'"')


def export_answers(rows: Iterable[Mapping[str, Any]], library: Library, format_name: str) -> bytes:
    """The citations of answers, as `answer.answer_row` gives them, in one of `FORMATS`.

    Raises PolicyError for an answer that the library doesn't bear out, and for what the format can't hold.
    """
    return export_bundle(bundle_of_answers(rows, library), library, format_name)


def bundle_of_answers(rows: Iterable[Mapping[str, Any]], library: Library) -> Bundle:
    """A bundle of answers that are in memory. Raises PolicyError for an answer that the library doesn't bear out."""
    return make_bundle(answers_of_rows(rows), library)


def export_bundle(bundle: Bundle, library: Library, format_name: str) -> bytes:
    """A bundle in one of `FORMATS`. Raises PolicyError for a name that is none."""
    if format_name not in FORMATS:
        raise PolicyError(f"there is no format {format_name!r}; expected one of {', '.join(FORMATS)}")
    return FORMATS[format_name](bundle, library)


def read_input(path: pathlib.Path) -> Bundle | list[AnswerRow]:
    """The bundle, or the answers, in a file. Raises PolicyError for what is neither, and for a bundle that was edited."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror}; {EXPECTED}") from error
    found = input_from_bytes(data, str(path))
    return with_seal(found, str(path)) if isinstance(found, Bundle) else found


def input_from_bytes(data: bytes, name: str) -> Bundle | list[AnswerRow]:
    """The same for a file that is in memory; whether a bundle was edited is for the caller to see."""
    if _BUNDLE.search(data):
        return bundle_from_json(data, name)
    try:
        return answers_of_text(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise PolicyError(f"{name} is not UTF-8: {error.reason} at byte {error.start}; {EXPECTED}") from error
