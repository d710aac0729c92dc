"""A file of tables that visitors share. A connection lives as long as one call, so that threads never share one."""

from __future__ import annotations

import contextlib
import pathlib
import sqlite3
from collections.abc import Iterator

from ingest import PolicyError

# Seconds that a call waits for another one's writing.
PATIENCE = 10.0


@contextlib.contextmanager
def transaction(path: pathlib.Path, what: str, tables: str, version: int) -> Iterator[sqlite3.Connection]:
    """A transaction of its own: all of it is kept, or nothing. What is deleted is overwritten in the file.

    `tables` are made where the file is older than layout `version`; a file of a later layout is refused rather than misread.
    Raises PolicyError where the file can't be used; `what` says of what it is the file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE)) as database:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA secure_delete = ON")
            with database:
                _prepare(database, path, tables, version)
                yield database
    except (OSError, sqlite3.Error) as error:
        raise PolicyError(f"{what} can't be kept in {path}: {error}; name another folder with ASKPOLICY_STATE") from error


def _prepare(database: sqlite3.Connection, path: pathlib.Path, tables: str, version: int) -> None:
    found = database.execute("PRAGMA user_version").fetchone()[0]
    if found > version:
        raise PolicyError(f"{path} was written by a later askpolicy (layout {found}, expected {version}); use that one, or move the file away")
    if found < version:
        for statement in tables.split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {version}")
