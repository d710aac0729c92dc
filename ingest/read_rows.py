"""Lines of JSON as rows, and those of a `corpus.jsonl` as documents, with everything that is wrong with them listed by line."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.nouns import PolicyError

# What a list of wrong lines shows at most; the count says how many there are.
MAX_PROBLEMS_SHOWN = 50
# Half a character: JSON can carry it, and no file can.
_HALF = re.compile("[\ud800-\udfff]")


def json_rows(path: pathlib.Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Each line that isn't blank with its number, counted from 1: its object, or what is wrong with it in words. Raises OSError."""
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, parse_row(line)


def parse_row(line: bytes) -> dict[str, Any] | str:
    """The object in a line of JSON, or what is wrong with the line."""
    try:
        row = json.loads(line)
    except RecursionError:
        return "is no JSON that can be read: it is nested too deeply"
    except ValueError as error:  # not UTF-8, or not JSON
        return f"is no JSON: {error}"
    return row if isinstance(row, dict) else f"is a JSON {type(row).__name__}; expected an object"


def document_rows(path: pathlib.Path) -> list[tuple[str, str, str]]:
    """Id, title and text of each document in a `corpus.jsonl`; raises one PolicyError with every line that is wrong."""
    found: dict[str, tuple[str, str, str]] = {}
    problems: list[str] = []
    try:
        for number, row in json_rows(path):
            wrong = row if isinstance(row, str) else _wrong(row, found)
            if isinstance(row, str) or wrong:
                problems.append(f"{path}:{number}: {wrong}")
            else:
                name = str(row.get("doc_id", row.get("_id")))
                found[name] = (name, row.get("title") or "", row["text"])
    except OSError as error:
        raise PolicyError(f'{path} can\'t be read: {error.strerror}; expected lines of {{"doc_id", "title", "text"}} as JSON') from error
    raise_problems(problems, f"in {path}; no document was read")
    return list(found.values())


def raise_problems(problems: Sequence[str], where: str) -> None:
    """Raise one PolicyError over all problems; return where there is none."""
    if problems:
        shown = list(problems[:MAX_PROBLEMS_SHOWN])
        if len(problems) > len(shown):
            shown.append(f"… and {len(problems) - len(shown)} more")
        raise PolicyError("\n".join([f"{len(problems)} problem{'s' if len(problems) > 1 else ''} {where}", *shown]))


def _wrong(row: dict[str, Any], known: dict[str, tuple[str, str, str]]) -> str:
    name, text, title = row.get("doc_id", row.get("_id")), row.get("text"), row.get("title")
    if not isinstance(name, str) or not name.strip():
        return f"the doc_id is {name!r}; expected a name"
    if _HALF.search(name):
        return f"the doc_id {name!r} holds half a character (a lone surrogate)"
    if name in known:
        return f"the document {name} is given twice"
    if not isinstance(text, str):
        return f"the text is {text!r:.40}; expected a string"
    return "" if isinstance(title, str | None) else f"the title is {title!r:.40}; expected a string"
