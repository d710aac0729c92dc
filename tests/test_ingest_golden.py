"""What the sample policies become, written out: each heading with its page, and the first and last sentence under it.

After a change of a reader that is meant, write the files again with `python tests/test_ingest_golden.py`, and read the difference.
"""

from __future__ import annotations

import itertools
import pathlib

import pypdf
import pytest

from ingest import Corpus, Document, read_corpus, split_sentences

ROOT = pathlib.Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
NAMES = sorted(path.relative_to(ROOT / "corpus").as_posix() for path in (ROOT / "corpus").glob("*/*.*"))


def outline_of(document: Document) -> str:
    """The facts, then each section: its place, its headings, how many sentences it has, the first two and the last."""
    pages = f"{len(document.page_starts)} pages, " if document.page_starts else ""
    reader = document.extractor.split("/")[0]
    lines = [
        f"{document.policy} | {document.organisation} | {document.title} | {document.kind} | {document.collection}",
        f"effective {document.effective_date}, version {document.version or 'unknown'}, {pages}read by {reader}",
        *(f"warning: {warning}" for warning in document.warnings),
    ]
    for heading, group in itertools.groupby(split_sentences(document), key=lambda passage: passage.heading):
        sentences = list(group)
        page = f"p{sentences[0].page} " if sentences[0].page else ""
        lines += ["", f"# {page}{' › '.join(heading)} ({len(sentences)})"]
        for sentence in dict.fromkeys([*sentences[:2], sentences[-1]]):
            lead = f"[{sentence.lead}] " if sentence.lead else ""
            lines.append(f"{sentence.span.start}-{sentence.span.end} {lead}{' '.join(sentence.text.split())}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(ROOT / "corpus")


def test_every_sample_is_read(corpus: Corpus) -> None:
    assert corpus.unread == ()
    assert [document.id for document in corpus.documents] == NAMES
    assert {pathlib.PurePosixPath(name).suffix for name in NAMES} == {".pdf", ".html", ".docx", ".md", ".txt"}


@pytest.mark.parametrize("name", NAMES)
def test_outline(corpus: Corpus, name: str) -> None:
    document = next(document for document in corpus.documents if document.id == name)
    assert outline_of(document) == (GOLDEN / f"{name.replace('/', '-')}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith((".txt", ".md"))])
def test_offsets_index_the_file_itself(corpus: Corpus, name: str) -> None:
    text = (ROOT / "corpus" / name).read_bytes().decode("utf-8")
    document = next(document for document in corpus.documents if document.id == name)
    assert all(text[sentence.span.start : sentence.span.end] == sentence.text for sentence in split_sentences(document))


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".pdf")])
def test_each_sentence_stands_on_the_page_it_is_said_to(corpus: Corpus, name: str) -> None:
    document = next(document for document in corpus.documents if document.id == name)
    printed = ["".join(page.extract_text().split()) for page in pypdf.PdfReader(ROOT / "corpus" / name).pages]
    sentences = split_sentences(document)
    assert {sentence.page for sentence in sentences} == set(range(1, len(printed) + 1))
    for sentence in sentences:
        assert sentence.page is not None
        beginning = "".join(sentence.text.split(" | ")[0].split())[:12]
        assert beginning in printed[sentence.page - 1]


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for read in read_corpus(ROOT / "corpus").documents:
        (GOLDEN / f"{read.id.replace('/', '-')}.txt").write_text(outline_of(read), "utf-8")
