"""Values from outside, held against the types they should have. The only file that knows pydantic."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import Any, TypeVar

import pydantic

from ingest import PolicyError

T = TypeVar("T")

# For what this program wrote itself: no field that it doesn't know, no text where a number belongs.
STRICT = pydantic.ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
# For what others wrote: more fields than are needed do no harm.
LENIENT = pydantic.ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


def _on_the_calendar(text: str | None) -> str | None:
    if text:
        datetime.datetime.fromisoformat(text)  # a ValueError says which part is out of range
    return text


# For `Annotated`, beside a pattern: a date or time that there is, or nothing.
ON_THE_CALENDAR = pydantic.AfterValidator(_on_the_calendar)


def described(description: str, **limits: Any) -> Any:
    """What a field holds, and its limits, for `Annotated`; both stand in the published schema."""
    return pydantic.Field(description=description, **limits)


def read_json(kind: type[T], data: bytes | str, what: str) -> T:
    """JSON as a value of `kind`. Raises PolicyError that begins with `what` and names the first field that is wrong."""
    try:
        found: T = _adapter(kind).validate_json(data)
    except pydantic.ValidationError as error:
        raise PolicyError(f"{what}: {_first(error)}") from error
    return found


def schema_of(kind: type[Any]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a type."""
    return _adapter(kind).json_schema()


_adapter: Callable[[Any], pydantic.TypeAdapter[Any]] = functools.cache(pydantic.TypeAdapter)


def _first(error: pydantic.ValidationError) -> str:
    found = error.errors(include_url=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"]).lstrip(".")
    value = repr(found["input"])
    shown = f", found {value}" if len(value) <= 60 and found["type"] != "missing" else ""
    return (f"{place}: " if place else "") + found["msg"][:1].lower() + found["msg"][1:] + shown
