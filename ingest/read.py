"""Choose the reader for a file, by its content first and its suffix second, and read a folder of files."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import pathlib
import re
from collections.abc import Callable, Container, Iterator

from ingest import read_docx, read_html, read_markdown, read_pdf, read_text
from ingest.compose import Reading
from ingest.dates import find_effective_date
from ingest.facts import FILE as FACTS_FILE
from ingest.facts import Facts, read_facts
from ingest.naming import policy_name
from ingest.nouns import Document, PolicyError
from ingest.read_rows import document_rows

READERS: dict[str, tuple[str, Callable[[bytes], Reading]]] = {
    ".pdf": (read_pdf.NAME, read_pdf.read_pdf),
    ".docx": (read_docx.NAME, read_docx.read_docx),
    ".html": (read_html.NAME, read_html.read_html),
    ".htm": (read_html.NAME, read_html.read_html),
    ".md": (read_markdown.NAME, read_markdown.read_markdown),
    ".markdown": (read_markdown.NAME, read_markdown.read_markdown),
    ".txt": (read_text.NAME, read_text.read_text),
}

# No policy is this large; a file that is was put there by mistake, and would stall everybody else's.
MAX_FILE_BYTES = 50_000_000
# Fewer characters than this are no policy but what is left of one that could not be read.
MIN_CHARACTERS = 20

# Half a character: JSON can carry it, and no file can. It is replaced by one character, so that offsets stay.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.I)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|[-*] \S.*\n[-*] \S|\|.*\|\s*\n\|[\s:|-]+\|)|\*\*\S[^*\n]*\*\*", re.M)


@dataclasses.dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why."""

    path: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Corpus:
    """Every document of a folder, in the order of their ids, what could not be read, and what the user should be warned of."""

    documents: tuple[Document, ...]
    unread: tuple[Unread, ...] = ()
    warnings: tuple[str, ...] = ()


def suffix_of(data: bytes, name: str) -> str:
    """The suffix that the content calls for, whatever the file is named; "" where nothing here reads it."""
    suffix = pathlib.PurePosixPath(name).suffix.lower()
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return ".docx"
    if _HTML.search(data[:1024]):
        return ".html"
    if suffix in {".pdf", ".docx"}:
        return suffix  # the reader then says what is wrong with it
    return suffix if suffix in READERS else ""


def read_bytes(data: bytes, document_id: str, facts: Facts | None = None) -> Document:
    """One file's bytes as a document. Raises PolicyError with the reason where they can't be read."""
    suffix = suffix_of(data, document_id)
    if not suffix:
        raise PolicyError(f"has the suffix {pathlib.PurePosixPath(document_id).suffix or '(none)'}; expected one of {', '.join(READERS)}")
    if len(data) > MAX_FILE_BYTES:
        raise PolicyError(f"is {len(data) // 1_000_000} MB; expected at most {MAX_FILE_BYTES // 1_000_000} MB")
    if not data.strip(b"\x00 \t\r\n"):
        raise PolicyError("is empty")
    extractor, reader = READERS[suffix]
    reading = reader(data)
    if len(reading.text.strip()) < MIN_CHARACTERS:
        raise PolicyError(f"gave {len(reading.text.strip())} characters of text; expected a policy")
    return _document(reading, document_id, facts or Facts(), hashlib.sha256(data).hexdigest(), extractor)


def document_from_text(text: str, document_id: str, title: str = "") -> Document:
    """A text that is no file (a line of `corpus.jsonl`) as a document, read as Markdown where it looks like it."""
    suffix = pathlib.PurePosixPath(document_id).suffix.lower()
    text, title = (_LONE_SURROGATE.sub("\ufffd", entry) for entry in (text, title))
    markdown = suffix in {".md", ".markdown"} or (suffix != ".txt" and bool(_MARKDOWN.search(text)))
    extractor, reading = (read_markdown.NAME, read_markdown.parse_markdown(text)) if markdown else (read_text.NAME, read_text.parse_text(text))
    return _document(reading, document_id, Facts(title=title), hashlib.sha256(text.encode()).hexdigest(), extractor)


