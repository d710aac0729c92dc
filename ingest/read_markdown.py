"""Markdown: the file is the text; markdown-it says which lines are what."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.compose import Reading, squeeze
from ingest.nouns import Block
from ingest.read_text import decode
from ingest.structure import MAX_HEADING_WORDS

NAME = "markdown-it/1"

_MARKS = re.compile(r"[ \t]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+|>[ \t]?)+")
# A heading keeps its number: "# 4. Retention" is section 4.
_HEADING_MARKS = re.compile(r"[ \t]*(?:[-*+][ \t]+|>[ \t]?)*(?:#{1,6}[ \t]+)?")
# What ends a line in Markdown; a page break or a separator of paragraphs doesn't.
_LINE_END = re.compile(r"\r\n|\r|\n")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
_RULE = re.compile(r"^[\s|:\-]+$")
_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\r?\n---[ \t]*\r?\n", re.S)
_BOLD_LINE = re.compile(r"^(?:\*\*|__)(?P<words>[^*_]+)(?:\*\*|__)[ \t]*:?[ \t]*$")


def read_markdown(data: bytes) -> Reading:
    """Read CommonMark with tables. Front matter is no part of any block."""
    return parse_markdown(*decode(data))


def parse_markdown(text: str, warnings: tuple[str, ...] = ()) -> Reading:
    """Find the structure of Markdown that is decoded already."""
    front = _FRONT_MATTER.match(text)
    body_start = front.end() if front else 0
    starts = [body_start, *(match.end() for match in _LINE_END.finditer(text, body_start)), len(text)]
    blocks: list[Block] = []
    depth = 0
    for token in MarkdownIt("commonmark").enable("table").parse(text[body_start:]):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
        elif block := _block_of(token, text, starts, depth, blocks):
            blocks.append(block)
    blocks = [_bold_heading(block, text) for block in blocks]
    first = next((squeeze(text[block.start : block.end]).strip("*_ ") for block in blocks if block.kind == "heading"), "")
    return Reading(text, tuple(blocks), (), first, warnings)


def _block_of(token: Token, text: str, starts: list[int], depth: int, blocks: list[Block]) -> Block | None:
    """The block that a token opens; None for tokens that open none."""
    if token.map is None or token.type not in {"heading_open", "paragraph_open", "tr_open", "code_block", "fence"}:
        return None
    start, end = starts[token.map[0]], starts[token.map[1]]
    marks = (_HEADING_MARKS if token.type == "heading_open" else _MARKS).match(text, start, end)
    if token.type == "tr_open":
        kind = "row" if blocks and blocks[-1].kind in {"header", "row"} and not _new_table(text, blocks[-1].end, start) else "header"
        left = start + len(text[start:end]) - len(text[start:end].lstrip(" \t|"))
        return _trimmed(Block(kind, left, end), text, " \t\r\n|")
    kind = "heading" if token.type == "heading_open" else "item" if depth else "paragraph"
    level = int(token.tag[1]) if kind == "heading" else max(1, depth)
    if marks and token.type in {"heading_open", "paragraph_open"} and marks.end() < end:
        start = marks.end()
    if kind == "heading" and (closing := _CLOSING.search(text[start:end].rstrip())):
        end = start + closing.start()
    return _trimmed(Block(kind, start, end, level), text, " \t\r\n")


def _trimmed(block: Block, text: str, blanks: str) -> Block | None:
    body = text[block.start : block.end]
    start = block.start + len(body) - len(body.lstrip(blanks))
    end = block.start + len(body.rstrip(blanks))
    return Block(block.kind, start, end, block.level) if start < end else None


def _new_table(text: str, previous_end: int, start: int) -> bool:
    """Between two rows of one table stand at most its rule and line breaks."""
    return not _RULE.match(text[previous_end:start] or " ") or "\n\n" in text[previous_end:start].replace("\r", "")


def _bold_heading(block: Block, text: str) -> Block:
    """A paragraph that is nothing but a few bold words is a heading in all but name."""
    if block.kind == "paragraph" and (match := _BOLD_LINE.match(text[block.start : block.end])):
        words = match.group("words").strip()
        if len(words.split()) <= MAX_HEADING_WORDS and not words.endswith((".", "!", ";")):
            return Block("heading", block.start, block.end, 6)
    return block
