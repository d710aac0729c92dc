"""DOCX: paragraphs by their styles, tables as rows."""

from __future__ import annotations

import io
import re
import zipfile

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from ingest.compose import CELL_SEPARATOR, Piece, Reading, compose, squeeze
from ingest.nouns import PolicyError
from ingest.structure import MAX_HEADING_WORDS

NAME = "python-docx/1"

# A small archive can unpack to gigabytes; no policy of the 1,200 that were looked at comes near these.
MAX_ENTRIES = 2_000
MAX_BYTES = 200_000_000


def read_docx(data: bytes) -> Reading:
    """Read the body of a Word file in order. Raises PolicyError for archives that are none, or that unpack without measure."""
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
    except PolicyError:
        raise
    except Exception as error:  # zipfile, lxml and python-docx raise errors of many kinds for damaged files
        reason = str(error).strip("'\"").splitlines()[0] if str(error) else type(error).__name__
        raise PolicyError(f"is no DOCX file that can be read: {reason}") from error
    pieces: list[Piece] = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            _rows(part, pieces)
        elif squeeze(part.text):
            pieces.append(_piece(part))
    title = next((piece.text for piece in pieces if piece.kind == "heading"), document.core_properties.title or "")
    return compose(pieces, title=squeeze(title))


def _piece(paragraph: Paragraph) -> Piece:
    style = (paragraph.style.name or "") if paragraph.style else ""
    text = squeeze(paragraph.text)
    if style == "Title":
        return Piece("heading", text, 1)
    if match := re.fullmatch(r"Heading (\d)", style):
        return Piece("heading", text, int(match.group(1)) + 1)
    properties = paragraph._p.pPr  # python-docx has no public name for numbering
    numbered = properties is not None and properties.numPr is not None
    if style.startswith("List") or numbered:
        level = re.search(r"(\d)$", style)
        return Piece("item", text, int(level.group(1)) if level else 1)
    runs = [run for run in paragraph.runs if run.text.strip()]
    if runs and all(run.bold for run in runs) and len(text.split()) <= MAX_HEADING_WORDS and not text.endswith((".", ";", "!")):
        return Piece("heading", text, 5)
    return Piece("paragraph", text)


def _rows(table: Table, pieces: list[Piece]) -> None:
    for number, row in enumerate(table.rows):
        cells: list[str] = []
        previous = None
        for cell in row.cells:  # a merged cell is given once for each column it covers
            if cell._tc is not previous:
                cells.append(squeeze(cell.text))
            previous = cell._tc
        pieces.append(Piece("header" if number == 0 and len(table.rows) > 1 else "row", CELL_SEPARATOR.join(cells)))
