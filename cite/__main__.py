"""Export the citations of answers, verify them against the policies, and take a reviewer's marks back."""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
from collections.abc import Iterable

from cite import report
from cite.bench import bench
from cite.claim import claims_of
from cite.export import export_bundle, read_input
from cite.formats import FORMATS
from cite.gold import add_gold, gold_rows
from cite.library import Library, open_library, read_library
from cite.make import make_bundle
from cite.memo import one_line
from cite.merge import merge_reviews
from cite.nouns import Bundle
from cite.returned import exports_in, read_returned, read_sealed
from cite.store import bundle_to_json, json_schema
from cite.verify import verify
from cite.write import write_file, write_files
from ingest import PolicyError
from ingest.command import run

# Where the policies lie unless --corpus says otherwise.
CORPUS = pathlib.Path("corpus")

EXIT_STATUS = """exit status: 0 when all is well; 1 when something was found that a person should look at: a citation that is not exact,
a review in conflict or of an altered row; 2 when it can't be done, with one line that says why, and nothing written"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when all is well, 1 when something was found that a person should look at, 2 when it can't be done."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except PolicyError as error:
        print(f"cite: {one_line(str(error))}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cite", description=__doc__, epilog=EXIT_STATUS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    export = commands.add_parser("export", help="write the citations of answers in a format that reviewers use")
    export.add_argument("answers", type=pathlib.Path, help="answers.jsonl, the output of python -m answer --format json, or a bundle")
    export.add_argument("--format", choices=list(FORMATS), default="json")
    export.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE")
    export.add_argument("--index", type=pathlib.Path, default=pathlib.Path(".index"), help="the index that answered (default: .index)")
    export.add_argument("--corpus", type=pathlib.Path, help="read the policies from this folder, not from the index")
    export.set_defaults(run=_export)
    verify = commands.add_parser("verify", help="say of each citation whether the policies still bear it out", epilog=EXIT_STATUS)
    verify.add_argument("files", type=pathlib.Path, nargs="+", metavar="FILE", help="a bundle, a CSV or XLSX made from one, or a folder of those")
    verify.add_argument("--corpus", type=pathlib.Path, default=CORPUS, help="folder of policies (default: corpus)")
    verify.add_argument("--allow", choices=["moved"], help="exit 0 also for citations whose words stand elsewhere")
    verify.add_argument("--format", choices=list(report.FORMATS), default="text", help="short leaves out what is exact")
    verify.add_argument("--out", type=pathlib.Path, metavar="FILE", help="write the report there instead of printing it")
    verify.set_defaults(run=_verify)
    take = commands.add_parser("import", help="take the reviews in a returned file back into the bundle", epilog=EXIT_STATUS)
    take.add_argument("files", type=pathlib.Path, nargs="+", metavar="FILE", help="a CSV, XLSX or bundle that a reviewer sent back")
    take.add_argument("--bundle", type=pathlib.Path, required=True, metavar="FILE", help="the bundle that it was made from")
    take.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE", help="where to write the bundle with the reviews")
    take.add_argument("--conflicts", choices=["stop", "keep", "replace"], default="stop", help="where a citation is reviewed otherwise already")
    take.add_argument("--reviewer", default="", metavar="NAME", help="sign reviews that have no name or time")
    take.add_argument("--gold", type=pathlib.Path, metavar="FILE", help="add accepted citations to these gold questions")
    take.add_argument("--corpus", type=pathlib.Path, default=CORPUS, help="folder of policies, to check the gold's spans (default: corpus)")
    take.set_defaults(run=_import)
    measure = commands.add_parser("bench", help="measure exporting in every format and verifying")
    measure.add_argument("--corpus", type=pathlib.Path, default=CORPUS, help="folder of policies (default: corpus)")
    measure.add_argument("--citations", type=int, default=10_000)
    measure.set_defaults(run=_bench)
    schema = commands.add_parser("schema", help="print the JSON Schema of a bundle")
    schema.set_defaults(run=_schema)
    return parser


def _export(options: argparse.Namespace) -> int:
    found = read_input(options.answers)
    if isinstance(found, Bundle):
        bundle, library = found, _library_for(found, options.corpus)
    else:
        library = _library(options)
        bundle = make_bundle(found, library)
    write_file(options.out, export_bundle(bundle, library, options.format))
    count = sum(1 for _ in bundle.entries())
    print(f"{options.out}: {len(bundle.questions)} question{'s' * (len(bundle.questions) != 1)}, {count} citation{'s' * (count != 1)}.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    returned = [read_returned(path) for file in options.files for path in exports_in(file)]
    found = verify([claim for entry in returned for claim in entry.claims], options.corpus)
    problems = [problem for entry in returned for problem in entry.problems]
    text = report.FORMATS[options.format](found, problems)
    if options.out:
        write_file(options.out, (text + "\n").encode("utf-8"))
    else:
        print(text)
    return 0 if report.passes(found, problems, allow_moved=options.allow == "moved") else 1


def _import(options: argparse.Namespace) -> int:
    if options.gold and options.gold.resolve() == options.out.resolve():
        raise PolicyError(f"--out and --gold are both {options.out}, and would write over each other; name two files")
    bundle = read_sealed(options.bundle)
    claims = [claim for path in options.files for claim in read_returned(path).claims]
    merged = merge_reviews(bundle, claims, options.conflicts, options.reviewer)
    _complain((*merged.conflicts, *merged.refused))
    if options.conflicts == "stop" and (merged.conflicts or merged.refused):
        print("cite: nothing was written; mend the file, or say --conflicts keep or --conflicts replace", file=sys.stderr)
        return 1
    gold, added, problems = _gold(merged.bundle, options) if options.gold else ({}, 0, [])
    _complain(problems)
    ending = f", {added} gold question{'s' * (added != 1)} added to {options.gold}" if options.gold else ""
    write_files({options.out: bundle_to_json(merged.bundle), **gold})
    print(f"{options.out}: {merged.taken} review{'s' * (merged.taken != 1)} taken{ending}.")
    return 1 if merged.refused or problems else 0


def _gold(bundle: Bundle, options: argparse.Namespace) -> tuple[dict[pathlib.Path, bytes], int, list[str]]:
    """The gold file with what was accepted added, if that is anything; how many questions that are, and what could not be added."""
    rows, problems = gold_rows(claims_of(bundle), options.corpus)
    data, added, differing = add_gold(options.gold, rows)
    return {options.gold: data} if added else {}, added, problems + differing


def _complain(problems: Iterable[str]) -> None:
    for problem in problems:
        print(f"cite: {one_line(problem)}", file=sys.stderr)


def _bench(options: argparse.Namespace) -> int:
    for line in bench(options.corpus, options.citations):
        print(line, flush=True)
    return 0


def _schema(_: argparse.Namespace) -> int:
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0


def _library(options: argparse.Namespace) -> Library:
    """The documents that answers are held against."""
    return read_library(options.corpus) if options.corpus else open_library(options.index, CORPUS if CORPUS.is_dir() else None)


def _library_for(bundle: Bundle, corpus: pathlib.Path | None) -> Library:
    """What is at hand beside a bundle, which needs nothing: its policies' folder, where that is named, gives contexts and sources."""
    wanted = {entry.citation.document for entry in bundle.entries()}
    return read_library(corpus, wanted) if corpus else Library({}, None, CORPUS if CORPUS.is_dir() else None)


if __name__ == "__main__":
    run(main)
