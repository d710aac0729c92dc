"""Whether a JSON value has the shape it should have. The only file that knows jsonschema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema

TEXT = {"type": "string"}
NAME = {"type": "string", "pattern": r"\S"}
OFFSET = {"type": "integer", "minimum": 0}

# 5.0 is an integer to JSON Schema, and no offset to Python.
_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool))
_Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=_TYPES)


def rows_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an array of such rows.

    >>> shape_checker(rows_of({"type": "integer"}))([1, "b"])
    ["[1]: 'b' is not of type 'integer'"]
    """
    return {"type": "array", "items": row}


def fields(required: Mapping[str, Any], **optional: Any) -> dict[str, Any]:
    """The schema of an object with these fields, and maybe others."""
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def shape_checker(schema: Mapping[str, Any]) -> Callable[[Any], list[str]]:
    """A function that says what is wrong with a value, in words, each with its place; empty where nothing is."""
    validator = _Validator(schema)

    def check(value: Any) -> list[str]:
        errors = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        return [f"{_path(error)}{short(error.message)}" for error in errors]

    return check


def short(text: str, length: int = 90) -> str:
    """A text that fits into a line."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _path(error: jsonschema.ValidationError) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    return f"{path}: " if path else ""
