"""Building: what has not changed is not embedded again, and the same policies give the same index."""

from __future__ import annotations

import os
import pathlib
import shutil
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from conftest import WordEncoder
from index import build_index, is_current, open_index
from ingest import READERS, PolicyError


class CountingEncoder(WordEncoder):
    """Remembers what it was asked to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """As its parent."""
        self.texts += texts
        return super().encode(texts)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def root(small_corpus: pathlib.Path, tmp_path: pathlib.Path, encoder: CountingEncoder) -> pathlib.Path:
    """An index over the small corpus; the encoder has forgotten what it took."""
    build_index(small_corpus, tmp_path / "index", encoder)
    encoder.texts.clear()
    return tmp_path / "index"


def test_everything_is_embedded_once(small_corpus: pathlib.Path, tmp_path: pathlib.Path, encoder: CountingEncoder) -> None:
    built = build_index(small_corpus, tmp_path / "index", encoder)
    index = open_index(tmp_path / "index", encoder)
    sentences = [index.passage(row).in_context for row in range(len(index.sentences))]
    assert set(sentences) <= set(encoder.texts)
    assert len(encoder.texts) == len(set(encoder.texts)) == built.embedded == len(index.sentences) + len(index.chunks)
    assert (built.reused, built.corpus.unread) == (0, ())


def test_a_second_build_embeds_nothing(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    first = open_index(root, encoder)
    built = build_index(small_corpus, root, encoder)
    assert (built.embedded, encoder.texts) == (0, [])
    assert open_index(root, encoder).id == first.id
    assert open_index(root, encoder).name == "generation-000002"


def test_a_changed_sentence_is_embedded_with_its_chunk_and_nothing_else(
    small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder
) -> None:
    path = small_corpus / "acme.md"
    path.write_text(path.read_text("utf-8").replace("We never sell personal data.", "We sell everything."), "utf-8")
    build_index(small_corpus, root, encoder)
    assert sorted(encoder.texts) == [
        "Acme Privacy Policy. Payments: ## Payments\n\nPayment data is handled by Paylane, our payment processor. We sell everything.\n\n",
        "Acme Privacy Policy. Payments: We sell everything.",
    ]
    index = open_index(root, encoder)
    rows = [index.passage(row).text for row in range(*index.rows_of("acme.md"))]
    assert "We sell everything." in rows
    assert "We never sell personal data." not in rows


def test_taken_over_vectors_are_those_of_their_texts(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    (small_corpus / "aaa.txt").write_text("This policy comes first, so that every other row moves.\n", "utf-8")
    build_index(small_corpus, root, encoder)
    index = open_index(root, encoder)
    for row in range(len(index.sentences)):
        text = index.passage(row).in_context
        found = index.candidates(encoder.encode([text])[0], index.words(text), 1)
        assert float(found.dense.max()) == pytest.approx(1.0)
        assert index.passage(int(found.rows[found.dense.argmax()])).in_context == text


def test_a_copy_of_a_policy_embeds_nothing(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    shutil.copy(small_corpus / "acme.md", small_corpus / "copy.md")
    assert build_index(small_corpus, root, encoder).embedded == 0
    index = open_index(root, encoder)
    assert [document.id for document in index.documents] == ["acme.md", "bolt.txt", "copy.md"]


def test_what_is_embedded_once_for_two_copies_is_not_taken_over(small_corpus: pathlib.Path, tmp_path: pathlib.Path, encoder: CountingEncoder) -> None:
    shutil.copy(small_corpus / "acme.md", small_corpus / "copy.md")
    built = build_index(small_corpus, tmp_path / "index", encoder)
    assert (built.embedded, built.reused) == (len(encoder.texts), 0)
    index = open_index(tmp_path / "index", encoder)
    again = build_index(small_corpus, tmp_path / "index", encoder)
    assert (again.embedded, again.reused) == (0, len(index.sentences) + len(index.chunks))


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="the file system refuses such names")
def test_a_name_that_is_not_utf_8_is_named_and_the_rest_indexed(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    pathlib.Path(os.fsdecode(os.fsencode(small_corpus) + b"/caf\xe9.txt")).write_text("Invoices are kept for seven years in Leeds.\n", "utf-8")
    build_index(small_corpus, root, encoder)
    index = open_index(root, encoder)
    assert [document.id for document in index.documents] == ["acme.md", "bolt.txt"]
    assert index.unread == (("caf\\xe9.txt", "has a name that is not UTF-8; rename it"),)
    assert is_current(root, small_corpus, encoder.name)


def test_a_removed_policy_is_gone(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    (small_corpus / "bolt.txt").unlink()
    build_index(small_corpus, root, encoder)
    index = open_index(root, encoder)
    assert [document.id for document in index.documents] == ["acme.md"]
    assert {index.passage(row).span.document_id for row in range(len(index.sentences))} == {"acme.md"}
    assert encoder.texts == []


def test_rebuilding_embeds_everything_again(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    built = build_index(small_corpus, root, encoder, rebuild=True)
    assert (built.embedded, built.reused) == (len(encoder.texts), 0)
    assert built.embedded > 0


def test_the_order_in_which_files_were_made_does_not_matter(small_corpus: pathlib.Path, tmp_path: pathlib.Path, encoder: CountingEncoder) -> None:
    again = tmp_path / "again"
    again.mkdir()
    for path in sorted(small_corpus.iterdir(), reverse=True):
        shutil.copy(path, again / path.name)
    ids = []
    for number, folder in enumerate((small_corpus, again)):
        build_index(folder, tmp_path / f"index{number}", encoder)
        ids.append(open_index(tmp_path / f"index{number}", encoder).id)
    assert ids[0] == ids[1]


@pytest.mark.parametrize("change", ["text", "name", "facts", "new", "gone"])
def test_any_change_of_the_corpus_is_noticed(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder, change: str) -> None:
    assert is_current(root, small_corpus, encoder.name)
    path = small_corpus / "acme.md"
    changes = {
        "text": lambda: path.write_text(path.read_text("utf-8") + " ", "utf-8"),
        "name": lambda: path.rename(small_corpus / "acme2.md"),
        "facts": lambda: (small_corpus / "policies.toml").write_text('["acme.md"]\npolicy = "Acme 2"\n', "utf-8"),
        "new": lambda: (small_corpus / "new.txt").write_text("A new policy that nobody has read yet.\n", "utf-8"),
        "gone": path.unlink,
    }
    changes[change]()
    assert not is_current(root, small_corpus, encoder.name)
    build_index(small_corpus, root, encoder)
    assert is_current(root, small_corpus, encoder.name)


def test_another_encoder_or_reader_is_noticed(
    small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_current(root, small_corpus, "another")
    monkeypatch.setitem(READERS, ".txt", ("text/another", READERS[".txt"][1]))
    assert not is_current(root, small_corpus, encoder.name)


def test_a_file_that_cannot_be_read_is_remembered_with_its_reason(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    (small_corpus / "bad.pdf").write_bytes(b"")
    built = build_index(small_corpus, root, encoder)
    assert [(entry.path, entry.reason) for entry in built.corpus.unread] == [("bad.pdf", "is empty")]
    assert open_index(root, encoder).unread == (("bad.pdf", "is empty"),)
    assert is_current(root, small_corpus, encoder.name)


def test_a_policy_of_headings_only_has_no_sentence_to_quote(tmp_path: pathlib.Path, small_corpus: pathlib.Path, encoder: CountingEncoder) -> None:
    (small_corpus / "headings.md").write_text("# A heading\n\n## Another heading\n\n### And a third one\n", "utf-8")
    build_index(small_corpus, tmp_path / "index", encoder)
    index = open_index(tmp_path / "index", encoder)
    assert index.rows_of("headings.md") == (len(index.sentences), len(index.sentences))
    assert len(index.candidates(index.encode("heading"), index.words("heading"), 5, "headings.md").rows) == 0
    for name in ("acme.md", "bolt.txt"):
        (small_corpus / name).unlink()
    with pytest.raises(PolicyError, match="hold headings and no sentence"):
        build_index(small_corpus, tmp_path / "index", encoder)


def test_a_policy_without_words_can_be_indexed(tmp_path: pathlib.Path, encoder: CountingEncoder) -> None:
    (tmp_path / "amounts.txt").write_text("£ 5 / £ 7 / £ 9; € 5 / € 7 / € 9.\n", "utf-8")
    build_index(tmp_path, tmp_path / ".index", encoder)
    index = open_index(tmp_path / ".index", encoder)
    assert index.words("How much is it?").tolist() == [0.0] * len(index.sentences)


def test_an_empty_corpus_leaves_the_index_as_it_was(tmp_path: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(PolicyError, match="found no policy that can be read in"):
        build_index(empty, root, encoder)
    assert len(open_index(root, encoder).documents) == 2


def test_a_file_instead_of_a_folder_is_said(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    with pytest.raises(PolicyError, match=r"acme\.md is a file; expected a folder of policies, such as .*, or a corpus\.jsonl$"):
        build_index(small_corpus / "acme.md", root, encoder)


@pytest.mark.skipif(not pathlib.Path("/proc/self/mem").is_file(), reason="needs a file that nobody can read")
def test_facts_that_cannot_be_read_are_no_trouble_of_the_index(small_corpus: pathlib.Path, root: pathlib.Path, encoder: CountingEncoder) -> None:
    (small_corpus / "policies.toml").unlink(missing_ok=True)
    (small_corpus / "policies.toml").symlink_to("/proc/self/mem")
    with pytest.raises(PolicyError, match=r"policies\.toml can't be read: .*; expected TOML, one table for each file$"):
        build_index(small_corpus, root, encoder)


def test_progress_counts_up_to_the_whole(small_corpus: pathlib.Path, tmp_path: pathlib.Path, encoder: CountingEncoder) -> None:
    steps: list[tuple[str, int, int]] = []
    built = build_index(small_corpus, tmp_path / "index", encoder, lambda *step: steps.append(step))
    assert [what for what, _, _ in steps][:2] == ["reading acme.md", "reading bolt.txt"]
    done = [(what, count) for what, count, total in steps if total and count == total]
    assert [what for what, _ in done] == ["embedding sentences", "embedding chunks"]
    assert sum(count for _, count in done) == built.embedded
