"""Putting policies on the shelf and taking them off: nothing outside the corpus is touched, nothing unreadable gets in."""

from __future__ import annotations

import os
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import READERS, PolicyError, read_corpus
from pages.parts.shelf import MAX_NAME, Shelf, safe_name

NEW = b"# Crux Policy\n\n## Keeping\n\nCrux keeps invoices for seven years.\n"


@pytest.fixture
def shelf(small_corpus: pathlib.Path, tmp_path: pathlib.Path) -> Shelf:
    return Shelf(small_corpus, tmp_path / "state")


def test_a_policy_is_added_and_read_with_the_others(shelf: Shelf) -> None:
    assert shelf.add("crux.md", NEW, "privacy").id == "privacy/crux.md"
    assert [document.id for document in read_corpus(shelf.corpus).documents] == ["acme.md", "bolt.txt", "privacy/crux.md"]
    assert shelf.folders() == ["", "privacy"]


def test_what_can_not_be_read_is_named_and_not_kept(shelf: Shelf) -> None:
    before = sorted(shelf.corpus.rglob("*"))
    for name, data, wrong in (
        ("a.pdf", b"%PDF-1.4 not really", r"^a\.pdf "),
        ("b.txt", b"  ", r"^b\.txt is empty"),
        ("c.exe", NEW, r"suffix \.exe"),
        ("d", NEW, r"suffix \(none\)"),
    ):
        with pytest.raises(PolicyError, match=wrong):
            shelf.add(name, data)
    assert sorted(shelf.corpus.rglob("*")) == before


def test_nothing_is_overwritten_by_adding(shelf: Shelf) -> None:
    with pytest.raises(PolicyError, match=r"there already is a acme\.md; open it and replace it"):
        shelf.add("acme.md", NEW)
    assert b"Paylane" in (shelf.corpus / "acme.md").read_bytes()


def test_a_replaced_policy_keeps_its_earlier_version(shelf: Shelf) -> None:
    old = (shelf.corpus / "acme.md").read_bytes()
    shelf.replace("acme.md", "acme 2026.md", NEW)
    assert (shelf.corpus / "acme.md").read_bytes() == NEW
    assert [version.path.read_bytes() for version in shelf.versions("acme.md")] == [old]
    shelf.replace("acme.md", "acme.md", NEW + b"\nMore.\n")
    assert [version.path.read_bytes() for version in shelf.versions("acme.md")] == [NEW, old]


@pytest.mark.parametrize(
    ("document_id", "name", "data", "wrong"),
    [
        ("acme.md", "acme.txt", NEW, "another format"),
        ("gone.md", "gone.md", NEW, "no gone.md any more"),
        ("acme.md", "acme.md", b" ", "is empty"),
        ("../outside.md", "outside.md", NEW, "no file of the corpus"),
        ("/etc/passwd", "passwd.md", NEW, "no file of the corpus"),
        ("", "a.md", NEW, "no file of the corpus"),
        (".hidden/a.md", "a.md", NEW, "no file of the corpus"),
    ],
)
def test_a_replacement_that_is_none_changes_nothing(shelf: Shelf, document_id: str, name: str, data: bytes, wrong: str) -> None:
    with pytest.raises(PolicyError, match=wrong):
        shelf.replace(document_id, name, data)
    assert b"Paylane" in (shelf.corpus / "acme.md").read_bytes()
    assert not shelf.state.exists()


def test_the_same_file_is_no_new_version(shelf: Shelf) -> None:
    with pytest.raises(PolicyError, match="the very file"):
        shelf.replace("acme.md", "acme.md", (shelf.corpus / "acme.md").read_bytes())


def test_a_policy_that_can_not_be_read_is_not_replaced(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: pathlib.Path) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(pathlib.Path, "read_bytes", fail)
    with pytest.raises(PolicyError, match=r"acme\.md can't be read.*: Input/output error"):
        shelf.replace("acme.md", "acme.md", NEW)
    monkeypatch.undo()
    assert b"Paylane" in (shelf.corpus / "acme.md").read_bytes()


def test_a_removed_policy_is_gone_with_its_versions(shelf: Shelf) -> None:
    shelf.replace("acme.md", "acme.md", NEW)
    shelf.remove("acme.md")
    assert not (shelf.corpus / "acme.md").exists()
    assert shelf.versions("acme.md") == []
    assert not list(shelf.state.rglob("*.md"))


def test_a_link_out_of_the_corpus_is_left_alone(shelf: Shelf, tmp_path: pathlib.Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_bytes(NEW)
    (shelf.corpus / "link.md").symlink_to(outside)
    for act in (lambda: shelf.remove("link.md"), lambda: shelf.replace("link.md", "a.md", NEW + b"x"), lambda: shelf.add("link.md", NEW)):
        with pytest.raises(PolicyError):
            act()
    assert outside.read_bytes() == NEW


def test_a_link_inside_the_corpus_has_no_earlier_versions(shelf: Shelf) -> None:
    (shelf.corpus / "link.md").symlink_to(shelf.corpus / "acme.md")
    shelf.replace("acme.md", "acme.md", NEW)
    assert shelf.versions("link.md") == []
    assert len(shelf.versions("acme.md")) == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/cron.d/evil.md", "evil.md"),
        ("..\\..\\windows\\evil.txt", "evil.txt"),
        ("/abs/path.html", "path.html"),
        ("nul\x00byte.md", "nulbyte.md"),
        ("…  .md", "….md"),
        ("Ünïcode Ṗolicy.PDF", "Ünïcode Ṗolicy.PDF"),
        ("=cmd()|x.md", "=cmd()x.md"),
        ("a" * 300 + ".md", "a" * (MAX_NAME - 3) + ".md"),
        ("規" * 100 + ".docx", "規" * ((MAX_NAME - 5) // 3) + ".docx"),
    ],
)
def test_a_name_is_nothing_but_a_name(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize("name", ["", ".", "..", ".md", "   .md", "CON.md", "nul.txt", "README.md", "x.exe", "x", "../", "a.md/", "policies.toml"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(PolicyError):
        safe_name(name)


@given(st.text(max_size=100), st.sampled_from(sorted(READERS)))
def test_no_name_leads_anywhere(stem: str, suffix: str) -> None:
    try:
        name = safe_name(stem + suffix)
    except PolicyError:
        return
    assert pathlib.PurePosixPath(name).name == pathlib.PureWindowsPath(name).name == name
    assert not name.startswith(".")
    assert "\x00" not in name
    assert len(os.fsencode(name)) <= MAX_NAME
