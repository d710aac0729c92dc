"""Topics, measured: which headings are asked of which policy, and what counts as answered."""

from __future__ import annotations

import pathlib

import pytest

from conftest import WordEncoder
from eval import topics
from eval.topics import EACH, Topic, topic_table, topics_of
from index import Index
from ingest import Document, read_corpus

ROOT = pathlib.Path(__file__).parent.parent


def test_a_policy_is_asked_its_own_headings_and_others_it_has_no_word_of(small_index: Index) -> None:
    found = list(topics_of(small_index.documents))
    assert Topic("payments", "acme.md", strange=False) in found
    assert Topic("payments", "bolt.txt", strange=True) in found
    assert {topic.name for topic in found if topic.document_id == "acme.md" and topic.strange} == {"children"}
    assert not any("policy" in topic.name for topic in found)


def test_topics_are_drawn_in_the_same_way_each_time() -> None:
    documents: tuple[Document, ...] = read_corpus(ROOT / "corpus").documents
    found = list(topics_of(documents))
    assert found == list(topics_of(documents))
    assert all(sum(topic.document_id == document.id and not topic.strange for topic in found) <= EACH for document in documents)


def test_an_answer_from_elsewhere_is_answered_but_not_from_under_the_heading(small_index: Index) -> None:
    wanted = [Topic("payments", "acme.md", strange=False), Topic("payment data", "acme.md", strange=False), Topic("zebras", "bolt.txt", strange=True)]
    heads, rows = topic_table(small_index, wanted)
    assert heads == ["form", "own topics answered", "from under their heading", "strange topics answered"]
    assert rows[0] == ["{}", "1.00 of 2", "0.50 of 2", "0.00 of 1"]


def test_the_command(
    small_corpus: pathlib.Path, word_encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(topics, "load_encoder", lambda: word_encoder)
    assert topics.main(["--corpus", str(small_corpus)]) == 0
    assert "What does the policy say about {}?" in capsys.readouterr().out
    assert topics.main(["--corpus", str(tmp_path / "none")]) == 2
