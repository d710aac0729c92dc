"""Ask the policies a question and read the quotations that answer it."""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
import textwrap

from answer.answer import ask
from answer.compose import Prose, compose, prose_row
from answer.follow_up import rewrite
from answer.open import ready_index
from answer.show import FORMATS, answer_row, escape_markdown, without_controls
from index import load_encoder, open_index
from ingest import PolicyError
from ingest.command import run


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
        answer = ask(index, question, options.policy)
        prose = compose(answer)
        if options.format == "json" and prose is not None:
            print(json.dumps({**answer_row(answer), "prose": prose_row(prose)}, ensure_ascii=False, indent=2))
            return 0
        print(FORMATS[options.format](answer, index))
        if prose is not None:
            print("\n".join(["", *_prose_lines(prose, escaped=options.format == "md")]))
    except PolicyError as error:
        print(f"answer: {error}", file=sys.stderr)
        return 2
    return 0


def _prose_lines(prose: Prose, *, escaped: bool) -> list[str]:
    """What a language model wrote, named as such, and what became of the rest."""
    said = without_controls(" ".join(prose.sentences))
    lines = [f"In prose, by {prose.model}; each sentence was checked against the quotations:", textwrap.fill(said, 88)] if said else []
    lines += [prose.note] if prose.note else []
    return [escape_markdown(line) for line in lines] if escaped else lines


if __name__ == "__main__":
    run(main)
