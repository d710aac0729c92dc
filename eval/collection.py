"""What every foreign format becomes: documents and questions in our own layout, each question with the place it came from."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
from collections.abc import Callable
from typing import Any

from eval.shape import short
from ingest import PolicyError, json_rows, raise_problems

Row = dict[str, Any]

# Half a character: JSON can carry it, and no file can. It is replaced by one character, so that offsets stay.
_HALF = re.compile("[\ud800-\udfff]")
_Check = Callable[[Any], list[str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Collection:
    """Documents and questions as rows; `origins` has for each question its file and its place there, `problems` what is wrong besides."""

    documents: list[Row]
    questions: list[Row]
    origins: list[str]
    problems: list[str] = dataclasses.field(default_factory=list)


def read_json(path: pathlib.Path, check: _Check) -> Any:
    """The value in a JSON file. Raises one PolicyError with everything about its shape that is wrong."""
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror}; expected a JSON file") from error
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"{path} is no JSON: {short(str(error))}") from error
    raise_problems([f"{path}: {problem}" for problem in check(value)], f"in {path}; nothing was run")
    return whole(value)


def read_lines(path: pathlib.Path, check: _Check, problems: list[str]) -> list[tuple[int, Row]]:
    """The rows of a file of JSON lines with their numbers; what is wrong goes to `problems`. Raises PolicyError where there is no such file."""
    rows = []
    try:
        for number, row in json_rows(path):
            wrong = [row] if isinstance(row, str) else check(row)
            problems += [f"{path}:{number}: {problem}" for problem in wrong]
            if not isinstance(row, str) and not wrong:
                rows.append((number, whole(row)))
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror}; expected a file of JSON lines") from error
    return rows


def whole(value: Any) -> Any:
    """The same JSON value without half characters."""
    return json.loads(_HALF.sub("\ufffd", json.dumps(value, ensure_ascii=False)))
