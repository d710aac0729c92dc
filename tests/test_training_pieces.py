"""Training: word pieces travel without loss, public sets become lessons, and what is trained loads as what is used."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import random

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from index import load_encoder
from index.encode import embedded_path
from index.network import ENCODER_FOLDER, HASHES, READER_FOLDER, SETTINGS, WEIGHTS, CrossEncoder, layout, load_transformer, merge_adapter, network_id
from ingest import PolicyError, read_bytes, split_sentences
from training import calibrate, encoder, reader, sources, stances, supplement
from training.base import Schedule, encode_all, trainable_base
from training.candidates import choose, study
from training.cross_encoder import BLANK, VERDICTS, Model, Settings, hide
from training.examples import Lesson, Question
from training.pieces import BASE, Asked, Pieces, cut, ends_of, pack, unpack
from training.sources import Lessons
from training.supplement import MOST_SENTENCES, read_supplement, read_written

LEAVE = """# Leave

You may take ten days off each year.

Your manager decides within a week.

Unused days are lost in March.
"""
CARDS = """# Payments

Cardhouse Ltd processes card payments.

We never store card numbers.

Receipts are kept for six years.
"""


def lesson(name: str, text: str, questions: tuple[Question, ...]) -> Lesson:
    """A lesson of a text."""
    document = read_bytes(text.encode(), f"{name}.md")
    return Lesson(name, pathlib.Path(f"{name}.md"), tuple(split_sentences(document)), questions)


LESSONS = (
    lesson(
        "work/leave",
        LEAVE,
        (Question("is time off allowed", (0,), (2,), "yes", "yes_no", 0), Question("who pays for lunch", (), (1,), None, "unanswerable", 1)),
    ),
    lesson("shop/cards", CARDS, (Question("who handles payments", (0,), (1,), None, "who", 0),)),
)


@pytest.fixture(scope="module")
def pieces() -> list[Pieces]:
    """The two lessons in word pieces."""
    tokenizer = load_transformer(embedded_path())[1]
    return [cut(entry, tokenizer, held_out=False) for entry in LESSONS]


def test_a_packed_network_embeds_as_the_whole_one_does(pieces: list[Pieces], tmp_path: pathlib.Path) -> None:
    ends = ends_of(load_transformer(embedded_path())[1])
    pack(tmp_path, pieces, embedded_path())
    packed, packed_ends = unpack(tmp_path)
    vectors = []
    for base, lessons, marks in ((embedded_path(), pieces, ends), (tmp_path / BASE, packed, packed_ends)):
        vectors.append(encode_all(trainable_base(base).eval(), lessons[0].contexts, marks, 96).detach().numpy())
    assert np.sum(vectors[0] * vectors[1], axis=1) == pytest.approx(1.0, abs=1e-3)
    assert [question.evidence for entry in packed for question in entry.questions] == [[0], [], [0]]


def test_training_embeds_sentences_as_the_index_does(pieces: list[Pieces], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.candidates.CACHE", tmp_path)
    tokenizer = load_transformer(embedded_path())[1]
    network = trainable_base(embedded_path())
    merge_adapter(network, ENCODER_FOLDER)
    studied = study(pieces[:1], network.eval(), ENCODER_FOLDER, ends_of(tokenizer))[0]
    wanted = load_encoder().encode([sentence.in_context for sentence in LESSONS[0].sentences])
    assert np.sum(studied.vectors * wanted, axis=1) == pytest.approx(1.0, abs=2e-2)


def test_a_trained_reader_loads_and_says_what_it_learnt(pieces: list[Pieces], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.candidates.CACHE", tmp_path / "cache")
    ends = ends_of(load_transformer(embedded_path())[1])
    settings = Settings(epochs=12, rate=2e-4, candidates=3, questions_a_step=3)
    reader.train(tmp_path / "reader", Lessons(pieces, {}, embedded_path(), ends), settings, ENCODER_FOLDER, start=ENCODER_FOLDER)
    read = CrossEncoder(embedded_path(), tmp_path / "reader").read(
        [
            ("is time off allowed", "Leave", "", "You may take ten days off each year."),
            ("is time off allowed", "Leave", "You may take ten days off each year.", "Your manager decides within a week."),
        ]
    )
    assert read[0, 0] > read[1, 0]
    assert read[0, 1:].argmax() == VERDICTS["yes"]
    assert json.loads((tmp_path / "reader" / "training.json").read_text("utf-8"))["questions"] == {"own": 3}


def test_a_network_trained_for_verdicts_loads_and_gives_those_it_learnt(pieces: list[Pieces], tmp_path: pathlib.Path) -> None:
    ends = ends_of(load_transformer(embedded_path())[1])
    held = {"own": [entry for entry in pieces if any(question.stance == "yes" for question in entry.questions)]}
    settings = stances.Settings(epochs=8, rate=2e-4, questions_a_step=2, states=1.0, masked=0.0)
    lessons = Lessons(pieces, held, embedded_path(), ends)
    stances.train(tmp_path / "first", lessons, settings, READER_FOLDER)
    stances.train(tmp_path / "mean", lessons, dataclasses.replace(settings, epochs=1), READER_FOLDER, tmp_path / "first")
    read = CrossEncoder(embedded_path(), tmp_path / "mean").read([("is time off allowed", "Leave", "", "You may take ten days off each year.")])
    assert read[0, 1:].argmax() == VERDICTS["yes"]
    card = json.loads((tmp_path / "mean" / "training.json").read_text("utf-8"))
    assert card["log"][-1]["mixed with"]["epochs"] == 8
    assert card["start"]["weights"] == network_id(READER_FOLDER)
    assert card["log"][-1]["own"] == {"verdicts": 1.0, "questions": 1, "confusion": [[1, 0, 0], [0, 0, 0], [0, 0, 0]]}


def test_a_training_that_begins_with_a_reader_begins_where_it_stands() -> None:
    tokenizer = load_transformer(embedded_path())[1]
    texts = ("can i leave early", "Hours", "", "You may go home when your work is done.")
    asked, above, before, sentence = tokenizer(list(texts), add_special_tokens=False)["input_ids"]
    model = Model(embedded_path(), Settings(), READER_FOLDER).eval()
    found = model.read([layout(asked, (above, before), sentence, ends_of(tokenizer))]).detach().numpy()
    assert found == pytest.approx(CrossEncoder(embedded_path(), READER_FOLDER).read([texts]), abs=0.25)


def test_a_mixture_lies_between_two_readers() -> None:
    first, second = Model(embedded_path(), Settings()), Model(embedded_path(), Settings(), READER_FOLDER)
    before = first.head[0].weight.detach().clone()
    first.mix(second, 0.25)
    assert torch.allclose(first.head[0].weight, 0.75 * before + 0.25 * second.head[0].weight)


def test_a_share_of_the_word_pieces_is_hidden_and_no_end_is() -> None:
    ends = (101, 102)
    whole = [([101, *range(200, 1200), 102], 500, 600)]
    ((ids, end, begin),) = hide(whole, 0.1, ends, random.Random(3))
    assert (ids[0], ids[-1], end, begin) == (101, 102, 500, 600)
    assert 60 < ids.count(BLANK) < 140
    assert [piece for piece in ids if piece != BLANK] == [piece for piece in whole[0][0] if piece in ids]


def test_evidence_and_near_misses_are_read_before_what_only_lies_near() -> None:
    question = Asked([1], [5], [3], "states", 0)
    rows, answering = choose(question, np.arange(10), 4, random.Random(1))
    assert (rows[:2], answering, len(rows), len(set(rows))) == ([5, 3], 1, 4, 4)


def test_the_rate_rises_and_falls_to_nothing() -> None:
    import torch

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = Schedule(optimizer, 20)
    rates = []
    while schedule.step():
        rates.append(optimizer.param_groups[0]["lr"])
    assert len(rates) == 20
    assert rates[0] < rates[1] < max(rates) <= 1.0
    assert rates[-1] == min(rates[2:]) < 0.1


def test_a_long_public_document_becomes_several_lessons(tmp_path: pathlib.Path) -> None:
    text = "\n\n".join(f"Rule number {number} holds for everyone." for number in range(MOST_SENTENCES + 5))
    quote = f"Rule number {MOST_SENTENCES + 2} holds for everyone."
    start = text.index(quote)
    late = {"question": "does the late\u2028rule bind me too?", "evidence": [{"start": start, "end": start + len(quote)}], "answerable": True}
    none = {"question": "who sweeps the floor here?", "evidence": [], "answerable": False}
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"doc_id": "d", "title": "D", "text": text}) + "\n", "utf-8")
    rows = [{**row, "doc_id": "d", "split": split} for row, split in ((late, "train"), (none, "train"), (late, "test"))]
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    first, second = read_supplement(tmp_path)
    assert (len(first.sentences), len(second.sentences)) == (MOST_SENTENCES, 5)
    assert [(question.text, question.evidence) for question in first.questions] == [(none["question"], ())]
    # Once only: of the test split nothing is learnt.
    assert [question.text for question in second.questions] == [late["question"]]
    assert [second.sentences[number].text for number in second.questions[0].evidence] == [quote]


def test_a_public_set_of_another_shape_is_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"doc_id": "d", "title": "D", "text": "We sell nothing."}) + "\n", "utf-8")
    with pytest.raises(PolicyError, match=r"questions.jsonl can't be read: No such file"):
        read_supplement(tmp_path)
    (tmp_path / "questions.jsonl").write_text('{"doc_id": "d", "question": null, "answerable": true, "evidence": []}\n', "utf-8")
    with pytest.raises(PolicyError, match=r"questions.jsonl:1: question: None is not of type 'string'"):
        read_supplement(tmp_path)


def test_what_was_written_to_a_document_that_is_missing_is_named(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supplement, "WRITTEN", tmp_path / "written")
    row = {"doc_id": "gone", "stretch": [0, 5], "sha256": "abc", "question": "who?", "kind": "who", "evidence": [], "near": [], "paraphrases": []}
    for folder, name, written in (("public", "corpus.jsonl", {"doc_id": "d", "title": "D", "text": "We sell."}), ("written", "public.jsonl", row)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(json.dumps(written) + "\n", "utf-8")
    with pytest.raises(PolicyError, match=r"the text of gone is missing, expected abc"):
        read_written(tmp_path / "public")


def test_a_folder_that_is_missing_is_said_in_a_line(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    none = str(tmp_path / "none")
    for name, main in {"encoder": encoder.main, "reader": reader.main, "stances": stances.main, "sources": sources.main}.items():
        assert main(["--packed", none, "--out", str(tmp_path / "out")]) == 2
        assert capsys.readouterr().err == f"training.{name}: {none}/lessons.jsonl.gz can't be read or written: No such file or directory\n"
    for name in ("load_encoder", "load_reader", "load_stances"):
        monkeypatch.setattr(calibrate, name, lambda: None)
    monkeypatch.setattr("training.cases.read_lessons", list)
    assert calibrate.main(["--development", none, none, "--out", str(tmp_path / "out.json")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("training.calibrate: ")
    assert none in line


# peft asks transformers for something by its old name.
@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")
def test_an_adapter_is_put_into_a_folder_whole_or_not_at_all(pieces: list[Pieces], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lessons = Lessons(pieces, {}, embedded_path(), ends_of(load_transformer(embedded_path())[1]))
    settings = encoder.Settings(epochs=0)
    for name in ("README.md", WEIGHTS, SETTINGS, HASHES, "training.json"):
        (tmp_path / name).write_bytes(b"as it was")

    def full(folder: pathlib.Path) -> None:
        raise OSError(28, "No space left on device", str(folder))

    with monkeypatch.context() as patched:
        patched.setattr(encoder, "seal", full)
        with pytest.raises(OSError, match="No space left"):
            encoder.train(tmp_path, lessons, settings, ENCODER_FOLDER)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"as it was"}
    encoder.train(tmp_path, lessons, settings, ENCODER_FOLDER)
    assert {path.name for path in tmp_path.iterdir()} == {"README.md", WEIGHTS, SETTINGS, HASHES, "training.json"}
    assert (tmp_path / "README.md").read_bytes() == b"as it was"
    assert len(network_id(tmp_path)) == 12
    begun, saved = load_file(ENCODER_FOLDER / WEIGHTS), load_file(tmp_path / WEIGHTS)
    assert begun.keys() == saved.keys()
    assert all(torch.allclose(weight.float(), saved[name].float(), atol=1e-3) for name, weight in begun.items())
    card = json.loads((tmp_path / "training.json").read_text("utf-8"))
    assert card["start"] == {"weights": network_id(ENCODER_FOLDER), **json.loads((ENCODER_FOLDER / "training.json").read_text("utf-8"))}
    encoder.train(tmp_path / "new", lessons, settings, None)
    assert "start" not in json.loads((tmp_path / "new" / "training.json").read_text("utf-8"))
