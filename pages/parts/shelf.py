"""Put policies on the shelf and take them off: files in the corpus folder, and the earlier versions of those that were replaced.

A file is read before it is kept, so that one that can't be read never gets there; it is written aside and renamed, so that nobody ever
reads half of one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import pathlib
import re
import secrets
import shutil
import unicodedata

from ingest import READERS, Document, PolicyError, read_bytes

VERSIONS = "versions"
# Bytes of a file's name. File systems take 255, and some sync tools put a few behind it.
MAX_NAME = 200

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
# Names that Windows keeps for devices, whatever stands behind the dot.
_DEVICES = {"con", "prn", "aux", "nul", *(f"com{number}" for number in range(10)), *(f"lpt{number}" for number in range(10))}


@dataclasses.dataclass(frozen=True, slots=True)
class Version:
    """An earlier version of a policy: its file, and the day on which it was replaced."""

    path: pathlib.Path
    replaced: datetime.date


@dataclasses.dataclass(frozen=True, slots=True)
class Shelf:
    """The corpus folder, and the folder in which earlier versions are kept."""

    corpus: pathlib.Path
    state: pathlib.Path

    def add(self, name: str, data: bytes, folder: str = "") -> Document:
        """Put a new policy on the shelf, in one of the corpus's own folders. Raises PolicyError where it can't be read, or is there already."""
        document_id = "/".join(part for part in (folder, safe_name(name)) if part)
        path = self._path(document_id)
        if path.exists():
            raise PolicyError(f"there already is a {document_id}; open it and replace it, or give the file another name")
        document = _read(data, document_id)
        _write(path, data)
        return document

    def replace(self, document_id: str, name: str, data: bytes) -> Document:
        """Put a new version in the place of a policy; the old one is kept to compare with."""
        path = self._path(document_id)
        if not path.is_file():
            raise PolicyError(f"there is no {document_id} any more; add the file as a new policy")
        if pathlib.PurePath(safe_name(name)).suffix.lower() != path.suffix.lower():
            raise PolicyError(f"{safe_name(name)} is of another format than {path.name}; remove the old one and add the new one")
        document = _read(data, document_id)
        try:
            old = path.read_bytes()
        except OSError as error:
            raise PolicyError(f"{document_id} can't be read, and so not be kept as an earlier version: {error.strerror}") from error
        if old == data:
            raise PolicyError(f"{safe_name(name)} is the very file that is there already")
        stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S%f")
        _write(self._versions(document_id) / f"{stamp}{path.suffix}", old)
        _write(path, data)
        return document

    def remove(self, document_id: str) -> None:
        """Delete a policy and its earlier versions."""
        path = self._path(document_id)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise PolicyError(f"{document_id} can't be removed: {error.strerror}") from error
        shutil.rmtree(self._versions(document_id), ignore_errors=True)

    def versions(self, document_id: str) -> list[Version]:
        """The earlier versions of a policy, the latest first; none of one that is read through a link, because that is never replaced."""
        found = []
        folder = self.state / VERSIONS / document_id
        for path in sorted(folder.iterdir(), reverse=True) if self._is_ours(document_id) and folder.is_dir() else ():
            with contextlib.suppress(ValueError):  # not a file of ours
                found.append(Version(path, datetime.datetime.strptime(path.stem, "%Y%m%dT%H%M%S%f").replace(tzinfo=datetime.UTC).date()))
        return found

    def folders(self) -> list[str]:
        """The folders of the corpus that hold policies, the corpus itself ("") first."""
        found = {"": None}
        for directory, names, _ in os.walk(self.corpus):
            names[:] = sorted(name for name in names if not name.startswith("."))
            found.update({pathlib.Path(directory, name).relative_to(self.corpus).as_posix(): None for name in names})
        return list(found)

    def _path(self, document_id: str) -> pathlib.Path:
        """The file of a policy. Raises PolicyError for an id that leads out of the corpus, or through a link."""
        if not self._is_ours(document_id):
            raise PolicyError(f"{document_id!r} is no file of the corpus")
        return self.corpus / document_id

    def _is_ours(self, document_id: str) -> bool:
        path = self.corpus / document_id
        inside = path.resolve().is_relative_to(self.corpus.resolve()) and path.resolve() != self.corpus.resolve()
        hidden = any(part.startswith(".") for part in pathlib.PurePosixPath(document_id).parts)
        return inside and not hidden and not path.is_symlink()

    def _versions(self, document_id: str) -> pathlib.Path:
        self._path(document_id)
        return self.state / VERSIONS / document_id


def safe_name(name: str) -> str:
    """A file name that is nothing but a name. Raises PolicyError where none is left, or nothing here reads such a file.

    >>> safe_name("../../etc/Pass word.md")
    'Pass word.md'
    """
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    bare = _UNSAFE.sub("", bare).strip(" .")
    stem, suffix = pathlib.PurePath(bare).stem.strip(" ."), pathlib.PurePath(bare).suffix
    if suffix.lower() not in READERS:
        raise PolicyError(f"{name[:80]!r} has the suffix {suffix or '(none)'}; expected one of {', '.join(READERS)}")
    if not stem or stem.lower() in _DEVICES or stem.lower() == "readme":
        raise PolicyError(f"{name[:80]!r} is no name for a policy; rename the file")
    kept = stem.encode("utf-8", "ignore")[: MAX_NAME - len(suffix.encode("utf-8"))].decode("utf-8", "ignore")
    return kept.strip(" .") + suffix


def _read(data: bytes, document_id: str) -> Document:
    try:
        return read_bytes(data, document_id)
    except PolicyError as error:
        raise PolicyError(f"{pathlib.PurePosixPath(document_id).name} {error}") from error


def _write(path: pathlib.Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    aside = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise PolicyError(f"{path} can't be written: {error.strerror}") from error
