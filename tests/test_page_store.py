"""Conversations in their file: kept, listed for their owner only, and gone for good when deleted."""

from __future__ import annotations

import pathlib
import sqlite3
import threading

import pytest

from ingest import PolicyError
from pages.parts.store import NAME, Opinion, Store

ROW = {"answer": {"question": "Who handles payment data? €"}}


@pytest.fixture
def store(tmp_path: pathlib.Path) -> Store:
    return Store(tmp_path / "state")


def test_a_conversation_is_kept_in_order_and_opened_by_whoever_has_its_id(store: Store) -> None:
    name = store.append(None, "ann", "First question", ROW)
    assert store.append(name, "ann", "ignored", {"answer": {"question": "second"}}) == name
    kept = store.open(name)
    assert kept is not None
    assert (kept.owner, kept.rows, kept.opinions) == ("ann", (ROW, {"answer": {"question": "second"}}), (Opinion(), Opinion()))
    assert store.open("nothing") is None


def test_turns_are_kept_together_or_not_at_all(store: Store) -> None:
    name = store.append(None, "ann", "one", ROW, {"n": 1})
    with pytest.raises(TypeError):
        store.append(name, "ann", "", {"n": 2}, {"n": object()})
    store.append(name, "ann", "", {"n": 3})
    kept = store.open(name)
    assert kept is not None
    assert kept.rows == (ROW, {"n": 1}, {"n": 3})


def test_each_owner_sees_their_own_the_latest_first(store: Store) -> None:
    first = store.append(None, "ann", "one", ROW)
    store.append(None, "bob", "his", ROW)
    second = store.append(None, "ann", "two", ROW)
    assert [entry.title for entry in store.listed("ann")] == ["two", "one"]
    store.append(first, "ann", "", ROW)
    assert [entry.id for entry in store.listed("ann")] == [first, second]
    assert store.listed("carl") == []


def test_only_the_owner_adds_says_and_deletes(store: Store) -> None:
    name = store.append(None, "ann", "one", ROW)
    with pytest.raises(PolicyError, match="no longer kept"):
        store.append(name, "bob", "", ROW)
    store.say(name, "bob", 0, Opinion(0, "spam"))
    assert not store.delete(name, "bob")
    store.say(name, "ann", 0, Opinion(1, "right"))
    kept = store.open(name)
    assert kept is not None
    assert kept.opinions == (Opinion(1, "right"),)
    assert len(kept.rows) == 1


def test_what_is_deleted_is_not_in_the_file_any_more(store: Store) -> None:
    name = store.append(None, "ann", "the secret title", {"answer": {"question": "the secret question " * 500}})
    assert b"secret question" in store.path.read_bytes()
    assert store.delete(name, "ann")
    assert store.open(name) is None
    assert b"secret" not in store.path.read_bytes()
    assert [path.name for path in store.path.parent.iterdir()] == [NAME]


def test_ids_can_not_be_guessed(store: Store) -> None:
    names = {store.append(None, "ann", "one", ROW) for _ in range(50)}
    assert len(names) == 50
    assert min(len(name) for name in names) >= 22


def test_many_at_once_lose_nothing(store: Store) -> None:
    name = store.append(None, "ann", "one", ROW)
    threads = [threading.Thread(target=store.append, args=(name, "ann", "", {"n": number})) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = store.open(name)
    assert kept is not None
    assert sorted(row["n"] for row in kept.rows[1:]) == list(range(20))


def test_a_file_that_is_none_is_named_with_the_way_out(tmp_path: pathlib.Path) -> None:
    (tmp_path / NAME).write_bytes(b"this is no database, and long enough to be sure" * 20)
    with pytest.raises(PolicyError, match=r"conversations can't be kept in .*ASKPOLICY_STATE"):
        Store(tmp_path).listed("ann")
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(PolicyError, match="ASKPOLICY_STATE"):
        Store(tmp_path / "file").listed("ann")


def test_a_file_of_a_later_layout_is_refused(store: Store) -> None:
    store.append(None, "ann", "one", ROW)
    with sqlite3.connect(store.path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(PolicyError, match="layout 99, expected 1"):
        store.listed("ann")
