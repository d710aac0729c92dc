"""PDF: lines of print with their font sizes, from which headings, paragraphs and list items are found; tables as rows."""

from __future__ import annotations

import bisect
import collections
import dataclasses
import io
import itertools
import logging
import statistics
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pdfplumber
import pypdf
from pdfplumber.utils.text import extract_words

from ingest.columns import find_cuts, split_line
from ingest.compose import CELL_SEPARATOR, Piece, Reading, compose, squeeze
from ingest.furniture import without_furniture
from ingest.nouns import PolicyError
from ingest.printed import SENTENCE_END, Character, PrintedLine, PrintedWord, words_of
from ingest.structure import Line, find_blocks

NAME = f"pdfplumber-{pdfplumber.__version__}/2"

# A gap of more than this many times the document's usual distance between lines ends a paragraph.
PARAGRAPH_GAP = 1.2
# Words of a line are parted by more white than this share of the font size.
WORD_GAP = 0.15

# Both libraries also tell the terminal about damage; what the user needs to know stands in the error.
for _name in ("pypdf", "pdfminer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def read_pdf(data: bytes) -> Reading:
    """Read the text of a PDF. Raises PolicyError where there is none: encrypted files, scans, damage.

    pypdf opens the file first, since it refuses what is built to exhaust memory; pdfplumber then knows where the words stand.
    """
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PolicyError("is encrypted with a password; save a copy without one")
        labels = _page_labels(reader)
        info = squeeze(str(reader.metadata.title or "")) if reader.metadata else ""
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            pages = [list(_lines_of_page(page)) for page in pdf.pages]
    except PolicyError:
        raise
    except Exception as error:  # both libraries raise errors of many kinds for damaged files
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise PolicyError(f"is no PDF that can be read: {reason}") from error
    empty = [number for number, lines in enumerate(pages, 1) if not lines]
    if len(empty) == len(pages):
        many = f"{len(pages)} pages and no text on them" if len(pages) > 1 else "one page and no text on it"
        raise PolicyError(f"has {many} (a scan?); run it through text recognition first")
    warnings = (f"pages without text: {', '.join(map(str, empty))}",) if empty else ()
    printed = [line for lines in without_furniture(pages, _body_size([line for lines in pages for line in lines])) for line in lines]
    pieces = list(_pieces(printed))
    title = next((piece.text for piece in pieces if piece.kind == "heading"), info)
    return dataclasses.replace(compose(pieces, pages=len(pages), title=squeeze(title), warnings=warnings), page_labels=labels)


def _page_labels(reader: pypdf.PdfReader) -> tuple[str, ...]:
    """What is printed on the pages, where the file says so; damaged labels are no reason not to read the text."""
    try:
        return tuple(reader.page_labels) if "/PageLabels" in reader.root_object else ()
    except (pypdf.errors.PyPdfError, KeyError, ValueError, TypeError, AttributeError, IndexError):
        return ()


def find_words(data: bytes, pages: Collection[int]) -> dict[int, list[PrintedWord]]:
    """The words on some pages of a PDF that `read_pdf` reads, by page, in the order in which it reads them.

    Words of running headers and footers are among them; the separators of table cells are not.
    """
    with pdfplumber.open(io.BytesIO(data), pages=sorted(pages)) as pdf:
        return {
            page.page_number: [word for line in _lines_of_page(page) for word in words_of(line.text, line.characters, page)] for page in pdf.pages
        }


def _lines_of_page(page: Any) -> Iterator[PrintedLine]:
    """The lines and table rows of a page from its top to its foot, one column after the other.

    What goes over the columns, as a heading may, parts what stands above it from what stands below.
    """
    tables = [table for table in page.find_tables() if len(table.rows) > 1 and len(table.rows[0].cells) > 1]
    outside = page.filter(lambda thing: not any(_is_inside(thing, table.bbox) for table in tables)) if tables else page
    lines = []
    for line in outside.extract_text_lines(return_chars=True, x_tolerance_ratio=WORD_GAP):
        characters = [character for character in line["chars"] if not character["text"].isspace()]
        if characters:
            lines.append((line, characters))
    cuts = find_cuts([characters for _, characters in lines])
    found: list[tuple[int, PrintedLine]] = []  # with the column, -1 for what goes over several
    for table in tables:
        left, _, right, _ = table.bbox
        column = -1 if any(left < cut < right for cut in cuts) else bisect.bisect(cuts, left)
        found += [(column, row) for row in _rows(page, table)]
    for line, characters in lines:
        parts = split_line(characters, cuts) or {-1: characters}
        for column, part in parts.items():
            text, printed = (line["text"], part) if len(parts) == 1 else _respelt(part)
            size = statistics.median(character["size"] for character in printed)
            bold = all("bold" in str(character["fontname"]).lower() for character in printed)
            found.append(
                (column, PrintedLine(page.page_number, line["top"], printed[0]["x0"], round(size, 1), bold, text, characters=tuple(printed)))
            )
    over = sorted(line.top for column, line in found if column < 0)
    for _, line in sorted(found, key=lambda entry: (bisect.bisect(over, entry[1].top), entry[0], entry[1].top, entry[1].left)):
        yield line


def _rows(page: Any, table: Any) -> Iterator[PrintedLine]:
    for number, cells in enumerate(table.extract()):
        row = CELL_SEPARATOR.join(squeeze(cell or "") for cell in cells)
        printed = tuple(character for cell in table.rows[number].cells if cell for character in _characters_in(page, cell))
        kind = "row" if number else "header"
        yield PrintedLine(page.page_number, table.rows[number].bbox[1], table.bbox[0], 1.0, bold=False, text=row, kind=kind, characters=printed)


def _respelt(part: Sequence[Any]) -> tuple[str, list[Any]]:
    """The text of some characters of a line, and those characters as the text has them."""
    # pdfplumber gives a ligature once for each of its letters.
    once = [character for before, character in itertools.pairwise([None, *part]) if character is not None and character is not before]
    words = extract_words(once, x_tolerance_ratio=WORD_GAP, return_chars=True)
    return " ".join(word["text"] for word in words), [character for word in words for character in word["chars"]]


def _characters_in(page: Any, cell: tuple[float, float, float, float]) -> Iterator[Any]:
    """The characters of a table cell in the order of reading."""
    for word in extract_words([character for character in page.chars if _is_inside(character, cell)], return_chars=True):
        yield from word["chars"]


def _is_inside(character: Character, box: tuple[float, float, float, float]) -> bool:
    """Whether the middle of a character is in a box, so that it is in a table or outside of it, and never in neither."""
    left, top, right, bottom = box
    across, down = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
    return bool(left <= across < right and top <= down < bottom)


def _pieces(printed: list[PrintedLine]) -> Iterator[Piece]:
    """Prose between tables goes through the finder of structure; rows are what they are."""
    body = _body_size(printed)
    leading = _leading(printed)
    for is_row, group in itertools.groupby(printed, key=lambda line: bool(line.kind)):
        lines = list(group)
        if is_row:
            previous = ""
            for line in lines:
                if line.kind == "row" or line.text != previous:  # the header repeated on the next page is no row
                    yield Piece(line.kind, line.text, page=line.page)
                previous = line.text if line.kind == "header" else previous
        else:
            yield from _prose(lines, body, leading)


def _prose(printed: list[PrintedLine], body: float, leading: float) -> Iterator[Piece]:
    lines: list[Line] = []
    pages: list[int] = []
    offset = 0
    previous: PrintedLine | None = None
    for line in printed:
        if previous is not None and _apart(previous, line, leading):
            lines.append(Line(offset, ""))
            pages.append(previous.page)
            offset += 1
        lines.append(Line(offset, line.text.rstrip(), line.size / body, line.bold))
        pages.append(line.page)
        offset += len(line.text.rstrip()) + 1
        previous = line
    for block in find_blocks(lines, set_in_lines=True):
        covered = [number for number, line in enumerate(lines) if line.start < block.end and line.start + len(line.text) > block.start]
        first = lines[covered[0]]
        text = "\n".join(lines[number].text for number in covered)
        start = block.start - first.start
        turns = tuple(
            (pages[number], len(squeeze(text[start : lines[number].start - first.start])) + 1)
            for before, number in itertools.pairwise(covered)
            if pages[before] != pages[number]
        )
        yield Piece(block.kind, text[start : block.end - first.start], block.level, first.text[:start].lstrip(), pages[covered[0]], turns)


def _body_size(lines: list[PrintedLine]) -> float:
    """The font size that most characters are set in."""
    sizes: collections.Counter[float] = collections.Counter()
    for line in lines:
        if not line.kind:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _leading(lines: list[PrintedLine]) -> float:
    """The usual distance between two lines of print, in multiples of the font size."""
    steps = [round((b.top - a.top) / b.size, 1) for a, b in itertools.pairwise(lines) if a.page == b.page and a.size == b.size and not b.kind]
    within = [step for step in steps if 0.8 < step < 2.5]
    return statistics.mode(within) if within else 1.2


def _apart(previous: PrintedLine, line: PrintedLine, leading: float) -> bool:
    """Whether a paragraph ends between two lines of print."""
    if abs(previous.size - line.size) > 0.5 or previous.bold != line.bold:
        return True
    ended = bool(SENTENCE_END.search(previous.text))
    if previous.page != line.page or line.top < previous.top:  # over the page, or to the next column
        return ended
    outdented = line.left < previous.left - 4 and ended
    return outdented or line.top - previous.top > PARAGRAPH_GAP * leading * line.size
