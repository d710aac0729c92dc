"""Citations as a spreadsheet to review in: one row a citation, with filters, and the reviewer's columns ready. The only file that knows openpyxl."""

from __future__ import annotations

import datetime
import io
import math
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from cite.cells import carried, harmless, uncarried
from cite.claim import Claim
from cite.library import Library
from cite.nouns import Bundle
from cite.table import COLUMNS, REVIEW, Cell, claims_of_rows, rows_of
from ingest import PolicyError

SHEET = "Citations"
# Excel's own limit, beyond which the cell would be cut without a word.
MAX_CHARACTERS = 32_767
# The height of a line of the usual font, and the tallest row that there can be.
LINE_POINTS = 15
MAX_POINTS = 409
# A small archive can unpack to gigabytes; ten thousand citations unpack to about 20 MB.
MAX_BYTES = 500_000_000

_WIDTHS = {"question": 36, "answer": 24, "quote": 60, "section": 28, "review_comment": 36, "lead": 28, "document": 24, "title": 28, "policy": 16}
_WRAPPED = {"question", "answer", "quote", "section", "review_comment"}
_NOTES = (
    "One row a citation. Fill in review_status (accept, reject or comment), review_comment, reviewer and reviewed_at (such as 2025-03-31).",
    "Leave the other columns and their order as they are; rows may be sorted, filtered and removed. Columns of your own go to the right.",
    "Send the file back: python -m cite import FILE --bundle BUNDLE.json --out NEW.json takes the marks over by citation_id.",
    "An apostrophe at the beginning of a cell was put there so that no spreadsheet takes the text for a formula; it is taken away again on import.",
    "python -m cite verify FILE --corpus corpus/ says of each citation whether the policy still says it.",
)


def bundle_to_xlsx(bundle: Bundle, _: Library) -> bytes:
    """A workbook of three sheets: the citations, all questions (those without an answer too), and how to review."""
    # Everything is looked at before anything is written: openpyxl can't give up half-way through a sheet.
    rows = [[_fitting(value) for value in row] for row in rows_of(bundle)]
    cells = ([row.id, row.question, row.answer, row.verdict, row.asked, row.scope.line] for row in bundle.questions)
    questions = [[_fitting(harmless(cell)) for cell in row] for row in cells]
    book = Workbook(write_only=True)
    _align_at_top(book)
    book.properties.created = book.properties.modified = datetime.datetime.fromisoformat(bundle.created_at).replace(tzinfo=None)
    book.properties.creator = bundle.tool_version
    _write_sheet(book, SHEET, list(COLUMNS), rows)
    _write_sheet(book, "Questions", ["question_id", "question", "answer", "verdict", "asked", "scope"], questions)
    notes = book.create_sheet("How to review")
    notes.column_dimensions["A"].width = 110
    for note in _NOTES:
        notes.append([note])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def claims_from_xlsx(data: bytes, name: str) -> list[Claim]:
    """Read what a reviewer sent back. Raises PolicyError for workbooks that can't be read, or are from no export."""
    try:
        _check_archive(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    except PolicyError as error:
        raise PolicyError(f"{name} {error}") from error
    except Exception as error:  # openpyxl raises errors of many kinds for damaged files
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PolicyError(f"{name} is no XLSX workbook that can be read: {reason}; expected one from python -m cite export") from error
    return claims_of_rows(rows, name)


def _write_sheet(book: Workbook, title: str, header: list[str], rows: Sequence[list[Any]]) -> None:
    sheet = book.create_sheet(title)
    count = len(rows)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{count + 1}"
    _set_up_print(sheet, header, count)
    for number, column in enumerate(header, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column, 14)
    if "review_status" in header and count:
        letter = get_column_letter(header.index("review_status") + 1)
        choice = DataValidation(type="list", formula1='"accept,reject,comment"', allow_blank=True)
        choice.add(f"{letter}2:{letter}{count + 1}")
        sheet.data_validations.append(choice)
    sheet.append([_styled(sheet, column, heading=True, wrapped=True) for column in header])
    # A row is written as soon as it is appended, so that the same cells serve for all rows; cells with a style take most of the time.
    wrapped = {number: _styled(sheet, column, heading=False, wrapped=True) for number, column in enumerate(header) if column in _WRAPPED}
    for place, row in enumerate(rows, 2):
        sheet.row_dimensions[place].height = _height(row, header)
        for number, cell in wrapped.items():
            cell.value = row[number]
            row[number] = cell
        sheet.append(row)


def _align_at_top(book: Workbook) -> None:
    """Let every cell that has no style begin where the wrapped ones do; a style for each would take twice the time."""
    plain = StyleArray()
    plain.alignmentId = book._alignments.add(Alignment(vertical="top"))
    book._cell_styles = IndexedList([plain])


def _set_up_print(sheet: Any, header: Sequence[str], count: int) -> None:
    """Print what a reviewer reads, the columns up to the last that a reviewer fills in, on pages that lie, under the header."""
    read = header.index(REVIEW[-1]) + 1 if REVIEW[-1] in header else len(header)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.print_area = f"A1:{get_column_letter(read)}{count + 1}"


def _height(row: Sequence[Cell], header: Sequence[str]) -> float:
    """Points that the wrapped cells of a row need, which not every program works out when it opens a file."""
    lines = [
        math.ceil(len(value) / _WIDTHS[column]) + value.count("\n")
        for column, value in zip(header, row, strict=True)
        if column in _WRAPPED and isinstance(value, str)
    ]
    return min(LINE_POINTS * max(lines, default=1), MAX_POINTS)


def _styled(sheet: Any, column: str, *, heading: bool, wrapped: bool) -> Any:
    cell = WriteOnlyCell(sheet, column if heading else None)
    cell.alignment = Alignment(wrap_text=wrapped, vertical="top")
    if heading:
        cell.font = Font(bold=True)
    if column in REVIEW:
        cell.fill = PatternFill("solid", fgColor="FFF6D5")
    return cell


def _fitting(value: Cell) -> Cell:
    if not isinstance(value, str) or not value:
        return value if value != "" else None
    text = carried(value)
    if len(text) > MAX_CHARACTERS:
        raise PolicyError(f"a cell would hold {len(text):,} characters, and a spreadsheet holds {MAX_CHARACTERS:,}; export --format csv or json")
    return text


def _check_archive(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MAX_BYTES:
            raise PolicyError(f"unpacks to more than {MAX_BYTES // 1_000_000} MB; expected a workbook from python -m cite export")
        for entry in entries:
            if entry.filename.endswith(".xml"):
                with archive.open(entry) as part:
                    if b"<!DOCTYPE" in part.read(4096):
                        raise PolicyError("declares a document type, which no spreadsheet program does; save it again")


def _text(value: Any) -> str:
    """A cell's value as the text that it stood for before a spreadsheet program took it for something."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return uncarried(str(value))
