"""DOCX: paragraphs by their styles, tables as rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from ingest.compose import CELL_SEPARATOR, Piece, Reading, compose, squeeze
from ingest.nouns import PolicyError
from ingest.structure import MAX_HEADING_WORDS

NAME = "python-docx/2"

# A small archive can unpack to gigabytes; no policy of the 1,200 that were looked at comes near these.
MAX_ENTRIES = 2_000
MAX_BYTES = 200_000_000

# What was deleted or moved away while changes were tracked, and what only programs without the newer shapes should draw.
_GONE = frozenset({qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})
_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN, _BOX = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "r", "txbxContent"))
_SIGNS = {qn("w:tab"): " ", qn("w:ptab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
_WRITTEN = frozenset({qn("w:t"), *_SIGNS})
# The table of contents says every heading once more, with a page number.
_CONTENTS = re.compile(r"toc (?:\d|heading)", re.I)


def read_docx(data: bytes) -> Reading:
    """Read the body of a Word file in order, as it reads once its tracked changes are accepted.

    Raises PolicyError for archives that are none, or that unpack without measure.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if "word/document.xml" not in archive.namelist():
                raise PolicyError("is a zip archive without word/document.xml; expected a DOCX file")
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise PolicyError(f"unpacks to more than {MAX_BYTES // 1_000_000} MB or {MAX_ENTRIES} parts; save it again from Word")
            if b"<!DOCTYPE" in archive.read("word/document.xml")[:4096]:
                raise PolicyError("declares a document type, which no Word file does; save it again from Word")
        document = docx.Document(io.BytesIO(data))
        pieces = list(_pieces(document))
        title = next((piece.text for piece in pieces if piece.kind == "heading"), document.core_properties.title or "")
    except PolicyError:
        raise
    except Exception as error:  # zipfile, lxml and python-docx raise errors of many kinds for damaged files
        reason = (str(error).strip("'\"") or type(error).__name__).splitlines()[0]
        raise PolicyError(f"is no DOCX file that can be read: {reason}") from error
    return compose(pieces, title=squeeze(title))


def _below(element: Any, wanted: frozenset[str], without: frozenset[str] = _GONE) -> Iterator[Any]:
    """The outermost elements of some names below an element, in order, whatever they are wrapped in.

    python-docx looks only at children, and so doesn't see what stands in tracked insertions, content controls and fields.
    """
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag not in without:
            yield from _below(child, wanted, without)


def _blocks(element: Any, wanted: frozenset[str]) -> Iterator[Any]:
    """The paragraphs, and the tables where wanted, below an element; the text boxes of a paragraph come after it."""
    for block in _below(element, wanted):
        yield block
        if block.tag == _PARAGRAPH:
            for box in _below(block, frozenset({_BOX})):
                yield from _blocks(box, wanted)


def _pieces(document: Any) -> Iterator[Piece]:
    for block in _blocks(document.element.body, frozenset({_PARAGRAPH, _TABLE})):
        if block.tag == _TABLE:
            yield from _rows(block)
        elif piece := _piece(Paragraph(block, document)):
            yield piece


def _runs(paragraph: Any) -> list[tuple[Any, str]]:
    """The runs of a paragraph that say something, each with what it says."""
    runs = _below(paragraph, frozenset({_RUN}), _GONE | {_BOX})
    found = ((run, "".join(_SIGNS.get(sign.tag) or sign.text or "" for sign in _below(run, _WRITTEN, _GONE | {_BOX}))) for run in runs)
    return [(run, text) for run, text in found if text]


def _text(paragraph: Any) -> str:
    return squeeze("".join(text for _, text in _runs(paragraph)))


def _piece(paragraph: Paragraph) -> Piece | None:
    style = (paragraph.style.name or "") if paragraph.style else ""
    text = _text(paragraph._p)
    if not text or _CONTENTS.match(style):
        return None
    if style == "Title":
        return Piece("heading", text, 1)
    if match := re.fullmatch(r"Heading (\d)", style):
        return Piece("heading", text, int(match.group(1)) + 1)
    properties = paragraph._p.pPr  # python-docx has no public name for numbering
    numbered = properties is not None and properties.numPr is not None
    if style.startswith("List") or numbered:
        level = re.search(r"(\d)$", style)
        return Piece("item", text, int(level.group(1)) if level else 1)
    bold = all(Run(run, paragraph).bold for run, said in _runs(paragraph._p) if said.strip())
    if bold and len(text.split()) <= MAX_HEADING_WORDS and not text.endswith((".", ";", "!")):
        return Piece("heading", text, 5)
    return Piece("paragraph", text)


def _rows(table: Any) -> Iterator[Piece]:
    """The rows of a table; a cell that is merged over several rows is said in each of them."""
    above: dict[int, str] = {}
    rows = list(_below(table, frozenset({_ROW})))
    for number, row in enumerate(rows):
        cells: dict[int, str] = {}
        column = row.grid_before
        for cell in _below(row, frozenset({_CELL})):
            said = squeeze(" ".join(_text(paragraph) for paragraph in _blocks(cell, frozenset({_PARAGRAPH}))))
            cells[column] = above.get(column, said) if cell.vMerge == "continue" else said
            column += max(1, cell.grid_span)
        if any(cells.values()):
            yield Piece("row" if number or len(rows) == 1 else "header", CELL_SEPARATOR.join(cells.values()))
        above = cells
