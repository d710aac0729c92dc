"""Training examples: their quotations are exact, and none of their questions is one that is evaluated."""

from __future__ import annotations

import json
import pathlib
import re

import pytest

from index.encode import embedded_path
from index.network import load_transformer
from ingest import PolicyError, read_bytes, split_sentences
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
    with pytest.raises(PolicyError, match=r"contrasts.jsonl:1: what says conditional is ' ', expected 1 to 80 words"):
        contrasts.read_contrasts(None, tmp_path / "contrasts.jsonl")


SOUND = {"question": "may i go home?", "kind": "yes_no", "verdict": "yes", "evidence": ["You may go."], "near": [], "paraphrases": ["can i leave?"]}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({**SOUND, "question": None}, "question: None is not of type 'string'"),
        ({**SOUND, "kind": ["who"]}, "kind: ['who'] is not of type 'string'"),
        ({**SOUND, "evidence": None}, "evidence: None is not of type 'array'"),
        ({**SOUND, "evidence": [5]}, "evidence[0]: 5 is not of type 'string'"),
        ({**SOUND, "paraphrases": None}, "paraphrases: None is not of type 'array'"),
        ({**SOUND, "paraphrases": [" "]}, "the wording ' ' is too short"),
        ([1], "is a JSON list; expected an object"),
    ],
)
def test_a_wrong_example_is_named_and_the_others_are_counted(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], line: object, said: str
) -> None:
    (tmp_path / "leave.md").write_text("You may go.\n", "utf-8")
    sound = {**SOUND, "question": "may i\u2028go?"}  # U+2028 ends a line for Python, and not in JSON lines
    (tmp_path / "leave.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in (sound, line)), "utf-8")
    assert check.main([str(tmp_path)]) == 2
    first, *_, wrong, count = capsys.readouterr().out.splitlines()
    assert first.startswith("1 policies, 1 questions, 2 judged pairs")
    assert (wrong, count) == (f"{tmp_path / 'leave.jsonl'}:2: {said}", "1 problems")


@pytest.mark.parametrize(("change", "said"), [({"paraphrases": None}, "paraphrases: None"), ({"question": None}, "question: None")])
def test_a_contrast_of_another_shape_is_named(change: dict[str, None], said: str) -> None:
    row = {"question": "can I?", "paraphrases": [], "yes": "You may.", "no": "You may not.", "conditional": "You may, with leave."}
    assert contrasts.problems_of(row) == []
    (problem,) = contrasts.problems_of({**row, **change})
    assert problem.startswith(said)


def test_lines_end_where_json_lines_do(tmp_path: pathlib.Path) -> None:
    rows = [{**SOUND, "question": f"may\u2028i\x85go {number}?"} for number in range(2)]
    (tmp_path / "leave.md").write_text("You may go. Nobody minds, at any hour of the day.\n", "utf-8")
    (tmp_path / "leave.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    (lesson,) = read_lessons(tmp_path)
    assert [question.text for question in lesson.questions[::2]] == [row["question"] for row in rows]
    (tmp_path / "leave.jsonl").write_text("{\n", "utf-8")
    with pytest.raises(PolicyError, match=r"leave.jsonl:1: is no JSON"):
        read_lessons(tmp_path)
