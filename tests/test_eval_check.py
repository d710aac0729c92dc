"""Checking a gold set: what makes its figures worth less is named, and the project's own has none of it."""

from __future__ import annotations

import json
import pathlib

import pytest

from eval.__main__ import main
from eval.check import find_problems, notes
from eval.gold import Evidence, Question
from ingest import Span

TEXT = "Payment data is handled by Paylane."


def question(
    qid: str,
    words: str,
    *,
    document: str | None = "a.md",
    split: str = "dev",
    answerable: bool = True,
    verdict: str | None = None,
    kind: str = "question",
) -> Question:
    evidence = (Evidence(Span(document or "a.md", 0, len(TEXT)), TEXT),) if answerable else ()
    return Question(qid, words, document, evidence, answerable=answerable, split=split, verdict=verdict, kind=kind)


NOTHING_SAID = question("n", "Which colour has the letterhead?", answerable=False)


def test_the_same_question_twice() -> None:
    found = find_problems([question("1", "May visitors bring dogs?"), question("2", "may a visitor bring the dog"), NOTHING_SAID])
    assert found == ["1 and 2 ask the same: 'May visitors bring dogs?', 'may a visitor bring the dog'"]


def test_the_same_question_to_two_policies_is_two_within_a_split_and_a_leak_across() -> None:
    one = question("1", "May visitors bring dogs?")
    assert find_problems([one, question("2", "May visitors bring dogs?", document="b.md"), NOTHING_SAID]) == []
    other = [
        question("2", "May visitors bring dogs?", document="b.md", split="test"),
        question("m", "Why?", document="b.md", split="test", answerable=False),
    ]
    assert find_problems([one, NOTHING_SAID, *other]) == [
        "leak from dev to test: 1 and 2 ask the same: 'May visitors bring dogs?', 'May visitors bring dogs?'"
    ]


def test_a_document_in_two_splits_is_a_leak() -> None:
    asked = [question("1", "May visitors bring dogs?"), NOTHING_SAID, question("2", "Where is the canteen?", split="test", answerable=False)]
    assert find_problems(asked) == ["leak: questions on a.md are in the splits dev, test"]


def test_a_question_in_the_words_of_its_evidence() -> None:
    found = find_problems([question("1", "Is payment data handled by Paylane now?"), NOTHING_SAID])
    assert found == ["1 has 80% of its words from its evidence: 'Is payment data handled by Paylane now?'"]


def test_lopsided_verdicts_and_too_few_without_an_answer() -> None:
    asked = [question(str(number), f"word{number} word{number}0?", verdict="yes") for number in range(3)]
    assert find_problems(asked) == [
        "3 of 3 verdicts are yes: whoever always says so is right in 100%",
        "0 of 3 questions in dev have no answer: too few to measure refusal",
    ]


def test_kinds_are_balanced() -> None:
    def asked(kind: str, count: int, split: str) -> list[Question]:
        document = f"{split}.md"
        return [
            question(f"{split}{kind}{n}", f"{kind}{n} {split}{n}?", document=document, split=split, kind=kind, answerable=kind != "none")
            for n in range(count)
        ]

    assert find_problems([*asked("who", 5, "dev"), *asked("how", 3, "dev"), *asked("none", 3, "dev")]) == []
    assert find_problems([*asked("who", 9, "dev"), *asked("how", 2, "dev"), *asked("none", 3, "dev")]) == [
        "9 of 14 questions are of the kind who: the mean says little of the others",
        "fewer than 3 questions in dev are of the kind how (2): too few to say anything of it",
    ]
    both = [*asked("who", 4, "dev"), *asked("none", 3, "dev"), *asked("none", 4, "test")]
    assert find_problems(both) == [
        "7 of 11 questions are of the kind none: the mean says little of the others",
        "fewer than 3 questions in test are of the kind who (0): too few to say anything of it",
    ]


def test_what_cant_be_mended_is_noted() -> None:
    several = [question(split, f"{split}?", document=None, split=split) for split in ("dev", "test", "test")]
    assert list(notes(several)) == [
        "Questions to several policies (1 in dev, 2 in test) are about documents of every split; the others are split by document."
    ]
    assert list(notes([question("1", "who?"), question("2", "how?", split="test")])) == []


def test_other_formats_are_checked_too(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [{"id": str(number), "question": "Who delivers?", "answers": [{"text": "Bolt", "answer_start": 0}]} for number in range(2)]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps({"data": [{"title": "Bolt", "paragraphs": [{"context": "Bolt delivers parcels.", "qas": asked}]}]}), "utf-8")
    assert main(["check", "--corpus", str(path)]) == 1
    assert "0 and 1 ask the same: 'Who delivers?', 'Who delivers?'" in capsys.readouterr().out
    assert main(["check", "--corpus", str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr().err == f"eval check: {tmp_path / 'none.json'} can't be read: No such file or directory; expected a JSON file\n"


def test_the_projects_own_gold_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "262 questions, every span exact; 0 things to look at." in capsys.readouterr().out
