"""What visitors put on a page."""

from __future__ import annotations

from typing import Protocol


class Uploaded(Protocol):
    """A file as the page gets it."""

    name: str

    def getvalue(self) -> bytes:
        """Its bytes."""
        ...
