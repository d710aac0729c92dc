"""Follow-ups, measured: the conversations are sound, and what is counted is what is meant."""

from __future__ import annotations

import json
import pathlib

import pytest

from eval import follow_ups
from eval.follow_ups import Conversation, Followed, follow_up_table, left_alone, only_names, read_conversations
from index import Index
from ingest import Document, PolicyError, read_corpus

ROOT = pathlib.Path(__file__).parent.parent
ROW = {
    "id": "c1",
    "turns": ["Does Acme sell personal data?", "and who handles payment data?"],
    "doc_id": "acme.md",
    "given": True,
    "follow_up": False,
    "wanted": [],
    "evidence": [{"start": 36, "end": 94, "text": "Payment data is handled by Paylane, our payment processor."}],
    "split": "dev",
}


def test_the_conversations_are_many_sound_and_split_by_document() -> None:
    texts = {document.id: document.text for document in read_corpus(ROOT / "corpus").documents}
    conversations = read_conversations(ROOT / "eval" / "conversations.jsonl", texts)
    assert sum(entry.follow_up for entry in conversations) >= 60
    splits = {split: {entry.document_id for entry in conversations if entry.split == split} for split in ("dev", "test")}
    assert splits["dev"]
    assert splits["test"]
    assert not splits["dev"] & splits["test"]
    assert len({entry.id for entry in conversations}) == len(conversations)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"evidence": [{"start": 37, "end": 94, "text": ROW["evidence"][0]["text"]}]}, "doesn't stand at 37 of acme.md"),
        ({"turns": ["alone"]}, "expected two questions or more"),
        ({"more": 1}, "found the keys"),
    ],
)
def test_a_line_that_is_wrong_is_named(small_index: Index, tmp_path: pathlib.Path, change: dict[str, object], reason: str) -> None:
    path = tmp_path / "conversations.jsonl"
    path.write_text(json.dumps({**ROW, **change}) + "\n", "utf-8")
    with pytest.raises(PolicyError, match=reason):
        read_conversations(path, {document.id: document.text for document in small_index.documents})


def test_a_conversation_is_asked_with_and_without_the_rewriting(small_index: Index, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "conversations.jsonl"
    text = small_index.document("acme.md").text
    quoted = "You can delete your account in the settings, unless an invoice is still open."
    start = text.index(quoted)
    evidence = [{"start": start, "end": start + len(quoted), "text": quoted}]
    row = {**ROW, "turns": ["Who handles my account?", "can I delete it?"], "follow_up": True, "wanted": ["account"], "evidence": evidence}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    (followed,) = follow_ups.follow(small_index, read_conversations(path, {"acme.md": text}))
    assert (followed.rewritten, followed.after) == ("can I delete my account?", 1)
    assert follow_up_table([followed])[1][0][-2:] == ["1.000", "0 of 0"]


def test_ranks_are_counted_by_split() -> None:
    entry = Conversation("c", ("a?", "b?"), "d", given=True, follow_up=True, wanted=("x",), evidence=(), split="dev")
    rows = follow_up_table([Followed(entry, "x?", 1, None), Followed(entry, "y?", 3, 1)])[1]
    assert rows == [["dev", "2", "0.500", "0.500", "0.500", "1.000", "0.500", "0 of 0"]]


def test_what_is_left_alone_and_what_only_got_a_name() -> None:
    documents = (Document("b", "HelpU", "", "We help.", organisation="HelpU, Inc."), Document("c", "Workpex", "", "We work."))
    touched, count = left_alone([("Does HelpU sell it?", "dev"), ("do they listen to me?", "dev"), ("who reads my mail?", "dev")], documents)
    assert (count, touched) == (2, [("Does HelpU sell it?", "do they listen to me?", "do HelpU listen to me?")])
    assert only_names("do they listen to me?", "do HelpU listen to me?", documents)
    assert not only_names("can I delete it?", "can I delete my photo?", documents)
