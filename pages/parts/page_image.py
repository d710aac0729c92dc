"""A page of a PDF as a picture, with the quotation marked on it. The only file that knows PDFium."""

from __future__ import annotations

import dataclasses
import io
import threading

import PIL.Image
import PIL.ImageChops
import pypdfium2

from cite import highlighted_page
from ingest import Document, PolicyError

# Pixels across; twice what the widest reader shows, for sharp screens.
WIDTH = 1200
# Neither a page a mile long nor one that is only a line is worth its memory.
MAX_HEIGHT = 4 * WIDTH
# Enough for print and a mark, and half the bytes of the whole palette.
COLOURS = 128

# PDFium may be used by one thread at a time (its own documentation, "thread safety"), and Streamlit has one for each visitor.
_ALONE = threading.Lock()


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """A page as PNG. `marked` is the box around what is marked, as shares of width and height: left, top, right, bottom; None where nothing is."""

    png: bytes
    width: int
    height: int
    marked: tuple[float, float, float, float] | None


def picture_of(data: bytes, document: Document, start: int, end: int) -> Picture:
    """The page on which `document.text[start:end]` begins. Nothing is marked unless every word was found on the page.

    Raises PolicyError where the page can't be drawn.
    """
    try:
        bare, drawn = (_draw(highlighted_page(data, document, start, last)) for last in (start, end))
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise PolicyError(f"page {document.page_at(start)} of {document.id} can't be drawn ({error}); read its text instead") from error
    box = PIL.ImageChops.difference(bare, drawn).getbbox()
    buffer = io.BytesIO()
    drawn.quantize(COLOURS).save(buffer, "PNG")
    width, height = drawn.size
    marked = (box[0] / width, box[1] / height, box[2] / width, box[3] / height) if box else None
    return Picture(buffer.getvalue(), width, height, marked)


def _draw(page: bytes) -> PIL.Image.Image:
    """The only page of a PDF."""
    with _ALONE, pypdfium2.PdfDocument(page) as printed:
        first = printed[0]
        width, height = first.get_size()
        if min(width, height) < 1 or height / width * WIDTH > MAX_HEIGHT:
            raise ValueError(f"it is {width:.0f} by {height:.0f} points")
        drawn: PIL.Image.Image = first.render(scale=WIDTH / width).to_pil()
        return drawn.convert("RGB")
