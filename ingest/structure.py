"""Find the structure of plain text: headings, paragraphs, list items, by how lines look and what stands around them."""

from __future__ import annotations

import dataclasses
import re

from ingest.nouns import Block

# A heading is short: the longest in some 1,200 real policies that is one, and not a sentence without its full stop, has 14 words.
MAX_HEADING_WORDS = 14
MAX_HEADING_CHARACTERS = 110
# An item without a bullet is known only by its lack of a full stop; what is longer is a paragraph whose author forgot it.
MAX_BARE_ITEM_CHARACTERS = 250
# Text whose longest line is under this many characters was wrapped by a program, not by its author's paragraphs.
MAX_WRAP_WIDTH = 120

_BULLET = re.compile(r"[ \t]*(?:[•●▪◦·‣■o∙\-*+–—](?=[ \t])|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)(?=[ \t])|\(\d{1,2}\))[ \t]+")
_LONE_BULLET = re.compile(r"[ \t]*[•●▪◦·‣■∙\-*+–—][ \t]*$")
_ORDERED = re.compile(r"[ \t]*\d{1,3}\.[ \t]+")
_NUMBERED = re.compile(
    r"[ \t]*(?:(?:section|article|part|chapter|appendix|annex)\s+)?((?:\d{1,2}|[IVX]{1,5})(?:\.\d{1,2})*)[.):]?[ \t]*[–—-]?[ \t]+(?=\S)", re.I
)
_PART = re.compile(r"[ \t]*(?:section|article|part|chapter|appendix|annex)\s+(?:\d{1,2}|[IVX]{1,5}|[A-Z])\b\W*", re.I)
_LABELLED = re.compile(r"[^:]{2,40}:\s+\S")
_COLUMNS = re.compile(r"[ \t]*\S+(?: \S+)*(?: {2,}|\t+)\S+(?: \S+)*(?: {2,}|\t+)\S")
_RULE = re.compile(r"[ \t]*[-=_*+|~][-=_*+|~ \t]{2,}$")
# Print that is larger than most by this much is a heading.
HEADING_SIZE = 1.08
_SENTENCE_END = re.compile(r"[.!?;:…][\"'”’)\]]*$")
# A wrap may part "in section" from its number, which then looks like a list marker.
_REFERENCE = re.compile(r"[a-z,] (?:sections?|articles?|clauses?|paragraphs?|parts?|chapters?|annex|appendix|page)$", re.I)
_VERB = re.compile(r"\b(?:is|are|was|were|may|will|shall|must|can|do|does|did|has|have|had|should|would|please)\b", re.I)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line of the text; `size` is its font size relative to the body's, where the format tells (1.0 elsewhere)."""

    start: int
    text: str
    size: float = 1.0
    bold: bool = False

    @property
    def bare(self) -> str:
        """The line without blanks around it."""
        return self.text.strip()

    @property
    def words(self) -> int:
        """How many words the line has."""
        return len(self.text.split())


def lines_of(text: str) -> list[Line]:
    """Cut text at line breaks; the starts are offsets into `text`."""
    lines, start = [], 0
    for piece in text.splitlines(keepends=True):
        lines.append(Line(start, piece.rstrip("\r\n\x0b\x0c\x85\u2028\u2029")))
        start += len(piece)
    return lines


