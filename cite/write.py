"""Write a file whole or not at all."""

from __future__ import annotations

import os
import pathlib
import tempfile

from ingest import PolicyError


def write_file(path: pathlib.Path, data: bytes) -> None:
    """Write aside and rename, so that a file that was there stays as it was until the new one is on the disk.

    Raises PolicyError where that can't be done.
    """
    aside = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            aside = pathlib.Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(0o666 & ~_umask())
        aside.replace(path)
    except OSError as error:
        if aside is not None:
            aside.unlink(missing_ok=True)
        raise PolicyError(f"{path} can't be written: {error.strerror}; choose another with --out") from error


def _umask() -> int:
    """The process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
