"""Read the claims in whatever file came back: a bundle, or a table made from one."""

from __future__ import annotations

import dataclasses
import pathlib

from cite.as_csv import claims_from_csv
from cite.as_xlsx import claims_from_xlsx
from cite.claim import Claim, claims_of
from cite.nouns import Bundle
from cite.store import bundle_from_json, is_sealed, with_seal
from ingest import PolicyError

EXPECTED = "expected a JSON bundle, a CSV or an XLSX from python -m cite export"


# What is looked for in a folder of exports.
SUFFIXES = {".json", ".csv", ".xlsx"}


@dataclasses.dataclass(frozen=True, slots=True)
class Returned:
    """The claims of a file in its order, and what is wrong with it as a whole."""

    claims: tuple[Claim, ...]
    problems: tuple[str, ...] = ()


def exports_in(path: pathlib.Path) -> list[pathlib.Path]:
    """The files in a folder that may be exports, those that programs keep aside left out; of what is no folder, itself.

    Raises PolicyError for a folder without any.
    """
    if not path.is_dir():
        return [path]
    found = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in SUFFIXES and file.is_file() and file.name[0] not in ".~"]
    if not found:
        raise PolicyError(f"{path} holds no file that ends in {', '.join(sorted(SUFFIXES))}; {EXPECTED}")
    return found


def read_returned(path: pathlib.Path) -> Returned:
    """Read a file, as what its first bytes show it to be. Raises PolicyError for what is no export."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror}; {EXPECTED}") from error
    return returned_from_bytes(data, str(path))


def returned_from_bytes(data: bytes, name: str) -> Returned:
    """The same for a file that is in memory."""
    if not data.strip():
        raise PolicyError(f"{name} is empty; {EXPECTED}")
    if data.startswith(b"PK\x03\x04"):
        return Returned(tuple(claims_from_xlsx(data, name)))
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        bundle = bundle_from_json(data, name)
        seal = () if is_sealed(bundle) else (f"{name}: its seal is broken, so something besides the reviews was changed since it was exported",)
        return Returned(tuple(claims_of(bundle, f"{name}: ")), seal)
    return Returned(tuple(claims_from_csv(data, name)))


def read_sealed(path: pathlib.Path) -> Bundle:
    """A bundle into which reviews may be taken. Raises PolicyError where it isn't one, or not as it was exported."""
    try:
        return with_seal(bundle_from_json(path.read_bytes(), str(path)), str(path))
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror}; expected a bundle from python -m cite export --format json") from error
