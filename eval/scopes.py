"""Measure which policy a question is taken to mean: names of a corpus, spelt in many ways, in questions that carry them and in ones that don't."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import pathlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from answer import find_scope
from eval.command import finish
from eval.paths import CORPUS
from eval.table import Table, as_columns
from ingest import Document, PolicyError, read_corpus

CARRIERS = pathlib.Path("eval", "carriers.txt")
SEED = 4
# Carriers that each spelling of each name is put into.
EACH = 4


def _slip(name: str, generator: np.random.Generator) -> str:
    """One slip of the finger behind the first letter: two letters swapped, one left out, or one doubled."""
    place = int(generator.integers(1, max(2, len(name) - 1)))
    kind = int(generator.integers(3))
    if kind == 0:
        return name[:place] + name[place + 1 : place + 2] + name[place : place + 1] + name[place + 2 :]
    return name[:place] + name[place + 1 :] if kind == 1 else name[: place + 1] + name[place:]


SPELLINGS: dict[str, Callable[[str, np.random.Generator], str]] = {
    "as it is": lambda name, _: name,
    "small letters": lambda name, _: name.lower(),
    "capitals": lambda name, _: name.upper(),
    "possessive": lambda name, _: f"{name}'s service",
    "in one word": lambda name, _: re.sub(r"[\s.\-]+", "", name).lower(),
    "as an address": lambda name, _: f"www.{re.sub(r'[^a-z0-9.]+', '', name.lower())}.com",
    "with a slip": _slip,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A question with the policies that it names, none where it names none, and those that it was taken to name."""

    spelling: str
    question: str
    wanted: frozenset[str]
    found: frozenset[str]

    @property
    def right(self) -> bool:
        """Whether it was taken to mean those, and no others."""
        return self.wanted == self.found


def read_carriers(path: pathlib.Path) -> tuple[list[str], list[str]]:
    """The questions that carry a name, and those that name none. Raises PolicyError where the file is none of ours."""
    try:
        lines = [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path} can't be read: {error}; expected questions, one a line") from error
    if "--" not in lines:
        raise PolicyError(f"{path} has no line --; expected questions with {{}}, that line, and questions that name nothing")
    middle = lines.index("--")
    carriers = lines[:middle]
    if empty := [line for line in carriers if "{}" not in line]:
        raise PolicyError(f"{path}: {empty[0]!r} stands before the line -- and has no {{}}; expected it where the name stands")
    if len(carriers) < EACH:
        raise PolicyError(f"{path} has {len(carriers)} questions with {{}} before the line --; expected {EACH} or more")
    return carriers, lines[middle + 1 :]


def ask_all(documents: Sequence[Document], names: Mapping[str, frozenset[str]], carriers: Sequence[str], others: Sequence[str]) -> Iterator[Asked]:
    """Ask with each name in each spelling, in some of the carriers; then the questions that name nothing."""
    generator = np.random.default_rng(SEED)
    for name, wanted in names.items():
        for spelling, spell in SPELLINGS.items():
            for carrier in generator.choice(carriers, EACH, replace=False):
                said = spell(name, generator)
                place = "{}'s" if spelling == "possessive" and "{}'s" in carrier else "{}"
                question = str(carrier).replace(place, said)
                if spelling == "with a slip" and said == name:
                    continue
                yield Asked(spelling, question, wanted, _named(question, documents))
    for question in others:
        yield Asked("names none", question, frozenset(), _named(question, documents))


def _named(question: str, documents: Sequence[Document]) -> frozenset[str]:
    scope, _ = find_scope(question, documents)
    return frozenset(scope.document_ids) if scope.source == "named" else frozenset()


def names_of(documents: Sequence[Document]) -> dict[str, frozenset[str]]:
    """The names that people say, with the policies that each means: organisations, and policies of those that have one."""
    found: dict[str, set[str]] = collections.defaultdict(set)
    for document in documents:
        whose = document.organisation or re.split(r"\s+[-–|]\s+", document.title)[0]
        counts = sum(other.organisation == document.organisation for other in documents) if document.organisation else 1
        found[document.policy if counts == 1 and document.organisation else re.sub(r",? Inc\.$", "", whose)].add(document.id)
    return {name: frozenset(ids) for name, ids in found.items() if len(name) > 2}


def scope_table(asked: Sequence[Asked]) -> Table:
    """For each spelling, how often the right policies are found, and how often what is found is right."""
    rows = []
    for spelling in dict.fromkeys(entry.spelling for entry in asked):
        some = [entry for entry in asked if entry.spelling == spelling]
        spoken = [entry for entry in some if entry.found]
        recall = f"{np.mean([entry.right for entry in some]):.3f}" if some[0].wanted else "–"
        precision = f"{np.mean([entry.right for entry in spoken]):.3f}" if spoken and some[0].wanted else "–"
        rows.append([spelling, str(len(some)), recall, precision, str(len([entry for entry in spoken if not entry.right]))])
    return ["spelling", "questions", "recall", "precision", "wrong policy"], rows


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it was measured, 2 when it can't be."""
    parser = argparse.ArgumentParser(prog="python -m eval scope", description=__doc__)
    parser.add_argument("--corpus", type=pathlib.Path, default=CORPUS, help="where the names are from (default: corpus)")
    parser.add_argument("--carriers", type=pathlib.Path, default=CARRIERS, help=f"the questions (default: {CARRIERS})")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N names, drawn by chance")
    parser.add_argument("--failures", action="store_true", help="list what went wrong")
    options = parser.parse_args(arguments)
    return finish("eval scope", lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    documents = read_corpus(options.corpus).documents
    carriers, others = read_carriers(options.carriers)
    names = names_of(documents)
    if 0 < options.sample < len(names):
        drawn = np.random.default_rng(SEED).choice(list(names), options.sample, replace=False)
        names = {str(name): names[str(name)] for name in drawn}
    asked = list(ask_all(documents, names, carriers, others))
    print(f"{len(names)} names of {len(documents)} policies in {len(carriers)} carriers\n")
    print(as_columns(scope_table(asked)))
    if options.failures:
        for entry in asked:
            if not entry.right:
                found, wanted = (", ".join(sorted(ids)[:3]) or "none" for ids in (entry.found, entry.wanted))
                print(f"  {entry.spelling}: {entry.question} -> {found}; expected {wanted}")
    return 0
