"""The cited PDFs themselves, the quoted words highlighted, with the question as note; what is no PDF follows as a memo.

Writing is done here, reading in `ingest.read_pdf`, and the memo's pages in `cite.memo_pdf`.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence

import pypdf
import pypdf.errors
from pypdf.annotations import Highlight, MarkupAnnotation, Text
from pypdf.generic import ArrayObject, FloatObject, NameObject, TextStringObject

from cite.library import Library
from cite.locate import Printed
from cite.memo import memo_of, one_line, quoted_line
from cite.memo_pdf import memo_to_pdf
from cite.nouns import Bundle, Citation, Entry
from ingest import Document, PolicyError, PrintedWord, read_bytes

COLOUR = "ffe066"
# What the memo's pages are called beside the names of the PDFs.
MEMO = "Citations of other policies"
# Words whose lower edges differ by less than this part of their height are on one line.
LINE_TOLERANCE = 0.5

Box = tuple[float, float, float, float]  # left, bottom, right, top


def pdf_documents(bundle: Bundle) -> list[str]:
    """The cited documents that are PDFs, in the order in which they are first cited."""
    return list(dict.fromkeys(entry.citation.document for entry in bundle.entries() if not _of_other_source(entry.citation)))


def _of_other_source(citation: Citation) -> bool:
    """Whether the source is no PDF: only PDFs have pages."""
    return citation.page is None


def bundle_to_pdf(bundle: Bundle, library: Library) -> bytes:
    """A copy of each cited PDF, one after the other, with a highlight over every quotation; then the memo of all other citations.

    A quotation whose words can't be placed on the page gets a note at the page's corner instead. Questions that nothing is
    cited for stand in the memo. Raises PolicyError where a PDF is not at hand or not the one that was cited.
    """
    memo = memo_of(bundle, library, _of_other_source)
    names = pdf_documents(bundle)
    if not names:
        return memo_to_pdf(memo, bundle.created_at)
    writer = pypdf.PdfWriter()
    for name in names:
        entries = [entry for entry in bundle.entries() if entry.citation.document == name]
        data = library.file_bytes(name, entries[0].citation.source_sha256)
        first = len(writer.pages)
        writer.append(_open(data), outline_item=name)
        _mark(writer, first, Printed(data, _document(data, entries[0], library)), entries)
    if memo.sections:
        writer.append(io.BytesIO(memo_to_pdf(memo, bundle.created_at)), outline_item=MEMO)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def highlighted_page(data: bytes, document: Document, start: int, end: int) -> bytes:
    """The page on which `document.text[start:end]` begins, as a PDF of its own; its words are highlighted, if every one of them was found.

    Raises PolicyError for bytes that are no PDF.
    """
    page = document.page_at(start) or 1
    writer = pypdf.PdfWriter()
    try:
        writer.append(_open(data), pages=(page - 1, page), import_outline=False)
    except (pypdf.errors.PyPdfError, IndexError, ValueError) as error:
        raise PolicyError(f"page {page} of {document.id} can't be drawn ({error}); read its text instead") from error
    words = Printed(data, document).words_of(start, end) if start < end else []
    for number, highlight in _highlights(words):
        if number == page:
            writer.add_annotation(0, highlight)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _open(data: bytes) -> pypdf.PdfReader:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        reader.decrypt("")  # it was cited, so it was read without a password
    return reader


def _document(data: bytes, entry: Entry, library: Library) -> Document:
    """The document as the library has it; read again where it has none, or another version."""
    document = library.documents.get(entry.citation.document)
    return document if document and document.sha256 == entry.citation.source_sha256 else read_bytes(data, entry.citation.document)


def _mark(writer: pypdf.PdfWriter, first: int, printed: Printed, entries: Sequence[Entry]) -> None:
    """Annotate the pages from `first` on; the same words cited for several questions are marked once."""

    def place(entry: Entry) -> tuple[int, int]:
        return entry.citation.char_start, entry.citation.char_end

    printed.read(map(place, entries))
    for (start, end), group in itertools.groupby(sorted(entries, key=place), place):
        cited = list(group)
        words = printed.words_of(start, end)
        note = "\n".join(dict.fromkeys(_note(entry) for entry in cited))
        for page, annotation in _annotations(words, note, cited[0]):
            annotation[NameObject("/T")] = TextStringObject(cited[0].bundle.tool_version)
            annotation[NameObject("/NM")] = TextStringObject(f"{cited[0].citation.id}-{page}")
            writer.add_annotation(first + page - 1, annotation)


def _note(entry: Entry) -> str:
    """What is written beside a highlight: the question, and "But:" where the words limit or contradict the first quotation."""
    return one_line(entry.question.question) + (" But:" if entry.role else "")


def _annotations(words: list[PrintedWord], note: str, entry: Entry) -> Iterator[tuple[int, MarkupAnnotation]]:
    """A highlight on each page that the words are on; a note on the first page where they were not found."""
    if not words:
        page = entry.citation.page or 1
        text = f"{note}\nCited from this page, but not found in its print: “{quoted_line(entry.citation.quote)}”"
        yield page, Text(rect=(12, 12, 32, 32), text=text)
    for page, highlight in _highlights(words):
        highlight[NameObject("/Contents")] = TextStringObject(note)
        yield page, highlight


def _highlights(words: list[PrintedWord]) -> Iterator[tuple[int, Highlight]]:
    """A highlight over the words of each page."""
    for page, group in itertools.groupby(words, lambda word: word.page):
        lines = list(_lines(list(group)))
        corners = [value for left, bottom, right, top in lines for value in (left, top, right, top, left, bottom, right, bottom)]
        yield page, Highlight(rect=_around(lines), quad_points=ArrayObject(map(FloatObject, corners)), highlight_color=COLOUR, printing=True)


def _lines(words: list[PrintedWord]) -> Iterator[Box]:
    """A box for each stretch of words that stand on one line, from left to right."""
    line: list[Box] = []
    for word in words:
        box = (word.left, word.bottom, word.right, word.top)
        if line and not _goes_on(line[-1], box):
            yield _around(line)
            line = []
        line.append(box)
    if line:
        yield _around(line)


def _goes_on(before: Box, box: Box) -> bool:
    height = min(before[3] - before[1], box[3] - box[1])
    return abs(before[1] - box[1]) < LINE_TOLERANCE * height and box[0] >= before[0]


def _around(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)
