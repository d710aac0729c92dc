"""What holds of the passages of every document, whatever its text: exact places, nothing lost, nothing twice."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import Document, Passage, document_from_text, read_bytes, split_chunks, split_sentences
from written import WRITERS, Pieces, pdf_of

# Words that a reader could mistake for none of its marks.
WORDS = st.sampled_from(
    "we keep your data as long as the law asks Acme e.g. Inc. U.S. 30 days §4 naïve 数据 «quoted» (see below) “never” 12.5 % a@b.example".split()
)
SENTENCES = st.lists(WORDS, min_size=4, max_size=25).map(lambda words: " ".join(["Please", *words, "then"]) + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=6).map(" ".join)
HEADINGS = st.sampled_from(["Payment data", "Your rights", "1. Scope and purpose", "Who we are"])
ROWS = st.lists(st.sampled_from(["Invoices", "seven years", "no limit", "Leeds"]), min_size=3, max_size=3).map(" | ".join)
PIECES = st.lists(
    st.one_of(
        st.tuples(st.just("heading"), HEADINGS),
        st.tuples(st.just("paragraph"), PARAGRAPHS),
        st.tuples(st.just("item"), SENTENCES),
        st.tuples(st.just("row"), ROWS),
    ),
    min_size=1,
    max_size=12,
)
# Any text at all, with what gives text its structure made likely.
MARKS = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\n\n",
        "# ",
        "- ",
        "1. ",
        "(a) ",
        "* ",
        "| a | b |\n|---|---|\n",
        "```",
        "> ",
        "---\n",
        "•\n",
        ":",
        ". ",
        "A.",
        "\t",
        "\x0c",
        "\u2028",
        "  ",
    ]
)
ANYTHING = st.lists(st.one_of(MARKS, st.text(max_size=12), WORDS), max_size=60).map("".join)

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check_places(document: Document) -> list[Passage]:
    """Every sentence and chunk is where it says; chunks are a partition; sentences follow each other. Gives the sentences."""
    sentences, chunks = split_sentences(document), split_chunks(document)
    for passage in (*sentences, *chunks):
        assert passage.span.document_id == document.id
        assert document.text[passage.span.start : passage.span.end] == passage.text
        assert passage.page == document.page_at(passage.span.start)
    assert "".join(chunk.text for chunk in chunks) == document.text
    assert [chunk.span.start for chunk in chunks[1:]] == [chunk.span.end for chunk in chunks[:-1]]
    assert all(sentence.text == sentence.text.strip() != "" for sentence in sentences)
    assert all(left.span.end <= right.span.start for left, right in itertools.pairwise(sentences))
    return sentences


def check_nothing_lost(document: Document, sentences: list[Passage]) -> None:
    """What no sentence covers is headings, marks and blanks: never a word."""
    covered = sorted([(s.span.start, s.span.end) for s in sentences] + [(b.start, b.end) for b in document.blocks if b.kind == "heading"])
    position, left_out = 0, ""
    for start, end in covered:
        left_out += document.text[position:start] + "\n"
        position = max(position, end)
    left_out += document.text[position:]
    assert re.findall(r"[^\W\d_]{2,}|@|%", left_out) == []


@pytest.mark.parametrize("suffix", sorted(WRITERS))
@given(pieces=PIECES)
@few
def test_passages_of_a_written_file(suffix: str, pieces: Pieces) -> None:
    pieces = [("paragraph", "This first line is long enough for a policy."), *pieces]
    document = read_bytes(WRITERS[suffix](pieces), f"policy{suffix}")
    sentences = check_places(document)
    check_nothing_lost(document, sentences)
    said = re.sub(r"\W+", "", "".join(text for _, text in pieces)).lower()
    found = re.sub(r"\W+", "", document.text).lower()
    assert found == said or suffix == ".md"


@given(
    pages=st.lists(
        st.lists(
            st.tuples(st.sampled_from([0, 10, 10, 10, 16]), st.sampled_from(["We keep invoices for", "seven years.", "SCOPE", "- never", "3"])),
            max_size=12,
        ),
        min_size=1,
        max_size=4,
    )
)
@few
def test_passages_of_a_pdf(pages: list[list[tuple[int, str]]]) -> None:
    pages[0] = [(10, "This first line is long enough for a policy."), (0, ""), *pages[0]]
    document = read_bytes(pdf_of(pages), "policy.pdf")
    assert len(document.page_starts) == len(pages)
    assert list(document.page_starts) == sorted(document.page_starts)
    check_nothing_lost(document, check_places(document))


@pytest.mark.parametrize("suffix", [".txt", ".md", ""])
@given(text=ANYTHING)
@settings(max_examples=150, deadline=None)
def test_passages_of_any_text(suffix: str, text: str) -> None:
    document = document_from_text(text, f"policy{suffix}")
    assert document.text == text
    sentences = check_places(document)
    if not text.startswith("---"):  # front matter says something about a policy, not in it
        check_nothing_lost(document, sentences)


def test_half_a_character_keeps_offsets() -> None:
    document = document_from_text("\ufeffOur \ud800 policy. We keep \x00 nothing.", "policy")
    assert document.text == "\ufeffOur \ufffd policy. We keep \x00 nothing."
    assert split_sentences(document)[1].span.start == 15


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_only_line_ends_end_a_line_of_markdown(line_end: str) -> None:
    text = line_end.join(["# One\x0cand\u2028only", "", "We keep\x85your data.", "", "- for\x1ca year"])
    document = document_from_text(text, "policy.md")
    found = [(block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert found == [("heading", "One\x0cand\u2028only"), ("paragraph", "We keep\x85your data."), ("item", "for\x1ca year")]


@given(text=ANYTHING)
@settings(max_examples=60, deadline=None)
def test_passages_of_any_page(text: str) -> None:
    page = "<!doctype html><p>This first line is long enough for a policy." + text.replace("\x00", "")
    check_places(read_bytes(page.encode("utf-8", "replace"), "policy.html"))


def test_a_row_ends_where_its_words_do() -> None:
    document = read_bytes(b"| a | b |\n|---|---|\n(a) \x0c", "policy.md")
    assert [passage.text for passage in check_places(document)] == ["a | b", "(a)"]
