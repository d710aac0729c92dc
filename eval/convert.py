"""Other people's collections of questions, recognised, checked, and turned into a `corpus.jsonl` and a `questions.jsonl` of our own."""

from __future__ import annotations

import dataclasses
import json
import pathlib
from collections.abc import Callable, Sequence

from eval.check_row import check_row
from eval.collection import Collection
from eval.read_beir import read_beir
from eval.read_legalbench import benchmarks, read_legalbench
from eval.read_squad import read_squad
from ingest import PolicyError, raise_problems

OWN = "own"


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """A layout: whether files are of it, and how they are read. Both take what was named as corpus and as questions."""

    is_this: Callable[[pathlib.Path, Sequence[pathlib.Path]], bool]
    read: Callable[[pathlib.Path, Sequence[pathlib.Path]], Collection]


def recognise(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> str:
    """The name of the format that these files have; our own where no other is recognised."""
    return next((name for name, form in FORMATS.items() if form.is_this(corpus, questions)), OWN)


def convert(name: str, corpus: pathlib.Path, questions: Sequence[pathlib.Path], folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """Write `corpus.jsonl` and `questions.jsonl` into a folder and give their paths.

    Raises one PolicyError that lists, with file and place, everything that is wrong; then nothing is written.
    """
    collection = FORMATS[name].read(corpus, questions)
    raise_problems([*collection.problems, *_problems(collection)], f"in {corpus}, read as {name}; nothing was run")
    if not collection.questions:
        raise PolicyError(f"found no question in {', '.join(map(str, questions)) or corpus}, read as {name}")
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "corpus.jsonl", folder / "questions.jsonl"
    for path, rows in zip(paths, (collection.documents, collection.questions), strict=True):
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return paths


def _problems(collection: Collection) -> list[str]:
    """What is wrong with the questions, each with the place it came from."""
    texts = {row["doc_id"]: row["text"] for row in collection.documents}
    problems = []
    seen: dict[str, str] = {}
    for row, origin in zip(collection.questions, collection.origins, strict=True):
        first = seen.setdefault(row["qid"], origin)
        wrong = check_row(row, texts) if first == origin else [f"the id {row['qid']} is given twice, first by {first}"]
        problems += [f"{origin}: {problem}" for problem in wrong]
    return problems


def _is_squad(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> bool:
    return all(path.suffix == ".json" for path in questions or [corpus]) and not _is_legalbench(corpus, questions)


def _is_legalbench(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> bool:
    return (corpus / "corpus").is_dir() and bool(benchmarks(corpus, questions))


def _is_beir(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> bool:
    return (corpus / "queries.jsonl").is_file() and (corpus / "qrels").is_dir() and all(path.suffix == ".tsv" for path in questions)


# The first that recognises the files reads them.
FORMATS: dict[str, Format] = {
    "legalbench-rag": Format(_is_legalbench, read_legalbench),
    "beir": Format(_is_beir, read_beir),
    "squad": Format(_is_squad, read_squad),
}
