"""Verification: exact, moved, changed, missing, unreadable, edited; never a fuzzy pass."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cite.answers import answers_of_rows
from cite.canonical import citation_id, seal_of, sha256_of
from cite.claim import Claim, claims_of
from cite.library import Library, library_of
from cite.make import make_bundle
from cite.normal import normalise
from cite.report import FORMATS, passes, superseded
from cite.verify import Status, Verification, Verifier, verify
from index import Index
from ingest import Document, PolicyError, document_from_text
from tests.citing import rows_of


@pytest.fixture
def claims(small_index: Index) -> list[Claim]:
    return claims_of(make_bundle(answers_of_rows(rows_of(small_index)), library_of(small_index)))


def statuses(found: list[Verification]) -> list[str]:
    return [entry.status.value for entry in found]


def change(path: pathlib.Path, edit: Callable[[str], str]) -> None:
    path.write_text(edit(path.read_text("utf-8")), "utf-8")


def test_untouched_policies_bear_out_every_citation(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    found = verify(claims, small_corpus)
    assert statuses(found) == ["exact"] * 3
    assert passes(found, [], allow_moved=False)


def test_what_stands_elsewhere_is_moved_and_what_does_not_is_changed(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    change(small_corpus / "acme.md", lambda text: "New.\n\n" + text.replace("We never sell personal data.", ""))
    change(small_corpus / "bolt.txt", lambda text: text.replace("under 14", "under 16"))
    found = verify(claims, small_corpus)
    assert statuses(found) == ["moved", "moved", "changed"]
    text = (small_corpus / "acme.md").read_text("utf-8")
    assert found[0].found is not None
    assert text[found[0].found.start : found[0].found.end] == claims[0].quote
    assert found[0].detail == "at 42–100, was 36–94; the words around it are others"
    assert found[1].detail == "at 116–193, was 138–215; the words around it are others"
    assert found[2].nearest is not None
    assert found[2].nearest.passage.text == "We do not knowingly collect data of children under 16."
    assert found[2].nearest.diff == "We do not knowingly collect data of children under [-14.-]{+16.+}"
    assert not passes(found, [], allow_moved=True)
    assert passes(found[:2], [], allow_moved=True)
    assert not passes(found[:2], [], allow_moved=False)


def test_a_new_version_lists_the_citations_it_invalidates(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    change(small_corpus / "bolt.txt", lambda text: text.replace("under 14", "under 16"))
    change(small_corpus / "policies.toml", lambda text: text + 'version = "2"\neffective_date = 2025-05-01\n')
    found = verify(claims, small_corpus)
    assert {document: [entry.claim.id for entry in entries] for document, entries in superseded(found).items()} == {"bolt.txt": [claims[2].id]}
    assert json.loads(FORMATS["json"](found, []))["invalidated"] == {"bolt.txt": [claims[2].id]}
    assert re.search(
        r"bolt.txt has changed since it was cited, then sha256 \w{12}…, now version 2, effective 2025-05-01, sha256", FORMATS["text"](found, [])
    )


def test_a_file_that_is_gone_or_renamed_or_damaged(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    (small_corpus / "acme.md").rename(small_corpus / "acme-2025.md")
    (small_corpus / "bolt.txt").write_bytes(b"\x00\x01")
    found = verify(claims, small_corpus)
    assert statuses(found) == ["moved", "moved", "unreadable"]
    assert found[0].detail == "the file is now called acme-2025.md"
    assert found[2].detail == "bolt.txt holds zero bytes, so it is no text; expected UTF-8"
    (small_corpus / "acme-2025.md").unlink()
    (small_corpus / "bolt.txt").unlink()
    assert statuses(verify(claims, small_corpus)) == ["missing"] * 3


def test_another_policy_with_the_same_words_is_no_proof(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    other = (small_corpus / "acme.md").read_text("utf-8").replace("Acme", "Zenith")
    (small_corpus / "zenith.md").write_text(other, "utf-8")
    (small_corpus / "acme.md").unlink()
    assert statuses(verify(claims, small_corpus))[:2] == ["missing", "missing"]


def test_the_same_text_in_a_file_saved_anew_is_not_the_same_file(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    path = small_corpus / "acme.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    found = verify(claims, small_corpus)
    assert statuses(found) == ["moved", "moved", "exact"]
    assert found[0].detail == "the same text and place, in a file that was saved anew"


def resealed(claim: Claim) -> Claim:
    """The claim as a patient forger would leave it: every hash in it fits."""
    name = citation_id(claim.question, claim.document, claim.start, claim.end, claim.quote)
    claim = dataclasses.replace(claim, id=name, quote_sha256=sha256_of(claim.quote))
    seal = seal_of(
        citation=name,
        source_sha256=claim.source_sha256,
        text_sha256=claim.text_sha256,
        extractor=claim.extractor,
        quote_sha256=claim.quote_sha256,
        prefix=claim.prefix,
        suffix=claim.suffix,
        page=claim.page,
        section=claim.section,
    )
    return dataclasses.replace(claim, seal=seal)


EDITS = {
    "quote": "Payment data is handled by Payland, our payment processor.",
    "start": 37,
    "end": 93,
    "quote_sha256": "0" * 64,
    "source_sha256": "0" * 64,
    "text_sha256": "0" * 64,
    "prefix": "",
    "suffix": "",
    "page": 2,
    "question": "Who else?",
    "document": "bolt.txt",
}


@pytest.mark.parametrize("field", EDITS)
def test_an_edit_by_hand_is_caught(field: str, claims: list[Claim], small_corpus: pathlib.Path) -> None:
    edited = dataclasses.replace(claims[0], **{field: EDITS[field]})
    assert statuses(verify([edited], small_corpus)) == ["edited"]


@pytest.mark.parametrize("field", sorted(EDITS.keys() - {"question", "quote_sha256"}))
def test_a_forger_who_mends_every_hash_gets_no_exact_citation(field: str, claims: list[Claim], small_corpus: pathlib.Path) -> None:
    forged = resealed(dataclasses.replace(claims[0], **{field: EDITS[field]}))
    assert statuses(verify([forged], small_corpus)) != ["exact"]


def test_a_document_outside_the_corpus_is_not_looked_at(claims: list[Claim], small_corpus: pathlib.Path) -> None:
    (small_corpus.parent / "secret.txt").write_text(claims[0].quote * 3, "utf-8")
    for name in ("../secret.txt", str(small_corpus.parent / "secret.txt")):
        found = verify([resealed(dataclasses.replace(claims[0], document=name, policy="?", source_sha256="0" * 64))], small_corpus)
        assert statuses(found) == ["missing"]


def test_no_corpus_is_one_clear_line(claims: list[Claim], tmp_path: pathlib.Path) -> None:
    with pytest.raises(PolicyError, match=r"there is no corpus at .*nowhere"):
        verify(claims, tmp_path / "nowhere")


SENTENCES = (
    "We keep invoices for 30 days.",
    "The customer’s data, e.g. names, is never sold!",
    "Café staff may read it; nobody else can't.",
    "Write to us.",
)
TEXT = "RETENTION\n\n" + " ".join(SENTENCES) + "\n\n" + " ".join(reversed(SENTENCES)) + "\n"


def claim_on(document: Document, quote: str) -> Claim:
    start = document.text.index(quote)
    end = start + len(quote)
    around = {"prefix": document.text[max(0, start - 32) : start], "suffix": document.text[end : end + 32]}
    fields = {"id": "", "seal": "", "place": "", "question_id": "1", "question": "?", "verdict": "states", "policy": document.policy, "version": ""}
    hashes = {"source_sha256": document.sha256, "text_sha256": sha256_of(document.text), "quote_sha256": ""}
    rest = {"effective_date": "", "extractor": document.extractor, "section": "", "page": None, "offset_unit": "Unicode code points", "review": None}
    return resealed(Claim(document=document.id, quote=quote, start=start, end=end, **around, **fields, **hashes, **rest))  # type: ignore[arg-type]


def verified(text: str, quote: str) -> Verification:
    """What becomes of a citation of TEXT when the file holds `text`."""
    old, new = document_from_text(TEXT, "p.txt"), document_from_text(text, "p.txt")
    library = Library({"p.txt": new})
    return Verifier(library, lambda: library).verify(claim_on(old, quote))


@st.composite
def edited_texts(draw: st.DrawFn) -> str:
    """TEXT after a few random cuts and insertions."""
    text = TEXT
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.text(st.sampled_from("abe30 .,'’-\n\u00a0\u00ad\u0301é"), max_size=5) | st.sampled_from(SENTENCES)) + text[end:]
    return text


@settings(max_examples=400, deadline=None)
@given(text=edited_texts(), quote=st.sampled_from(SENTENCES))
def test_no_edit_makes_exact_what_is_not_nor_changed_what_stands(text: str, quote: str) -> None:
    found = verified(text, quote)
    assert (found.status is Status.EXACT) == (text == TEXT)
    if re.search(rf"(?:^|\s){re.escape(quote)}(?:\s|$)", text):
        assert found.status in {Status.EXACT, Status.MOVED}
    if found.status is Status.MOVED:
        assert found.found is not None
        assert normalise(text[found.found.start : found.found.end]) == normalise(quote)
    if found.status is Status.CHANGED:
        assert quote not in re.split(r"(?<=[.!])\s+", text)


@settings(max_examples=100, deadline=None)
@given(quote=st.sampled_from(SENTENCES), blank=st.sampled_from([" ", "\n", "\u00a0", " \r\n "]), form=st.sampled_from(["NFC", "NFD"]), data=st.data())
def test_a_text_that_was_only_set_anew_still_says_it(quote: str, blank: str, form: str, data: st.DataObject) -> None:
    text = unicodedata.normalize(form, TEXT.replace(" ", blank).replace("’", data.draw(st.sampled_from("’'"))))
    place = data.draw(st.integers(1, len(text) - 1))
    text = text[:place] + "\u00ad" + text[place:]
    assert verified(text, quote).status is Status.MOVED