def _document(reading: Reading, document_id: str, facts: Facts, sha256: str, extractor: str) -> Document:
    stem = pathlib.PurePosixPath(document_id).stem
    title = facts.title or reading.title or stem
    return Document(
        id=document_id,
        policy=facts.policy or policy_name(stem, title, reading.text),
        title=title,
        text=reading.text,
        blocks=reading.blocks,
        page_starts=reading.page_starts,
        page_labels=reading.page_labels,
        organisation=facts.organisation,
        kind=facts.kind,
        collection=facts.collection or (pathlib.PurePosixPath(document_id).parts[0] if "/" in document_id else ""),
        aliases=facts.aliases,
        effective_date=facts.effective_date or find_effective_date(reading.text),
        version=facts.version,
        sha256=sha256,
        extractor=extractor,
        warnings=reading.warnings,
    )


def files_of(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    """The files under a corpus folder that are meant as policies, sorted; links that lead out of it are not followed."""
    root = folder.resolve()
    for directory, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = pathlib.Path(directory, name)
            described = name.startswith((".", "~$")) or name in {FACTS_FILE, "corpus.jsonl"} or name.lower() == "readme.md"
            if not described and path.is_file() and path.resolve().is_relative_to(root):
                yield path


def fingerprint(folder: pathlib.Path) -> dict[str, str]:
    """The sha256 of each file that a corpus is made from, by its name: what tells whether an index is still true."""
    jsonl = folder if folder.suffix == ".jsonl" else folder / "corpus.jsonl"
    paths = [jsonl] if jsonl.is_file() else [*files_of(folder), *([folder / FACTS_FILE] if (folder / FACTS_FILE).is_file() else [])]
    marks = {}
    for path in paths:
        name = path.name if path == jsonl else path.relative_to(folder).as_posix()
        if _LONE_SURROGATE.search(name):  # such a file is never read, see read_documents
            continue
        try:
            with path.open("rb") as file:
                marks[name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            marks[name] = f"unread: {error.strerror}"
    return marks


def read_corpus(folder: pathlib.Path, progress: Callable[[str], None] = lambda _: None) -> Corpus:
    """Read a folder of files, or a `corpus.jsonl` in it (or named instead of it).

    Files that can't be read are listed in `unread` and the rest goes on. Raises PolicyError where nothing is left.
    """
    corpus = read_documents(folder, None, progress)
    if not corpus.documents:
        reasons = "; ".join(f"{entry.path} {entry.reason}" for entry in corpus.unread[:3])
        raise PolicyError(
            f"found no policy that can be read in {folder}{f' ({reasons})' if reasons else ''}; expected {', '.join(READERS)} files there"
        )
    return corpus


def read_documents(folder: pathlib.Path, wanted: Container[str] | None, progress: Callable[[str], None] = lambda _: None) -> Corpus:
    """Read those documents of a corpus whose ids are `wanted` (None: all of them); there may be none.

    Only files that belong to the corpus are looked at, so an id that leads out of its folder finds nothing. Raises
    PolicyError where there is no corpus.
    """
    jsonl = folder if folder.suffix == ".jsonl" else folder / "corpus.jsonl"
    if not folder.exists():
        raise PolicyError(f"there is no corpus at {folder}; expected a folder of policies, see corpus/README.md")
    if not folder.is_dir() and folder != jsonl:
        raise PolicyError(f"{folder} is a file; expected a folder of policies, such as {folder.parent}, or a corpus.jsonl")
    documents: list[Document] = []
    unread: list[Unread] = []
    warnings: list[str] = []
    if jsonl.is_file():
        rows = document_rows(jsonl)
        documents = [document_from_text(text, name, title) for name, title, text in rows if wanted is None or name in wanted]
    else:
        facts = read_facts(folder)
        paths = {path.relative_to(folder).as_posix(): path for path in files_of(folder)}
        warnings += [f'{folder / FACTS_FILE}: ["{name}"] names no policy here; check its path' for name in facts if name not in paths]
        for name, path in paths.items():
            if wanted is not None and name not in wanted:
                continue
            if _LONE_SURROGATE.search(name):  # Python's sign for a byte that is not UTF-8, which no id, index or export can carry
                unread.append(Unread(os.fsencode(name).decode("utf-8", "backslashreplace"), "has a name that is not UTF-8; rename it"))
                continue
            progress(name)
            try:
                documents.append(read_bytes(path.read_bytes(), name, facts.get(name)))
            except (PolicyError, OSError) as error:
                unread.append(Unread(name, reason_of(error)))
    return Corpus(tuple(sorted(documents, key=lambda document: document.id)), tuple(unread), tuple(warnings))


def reason_of(error: PolicyError | OSError) -> str:
    """Why a file could not be read, without its name."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
