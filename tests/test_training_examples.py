"""Training examples: their quotations are exact, and none of their questions is one that is evaluated."""

from __future__ import annotations

import json
import pathlib
import re

import pytest

from index.encode import embedded_path
from index.network import load_transformer
from ingest import read_bytes, split_sentences
from training import check, contrasts
from training.examples import DATA, read_lessons, rows_of
from training.supplement import WRITTEN

ROOT = pathlib.Path(__file__).parent.parent


def folded(text: str) -> str:
    """Letters and digits only."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def test_every_example_passes_the_check() -> None:
    assert check.main([str(DATA)]) == 0


def test_no_question_that_is_evaluated_is_trained_on() -> None:
    lines = [line for path in (ROOT / "eval" / "questions").glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    evaluated = {folded(json.loads(line)["question"]) for line in lines}
    trained = {folded(question.text) for lesson in read_lessons() for question in lesson.questions}
    rows = [json.loads(line) for path in WRITTEN.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    written = {folded(text) for row in rows for text in (row["question"], *row["paraphrases"])}
    contrasted = {folded(text) for row in contrasts.contrast_rows() for text in (row["question"], *row["paraphrases"])}
    assert len(written) > 4000
    assert not evaluated & (trained | written | contrasted)


def test_no_policy_of_the_corpus_is_trained_on() -> None:
    names = ("hpec", "hep.pro", "hetacloud", "helpu", "workpex", "wokpex", "tidewell")
    assert [lesson.name for lesson in read_lessons() if any(name in lesson.path.read_text("utf-8").lower() for name in names)] == []


def test_evidence_is_found_by_sentence() -> None:
    lesson = next(lesson for lesson in read_lessons() if lesson.name == "privacy_web/voltrexa")
    question = next(question for question in lesson.questions if question.text.startswith("can I set up the speaker"))
    assert [lesson.sentences[row].text for row in question.evidence] == ["Voice profiles cannot be created for children under any circumstances."]
    assert question.verdict == "no"


def test_a_label_in_a_quotation_is_not_its_evidence() -> None:
    document = read_bytes(b"# Devices\n\n**Cameras.** They record when something moves in front of them. Sound is off.\n", "devices.md")
    sentences = tuple(split_sentences(document))
    assert sentences[0].text == "**Cameras.**"
    quoted = "**Cameras.** They record when something moves in front of them."
    assert [sentences[row].text for row in rows_of(quoted, document, sentences)] == ["They record when something moves in front of them."]


def test_every_contrast_has_three_sentences() -> None:
    rows = contrasts.contrast_rows()
    assert len(rows) > 1000
    assert [problem for row in rows for problem in contrasts.problems_of(row)] == []
    assert len({folded(row["question"]) for row in rows}) == len(rows)


def test_a_contrast_is_one_question_with_three_verdicts(tmp_path: pathlib.Path) -> None:
    said = {"yes": "You may.", "no": ["Barred are:", "visits"], "conditional": "You may, with leave."}
    row = {"question": "can I?", "paraphrases": ["allowed?"], **said}
    (tmp_path / "contrasts.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    tokenizer = load_transformer(embedded_path())[1]
    (lesson,) = contrasts.read_contrasts(tokenizer, tmp_path / "contrasts.jsonl")
    assert [(tokenizer.decode(asked.ids), asked.stance, *map(tokenizer.decode, lesson.parts[asked.evidence[0]])) for asked in lesson.questions] == [
        ("can i?", "yes", "", "", "you may."),
        ("allowed?", "yes", "", "", "you may."),
        ("can i?", "no", "", "barred are :", "visits"),
        ("allowed?", "no", "", "barred are :", "visits"),
        ("can i?", "conditional", "", "", "you may, with leave."),
        ("allowed?", "conditional", "", "", "you may, with leave."),
    ]


def test_a_contrast_that_lacks_a_sentence_is_named(tmp_path: pathlib.Path) -> None:
    row = {"question": "can I?", "paraphrases": [], "yes": "You may.", "no": "You may.", "conditional": " "}
    (tmp_path / "contrasts.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert len(contrasts.problems_of(row)) == 2
    with pytest.raises(ValueError, match=r"contrasts.jsonl:1: what says conditional is ' ', expected 1 to 80 words"):
        contrasts.read_contrasts(None, tmp_path / "contrasts.jsonl")
