"""Learn everything anew from training/data: check the examples, train encoder, reader and verdicts, fit the calibration.

    python -m training [--seed S]

Some hours on two cores; each step is a command of its own (training.check, .encoder, .reader, .stances and .calibrate) with more options.
"""

from __future__ import annotations

import argparse

from ingest.command import run
from training import calibrate, check, encoder, reader, stances


def main(arguments: list[str] | None = None) -> int:
    """Run the five steps; stop at the first that fails and give back its status."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    if status := check.main([]):
        return status
    if status := encoder.main(["--seed", str(options.seed)]):
        return status
    if status := reader.main(["--seed", str(options.seed)]):
        return status
    if status := stances.main(["--seed", str(options.seed)]):
        return status
    return calibrate.main([])


if __name__ == "__main__":
    run(main)
