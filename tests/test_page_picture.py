"""Pages of a PDF as pictures: what is marked is the quotation, and nothing else is."""

from __future__ import annotations

import io
import pathlib
import shutil

import PIL.Image
import pypdfium2
import pytest
from streamlit.testing.v1 import AppTest

from ingest import Document, PolicyError, read_bytes, split_sentences
from pages.parts import shell
from pages.parts.page_image import Picture, picture_of
from tests import paging
from tests.paging import html_of, text_of

app = paging.app  # the fixture
ROOT = pathlib.Path(__file__).parent.parent
LEAVE = "staff/leave-and-benefits.pdf"
DATA = (ROOT / "corpus" / LEAVE).read_bytes()


@pytest.fixture(scope="module")
def document() -> Document:
    return read_bytes(DATA, LEAVE)


def words_under(picture: Picture, page: int) -> str:
    """What is printed under the marked box, as PDFium reads it."""
    assert picture.marked
    left, top, right, bottom = picture.marked
    printed = pypdfium2.PdfDocument(DATA)[page - 1]
    width, height = printed.get_size()
    text = printed.get_textpage().get_text_bounded(left * width, (1 - bottom) * height + 2, right * width, (1 - top) * height - 2)
    return " ".join(text.split())


def test_the_marked_box_holds_the_quotation(document: Document) -> None:
    short = [passage for passage in split_sentences(document) if 20 < len(passage.text) < 60 and "|" not in passage.text]
    checked = 0
    for passage in short[:12]:
        picture = picture_of(DATA, document, passage.span.start, passage.span.end)
        if picture.marked and picture.marked[3] - picture.marked[1] < 0.02:  # on one line, so that the box holds no neighbours
            assert words_under(picture, passage.page or 0) == passage.text
            checked += 1
    assert checked >= 5


def test_a_page_without_a_quotation_has_no_mark(document: Document) -> None:
    assert picture_of(DATA, document, document.page_starts[2], document.page_starts[2]).marked is None


def test_words_that_are_not_in_print_are_not_marked(document: Document) -> None:
    start = document.text.index("long service", 100) if "long service" in document.text[100:] else document.text.index("Long service")
    other = document.text[: start + 2] + "zzqx" + document.text[start + 6 :]
    changed = Document(document.id, document.policy, document.title, other, page_starts=document.page_starts)
    assert picture_of(DATA, changed, start, start + 12).marked is None


def test_a_picture_is_sharp_and_light(document: Document) -> None:
    picture = picture_of(DATA, document, 0, 0)
    with PIL.Image.open(io.BytesIO(picture.png)) as image:
        assert image.size == (picture.width, picture.height) == (1200, 1698)
    assert len(picture.png) < 300_000


def test_what_is_no_pdf_is_a_policy_error(document: Document) -> None:
    with pytest.raises(PolicyError, match="can't be drawn"):
        picture_of(b"%PDF-1.4 nothing", document, 0, 0)


def test_the_reader_shows_the_page_and_turns_it(app: AppTest, small_corpus: pathlib.Path, document: Document) -> None:
    shutil.copy(ROOT / "corpus" / LEAVE, small_corpus / "leave.pdf")
    start = document.text.index("After 10 years you receive")
    app.query_params.update({"document": "leave.pdf", "start": str(start), "end": str(start + 20)})
    app.run()
    assert not app.exception
    app.segmented_control(key="reader-as").set_value("Page as printed").run()
    assert not app.exception
    assert any(text_of(page) == "Page 6 of 6" for page in html_of(app))
    assert app.get("image")[0].proto.imgs[0].alt == f"Page 6 of {document.title}"
    assert app.button(key="leaf-right").disabled
    app.button(key="leaf-left").click().run()
    assert any(text_of(page) == "Page 5 of 6" for page in html_of(app))
    app.switch_page("pages/policies.py").run()
    app.query_params.clear()
    app.run()
    app.button(key="read-leave.pdf").click().run()
    app.segmented_control(key="view").set_value("Pages as printed").run()
    assert not app.exception
    assert any(text_of(page) == "Page 1 of 6" for page in html_of(app))


def test_a_policy_that_became_shorter_opens_where_it_begins(app: AppTest, small_corpus: pathlib.Path) -> None:
    shutil.copy(ROOT / "corpus" / LEAVE, small_corpus / "leave.pdf")
    app.run().switch_page("pages/policies.py").run()
    app.button(key="read-leave.pdf").click().run()
    app.segmented_control(key="view").set_value("Pages as printed").run()
    for _ in range(3):
        app.button(key="leaf-right").click().run()
    assert any(text_of(page) == "Page 4 of 6" for page in html_of(app))
    short = pypdfium2.PdfDocument.new()
    short.import_pages(pypdfium2.PdfDocument(DATA), pages=[0, 1])
    short.save(small_corpus / "leave.pdf")
    paging.wait(lambda: not shell.library().catch_up())
    app.run()
    assert not app.exception
    assert any(text_of(page) == "Page 1 of 2" for page in html_of(app))


def test_a_policy_that_is_no_pdf_has_no_pages_to_show(app: AppTest) -> None:
    app.query_params.update({"document": "bolt.txt", "start": "0", "end": "4"})
    app.run()
    assert [element for element in app.get("button_group") if element.key == "reader-as"] == []
