"""Cut a document into passages: sentences, which are quoted, and chunks, which give them their surroundings."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter
from nupunkt import sent_spans

from ingest.nouns import Block, Document, Passage, Span

# Long enough for a section's thought, short enough that most of it fits the 160 word pieces that the encoder reads.
CHUNK_CHARACTERS = 800
# A stretch longer than this is cut at semicolons, so that a quotation stays one that can be read at a glance.
MAX_SENTENCE_CHARACTERS = 600

# The splitter leaves these apart from the sentence they belong to: "5." before its text, or an opening quotation mark.
_FRAGMENT = re.compile(r"^\W*(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})?[.)]?\W*$")
# An underscore inside a word is part of it (CommonMark 0.31, section 6.2).
_EMPHASIS = re.compile(r"[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}|(?<!\w)_++(?=\S)|(?<=\S)_++(?!\w)")
_SEMICOLON = re.compile(r";[ \n]+")


def splitter_name(chunk_characters: int = CHUNK_CHARACTERS) -> str:
    """What tells two ways to split apart, so that an index is never read as if it were split in another."""
    return f"nupunkt sentences up to {MAX_SENTENCE_CHARACTERS}; langchain recursive chunks of {chunk_characters}/1"


def split_sentences(document: Document) -> list[Passage]:
    """The sentences, list items and table rows of a document, in order; headings are context, not sentences.

    Spans are exact, don't overlap, and together cover everything but headings, list markers and blanks.
    """
    passages: list[Passage] = []
    headings: list[tuple[int, str]] = []
    lead = header = ""
    for number, block in enumerate(document.blocks):
        body = document.text[block.start : block.end]
        if block.kind == "heading":
            headings = [entry for entry in headings if entry[0] < block.level] + [(block.level, plain(body))]
            lead = header = ""
            continue
        if block.kind == "header":
            header = plain(body)
        elif block.kind == "paragraph" or not block.level:
            header = ""
        path = tuple(title for _, title in headings)
        intro = header if block.kind == "row" else lead if block.kind == "item" else ""
        for start, end in _sentences_of(document.text, block):
            passages.append(Passage(Span(document.id, start, end), document.text[start:end], path, intro, document.page_at(start)))
        if block.kind == "paragraph":
            last = passages[-1].text if passages else ""
            following = document.blocks[number + 1].kind if number + 1 < len(document.blocks) else ""
            lead = plain(last) if following == "item" else ""
    return passages


def split_chunks(document: Document, chunk_characters: int = CHUNK_CHARACTERS) -> list[Passage]:
    """A partition of the text: joined, the passages give it back. A chunk ends before a heading, or at its size."""
    cuts = sorted({0, *(_line_start(document.text, block.start) for block in document.blocks if block.kind == "heading")})
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=chunk_characters, chunk_overlap=0, strip_whitespace=False, keep_separator="end", separators=["\n\n", "\n", ". ", " ", ""]
    )
    paths = _heading_paths(document)
    starts = [start for start, _ in paths]
    passages: list[Passage] = []
    for left, right in zip(cuts, [*cuts[1:], len(document.text)], strict=True):
        start = left
        # The splitter's own offsets are wrong on repeated text, so they are added up from the pieces, which lose nothing.
        for piece in splitter.split_text(document.text[left:right]):
            end = start + len(piece)
            place = bisect.bisect_right(starts, end - 1) - 1
            heading = paths[place][1] if place >= 0 else ()
            passages.append(Passage(Span(document.id, start, end), piece, heading, "", document.page_at(start)))
            start = end
    return passages


def _sentences_of(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences in a block; a row of a table is one."""
    if block.kind in {"row", "header"}:
        start, end = _trimmed(text, block.start, block.end)
        if start < end:
            yield start, end
        return
    body = text[block.start : block.end]
    pending: int | None = None
    for left, right in sent_spans(body):
        start = left if pending is None else pending
        if _FRAGMENT.match(body[start:right]) and right < len(body.rstrip()):
            pending = start
            continue
        pending = None
        yield from _cut_long(text, block.start + start, block.start + right)
    if pending is not None:
        yield from _cut_long(text, block.start + pending, block.end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets without blanks at either end."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = _trimmed(text, start, end)
    if end - start > MAX_SENTENCE_CHARACTERS:
        for match in _SEMICOLON.finditer(text, start, end):
            if match.end() - start > MAX_SENTENCE_CHARACTERS // 3:
                yield start, match.start() + 1
                start = match.end()
    if start < end:
        yield start, end


def _heading_paths(document: Document) -> list[tuple[int, tuple[str, ...]]]:
    paths: list[tuple[int, tuple[str, ...]]] = []
    open_headings: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.kind == "heading":
            open_headings = [entry for entry in open_headings if entry[0] < block.level]
            open_headings.append((block.level, plain(document.text[block.start : block.end])))
            paths.append((_line_start(document.text, block.start), tuple(title for _, title in open_headings)))
    return paths


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def plain(text: str) -> str:
    """A heading or lead as people read it: without Markdown's emphasis, on one line.

    >>> plain("**Write** to _us_ at data_team@acme.example")
    'Write to us at data_team@acme.example'
    """
    return " ".join(_EMPHASIS.sub("", text).split())
