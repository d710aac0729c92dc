"""The highlighted source: exactly the quoted words are covered, nothing is highlighted where that can't be had, and a memo has the rest."""

from __future__ import annotations

import datetime
import io
import itertools
import pathlib
import re
import time
import unicodedata

import bs4
import pypdf
import pypdfium2
import pytest

from cite import Library, Review, export_answers, export_bundle, make_bundle, read_library, with_reviews
from cite.answers import answers_of_rows
from ingest import Document, PolicyError, split_sentences
from tests.citing import row_for
from tests.written import pdf_of

CORPUS = pathlib.Path(__file__).parent.parent / "corpus"
HPEC, LEAVE, HELPU = "privacy/hpec.pdf", "staff/leave-and-benefits.pdf", "privacy/helpu.txt"


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(CORPUS, {HPEC, LEAVE, HELPU})


def highlights(data: bytes) -> list[tuple[int, str, str]]:
    """Page, note and the words under each highlight, as another library reads them."""
    printed = pypdfium2.PdfDocument(data)
    found = []
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages):
        for annotation in (entry.get_object() for entry in page.get("/Annots", [])):
            if annotation["/Subtype"] == "/Highlight":
                points = [float(value) for value in annotation["/QuadPoints"]]
                text = printed[number].get_textpage()
                quads = [points[place : place + 8] for place in range(0, len(points), 8)]
                lines = [text.get_text_bounded(quad[0] - 0.5, quad[5] + 1, quad[2] + 0.5, quad[1] - 1) for quad in quads]
                found.append((number, annotation["/Contents"], " ".join(" ".join(lines).split())))
    return found


def sentences_of(document: Document, every: int) -> list[str]:
    texts = [passage.text for passage in split_sentences(document)]
    return [text for text in texts[::every] if texts.count(text) == 1 and document.text.count(text) == 1]


@pytest.mark.parametrize("name", [HPEC, LEAVE])
def test_the_highlight_covers_the_quoted_words_and_no_others(name: str, library: Library) -> None:
    document = library.documents[name]
    quotes = sentences_of(document, 5)
    data = export_answers([row_for(document, quote, f"question {number}") for number, quote in enumerate(quotes)], library, "pdf")
    covered: dict[str, list[str]] = {}
    for _, note, words in highlights(data):
        covered.setdefault(note, []).append(words)
    assert len(quotes) >= 15
    for number, quote in enumerate(quotes):
        wanted = " ".join(word for word in quote.split() if word != "|")
        assert "".join(covered[f"question {number}"]).replace(" ", "") == wanted.replace(" ", "")


def test_joined_letters_and_words_broken_over_lines_are_covered(tmp_path: pathlib.Path) -> None:
    fi, fl = "\xae", "\xaf"  # as the standard fonts number the joined letters
    lines = [
        "Your data is kept for thirty days, and after that it is re-",
        f"moved from every backup. The of{fi}cer signs con{fi}dential {fl}oor plans",
        "and a well-known co-",
        "operation partner may see them. Nobody else does.",
    ]
    (tmp_path / "joined.pdf").write_bytes(pdf_of([[(16, "Data"), (0, ""), *((10, line) for line in lines)]]))
    library = read_library(tmp_path)
    document = library.documents["joined.pdf"]
    quotes = [passage.text for passage in split_sentences(document) if passage.text != "Data"]
    assert quotes == [
        "Your data is kept for thirty days, and after that it is re- moved from every backup.",
        "The officer signs confidential floor plans and a well-known co- operation partner may see them.",
        "Nobody else does.",
    ]
    found = highlights(export_answers([row_for(document, quote) for quote in quotes], library, "pdf"))
    assert [letters(words) for _, _, words in found] == [letters(quote) for quote in quotes]