def find_blocks(lines: list[Line], *, set_in_lines: bool = False) -> list[Block]:
    """Group lines into headings, paragraphs and list items.

    Works in one pass with a look at the neighbours; every line that is not blank ends up in exactly one block, but for
    rules and lines that hold nothing but a bullet. `set_in_lines` says that a page was typeset: lines that follow each other
    without a blank one between belong together, whatever their length.
    """
    width = max((len(line.text.rstrip()) for line in lines), default=0)
    wrap = 1 if set_in_lines else width if width <= MAX_WRAP_WIDTH else 0
    filled = [number for number, line in enumerate(lines) if line.bare]
    blocks: list[Block] = []
    position = 0
    in_list = False  # the lines after "…:" that carry no bullet, and no full stop, are items all the same
    while position < len(filled):
        number = filled[position]
        line = lines[number]
        if _RULE.match(line.text):
            position += 1
            continue
        if _LONE_BULLET.match(line.text):
            position += 1
            if position == len(filled):
                break
            position, block = _take_item(lines, filled, position, wrap, marker=0)
        elif _COLUMNS.match(line.text) and _has_columns(lines, filled, position):
            kind = "row" if blocks and blocks[-1].kind in {"row", "header"} else "header"
            block = _block(kind, line.start, line.text)
            position += 1
        elif marker := _item_marker(lines, filled, position):
            position, block = _take_item(lines, filled, position, wrap, marker)
        elif level := _heading_level(lines, filled, position, set_in_lines=set_in_lines):
            block = _block("heading", line.start, line.text, level)
            position += 1
            if set_in_lines and blocks and blocks[-1].kind == "heading" and _one_heading(lines, number):
                block = Block("heading", blocks.pop().start, block.end, level)
        else:
            position, block = _take_paragraph(lines, filled, position, wrap)
            if in_list and _could_be_item(lines, filled[position - 1], block):
                block = dataclasses.replace(block, kind="item")
        last = lines[filled[position - 1]].bare
        in_list = (block.kind == "paragraph" and last.endswith(":")) or (in_list and block.kind == "item")
        blocks.append(block)
    return blocks


def _block(kind: str, start: int, text: str, level: int = 1) -> Block:
    """A block over `text`, which stands at `start`, without blanks around it."""
    return Block(kind, start + len(text) - len(text.lstrip()), start + len(text.rstrip()), level)


def _has_columns(lines: list[Line], filled: list[int], position: int) -> bool:
    """A line set in columns is a row of a table only beside another one; a rule may stand between them."""
    for step in (-1, 1):
        other = position + step
        while 0 <= other < len(filled) and _RULE.match(lines[filled[other]].text):
            other += step
        near = 0 <= other < len(filled) and abs(filled[other] - filled[position]) <= 3
        if near and _COLUMNS.match(lines[filled[other]].text):
            return True
    return False


def _item_marker(lines: list[Line], filled: list[int], position: int) -> int:
    """Length of the list marker that begins the line; 0 where it is no list item."""
    text = lines[filled[position]].text
    if match := _BULLET.match(text):
        return match.end() if text[match.end() :].strip() else 0
    if match := _ORDERED.match(text):
        if position and filled[position] - filled[position - 1] == 1 and _continues(lines[filled[position - 1]], lines[filled[position]]):
            return 0
        # "1. " begins an item where the line is a sentence or has siblings directly beside it; else it is a numbered heading.
        if _SENTENCE_END.search(text.rstrip()) and not text.rstrip().endswith(":"):
            return match.end()
        sibling = [
            bool(_ORDERED.match(lines[filled[other]].text)) and abs(filled[other] - filled[position]) == 1
            for other in (position - 1, position + 1)
            if 0 <= other < len(filled)
        ]
        introduced = position > 0 and lines[filled[position - 1]].bare.endswith(":")
        return match.end() if any(sibling) or introduced else 0
    return 0


def _one_heading(lines: list[Line], number: int) -> bool:
    """A heading that is too long for one line of print goes on in the next, in the same letters."""
    line, before = lines[number], lines[number - 1]
    alike = line.size == before.size and line.bold == before.bold and line.bare.isupper() == before.bare.isupper()
    return bool(before.bare) and alike


