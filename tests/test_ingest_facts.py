"""What is known of a policy beside its text: from `policies.toml`, from its date, from its file's name."""

from __future__ import annotations

import datetime
import pathlib
import re

import pytest

from ingest import PolicyError, document_from_text, read_corpus, split_sentences
from ingest.__main__ import main

TEXT = "Invoices are kept for seven years in Leeds.\n"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('["a.txt"]\neffective_date = 2025-01-01T00:00:00\n', "effective_date is datetime.datetime(2025, 1, 1, 0, 0); expected a date"),
        ('["a.txt"]\neffective_date = "2025-01-01"\n', "effective_date is '2025-01-01'; expected a date"),
        ('["a.txt"]\naliases = [1, "b"]\n', "aliases is [1, 'b']; expected a list of str"),
        ('["a.txt"]\naliases = "b"\n', "aliases is 'b'; expected a list"),
        ('["a.txt"]\npolcy = "b"\n', "has the key 'polcy'; expected one of policy, organisation"),
        ("a = 1\n", "is a value; expected a table"),
        ("[", "expected TOML, one table for each file"),
    ],
)
def test_facts_that_cannot_be_used_are_refused(tmp_path: pathlib.Path, toml: str, said: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "policies.toml").write_text(toml, "utf-8")
    with pytest.raises(PolicyError, match=re.escape(said)):
        read_corpus(tmp_path)


def test_a_table_that_names_no_file_is_a_warning(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "policies.toml").write_text('["a.txt"]\npolicy = "Invoices"\n\n["hr/a.txt"]\npolicy = "Typo"\n', "utf-8")
    corpus = read_corpus(tmp_path)
    said = f'{tmp_path / "policies.toml"}: ["hr/a.txt"] names no policy here; check its path'
    assert ([document.policy for document in corpus.documents], corpus.unread, corpus.warnings) == (["Invoices"], (), (said,))
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().err == f"ingest: warning: {said}\n"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("The GDPR became effective on 25 May 2018 and binds us.\n\nEffective date: 1 June 2024\n", datetime.date(2024, 6, 1)),
        ("It is effective from 2 May 2019 in Leeds.\n\nEffective 1 June 2024\n", datetime.date(2024, 6, 1)),
        ("This replaces the policy effective 1 January 2020.\n", None),
        ("The regulation is in force since 25 May 2018. This notice is effective as of 3 May 2019.\n", datetime.date(2019, 5, 3)),
        ("Version 1 (effective 2 May 2019), version 2 (effective 3 May 2020)\n\nLast updated 4 May 2021\n", datetime.date(2021, 5, 4)),
        ("Last updated 4 May 2021, effective 5 June 2021.\n", datetime.date(2021, 6, 5)),
        ("Effective 1st September 2024\n", datetime.date(2024, 9, 1)),
        ("| Effective from | 1st of May 2024 |\n", datetime.date(2024, 5, 1)),
        ("Effective date: 03/04/2021\n\nLast updated 4 May 2021\n", None),
    ],
)
def test_the_date_is_the_policys_own(text: str, date: datetime.date | None) -> None:
    assert document_from_text(text, "a.txt").effective_date == date


@pytest.mark.parametrize("stem", ["hr", "IT", "hr-2024", "T&C", "ISO27001", "隐私政策", "IMG_20240501"])
def test_short_names_and_those_in_any_script_are_names(stem: str) -> None:
    assert document_from_text(TEXT, f"{stem}.txt", "A title").policy == re.sub("[-_]", " ", stem)


@pytest.mark.parametrize("stem", ["000_405d2dc699b82696", "550e8400-e29b-41d4-a716-446655440000", "2024-05-01"])
def test_names_without_a_word_are_not(stem: str) -> None:
    assert document_from_text(TEXT, f"{stem}.txt", "A title").policy == "A title"


def test_an_address_in_a_lead_keeps_its_underscore() -> None:
    document = document_from_text("Write to data_team@acme.example or __call__ about:\n\n- invoices\n", "a.md")
    assert [passage.lead for passage in split_sentences(document)] == ["", "Write to data_team@acme.example or call about:"]


def test_a_sentence_that_a_wrap_cuts_at_a_number_is_no_heading() -> None:
    text = "We use your data for the purposes described in Section\n5. If you object to them, write to us at the address\nbelow.\n\nWe will stop.\n"
    document = document_from_text(text, "a.txt")
    assert [(block.kind, document.text[block.start : block.end]) for block in document.blocks] == [
        ("paragraph", text[: text.index("\n\n")]),
        ("paragraph", "We will stop."),
    ]
    assert document.title == "a"
