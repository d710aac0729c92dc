"""Work lists for reviewers and what was decided on them, kept in one SQLite file.

A list is for whoever has its address, because reviewers work together; only who made it can delete it. What was decided is kept apart
from the bundle, whose seal goes on holding.
"""

from __future__ import annotations

import contextlib
import dataclasses
import pathlib
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping

from cite import Bundle, Review, bundle_from_json, bundle_to_json, with_reviews
from ingest import PolicyError
from pages.parts.database import transaction

NAME = "reviews.sqlite"
VERSION = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS lists (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created REAL NOT NULL, bundle BLOB NOT NULL, citations INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS lists_by_owner ON lists (owner, created);
CREATE TABLE IF NOT EXISTS reviews (
    list TEXT NOT NULL REFERENCES lists ON DELETE CASCADE, citation TEXT NOT NULL, status TEXT NOT NULL, reviewer TEXT NOT NULL,
    comment TEXT NOT NULL, reviewed_at TEXT NOT NULL, PRIMARY KEY (list, citation)
) STRICT;
CREATE TABLE IF NOT EXISTS reviewers (owner TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT
"""


@dataclasses.dataclass(frozen=True, slots=True)
class ListedWork:
    """A work list as the list of them shows it: how many different citations it has, and on how many somebody decided."""

    id: str
    title: str
    citations: int
    decided: int


@dataclasses.dataclass(frozen=True, slots=True)
class Work:
    """A work list: its bundle with the reviews so far, and whose it is."""

    id: str
    owner: str
    title: str
    bundle: Bundle


class Desk:
    """Raises PolicyError from every method where the file can't be used."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.path = folder / NAME

    def begin(self, owner: str, title: str, bundle: Bundle) -> str:
        """Make a work list of a bundle, the reviews that it brings along included; give back the list's id."""
        name = secrets.token_urlsafe(16)
        reviews = {entry.citation.id: entry.citation.review for entry in bundle.entries()}
        bare = with_reviews(bundle, dict.fromkeys(reviews, Review()))
        with self._open() as database:
            row = (name, owner, title, time.time(), bundle_to_json(bare), len(reviews))
            database.execute("INSERT INTO lists VALUES (?, ?, ?, ?, ?, ?)", row)
            for citation, review in reviews.items():
                if review != Review():
                    _write(database, name, citation, review)
        return name

    def listed(self, owner: str, limit: int = 50) -> list[ListedWork]:
        """The work lists that somebody made, the latest first."""
        query = """SELECT id, title, citations, (SELECT COUNT(*) FROM reviews WHERE list = id AND status IN ('accept', 'reject'))
            FROM lists WHERE owner = ? ORDER BY created DESC, id LIMIT ?"""
        with self._open() as database:
            return [ListedWork(*row) for row in database.execute(query, (owner, limit))]

    def open(self, name: str) -> Work | None:
        """A work list, for whoever knows its id; None where there is none."""
        with self._open() as database:
            found = database.execute("SELECT owner, title, bundle FROM lists WHERE id = ?", (name,)).fetchone()
            rows = database.execute("SELECT citation, status, reviewer, comment, reviewed_at FROM reviews WHERE list = ?", (name,)).fetchall()
        if found is None:
            return None
        return Work(name, found[0], found[1], with_reviews(bundle_from_json(found[2], found[1]), {row[0]: Review(*row[1:]) for row in rows}))

    def decide(self, name: str, reviews: Mapping[str, Review]) -> None:
        """Keep reviews of a list's citations, by citation id; the last word counts. Raises PolicyError where the list is gone."""
        with self._open() as database:
            _check(database, name)
            for citation, review in reviews.items():
                _write(database, name, citation, review)

    def revise(self, name: str, citation: str, change: Callable[[Review], Review]) -> None:
        """Keep what `change` makes of the review that a citation has by now, whoever gave it. Raises PolicyError where the list is gone."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")  # nobody reviews between reading and writing
            _check(database, name)
            row = database.execute(
                "SELECT status, reviewer, comment, reviewed_at FROM reviews WHERE list = ? AND citation = ?", (name, citation)
            ).fetchone()
            before = Review(*row) if row else Review()
            if (after := change(before)) != before:
                _write(database, name, citation, after)

    def delete(self, name: str, owner: str) -> bool:
        """Delete a list and its reviews for good; whether its owner had one of that id."""
        with self._open() as database:
            return database.execute("DELETE FROM lists WHERE id = ? AND owner = ?", (name, owner)).rowcount == 1

    def name_of(self, owner: str) -> str:
        """The name under which somebody reviews; "" before they gave one."""
        with self._open() as database:
            found = database.execute("SELECT name FROM reviewers WHERE owner = ?", (owner,)).fetchone()
        return str(found[0]) if found else ""

    def call(self, owner: str, name: str) -> None:
        """Keep the name under which somebody reviews."""
        with self._open() as database:
            database.execute("INSERT INTO reviewers VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET name = excluded.name", (owner, name))

    def _open(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        return transaction(self.path, "reviews", _TABLES, VERSION)


def _check(database: sqlite3.Connection, name: str) -> None:
    if not database.execute("SELECT 1 FROM lists WHERE id = ?", (name,)).fetchone():
        raise PolicyError("this work list is no longer kept; export it before it is deleted, or begin a new one")


def _write(database: sqlite3.Connection, name: str, citation: str, review: Review) -> None:
    database.execute(
        "INSERT OR REPLACE INTO reviews VALUES (?, ?, ?, ?, ?, ?)",
        (name, citation, review.status, review.reviewer, review.comment, review.reviewed_at),
    )
