"""Ask the policies a question and read the quotations that answer it."""

from __future__ import annotations

import argparse
import pathlib
import sys

from answer.answer import ask
from answer.follow_up import rewrite
from answer.open import ready_index
from answer.show import FORMATS
from index import load_encoder, open_index
from ingest import PolicyError


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it was answered or found unanswered, 2 when it could not be asked."""
    parser = argparse.ArgumentParser(prog="python -m answer", description=__doc__)
    parser.add_argument("question")
    parser.add_argument("--policy", action="append", default=[], metavar="NAME", help="ask this policy only; may be repeated")
    parser.add_argument(
        "--after", action="append", default=[], metavar="QUESTION", help="a question asked before this one, oldest first; may be repeated"
    )
    parser.add_argument("--format", choices=sorted(FORMATS), default="text")
    parser.add_argument("--index", type=pathlib.Path, default=pathlib.Path(".index"), help="folder of the index (default: .index)")
    parser.add_argument("--corpus", type=pathlib.Path, help="folder of policies; the index is brought up to date with it first")
    options = parser.parse_args(arguments)
    try:
        if not options.question.strip():
            raise PolicyError("the question is empty; ask something such as 'who handles payment data?'")
        encoder = load_encoder()
        index = ready_index(options.corpus, options.index, encoder) if options.corpus else open_index(options.index, encoder)
        question = rewrite(options.question, options.after, index.documents)
        if question != options.question and options.format == "text":
            print(f"(understood as: {question})")
        print(FORMATS[options.format](ask(index, question, options.policy), index))
    except PolicyError as error:
        print(f"answer: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