def _heading_level(lines: list[Line], filled: list[int], position: int, *, set_in_lines: bool) -> int:
    """Depth of the heading that the line is, 1 outermost; 0 where it is none."""
    number = filled[position]
    line, bare = lines[number], lines[number].bare
    following = lines[filled[position + 1]] if position + 1 < len(filled) else None
    if following is None or len(bare) > MAX_HEADING_CHARACTERS or line.words > MAX_HEADING_WORDS:
        return 0
    if not re.search(r"[^\W\d_]{2}", bare):
        return 0
    before = lines[filled[position - 1]] if position else None
    if before is not None and number - filled[position - 1] == 1 and _continues(before, line):
        return 0
    if _LABELLED.match(bare) and line.size <= 1.2 and not _NUMBERED.match(line.text) and not _PART.match(bare):
        return 0
    if line.size > HEADING_SIZE or (line.bold and not _SENTENCE_END.search(bare.rstrip(":"))):
        return 1 if line.size > 1.45 else 2 if line.size > 1.2 else 3
    introduced = before is not None and before.bare.endswith(":") and number - filled[position - 1] <= 2
    letters = [character for character in bare if character.isalpha()]
    if not introduced and all(character.isupper() for character in letters) and len(letters) > 2 and not bare.endswith((",", ";")):
        return 1
    if (match := _NUMBERED.match(line.text)) and not _reads_as_sentence(bare):
        return min(6, match.group(1).count(".") + 1) if match.group(1)[0].isdigit() else 1
    if _PART.match(bare) and line.words <= 8 and not bare.endswith("."):
        return 1
    listed = bool(_item_marker(lines, filled, position + 1)) or bool(_LONE_BULLET.match(following.text))
    if bare.endswith(":"):
        return 3 if line.words <= 8 and not listed and not _VERB.search(bare) and following.words > line.words else 0
    if bare.endswith("?"):
        return 2
    if _SENTENCE_END.search(bare) or bare.endswith(","):
        return 0
    stands_alone = number == 0 or not lines[number - 1].bare or (before is not None and bool(_SENTENCE_END.search(before.bare)))
    beside = number + 1 < len(lines) and bool(lines[number + 1].bare)
    if beside and (set_in_lines or _continues(line, following)):
        return 0
    if not stands_alone or introduced or not (bare[0].isupper() or bare[0].isdigit()):
        return 0
    if before is None or not beside or _in_title_case(bare):
        return 2 if before is not None else 1
    return 0


def _reads_as_sentence(bare: str) -> bool:
    return bool(re.search(r"[.;,]$", bare)) or (bool(_VERB.search(bare)) and not _in_title_case(bare) and len(bare.split()) > 8)


def _in_title_case(bare: str) -> bool:
    """Most of the longer words begin with a capital."""
    longer = [word for word in re.findall(r"[^\W\d_]+", bare) if len(word) > 3]
    return bool(longer) and sum(word[0].isupper() for word in longer) / len(longer) >= 0.6


def _continues(line: Line, following: Line) -> bool:
    """The next line goes on with a sentence that this one left open, as its first letter shows, or a number that this one refers to."""
    if _REFERENCE.search(line.bare) and following.bare[:1].isdigit():
        return True
    return not _SENTENCE_END.search(line.bare) and following.bare[:1].islower()


def _could_be_item(lines: list[Line], last: int, block: Block) -> bool:
    """Whether what was taken as a paragraph is short and has no full stop, as items have that carry no bullet."""
    return block.end - block.start <= MAX_BARE_ITEM_CHARACTERS and not _SENTENCE_END.search(lines[last].bare)


def _take_paragraph(lines: list[Line], filled: list[int], position: int, wrap: int) -> tuple[int, Block]:
    return _take(lines, filled, position, wrap, "paragraph", 0)


def _take_item(lines: list[Line], filled: list[int], position: int, wrap: int, marker: int) -> tuple[int, Block]:
    return _take(lines, filled, position, wrap, "item", marker)


def _take(lines: list[Line], filled: list[int], position: int, wrap: int, kind: str, marker: int) -> tuple[int, Block]:
    """Take the line at `position` and those that a wrap cut off from it; give back the next position and the block."""
    first = lines[filled[position]]
    last = first
    indent = len(first.text) - len(first.text.lstrip())
    position += 1
    while position < len(filled) and filled[position] == filled[position - 1] + 1:
        following = lines[filled[position]]
        if _LONE_BULLET.match(following.text) or _item_marker(lines, filled, position):
            break
        head = following.bare.split()[0]
        wrapped = wrap and len(last.text.rstrip()) + 1 + len(head) > wrap - 2
        if not wrapped and not _continues(last, following):
            break
        last = following
        position += 1
    end = last.start + len(last.text.rstrip())
    level = 1 + min(3, indent // 4) if kind == "item" else 1
    left = len(first.text[marker:]) - len(first.text[marker:].lstrip())
    return position, Block(kind, first.start + marker + left, end, level)
