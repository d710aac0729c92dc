"""Build the index over a folder of policies, or bring it up to date."""

from __future__ import annotations

import argparse
import pathlib
import sys

from index.bar import progress_bar
from index.build import Built, build_index, is_current
from index.encode import Encoder, encoder_name, load_encoder
from ingest import PolicyError
from ingest.command import run


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when the index is current, 2 when it can't be made so."""
    parser = argparse.ArgumentParser(prog="python -m index", description=__doc__)
    parser.add_argument("corpus", type=pathlib.Path, nargs="?", default=pathlib.Path("corpus"), help="folder of policies (default: corpus)")
    parser.add_argument("--index", type=pathlib.Path, default=pathlib.Path(".index"), help="folder of the index (default: .index)")
    parser.add_argument("--rebuild", action="store_true", help="embed everything again")
    options = parser.parse_args(arguments)
    try:
        if not options.rebuild and is_current(options.index, options.corpus, encoder_name()):
            print(f"The index in {options.index} is up to date.")
            return 0
        built = build_with_bar(options.corpus, options.index, load_encoder(), rebuild=options.rebuild)
    except PolicyError as error:
        print(f"index: {error}", file=sys.stderr)
        return 2
    for warning in built.corpus.warnings:
        print(f"index: warning: {warning}", file=sys.stderr)
    for entry in built.corpus.unread:
        print(f"index: left out {entry.path}: {entry.reason}", file=sys.stderr)
    print(f"{len(built.corpus.documents)} policies in {built.folder}: {built.embedded:,} passages embedded, {built.reused:,} taken over.")
    return 0


def build_with_bar(corpus: pathlib.Path, root: pathlib.Path, encoder: Encoder, *, rebuild: bool = False) -> Built:
    """Build with a progress bar on the terminal."""
    with progress_bar("passage") as show:
        return build_index(corpus, root, encoder, show, rebuild=rebuild)


if __name__ == "__main__":
    run(main)
