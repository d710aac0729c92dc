"""Stretches of a public set's documents to write questions to, and what was written to them, kept by offset.

    python -m training.excerpts cut SET FOLDER [--count 12] [--words 1500]
    python -m training.excerpts keep SET FOLDER

SET is a folder with `corpus.jsonl`. `cut` writes texts that nothing was written to yet, first of documents that are new; beside each of
them, questions go into a file of the same name that ends in .jsonl. `keep` adds these to `training/written/`, without a word of the texts.
"""

from __future__ import annotations

import argparse
import functools
import json
import pathlib
import random
import re
from collections.abc import Sequence
from typing import Any

from eval.collection import Row, read_lines
from eval.command import finish
from ingest import PolicyError, raise_problems, read_corpus
from ingest.command import run
from training.check import problems_of
from training.examples import is_held_out, read_rows
from training.supplement import WRITTEN, digest_of, stretch_name

# Where each text of a folder comes from: its name to [doc_id, start, end].
STRETCHES = "stretches.json"
# A document of fewer words has too little to ask.
FEWEST_WORDS = 600
# A paragraph at the end may make a stretch longer by this.
MOST_TIMES = 1.5


def cut(corpus: pathlib.Path, folder: pathlib.Path, count: int, words: int, seed: int) -> int:
    """Write `count` stretches of about as many `words` that nothing was written to, one of a document; the number of those found.

    A document of which a stretch is held out is left alone, and the rest of one that is learnt from isn't held out. Raises
    PolicyError for a folder that was cut into before: what was written there would no longer lie beside its text.
    """
    if (folder / STRETCHES).exists():
        raise PolicyError(f"{folder} has a {STRETCHES} from an earlier cut; expected a folder that has none: name a new one")
    generator = random.Random(seed)
    stretches: dict[str, tuple[str, int, int]] = {}
    written = _written(corpus)
    documents = list(read_corpus(corpus).documents)
    generator.shuffle(documents)
    documents.sort(key=lambda document: document.id in written)
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        taken = sorted(written.get(document.id, ()))
        free, free_end = max(_gaps(document.text, taken), key=lambda gap: gap[1] - gap[0])
        bounds = stretch_of(document.text[free:free_end], words, generator)
        if bounds and len(stretches) < count:
            start, end = free + bounds[0], free + bounds[1]
            if taken and any(is_held_out(stretch_name(corpus, document.id, *piece)) for piece in (*taken, (start, end))):
                continue
            name = re.sub(r"\W+", "-", f"{len(stretches) + 1:02} {document.policy}".lower())[:50].strip("-")
            stretches[name] = (document.id, start, end)
            (folder / f"{name}.txt").write_bytes(document.text[start:end].encode())
    (folder / STRETCHES).write_text(json.dumps(stretches, indent=1) + "\n", "utf-8")
    return len(stretches)


def _written(corpus: pathlib.Path) -> dict[str, set[tuple[int, int]]]:
    """The stretches of each document of a set to which something was written."""
    found: dict[str, set[tuple[int, int]]] = {}
    for row in _kept(corpus):
        start, end = row["stretch"]
        found.setdefault(row["doc_id"], set()).add((start, end))
    return found


def _gaps(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What lies before, between and behind stretches of a text, which are in order."""
    return list(zip([0, *(end for _, end in taken)], [*(start for start, _ in taken), len(text)], strict=True))


def stretch_of(text: str, words: int, generator: random.Random) -> tuple[int, int] | None:
    """Whole paragraphs of a text, about as many `words` together, as (start, end).

    All of it where it is hardly longer; None where it is too short, or where a paragraph is too long.
    """
    paragraphs = [match.span() for match in re.finditer(r"[^\n]+\n*", text)]
    lengths = [len(text[start:end].split()) for start, end in paragraphs]
    if sum(lengths) < FEWEST_WORDS:
        return None
    if sum(lengths) <= words * MOST_TIMES:
        return 0, len(text)
    first = generator.choice([place for place in range(len(paragraphs)) if sum(lengths[place:]) >= words])
    last, read = first, 0
    while read < words:
        read += lengths[last]
        last += 1
    return (paragraphs[first][0], paragraphs[last - 1][1]) if read <= words * MOST_TIMES else None


def keep(corpus: pathlib.Path, folder: pathlib.Path) -> int:
    """Add the questions of a folder to those that are kept; how many were new.

    Raises PolicyError with everything that is wrong with them, and then keeps none.
    """
    texts = {document.id: document.text for document in read_corpus(corpus).documents}
    path = WRITTEN / f"{corpus.name}.jsonl"
    kept = _kept(corpus)
    known = {(row["doc_id"], row["question"].lower()) for row in kept}
    problems: list[str] = []
    before = len(kept)
    for name, (document, start, end) in _stretches(folder).items():
        if document not in texts:
            raise PolicyError(f"{folder / STRETCHES}: {document} is not in {corpus}; name the set that the texts were cut from")
        text = texts[document][start:end]
        questions = folder / f"{name}.jsonl"
        for _, row in read_lines(questions, functools.partial(problems_of, text=text), problems) if questions.exists() else ():
            if (document, row["question"].lower()) not in known:
                known.add((document, row["question"].lower()))
                kept.append(_placed(row, document, text, start, end))
    raise_problems(problems, f"in {folder}; none of its questions was kept")
    aside = path.with_suffix(".new")
    aside.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), "utf-8")
    aside.replace(path)
    return len(kept) - before


def _stretches(folder: pathlib.Path) -> dict[str, tuple[str, int, int]]:
    """Where the texts of a folder come from."""
    if not (folder / STRETCHES).is_file():
        raise PolicyError(f"{folder} has no {STRETCHES}; expected a folder that python -m training.excerpts cut has written")
    return dict(json.loads((folder / STRETCHES).read_text("utf-8")))


def _placed(row: dict[str, Any], document: str, text: str, start: int, end: int) -> dict[str, Any]:
    """A question as it is kept: its quotations as places in the document."""
    placed = {
        name: [[start + text.index(quote), start + text.index(quote) + len(quote)] for quote in row.get(name, [])] for name in ("evidence", "near")
    }
    asked = {name: row[name] for name in ("question", "kind", "verdict") if row.get(name)}
    return {"doc_id": document, "stretch": [start, end], "sha256": digest_of(text), **asked, **placed, "paraphrases": row.get("paraphrases", [])}


def _kept(corpus: pathlib.Path) -> list[Row]:
    """What was written to a set and is kept."""
    path = WRITTEN / f"{corpus.name}.jsonl"
    return read_rows(path) if path.exists() else []


def main(arguments: Sequence[str] | None = None) -> int:
    """Cut stretches or keep what was written to them; 0 when it is done, 2 with what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m training.excerpts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("cut", "keep"))
    parser.add_argument("corpus", type=pathlib.Path, metavar="SET")
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--words", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    return finish("training.excerpts", lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    if options.what == "cut":
        print(f"{cut(options.corpus, options.folder, options.count, options.words, options.seed)} stretches in {options.folder}")
    else:
        print(f"{keep(options.corpus, options.folder)} questions kept in {WRITTEN / options.corpus.name}.jsonl")
    return 0


if __name__ == "__main__":
    run(main)
