"""How a command starts and ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

# What shells say of a command whose reader, `head` for instance, had seen enough: 128 and the number of SIGPIPE.
READER_GONE = 141


def run(main: Callable[[], int]) -> NoReturn:
    """Exit with what `main` returns, or quietly with READER_GONE where nobody reads what it prints any more."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still to be written would raise once more at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = READER_GONE
    sys.exit(status)