def letters(text: str) -> str:
    """Letters and figures alone: programs differ in what they make of a hyphen at the end of a line."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text))


def test_a_quotation_over_three_pages_is_marked_on_each_without_their_headers(tmp_path: pathlib.Path) -> None:
    names = ["".join(pair) for pair in itertools.product("abcdefghijk", repeat=2)]
    lines = [(10, f"{'Here' if name == 'aa' else 'here'} part {name} of a sentence goes on without a stop, and") for name in names[:120]]
    pages = [
        [
            (8, "Acme Policy"),
            (0, ""),
            *lines[begin : begin + 40],
            *([(10, "ends here. One more.")] * (begin == 80)),
            (0, ""),
            (8, f"Page {page} of 3"),
        ]
        for page, begin in enumerate((0, 40, 80), 1)
    ]
    (tmp_path / "long.pdf").write_bytes(pdf_of(pages))
    library = read_library(tmp_path)
    document = library.documents["long.pdf"]
    quote = next(passage.text for passage in split_sentences(document) if passage.text.startswith("Here part aa "))
    assert quote.endswith("ends here.")
    found = highlights(export_answers([row_for(document, quote, "how long?")], library, "pdf"))
    assert [(page, note) for page, note, _ in found] == [(0, "how long?"), (1, "how long?"), (2, "how long?")]
    assert " ".join(words for _, _, words in found) == " ".join(quote.split())


def test_one_quotation_for_two_questions_is_marked_once(library: Library) -> None:
    document = library.documents[HPEC]
    quote = sentences_of(document, 1)[10]
    data = export_answers([row_for(document, quote, "who?"), row_for(document, quote, "why?"), row_for(document, quote, "who?")], library, "pdf")
    assert [note for _, note, _ in highlights(data)] == ["who?\nwhy?"]


def test_every_cited_pdf_is_in_the_copy_and_other_sources_are_a_memo_behind_them(library: Library) -> None:
    documents = [library.documents[name] for name in (HELPU, HPEC, LEAVE)]
    rows = [row_for(document, sentences_of(document, 1)[3], document.id) for document in documents]
    data = export_answers(rows, library, "pdf")
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 13
    assert [item.title for item in reader.outline if not isinstance(item, list)] == [HPEC, LEAVE, "Citations of other policies"]
    assert [note for _, note, _ in highlights(data)] == [HPEC, LEAVE]
    assert [page for page, _, _ in highlights(data)][1] >= 6
    said = words_of(data, first=12)
    assert words(rows[0]["findings"][0]["citations"][0]["quote"]) in said
    assert HPEC not in said


def words(text: str) -> str:
    return "".join(text.split())


def words_of(data: bytes, first: int = 0) -> str:
    """What the pages from `first` on say, without blanks: lines are broken elsewhere than in the source."""
    return words("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages[first:]))


def test_the_memo_says_what_the_html_memo_says(library: Library) -> None:
    document = library.documents[HELPU]
    quotes = sentences_of(document, 3)
    rows = [row_for(document, quote, f"question {number}") for number, quote in enumerate(quotes)]
    bundle = make_bundle(answers_of_rows(rows), library)
    bundle = with_reviews(bundle, {entry.citation.id: Review("reject", "Ada", "says who?") for entry in bundle.entries()})
    said = words_of(export_bundle(bundle, library, "pdf"))
    page = bs4.BeautifulSoup(export_bundle(bundle, library, "html"), "lxml")
    parts = [words(part.get_text()) for part in page.find_all(["h2", "h3", "p"])]
    assert len(quotes) >= 15
    assert [part for part in parts if part not in said] == []
    assert "Review:reject(Ada):sayswho?" in said


def test_pdfs_alone_have_no_memo_and_questions_without_an_answer_have_one(library: Library) -> None:
    document = library.documents[HPEC]
    rows = [row_for(document, sentences_of(document, 1)[3], "who?")]
    assert len(pypdf.PdfReader(io.BytesIO(export_answers(rows, library, "pdf"))).pages) == len(document.page_starts)
    silent = {"policy": "HPEC", "document": HPEC, "verdict": "silent", "confidence": 0.5, "citations": []}
    rows.append({"id": "q2", "question": "Is there a moon?", "headline": "The policies do not say.", "findings": [silent]})
    data = export_answers(rows, library, "pdf")
    said = words_of(data, first=len(document.page_starts))
    assert "Isthereamoon?Thepoliciesdonotsay.Silent:HPEC" in said
    assert "who?" not in said
    assert "Isthereamoon?" in words_of(export_answers(rows[1:], library, "pdf"))


def test_numbers_are_those_of_the_html_memo(library: Library) -> None:
    rows = [row_for(library.documents[name], sentences_of(library.documents[name], 1)[3], name) for name in (HPEC, HELPU)]
    said = words_of(export_answers(rows, library, "pdf"), first=len(library.documents[HPEC].page_starts))
    assert "[2]" in said
    assert "[1]" not in said


HOSTILE = "We keep “quoted” — é €12 <b>bold</b> <a href='http://evil.example'>x</a> {nb} \\) Tj ET Q (a) %note &amp; → 我 \U0001f600 end"


def test_what_a_hostile_policy_says_is_only_text_and_no_character_vanishes(tmp_path: pathlib.Path) -> None:
    long = "x" * 500
    (tmp_path / "evil<br>.txt").write_text(f"{HOSTILE}.\n\nLong {long} word.\n", "utf-8")
    library = read_library(tmp_path)
    document = library.documents["evil<br>.txt"]
    rows = [row_for(document, HOSTILE, "<i>why</i> (\\) {nb}?"), row_for(document, f"Long {long} word.")]
    data = export_answers(rows, library, "pdf")
    said = words_of(data)
    assert words(HOSTILE.replace("→", "�").replace("我", "�").replace("\U0001f600", "�")) in said
    assert "showsthem:U+2192U+6211U+1F600" in said
    assert words("<i>why</i> (\\) {nb}?") in said
    assert f"Long{long}word." in said
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert [page for page in reader.pages if "/Annots" in page or "/AA" in page] == []
    assert b"/URI" not in data
    assert b"/JavaScript" not in data


def test_no_word_of_a_memo_is_outside_its_page(library: Library) -> None:
    document = library.documents[HELPU]
    data = export_answers([row_for(document, quote, "why? " * 60) for quote in sentences_of(document, 4)], library, "pdf")
    printed = pypdfium2.PdfDocument(data)
    assert len(printed) > 3
    for page in printed:
        width, height = page.get_size()
        text = page.get_textpage()
        boxes = [text.get_charbox(number) for number in range(text.count_chars()) if text.get_text_range(number, 1).strip()]
        assert all(left >= 60 and right <= width - 50 and bottom >= 20 and top <= height - 60 for left, bottom, right, top in boxes)


def test_the_same_bundle_has_the_same_bytes_at_any_time(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    rows = [row_for(library.documents[name], sentences_of(library.documents[name], 1)[3], name) for name in (HPEC, HELPU)]
    for cited in (rows, rows[1:]):
        bundle = make_bundle(answers_of_rows(cited), library)
        once = export_bundle(bundle, library, "pdf")
        time.sleep(1.1)  # the time in a PDF is in seconds
        assert export_bundle(bundle, library, "pdf") == once
    assert pypdf.PdfReader(io.BytesIO(once)).metadata.creation_date == datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("turned", "moved"), [(90, 0), (180, 0), (270, 0), (0, 40)])
def test_pages_that_are_turned_or_moved_are_marked_at_the_right_place(turned: int, moved: int, tmp_path: pathlib.Path) -> None:
    writer = pypdf.PdfWriter(clone_from=CORPUS / LEAVE)
    for page in writer.pages:
        box = page.mediabox
        page.mediabox = page.cropbox = pypdf.generic.RectangleObject((box.left - moved, box.bottom - 2 * moved, box.right, box.top))
        page.rotate(turned)
    writer.write(tmp_path / "turned.pdf")
    library = read_library(tmp_path)
    document = library.documents["turned.pdf"]
    quote = next(passage.text for passage in split_sentences(document) if len(passage.text.split()) > 6 and document.text.count(passage.text) == 1)
    ((_, _, words),) = highlights(export_answers([row_for(document, quote)], library, "pdf"))
    assert sorted("".join(words.split())) == sorted("".join(quote.split()))


def test_words_that_are_not_found_in_print_get_a_note_and_no_highlight(library: Library) -> None:
    document = library.documents[HPEC]
    quote = sentences_of(document, 1)[4]
    data = export_answers([row_for(document, quote)], library, "pdf")
    assert len(highlights(data)) == 1
    from cite import as_pdf

    ((page, annotation),) = as_pdf._annotations([], "who?", next(make(library, document, quote).entries()))
    assert (annotation["/Subtype"], page) == ("/Text", document.page_at(document.text.index(quote)))
    assert annotation["/Contents"] == f"who?\nCited from this page, but not found in its print: “{quote}”"


def make(library: Library, document: Document, quote: str):
    return make_bundle(answers_of_rows([row_for(document, quote)]), library)


def test_what_can_not_be_highlighted_is_said(library: Library, tmp_path: pathlib.Path) -> None:
    document = library.documents[HPEC]
    rows = [row_for(document, sentences_of(document, 1)[3])]
    with pytest.raises(PolicyError, match=r"the file privacy/hpec.pdf is not at hand; name the folder of policies with --corpus"):
        export_answers(rows, Library(library.documents), "pdf")
    (tmp_path / "privacy").mkdir()
    (tmp_path / "privacy" / "hpec.pdf").write_bytes((CORPUS / HPEC).read_bytes() + b"\n")
    with pytest.raises(PolicyError, match=r"hpec.pdf has changed since it was cited; run python -m cite verify"):
        export_answers(rows, Library(library.documents, None, tmp_path), "pdf")
