"""Write a file whole or not at all."""

from __future__ import annotations

import errno
import os
import pathlib
import tempfile
from collections.abc import Mapping

from ingest import PolicyError


def write_file(path: pathlib.Path, data: bytes) -> None:
    """Write aside and rename, so that a file that was there stays as it was until the new one is on the disk.

    Raises PolicyError where that can't be done.
    """
    write_files({path: data})


def write_files(files: Mapping[pathlib.Path, bytes]) -> None:
    """Write several files that belong together: none is renamed to its place before all are on the disk.

    A link stays one, and the file that it names is written; into what is no file, as a pipe or a terminal, is written directly.
    Raises PolicyError that names the first that can't be written.
    """
    asides: dict[pathlib.Path, pathlib.Path] = {}
    path = pathlib.Path()
    try:
        for path, data in files.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if _is_file(path):
                place = _place(path)
                with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as file:
                    asides[path] = pathlib.Path(file.name)
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                asides[path].chmod(0o666 & ~_umask())
        for path in files.keys() - asides.keys():
            path.write_bytes(files[path])
        for path, aside in asides.items():
            aside.replace(_place(path))
    except OSError as error:
        for aside in asides.values():
            aside.unlink(missing_ok=True)
        raise PolicyError(f"{path} can't be written: {error.strerror}; choose another") from error


def _is_file(path: pathlib.Path) -> bool:
    """Whether a path names a file, or nothing yet."""
    return path.is_file() or not path.exists()


def _place(path: pathlib.Path) -> pathlib.Path:
    """Where a path leads, through links."""
    return pathlib.Path(os.path.realpath(path))


def _umask() -> int:
    """The process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
