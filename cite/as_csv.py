"""Citations as CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel takes it for another encoding."""

from __future__ import annotations

import csv
import io

from cite.claim import Claim
from cite.library import Library
from cite.nouns import Bundle
from cite.table import COLUMNS, claims_of_rows, rows_of
from ingest import PolicyError

MARK = "\ufeff"


def bundle_to_csv(bundle: Bundle, _: Library) -> bytes:
    """One row a citation, under the names of the columns."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(bundle))
    return (MARK + buffer.getvalue()).encode("utf-8")


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
    try:
        return claims_of_rows(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)), name)
    except csv.Error as error:
        raise PolicyError(f"{name} is no CSV: {error}; is the file cut off?") from error
