"""Commands end as others do when nobody reads on."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent


@pytest.mark.parametrize("length", [10, 1_000_000], ids=["at the end", "in the middle"])
def test_a_reader_that_has_seen_enough_ends_a_command_quietly(length: int) -> None:
    code = f"from ingest.command import run; run(lambda: print('x' * {length}) or 0)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_a_command_exits_with_its_own_status() -> None:
    code = "from ingest.command import run; run(lambda: print('read') or 2)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "read\n", "")


@pytest.mark.parametrize("package", ["answer", "cite", "eval", "index", "ingest", "training"])
def test_every_command_is_run_so(package: str) -> None:
    assert (ROOT / package / "__main__.py").read_text("utf-8").endswith('if __name__ == "__main__":\n    run(main)\n')
