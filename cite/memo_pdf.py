"""A memo as the pages of a PDF. Text is drawn and never parsed, so nothing that a policy says is a command here.

ReportLab's own paragraphs read markup, so lines are broken in `cite.memo_lines`.
"""

from __future__ import annotations

import datetime
import functools
import io
from collections.abc import Iterable, Iterator, Sequence

import fontpkg_noto_sans
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from cite.memo import Memo, Quotation, Section
from cite.memo_lines import CONTEXT, INK, LEADING, MARKED, Line, Measure, Paragraph
from ingest import PolicyError

FONT = "Noto Sans"
FONT_FILE = "files/NotoSans[wdth,wght].ttf"
# Points. A4 prints on letter paper too, with these margins.
WIDTH, HEIGHT = A4
MARGIN = 62.0
INDENT = 14.0
# The file has one weight that can be embedded: bold is its outline drawn, this many points wide.
OUTLINE = 0.35
# ReportLab's table of what a sign means has room for four hexadecimal digits.
LAST_CHARACTER = 0xFFFF
NO_CHARACTER = "\ufffd"
# So many characters without a sign are named; more would fill the page.
NAMED = 12

_COLOURS = {INK: (0.106, 0.106, 0.106), CONTEXT: (0.353, 0.353, 0.353), MARKED: (0.106, 0.106, 0.106)}
_MARK = (1.0, 0.894, 0.541)
_BAR = (0.722, 0.722, 0.722)


def memo_to_pdf(memo: Memo, created_at: str) -> bytes:
    """The memo on A4; `created_at` (ISO 8601) dates the file, so that one memo always has the same bytes.

    In the place of a character that the font has no sign for stands the mark �, and the first lines name up to `NAMED` of those.
    """
    font = _font()
    measure = Measure(functools.partial(_print_of, font), WIDTH - 2 * MARGIN)
    blocks = list(_blocks(memo))
    missing = _missing(font, (text for block in blocks for paragraph in block for text, _ in paragraph.runs))
    blocks.insert(0, list(_head(memo, missing)))
    rl_config.useA85 = 0  # a file that need not be printable characters is a fifth smaller
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1, invariant=1, initialFontName="Helvetica")
    canvas.setTitle("Citations")
    stamp = datetime.datetime.fromisoformat(created_at).strftime("D:%Y%m%d%H%M%SZ")
    canvas.setDateFormatter(lambda *_: stamp)
    for number, page in enumerate(_pages(blocks, measure), 1):
        _draw(canvas, page, number)
    canvas.save()
    return buffer.getvalue()


