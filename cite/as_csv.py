"""Citations as CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel takes it for another encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from cite.cells import harmless, untyped
from cite.claim import Claim
from cite.library import Library
from cite.nouns import Bundle
from cite.table import COLUMNS, Cell, claims_of_rows, values_of
from ingest import PolicyError

MARK = "\ufeff"
# The columns that must come back as they went. What a reviewer writes stays as it was written, and the rest is not read back.
KEPT = {"question", "policy", "quote", "section", "document", "version", "effective_date", "prefix", "suffix"}


def bundle_to_csv(bundle: Bundle, _: Library) -> bytes:
    """One row a citation, under the names of the columns."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(bundle))
    return (MARK + buffer.getvalue()).encode("utf-8")


def _rows(bundle: Bundle) -> Iterator[list[Cell]]:
    guards = [untyped if column in KEPT else harmless for column in COLUMNS]
    for values in values_of(bundle):
        yield [guard(value) if isinstance(value, str) else value for guard, value in zip(guards, values, strict=True)]


def claims_from_csv(data: bytes, name: str) -> list[Claim]:
    """Read what a reviewer sent back, separated by commas, semicolons or tabs.

    Raises PolicyError for other encodings than UTF-8 and for tables that are not from an export.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{name} is not UTF-8 ({error.reason} at byte {error.start}); save it as “CSV UTF-8”") from error
    if "\x00" in text[:2]:
        raise PolicyError(f"{name} is UTF-16; save it as “CSV UTF-8”")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # else a cell of more than 131,072 characters is an error
    try:
        return claims_of_rows(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)), name)
    except csv.Error as error:
        raise PolicyError(f"{name} is no CSV: {error}; is the file cut off?") from error
