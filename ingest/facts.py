"""What people know of a policy and its file doesn't say: `policies.toml` in the corpus folder."""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
import tomllib

from ingest.nouns import PolicyError

FILE = "policies.toml"


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """One table of `policies.toml`; everything may be left out."""

    policy: str = ""
    organisation: str = ""
    title: str = ""
    kind: str = ""
    collection: str = ""
    aliases: tuple[str, ...] = ()
    effective_date: datetime.date | None = None
    version: str = ""


def read_facts(folder: pathlib.Path) -> dict[str, Facts]:
    """Facts by document id; empty where the folder has no `policies.toml`.

    Raises PolicyError where the file can't be read, or one that names the table and key that can't be used.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror}; expected TOML, one table for each file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: {error}; expected TOML, one table for each file") from error
    return {name: _facts(table, f'{path}: ["{name}"]') for name, table in tables.items()}


def _facts(table: object, where: str) -> Facts:
    if not isinstance(table, dict):
        raise PolicyError(f'{where} is a value; expected a table such as ["privacy/acme.pdf"]')
    known = {field.name: field.type for field in dataclasses.fields(Facts)}
    for key, value in table.items():
        if key not in known:
            raise PolicyError(f"{where} has the key {key!r}; expected one of {', '.join(known)}")
        wanted = list if key == "aliases" else datetime.date if key == "effective_date" else str
        if not isinstance(value, wanted) or isinstance(value, datetime.datetime):  # to Python a date with a time is a date, too
            raise PolicyError(f"{where}: {key} is {value!r}; expected a {wanted.__name__}")
        if isinstance(value, list) and not all(isinstance(entry, str) for entry in value):
            raise PolicyError(f"{where}: {key} is {value!r}; expected a list of str")
    values = dict(table)
    if "aliases" in values:
        values["aliases"] = tuple(values["aliases"])
    return Facts(**values)
