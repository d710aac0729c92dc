"""Markdown: the file is the text; markdown-it says which lines are what."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.compose import Reading, squeeze
from ingest.nouns import Block
from ingest.read_text import decode
from ingest.structure import MAX_HEADING_WORDS

NAME = "markdown-it/2"

_MARKS = re.compile(r"[ \t]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+|>[ \t]?)+")
# A heading keeps its number: "# 4. Retention" is section 4.
_HEADING_MARKS = re.compile(r"[ \t]*(?:[-*+][ \t]+|>[ \t]?)*(?:#{1,6}[ \t]+)?")
# What ends a line in Markdown; a page break or a separator of paragraphs doesn't.
_LINE_END = re.compile(r"\r\n|\r|\n")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
_RULE = re.compile(r"^[\s|:\-]+$")
# "key: value" in the first line, and then more of them, their indented values and lists: a rule may begin a policy, too.
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\r?\n(?=[a-z_])(?:(?:[a-z_][\w-]*[ \t]*:(?:[ \t][^\r\n]*)?|[ \t][^\r\n]*|-[ \t][^\r\n]*|)\r?\n)+---[ \t]*\r?\n", re.I
)
_ATTRIBUTES = r"""(?:"[^"]*"|'[^']*'|[^'"<>])*+"""
# A comment or a tag in HTML; a script or a style with what is in it.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<mute>script|style)\b.*?(?:</(?P=mute)\s*>|\Z)|<[?!][^>]*>" + rf"|</?(?P<name>[a-z][\w-]*){_ATTRIBUTES}>", re.I | re.S
)
# Elements that don't break the line, after which the words go on.
_INLINE = set("a abbr b bdi bdo big br cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup tt u var wbr".split())
_KINDS = {
    **{f"h{level}": ("heading", level) for level in range(1, 7)},
    "summary": ("heading", 6),
    "dt": ("heading", 6),
    "li": ("item", 1),
    "tr": ("row", 1),
}
_TABLE = {"table", "thead", "tbody", "tfoot", "tr", "caption"}
# What stands at the edge of a stretch and is none of its words.
_EDGE = rf"(?:\s|(?<=\n)>|</?(?:br|img|td|th|p|div)\b{_ATTRIBUTES}>)"
_LEFT_EDGE, _RIGHT_EDGE = re.compile(rf"{_EDGE}*+", re.I), re.compile(rf"(?<!\s){_EDGE}++\Z", re.I)
_BOLD_LINE = re.compile(r"^(?:\*\*|__)(?P<words>[^*_]+)(?:\*\*|__)[ \t]*:?[ \t]*$")


def read_markdown(data: bytes) -> Reading:
    """Read CommonMark with tables, and the words of HTML in it. Front matter is no part of any block."""
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
        elif token.type == "html_block" and token.map:
            blocks += _blocks_of_html(text, starts[token.map[0]], starts[token.map[1]])
        elif block := _block_of(token, text, starts, depth, blocks):
            blocks.append(block)
    blocks = [_bold_heading(block, text) for block in blocks]
    first = next((squeeze(text[block.start : block.end]).strip("*_ ") for block in blocks if block.kind == "heading"), "")
    return Reading(text, tuple(blocks), (), first, warnings)


def _block_of(token: Token, text: str, starts: list[int], depth: int, blocks: list[Block]) -> Block | None:
    """The block that a token opens; None for tokens that open none."""
    if token.map is None or token.type not in {"heading_open", "paragraph_open", "tr_open", "code_block", "fence"}:
        return None
    underlined = token.type == "heading_open" and token.markup in {"=", "-"}
    start, end = starts[token.map[0]], starts[token.map[1] - underlined]
    marks = (_HEADING_MARKS if token.type == "heading_open" else _MARKS).match(text, start, end)
    if token.type == "tr_open":
        kind = "row" if blocks and blocks[-1].kind in {"header", "row"} and not _new_table(text, blocks[-1].end, start) else "header"
        left = start + len(text[start:end]) - len(text[start:end].lstrip(" \t|"))
        return _trimmed(Block(kind, left, end), text, " \t\r\n|")
    # A rule directly under a paragraph makes it a heading, but nobody means one of so many words.
    prose = underlined and len(text[start:end].split()) > MAX_HEADING_WORDS
    kind = "heading" if token.type == "heading_open" and not prose else "item" if depth else "paragraph"
    level = int(token.tag[1]) if kind == "heading" else max(1, depth)
    if marks and token.type in {"heading_open", "paragraph_open"} and marks.end() < end:
        start = marks.end()
    if kind == "heading" and (closing := _CLOSING.search(text[start:end].rstrip())):
        end = start + closing.start()
    return _trimmed(Block(kind, start, end, level), text, " \t\r\n")


def _blocks_of_html(text: str, start: int, end: int) -> Iterator[Block]:
    """The stretches between the tags where a browser breaks the line. Emphasis and the cells of a row stay as they are written."""
    kind, level, headed = "paragraph", 1, False
    for tag in (*_TAG.finditer(text, start, end), None):
        name = (tag["name"] or "").lower() if tag else ""
        if name in _INLINE or (name and kind == "row" and name not in _TABLE):
            continue
        stretch = text[start : tag.start() if tag else end]
        if re.search(r"\w", html.unescape(_TAG.sub("", stretch))):
            header = kind == "row" and not re.search("<td", stretch, re.I)
            headed = headed or header
            left = _LEFT_EDGE.match(stretch)
            right = _RIGHT_EDGE.search(stretch)
            yield Block(
                "header" if header else kind,
                start + (left.end() if left else 0),
                start + (right.start() if right else len(stretch)),
                int(headed) if kind == "row" else level,
            )
        if tag is None:
            return
        start = tag.end()
        headed = headed and name != "table"
        opens = not tag.group().startswith("</")
        if name in _TABLE or name in _KINDS:
            kind, level = _KINDS.get(name, ("paragraph", 1)) if opens else ("paragraph", 1)


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
