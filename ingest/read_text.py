"""Plain text: the file is the text, so that offsets count in the file itself."""

from __future__ import annotations

from ingest.compose import Reading
from ingest.nouns import PolicyError
from ingest.structure import find_blocks, lines_of

NAME = "text/2"


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes as text: by byte order mark, else UTF-8, else Windows-1252 with a warning.

    Raises PolicyError for bytes that are no text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as error:
                raise PolicyError(f"begins as {encoding} but is not: {error.reason} at byte {error.start}") from error
    if b"\x00" in data:
        raise PolicyError("holds zero bytes, so it is no text; expected UTF-8")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), ("is not UTF-8; read as Windows-1252, look at its accents",)


def read_text(data: bytes) -> Reading:
    """Read plain text; its structure is guessed from how lines look."""
    return parse_text(*decode(data))


def parse_text(text: str, warnings: tuple[str, ...] = ()) -> Reading:
    """Find the structure of a text that is decoded already."""
    blocks = tuple(find_blocks(lines_of(text)))
    first = next((text[block.start : block.end] for block in blocks if block.kind == "heading"), "")
    return Reading(text, blocks, (), first, warnings)
