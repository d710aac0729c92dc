"""Follow-ups, measured: the conversations are sound, and what is counted is what is meant."""

from __future__ import annotations

import json
import pathlib

import pytest

from conftest import ACME, WordEncoder
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
        ({"evidence": [{"start": 37, "end": 94, "text": ROW["evidence"][0]["text"]}]}, r"evidence\[0\] 37–94 is .*; that text stands at \d+–\d+"),
        ({"evidence": []}, r"evidence: \[\] "),
        ({"evidence": [5]}, r"evidence\[0\]: 5 is not of type 'object'"),
        ({"turns": ["alone"]}, r"turns: \['alone'\] is too short"),
        ({"wanted": None}, "wanted: None is not of type 'array'"),
        ({"doc_id": "zz.txt"}, "doc_id names the document 'zz.txt', which the corpus doesn't hold"),
        ({"more": 1}, "'more' was unexpected"),
    ],
)
def test_a_line_that_is_wrong_is_named(small_index: Index, tmp_path: pathlib.Path, change: dict[str, object], reason: str) -> None:
    path = tmp_path / "conversations.jsonl"
    path.write_text(json.dumps({**ROW, **change}) + "\n", "utf-8")
    with pytest.raises(PolicyError, match=rf"conversations.jsonl:1: {reason}" if "unexpected" not in reason else reason):
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


def test_a_split_may_have_no_follow_ups_and_no_questions_that_stand_by_themselves(
    small_corpus: pathlib.Path,
    tmp_path: pathlib.Path,
    word_encoder: WordEncoder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow_ups, "load_encoder", lambda: word_encoder)
    start = ACME.index(ROW["evidence"][0]["text"])
    span = {"start": start, "end": start + len(ROW["evidence"][0]["text"]), "text": ROW["evidence"][0]["text"]}
    path, questions = tmp_path / "conversations.jsonl", tmp_path / "questions"
    # U+2028 ends a line for Python, and not in JSON lines.
    path.write_text(json.dumps({**ROW, "evidence": [span], "turns": ["Is\u2028it sold?", ROW["turns"][1]]}, ensure_ascii=False) + "\n", "utf-8")
    arguments = ["--corpus", str(small_corpus), "--conversations", str(path), "--questions", str(questions), "--index", str(tmp_path / "index")]
    assert follow_ups.main(arguments) == 2
    assert capsys.readouterr().err.startswith(f"eval follow-ups: {questions} can't be read: No such file or directory")
    questions.mkdir()
    assert follow_ups.main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2].split()[:7] == ["dev", "0", "–", "–", "–", "–", "–"]
    assert lines[-1] == "dev: 0 questions that stand by themselves, so that none could be asked after another"
    asked = [{"question": question, "split": "dev"} for question in ("Is\u2028data sold?", "Who handles payment data?")]
    (questions / "a.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in asked), "utf-8")
    assert follow_ups.main(arguments) == 0
    assert "dev: of 1 questions that stand by themselves, each after another, 1 were left alone (100.0%)" in capsys.readouterr().out
    (questions / "a.jsonl").write_text('{"question": 5}\n', "utf-8")
    assert follow_ups.main(arguments) == 2
    assert "a.jsonl:1: question: 5 is not of type 'string'" in capsys.readouterr().err


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
