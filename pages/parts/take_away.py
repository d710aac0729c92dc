"""A conversation's citations as a file, and one answer as text to paste."""

from __future__ import annotations

import mimetypes
import pathlib
from collections.abc import Sequence
from typing import cast

from answer import FORMATS as TEXTS
from answer import answer_row
from cite import FORMATS, Library, export_answers
from index import Index
from ingest import PolicyError
from pages.parts.conversation import Turn

# What people call the formats; one that is not listed goes by its name.
_CALLED = {
    "json": "Bundle (JSON)",
    "csv": "Table (CSV)",
    "xlsx": "Spreadsheet (XLSX)",
    "md": "Memo (Markdown)",
    "html": "Memo (HTML)",
    "docx": "Memo (DOCX)",
    "pdf": "Highlighted source (PDF)",
}


def format_label(name: str) -> str:
    """What people call a format."""
    return _CALLED.get(name, name.upper())


def mime_of(name: str) -> str:
    """The media type of a format."""
    return mimetypes.guess_type(f"x.{name}")[0] or "application/octet-stream"


def format_names() -> list[str]:
    """The formats that there are."""
    return list(FORMATS)


def library_of_turns(turns: Sequence[Turn], folder: pathlib.Path) -> Library:
    """The documents that answers quote, as they were when they were asked; `folder` is where their files lie."""
    documents = {document_id: document for turn in turns for document_id, document in turn.documents.items()}
    ids = {turn.index_id for turn in turns}
    return Library(documents, next(iter(ids)) if len(ids) == 1 else None, folder)


def export(turns: Sequence[Turn], name: str, folder: pathlib.Path) -> bytes:
    """The citations of a conversation in a format. Raises PolicyError where a policy has changed since it was quoted."""
    return export_answers([answer_row(turn.answer) for turn in turns], library_of_turns(turns, folder), name)


def as_text(turn: Turn) -> str:
    """An answer as Markdown, for a ticket or a memo. Raises PolicyError where a policy that it quotes is gone."""
    try:
        return TEXTS["md"](turn.answer, cast("Index", turn))  # it asks for documents only, and a turn has those of the day
    except KeyError as error:
        raise PolicyError(f"{error.args[0]} is no longer among the policies") from error
