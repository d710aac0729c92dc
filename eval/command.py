"""How every command of this package ends: with its own status, or with one line and 2 for what its user can mend."""

from __future__ import annotations

import sys
from collections.abc import Callable

from ingest import PolicyError

FAILED = 2
# What shells report for a command that was stopped with Ctrl-C.
INTERRUPTED = 130


def finish(name: str, act: Callable[[], int]) -> int:
    """Run a command's action and give the status to exit with; `name` stands before what goes wrong."""
    try:
        return act()
    except PolicyError as error:
        problem = str(error)
    except OSError as error:
        problem = f"{error.filename or 'a file'} can't be read or written: {error.strerror or error}"
    except KeyboardInterrupt:
        print(f"\n{name}: interrupted", file=sys.stderr)
        return INTERRUPTED
    print(f"{name}: {problem}", file=sys.stderr)
    return FAILED