class _Font(TTFont):  # type: ignore[misc]
    """A font that doesn't look at each character of a line in ASCII: there, `asciiReadable` lets each stand for itself."""

    def splitString(self, text: str, doc: object, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802
        """The text as the bytes of each subset of the font that it needs."""
        if text.isascii() and text.isprintable() and doc in self.state:
            return [(0, text.encode("ascii"))]
        found: list[tuple[int, bytes]] = super().splitString(text, doc, encoding)
        return found


@functools.cache
def _font() -> TTFont:
    """The font, read once. Raises PolicyError where its package is broken."""
    try:
        font = _Font(FONT, str(fontpkg_noto_sans.ROOT / FONT_FILE), asciiReadable=True)
    except (TTFError, OSError) as error:
        raise PolicyError(f"the font {FONT} can't be read ({error}); run pip install --force-reinstall -r requirements.txt") from error
    pdfmetrics.registerFont(font)
    return font


def _printable(font: TTFont, character: str) -> bool:
    """Whether the font has a sign for the character, and ReportLab can say what the sign means."""
    return ord(character) <= LAST_CHARACTER and ord(character) in font.face.charToGlyph


def _print_of(font: TTFont, word: str) -> tuple[str, float]:
    """The word as it can be printed, and its width at size 1."""
    if not word.isascii():
        word = "".join(character if _printable(font, character) else NO_CHARACTER for character in word)
    return word, font.stringWidth(word, 1)


def _missing(font: TTFont, texts: Iterable[str]) -> list[str]:
    """The characters of the texts that can't be printed, in the order of their numbers."""
    return sorted(character for character in set().union(*texts) if not _printable(font, character))


def _head(memo: Memo, missing: Sequence[str]) -> Iterator[Paragraph]:
    """What stands over the first question."""
    yield Paragraph((("Citations", INK),), 16, bold=True)
    yield Paragraph(((memo.made, CONTEXT),), 8)
    yield Paragraph((("Of policies that are no PDF. Quotations from PDFs are highlighted in the copies of those files.", CONTEXT),), 8)
    if missing:
        names = " ".join(f"U+{ord(character):04X}" for character in missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
        said = f"The font has no sign for these characters, for which {NO_CHARACTER} stands; the HTML memo shows them: {names}"
        yield Paragraph(((said, INK),), 8)


def _blocks(memo: Memo) -> Iterator[list[Paragraph]]:
    """Paragraphs that stay together on a page if they can; headings stay with what follows them."""
    for section in memo.sections:
        before = list(_question(section))
        for statement in section.statements:
            title = (f"{statement.policy}: {statement.verdict}", INK), (f"confidence {statement.confidence}", CONTEXT)
            before.append(Paragraph(title, 10, 8, bold=True))
            for quotation in statement.quotations:
                yield [*before, *_quotation(quotation)]
                before = []
        if section.silent:
            before.append(Paragraph(((f"Silent: {section.silent}", INK),), 9, 6))
        yield before
    yield [Paragraph(((memo.proof, CONTEXT),), 7, 12)]


def _question(section: Section) -> Iterator[Paragraph]:
    yield Paragraph(((section.question, INK),), 12, 18, bold=True)
    yield Paragraph(((section.answer, INK),), 9)
    if section.asked:
        yield Paragraph(((f"Searched: {section.asked}", INK),), 9)


def _quotation(quotation: Quotation) -> Iterator[Paragraph]:
    yield Paragraph(((quotation.lead, CONTEXT),), 9, 5, INDENT)
    yield Paragraph(((quotation.role, INK), (quotation.before, CONTEXT), (quotation.words, MARKED), (quotation.after, CONTEXT)), 9, 3, INDENT)
    yield Paragraph(((f"[{quotation.number}] {quotation.place}", INK),), 8, 2, INDENT)
    yield Paragraph(((quotation.proof, CONTEXT),), 7, 1, INDENT)
    if quotation.review:
        yield Paragraph(((f"Review: {quotation.review}", INK),), 8, 2, INDENT)


def _pages(blocks: Iterable[Sequence[Paragraph]], measure: Measure) -> Iterator[list[tuple[float, Line]]]:
    """The lines of each page, each with the height of its foot; a block that fits on a page is not cut."""
    page: list[tuple[float, Line]] = []
    foot = HEIGHT - MARGIN
    for block in blocks:
        lines = [line for paragraph in block for line in measure.lines(paragraph)]
        height = sum(line.height for line in lines)
        together = foot - height < MARGIN <= HEIGHT - MARGIN - height
        for line in lines:
            if page and (together or foot - line.height < MARGIN):
                yield page
                page, foot = [], HEIGHT - MARGIN
            together = False
            foot -= line.height
            page.append((foot, line))
    if page:
        yield page


def _draw(canvas: Canvas, page: Sequence[tuple[float, Line]], number: int) -> None:
    """Marks and bars first, so that words stand on them."""
    canvas.setFillColorRGB(*_MARK)
    for foot, line in page:
        for piece in line.pieces:
            if piece.shown == MARKED:
                canvas.rect(MARGIN + piece.left, foot, piece.right - piece.left, line.paragraph.size * LEADING, stroke=0, fill=1)
    canvas.setFillColorRGB(*_BAR)
    for foot, line in page:
        if line.paragraph.indent:
            canvas.rect(MARGIN, foot, 2, line.paragraph.size * LEADING, stroke=0, fill=1)
    canvas.setLineWidth(OUTLINE)
    text = canvas.beginText()
    _write(text, page)
    text.setTextRenderMode(0)
    text.setFont(FONT, 7)
    text.setTextOrigin(WIDTH - MARGIN, MARGIN / 2)
    text.textLine(str(number))
    canvas.drawText(text)
    canvas.showPage()


def _write(text: PDFTextObject, page: Sequence[tuple[float, Line]]) -> None:
    """The words of a page; what stays as it is from line to line is not said again."""
    before: Paragraph | None = None
    colour: tuple[float, float, float] | None = None
    for foot, line in page:
        paragraph = line.paragraph
        if paragraph is not before:
            text.setFont(FONT, paragraph.size)
            text.setTextRenderMode(2 if paragraph.bold else 0)
            before = paragraph
        for piece in line.pieces:
            if colour != _COLOURS[piece.shown]:
                colour = _COLOURS[piece.shown]
                text.setFillColorRGB(*colour)
                text.setStrokeColorRGB(*colour)
            text.setTextOrigin(MARGIN + piece.left, foot + paragraph.size * (LEADING - 1))
            text.textLine(piece.text)
