"""The reports of a verification that people read, and what a new version of a policy leaves of older citations."""

from __future__ import annotations

import dataclasses
import json
import pathlib

import bs4
import pytest
from markdown_it import MarkdownIt

from cite import Claim, Status, Verification, claims_of, library_of, make_bundle, read_library, verify
from cite.__main__ import main
from cite.answers import answers_of_rows
from cite.report import FORMATS
from cite.superseded import invalidated, version_line
from index import Index
from tests.citing import row_for, rows_of, write_answers


@pytest.fixture
def claims(small_index: Index) -> list[Claim]:
    return claims_of(make_bundle(answers_of_rows(rows_of(small_index)), library_of(small_index)))


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def replace(path: pathlib.Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_page_strikes_out_what_is_gone_and_underlines_what_is_new(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    replace(small_corpus / "bolt.txt", "under 14", "under 16")
    page = bs4.BeautifulSoup(FORMATS["html"](verify(claims, small_corpus), ["b.json: its seal is broken"]), "lxml")
    assert [(old.text, new.text) for old, new in zip(page.find_all("del"), page.find_all("ins"), strict=True)] == [("14.", "16.")]
    quotations = [[" ".join(p.text.split()) for p in block.find_all("p")] for block in page.find_all("blockquote")]
    assert quotations[0][0] == "We do not knowingly collect data of children under 14."
    assert quotations[0][-1] == "We do not knowingly collect data of children under 14. 16."
    assert quotations[1][0] == "Payment data is handled by Paylane, our payment processor."
    assert [heading.text for heading in page.find_all("h2")] == ["Policies that have changed", "To look at", "Exact"]
    assert "2 exact · 1 changed" in page.text
    assert "b.json: its seal is broken" in page.text
    assert "Citations that no longer stand: 1 of 1." in page.text


def test_the_markdown_says_the_same(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    replace(small_corpus / "bolt.txt", "under 14", "under 16")
    text = FORMATS["md"](verify(claims, small_corpus), [])
    page = bs4.BeautifulSoup(MarkdownIt("commonmark").enable("strikethrough").render(text), "lxml")
    assert [(old.text, new.text) for old, new in zip(page.find_all("s"), page.find_all("strong")[1:], strict=True)] == [("14.", "16.")]
    assert [quote.p.text for quote in page.find_all("blockquote") if quote.p][:2] == [
        "We do not knowingly collect data of children under 14.",
        "We do not knowingly collect data of children under 16.",
    ]
    assert [heading.text for heading in page.find_all("h3")] == ["changed: Do you collect data of children under 14?"]


def test_a_report_on_a_hostile_policy_is_only_text(tmp_path: pathlib.Path) -> None:
    evil = "<script>alert(1)</script> ![pixel](http://evil.example/x.png) [click](javascript:alert(1)) <img src=x onerror=alert(1)> {{ 7*7 }}"
    path = tmp_path / "evil.txt"
    path.write_text(f"Evil Policy\n\nFirst. {evil} stays.\n", "utf-8")
    library = read_library(tmp_path)
    claims = claims_of(make_bundle(answers_of_rows([row_for(library.documents["evil.txt"], f"{evil} stays.", evil)]), library))
    path.write_text(f"Evil Policy\n\nFirst. {evil} goes.\n", "utf-8")
    found = verify(claims, tmp_path)
    assert [entry.status for entry in found] == ["changed"]
    html = bs4.BeautifulSoup(FORMATS["html"](found, [evil]), "lxml")
    assert html.find_all(["script", "img", "a", "link", "iframe"]) == []
    marked = bs4.BeautifulSoup(MarkdownIt("commonmark").enable("strikethrough").render(FORMATS["md"](found, [evil])), "lxml")
    assert marked.find_all(["script", "img", "a", "link", "iframe"]) == []
    assert "{{ 7*7 }} goes." in marked.text


def test_a_policy_in_a_new_file_invalidates_what_it_no_longer_says(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    old, new = small_corpus / "acme.md", small_corpus / "acme-2025.md"
    new.write_text(old.read_text("utf-8").replace("Paylane", "Cashline"), "utf-8")
    replace(small_corpus / "policies.toml", '"acme.md"', '"acme-2025.md"')
    old.unlink()
    found = verify(claims, small_corpus)
    assert [entry.status.value for entry in found] == ["missing", "moved", "exact"]
    assert found[0].detail == "there is no acme.md, and acme-2025.md of the same policy does not say it"
    assert found[0].nearest is not None
    assert found[0].nearest.diff == "Payment data is handled by [-Paylane,-]{+Cashline,+} our payment processor."
    assert {document: [entry.claim.id for entry in entries] for document, entries in invalidated(found).items()} == {"acme.md": [claims[0].id]}
    assert version_line("acme.md", found[:2]).startswith("acme.md is no longer there; it was ")
    assert version_line("acme.md", found[:2]).endswith("Citations that no longer stand: 1 of 2.")
    assert json.loads(FORMATS["json"](found, []))["invalidated"] == {"acme.md": [claims[0].id]}


def test_a_policy_that_is_gone_invalidates_all_its_citations(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    (small_corpus / "acme.md").unlink()
    text = FORMATS["short"](verify(claims, small_corpus), [])
    assert "acme.md is no longer there; it was " in text
    assert (
        f"Citations that no longer stand: 2 of 2.\n  {claims[0].id}  Who handles payment data?\n  {claims[1].id}  Can I delete my account?\n" in text
    )


def test_a_folder_of_exports_is_verified_at_once(
    small_index: Index, small_corpus: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    past = tmp_path / "past"
    (past / "march").mkdir(parents=True)
    answers = write_answers(small_index, tmp_path / "answers.jsonl")
    for form, name in (("json", "a.json"), ("csv", "march/b.CSV"), ("xlsx", "march/c.xlsx")):
        assert run("export", answers, "--index", tmp_path / "index", "--format", form, "--out", past / name) == 0
    (past / "march" / "~$c.xlsx").write_bytes(b"open elsewhere")
    (past / "notes.txt").write_text("no export", "utf-8")
    capsys.readouterr()
    assert run("verify", past, "--corpus", small_corpus) == 0
    assert capsys.readouterr().out.endswith("\n9 exact\n")
    (past / "foreign.json").write_text("{}", "utf-8")
    assert run("verify", past, "--corpus", small_corpus) == 2
    assert capsys.readouterr().err.startswith(f"cite: {past / 'foreign.json'} is JSON, but no citation bundle")
    (tmp_path / "empty").mkdir()
    assert run("verify", tmp_path / "empty", "--corpus", small_corpus) == 2
    assert "holds no file that ends in .csv, .json, .xlsx; expected a JSON bundle" in capsys.readouterr().err


def test_a_report_is_written_to_a_file(small_index: Index, small_corpus: pathlib.Path, tmp_path: pathlib.Path) -> None:
    bundle = tmp_path / "bundle.json"
    assert run("export", write_answers(small_index, tmp_path / "answers.jsonl"), "--index", tmp_path / "index", "--out", bundle) == 0
    assert run("verify", bundle, "--corpus", small_corpus, "--format", "html", "--out", tmp_path / "report.html") == 0
    page = bs4.BeautifulSoup((tmp_path / "report.html").read_bytes(), "lxml")
    assert [heading.text for heading in page.find_all("h2")] == ["Exact"]
    assert len(page.find_all("blockquote")) == 3


def test_the_same_policies_in_another_folder_are_as_good(claims: list[Claim], small_corpus: pathlib.Path, tmp_path: pathlib.Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for path in small_corpus.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    assert [entry.status.value for entry in verify(claims, other)] == ["exact"] * 3


def test_each_command_says_its_exit_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["verify"], ["import"]):
        with pytest.raises(SystemExit, match=r"^0$"):
            main([*words, "--help"])
        assert "exit status: 0 when all is well" in capsys.readouterr().out


def test_a_policy_that_was_only_renamed_is_named(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    (small_corpus / "acme.md").rename(small_corpus / "acme-2025.md")
    text = FORMATS["short"](verify(claims, small_corpus), [])
    assert "acme.md is no longer there; it was sha256 " in text
    assert "Its policy is now in acme-2025.md, sha256 " in text
    assert text.endswith("Citations that no longer stand: 0 of 2.\n\n1 exact · 2 moved")


def test_every_old_version_is_named(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    replace(small_corpus / "acme.md", "Paylane", "Cashline")
    older = [dataclasses.replace(claim, version=version) for claim, version in zip(claims[:2], ("1", "2"), strict=True)]
    old = f"sha256 {claims[0].source_sha256[:12]}…"
    assert version_line("acme.md", verify(older, small_corpus)).startswith(
        f"acme.md has changed since it was cited, then version 1, {old} or version 2, {old}, now sha256 "
    )


def test_a_place_is_the_old_one_with_its_own_page_and_the_nearest_sentence_has_its(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    replace(small_corpus / "bolt.txt", "under 14", "under 16")
    (entry,) = verify(claims[2:], small_corpus)
    assert entry.nearest is not None
    passage = dataclasses.replace(entry.nearest.passage, page=7)
    paged = dataclasses.replace(entry, claim=dataclasses.replace(entry.claim, page=3), nearest=dataclasses.replace(entry.nearest, passage=passage))
    lines = FORMATS["text"]([paged], []).splitlines()
    assert lines[0] == f"changed     {entry.claim.id}  bolt.txt {entry.claim.start} page 3  the policy no longer says it"
    assert lines[3] == "            now:   “We do not knowingly collect data of children under 16.” page 7"


def test_what_a_returned_file_says_is_only_text_on_a_terminal(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    evil = "x\n\x1b[2Jexact"
    claim = dataclasses.replace(claims[0], id=evil, document=evil)
    missing = Verification(claim, Status.MISSING, f"there is no {evil}")
    text = FORMATS["text"]([*verify([claim], small_corpus), missing], [evil])
    assert "\x1b" not in text
    assert not any(line.startswith(("\x1b", "exact")) for line in text.splitlines())
    assert text.splitlines()[0] == "edited      x �[2Jexact"
