"""Print what a file, or a folder of them, becomes: headings, sentences with their leads, and places."""

from __future__ import annotations

import argparse
import pathlib
import sys

from ingest.command import run
from ingest.nouns import Document, PolicyError
from ingest.read import Corpus, read_bytes, read_corpus, reason_of
from ingest.split import split_sentences


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when everything was read, 1 when some files were not, 2 when nothing was."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description=__doc__)
    parser.add_argument("path", type=pathlib.Path, help="a policy file, or a folder of them")
    parser.add_argument("--outline", action="store_true", help="headings only")
    options = parser.parse_args(arguments)
    try:
        one = options.path.is_file() and options.path.suffix != ".jsonl"
        corpus = Corpus((read_bytes(options.path.read_bytes(), options.path.name),)) if one else read_corpus(options.path)
    except (PolicyError, OSError) as error:
        print(f"ingest: {options.path}: {reason_of(error)}", file=sys.stderr)
        return 2
    for document in corpus.documents:
        _print(document, outline=options.outline)
    for warning in corpus.warnings:
        print(f"ingest: warning: {warning}", file=sys.stderr)
    for entry in corpus.unread:
        print(f"ingest: left out {entry.path}: {entry.reason}", file=sys.stderr)
    return 1 if corpus.unread else 0


def _print(document: Document, *, outline: bool) -> None:
    pages = f", {len(document.page_starts)} pages" if document.page_starts else ""
    print(f"== {document.id} · {document.policy} · {document.title} · {len(document.text):,} characters{pages} · {document.extractor}")
    for warning in document.warnings:
        print(f"   warning: {warning}")
    previous: tuple[str, ...] = ()
    for passage in split_sentences(document):
        if passage.heading != previous:
            print("\n   # " + " › ".join(passage.heading))
            previous = passage.heading
        if not outline:
            place = f"{passage.span.start:>6}" + (f" p{passage.page}" if passage.page else "")
            lead = f"[{passage.lead}] " if passage.lead else ""
            print(f"{place}  {lead}{' '.join(passage.text.split())}")
    print()


if __name__ == "__main__":
    run(main)
