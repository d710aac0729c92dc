"""Generations of an index: a folder written aside, published by one rename, and checked byte by byte when it is opened.

A reader keeps what it has opened; a writer that is killed leaves a folder that nobody looks at and the next writer removes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import types
from collections.abc import Iterator, Mapping
from typing import Any

from filelock import FileLock, Timeout

from ingest import PolicyError

FORMAT = 1
MANIFEST = "manifest.json"
# Where commands look for an index unless they are told otherwise.
DEFAULT = pathlib.Path(".index")
# Readers that opened the generation before the newest may still be reading its files.
KEPT = 2

_NAME = re.compile(r"generation-(\d{6})$")


@dataclasses.dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation: its folder's name, its manifest, and its files' bytes, all of which have been checked."""

    name: str
    folder: pathlib.Path
    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]


def generations(root: pathlib.Path) -> list[pathlib.Path]:
    """The published generations under an index folder, newest last."""
    return sorted(path for path in root.glob("generation-*") if _NAME.search(path.name)) if root.is_dir() else []


def advice(root: pathlib.Path) -> str:
    """What to run so that there is an index in `root`.

    >>> advice(pathlib.Path(".index")), advice(pathlib.Path("my index"))
    ('run python -m index corpus/', "run python -m index corpus/ --index 'my index'")
    """
    return "run python -m index corpus/" + ("" if root == DEFAULT else f" --index {shlex.quote(str(root))}")


def open_newest(root: pathlib.Path) -> Generation:
    """Open the newest generation. Raises PolicyError where there is none, or where a byte of it is not as it was written."""
    published = generations(root)
    if not published:
        raise PolicyError(f"there is no index in {root}; {advice(root)}")
    folder = published[-1]
    manifest = read_manifest(folder)
    files: dict[str, bytes] = {}
    for name, entry in manifest["files"].items():
        try:
            data = (folder / name).read_bytes()
        except OSError as error:
            raise PolicyError(f"the index {folder} lacks {name}: {error.strerror}; {advice(root)} --rebuild") from error
        if hashlib.sha256(data).hexdigest() != entry["sha256"]:
            raise PolicyError(f"the index file {folder / name} is damaged: its sha256 is not the one it was written with; {advice(root)} --rebuild")
        files[name] = data
    return Generation(folder.name, folder, manifest, files)


def read_manifest(folder: pathlib.Path) -> dict[str, Any]:
    """The manifest of a generation. Raises PolicyError where it can't be read, was altered, or is of another format."""
    path = folder / MANIFEST
    hint = f"{advice(folder.parent)} --rebuild"
    try:
        manifest = json.loads(path.read_text("utf-8"))
        written = manifest.pop("sha256")
        version = manifest["format"]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise PolicyError(f"the index manifest {path} can't be read ({error}); {hint}") from error
    if version != FORMAT:
        raise PolicyError(f"the index {folder} has format {version}, expected {FORMAT}; {hint}")
    if _digest(manifest) != written:
        raise PolicyError(f"the index manifest {path} is damaged: its sha256 is not the one it was written with; {hint}")
    return dict(manifest)


class Writer:
    """Writes one generation. Use as a context manager; leaving it without `publish` throws the folder away.

    Raises PolicyError where another process writes, and where the disk doesn't take what is written.
    """

    def __init__(self, root: pathlib.Path) -> None:
        self._root = root
        self._lock = FileLock(root / ".writer.lock")
        self.folder = root / f".writing-{os.getpid()}"

    def __enter__(self) -> Writer:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            for left in self._root.glob(".writing-*"):
                shutil.rmtree(left, ignore_errors=True)
            self.folder.mkdir()
        except Timeout as error:
            raise PolicyError(f"another process is writing the index {self._root}; wait for it and try again") from error
        except OSError as error:
            self._lock.release()
            raise PolicyError(f"the index folder {self._root} can't be written: {error.strerror}; choose another with --index") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        """Clean up; a full or broken disk becomes an error in words."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            mend = "make room or choose another folder with --index (what was there is still good)"
            raise PolicyError(f"the index in {self._root} can't be written: {reason}; {mend}") from error

    def write(self, name: str, data: bytes) -> None:
        """Write one file and make sure that it is on the disk, whole."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def publish(self, facts: Mapping[str, Any]) -> pathlib.Path:
        """Seal the folder with its manifest and give it its name, in one rename. Older generations but the last are removed."""
        files = {}
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            data = path.read_bytes()
            files[path.relative_to(self.folder).as_posix()] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        manifest = {"format": FORMAT, **facts, "files": files}
        self.write(MANIFEST, json.dumps({**manifest, "sha256": _digest(manifest)}, indent=1, ensure_ascii=False).encode())
        for folder in {self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())}:
            _sync_folder(folder)
        published = generations(self._root)
        number = int(_NAME.search(published[-1].name)[1]) + 1 if published else 1  # type: ignore[index]
        target = self._root / f"generation-{number:06}"
        self.folder.rename(target)
        _sync_folder(self._root)
        for old in published[: 1 - KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        return target


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _sync_folder(folder: pathlib.Path) -> None:
    """Make a folder's entries durable; where a system has no such thing (Windows), the rename still is atomic."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def walk_files(folder: pathlib.Path) -> Iterator[tuple[str, bytes]]:
    """Each file under a folder with its name relative to it."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix(), path.read_bytes()
