"""Files that can't be read are named with the reason, and the rest goes on."""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import subprocess
import sys
import zipfile

import PIL.Image
import pypdf
import pytest

from ingest import PolicyError, read_bytes, read_corpus, split_sentences
from written import docx_of, pdf_of

PIECES = [("heading", "Payments"), ("paragraph", "Invoices are kept for seven years in Leeds.")]
LINES = [(10, "Invoices are kept for seven years"), (10, "in the office in Leeds.")]


def encrypted(user: str, owner: str) -> bytes:
    """A PDF that asks for a password, or only forbids to change it where the user's is empty."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of([LINES])))
    writer.encrypt(user, owner, algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def scanned() -> bytes:
    """A PDF with a picture and no text."""
    buffer = io.BytesIO()
    PIL.Image.new("L", (200, 280), 200).save(buffer, "PDF")
    return buffer.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    """A zip archive with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


BAD = {
    "blank.txt": (b" \n\t\n", "is empty"),
    "empty.pdf": (b"", "is empty"),
    "zeros.docx": (bytes(300), "is empty"),
    "short.md": (b"# Hi\n", "gave 4 characters of text; expected a policy"),
    "binary.txt": (b"MZ\x90\x00\x03\x00" * 50, "holds zero bytes, so it is no text; expected UTF-8"),
    "half.txt": ("In UTF-16".encode("utf-16")[:-1], "begins as utf-16 but is not: truncated data at byte 18"),
    "sheet.xlsx": (b"anything", "has the suffix .xlsx; expected one of .pdf, .docx, .html, .htm, .md, .markdown, .txt"),
    "named": (b"anything", "has the suffix (none); expected one of .pdf, .docx, .html, .htm, .md, .markdown, .txt"),
    "archive.docx": (zipped("notes.txt", b"hello"), "is a zip archive without word/document.xml; expected a DOCX file"),
    "text.docx": (b"This is plain text, and no Word file at all.", "is no DOCX file that can be read: File is not a zip file"),
    "locked.pdf": (encrypted("secret", "secret"), "is encrypted with a password; save a copy without one"),
    "scan.pdf": (scanned(), "has one page and no text on it (a scan?); run it through text recognition first"),
    "text.pdf": (b"This is plain text, and no PDF file at all.", "is no PDF that can be read: "),
    "cut.pdf": (pdf_of([LINES])[:300], "is no PDF that can be read: "),
    "cut.docx": (docx_of(PIECES)[:2000], "is no DOCX file that can be read: File is not a zip file"),
    "parts.docx": (zipped("word/document.xml", b"<w:document"), "is no DOCX file that can be read: "),
    "doctype.docx": (
        zipped("word/document.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
        "declares a document type, which no Word file does; save it again from Word",
    ),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_the_reason_is_given_in_one_line(name: str) -> None:
    data, reason = BAD[name]
    with pytest.raises(PolicyError) as raised:
        read_bytes(data, name)
    assert str(raised.value).startswith(reason)
    assert "\n" not in str(raised.value)
    assert str(raised.value) != reason or not reason.endswith(": ")


def test_the_rest_goes_on(tmp_path: pathlib.Path) -> None:
    for name, (data, _) in BAD.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text("Invoices are kept for seven years in Leeds.\n", "utf-8")
    corpus = read_corpus(tmp_path)
    assert [document.id for document in corpus.documents] == ["good.txt"]
    assert [entry.path for entry in corpus.unread] == sorted(BAD)
    assert all(entry.reason.startswith(BAD[entry.path][1]) for entry in corpus.unread)


@pytest.mark.parametrize(
    ("name", "data"),
    [("policy.txt", pdf_of([LINES])), ("policy.pdf", docx_of(PIECES)), ("policy.exe", b"<html><p>Invoices are kept for years in Leeds.</p>")],
)
def test_the_content_decides_what_a_file_is(name: str, data: bytes) -> None:
    text = " ".join(passage.text for passage in split_sentences(read_bytes(data, name)))
    assert text.startswith("Invoices are kept for")


def test_a_pdf_that_only_forbids_changes_is_read() -> None:
    document = read_bytes(encrypted("", "owner"), "policy.pdf")
    assert document.text == "Invoices are kept for seven years in the office in Leeds.\n"


def test_an_archive_that_unpacks_without_measure_is_refused() -> None:
    with pytest.raises(PolicyError, match="unpacks to more than 200 MB"):
        read_bytes(zipped("word/document.xml", bytes(201_000_000)), "bomb.docx")


def test_a_pdf_cut_anywhere_is_read_or_refused() -> None:
    data = pdf_of([LINES, LINES])
    for end in range(0, len(data), 97):
        with contextlib.suppress(PolicyError):  # anything else is a traceback for the user
            assert "Leeds" in read_bytes(data[:end], "policy.pdf").text


def test_pages_without_text_are_a_warning() -> None:
    assert read_bytes(pdf_of([LINES, [], [(10, "Visits are not kept.")]]), "policy.pdf").warnings == ("pages without text: 2",)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "good.txt").write_text("Invoices are kept for seven years in Leeds.\n", "utf-8")
    (tmp_path / "shut.txt").write_text("Invoices are kept for seven years in Leeds.\n", "utf-8")
    (tmp_path / "shut.txt").chmod(0)
    assert [(entry.path, entry.reason) for entry in read_corpus(tmp_path).unread] == [("shut.txt", "Permission denied")]


@pytest.mark.skipif(not pathlib.Path("/proc/self/mem").is_file(), reason="needs a file that nobody can read")
def test_one_file_that_cannot_be_read_is_said_by_the_command(tmp_path: pathlib.Path) -> None:
    (tmp_path / "shut.txt").symlink_to("/proc/self/mem")
    done = command(tmp_path / "shut.txt")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"ingest: {tmp_path / 'shut.txt'}: Input/output error\n")


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_links_out_of_the_corpus_are_not_followed(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("This file lies outside of the corpus folder.\n", "utf-8")
    (folder / "good.txt").write_text("Invoices are kept for seven years in Leeds.\n", "utf-8")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    corpus = read_corpus(folder)
    assert [document.id for document in corpus.documents] == ["good.txt"]
    assert corpus.unread == ()


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "ingest", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_the_command_prints_each_sentence_with_its_place(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.md").write_text("# Payments\n\nWe keep these:\n\n- invoices for years\n", "utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"")
    (tmp_path / "cut.pdf").write_bytes(BAD["cut.pdf"][0])
    done = command(tmp_path)
    assert done.returncode == 1
    assert [line.split(":")[:3] for line in done.stderr.splitlines()] == [
        ["ingest", " left out bad.pdf", " is empty"],
        ["ingest", " left out cut.pdf", " is no PDF that can be read"],
    ]
    assert done.stdout.splitlines()[1:] == ["", "   # Payments", "    12  We keep these:", "    30  [We keep these:] invoices for years", ""]


@pytest.mark.parametrize(
    ("name", "said"), [("missing", "there is no corpus at"), (".", "found no policy that can be read in"), ("bad.pdf", "is empty")]
)
def test_the_command_says_what_is_wrong_in_one_line(tmp_path: pathlib.Path, name: str, said: str) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"")
    done = command(tmp_path / name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
    assert done.stderr.startswith("ingest: ")


def test_the_command_ends_quietly_where_nobody_reads_on(tmp_path: pathlib.Path) -> None:
    (tmp_path / "long.txt").write_text("Invoices are kept for seven years in Leeds.\n" * 5_000, "utf-8")
    with subprocess.Popen([sys.executable, "-m", "ingest", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
