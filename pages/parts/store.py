"""Conversations and what readers think of answers, kept in one SQLite file."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
import secrets
import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from ingest import PolicyError
from pages.parts.database import transaction

NAME = "conversations.sqlite"
# The layout of the tables; a file of a later one is refused rather than misread.
VERSION = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, updated REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS by_owner ON conversations (owner, updated);
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE, number INTEGER NOT NULL, row TEXT NOT NULL,
    thumb INTEGER, comment TEXT NOT NULL DEFAULT '', PRIMARY KEY (conversation, number)
) STRICT;
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as the list of them shows it."""

    id: str
    title: str


@dataclasses.dataclass(frozen=True, slots=True)
class Opinion:
    """What a reader thinks of an answer: 1 for up, 0 for down, None for nothing yet."""

    thumb: int | None = None
    comment: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it was kept: whose it is, and its turns as rows with the opinions on them."""

    id: str
    owner: str
    rows: tuple[Mapping[str, Any], ...]
    opinions: tuple[Opinion, ...]


class Store:
    """Raises PolicyError from every method where the file can't be used."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.path = folder / NAME

    def append(self, conversation: str | None, owner: str, title: str, *rows: Mapping[str, Any]) -> str:
        """Keep more turns of a conversation, or the first of a new one (None), all or none of them; give back the conversation's id.

        Nobody but its owner can add to a conversation: for anybody else a PolicyError is raised.
        """
        with self._open() as database:
            if conversation is None:
                conversation = secrets.token_urlsafe(16)
                database.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation, owner, title, time.time()))
            elif not database.execute("UPDATE conversations SET updated = ? WHERE id = ? AND owner = ?", (time.time(), conversation, owner)).rowcount:
                raise PolicyError("this conversation is no longer kept; begin a new one")
            first = database.execute("SELECT COALESCE(MAX(number) + 1, 0) FROM turns WHERE conversation = ?", (conversation,)).fetchone()[0]
            database.executemany(
                "INSERT INTO turns (conversation, number, row) VALUES (?, ?, ?)",
                [(conversation, number, json.dumps(row, ensure_ascii=False)) for number, row in enumerate(rows, first)],
            )
        return conversation

    def listed(self, owner: str, limit: int = 50) -> list[Listed]:
        """The conversations of one owner, the latest first."""
        with self._open() as database:
            rows = database.execute("SELECT id, title FROM conversations WHERE owner = ? ORDER BY updated DESC, id LIMIT ?", (owner, limit))
            return [Listed(*row) for row in rows]

    def open(self, conversation: str) -> Kept | None:
        """A conversation, for whoever knows its id; None where there is none."""
        with self._open() as database:
            found = database.execute("SELECT owner FROM conversations WHERE id = ?", (conversation,)).fetchone()
            if found is None:
                return None
            turns = database.execute("SELECT row, thumb, comment FROM turns WHERE conversation = ? ORDER BY number", (conversation,)).fetchall()
        return Kept(
            conversation, found[0], tuple(json.loads(row) for row, _, _ in turns), tuple(Opinion(thumb, comment) for _, thumb, comment in turns)
        )

    def say(self, conversation: str, owner: str, number: int, opinion: Opinion) -> None:
        """Keep what the owner thinks of the answer to a turn; the last word counts."""
        with self._open() as database:
            database.execute(
                "UPDATE turns SET thumb = ?, comment = ? WHERE conversation = ? AND number = ?"
                " AND EXISTS (SELECT 1 FROM conversations WHERE id = conversation AND owner = ?)",
                (opinion.thumb, opinion.comment, conversation, number, owner),
            )

    def delete(self, conversation: str, owner: str) -> bool:
        """Delete a conversation for good; whether its owner had one of that id."""
        with self._open() as database:
            return database.execute("DELETE FROM conversations WHERE id = ? AND owner = ?", (conversation, owner)).rowcount == 1

    def _open(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        return transaction(self.path, "conversations", _TABLES, VERSION)
