"""Other people's collections of questions, turned into a `corpus.jsonl` and a `questions.jsonl` of our own."""

from __future__ import annotations

import csv
import dataclasses
import json
import pathlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ingest import PolicyError

OWN = "own"

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Collection:
    """Documents and questions as rows, in our own layout."""

    documents: list[Row]
    questions: list[Row]


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """A layout: whether files are of it, and how they are read. Both take what was named as corpus and as questions."""

    is_this: Callable[[pathlib.Path, Sequence[pathlib.Path]], bool]
    read: Callable[[pathlib.Path, Sequence[pathlib.Path]], Collection]


def recognise(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> str:
    """The name of the format that these files have; our own where no other is recognised."""
    return next((name for name, form in FORMATS.items() if form.is_this(corpus, questions)), OWN)


def convert(name: str, corpus: pathlib.Path, questions: Sequence[pathlib.Path], folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """Write `corpus.jsonl` and `questions.jsonl` into a folder and give their paths. Raises PolicyError for files that are not of the format."""
    try:
        collection = FORMATS[name].read(corpus, questions)
    except OSError as error:
        raise PolicyError(f"{error.filename} can't be read: {error.strerror}; expected the files of the format {name}") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise PolicyError(f"{corpus} is not of the format {name} ({type(error).__name__}: {error}); name another --format") from error
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "corpus.jsonl", folder / "questions.jsonl"
    for path, rows in zip(paths, (collection.documents, collection.questions), strict=True):
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8", "surrogatepass")
    return paths


def _is_squad(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> bool:
    return all(path.suffix == ".json" for path in questions or [corpus]) and not _is_legalbench(corpus, questions)


def _read_squad(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> Collection:
    """SQuAD 1.1 or 2.0: an article is a document, its paragraphs with a blank line between them."""
    documents, rows = [], []
    for path in questions or [corpus]:
        for article in json.loads(path.read_bytes())["data"]:
            text = ""
            for paragraph in article["paragraphs"]:
                start = len(text)
                text += paragraph["context"] + "\n\n"
                rows += [_squad_row(entry, article["title"], start) for entry in paragraph["qas"]]
            documents.append({"doc_id": article["title"], "title": article["title"].replace("_", " "), "text": text})
    return Collection(documents, rows)


def _squad_row(entry: Row, document_id: str, start: int) -> Row:
    impossible = bool(entry.get("is_impossible", False))

    def spans(answers: Sequence[Row]) -> list[Row]:
        found = [(start + answer["answer_start"], answer["text"]) for answer in answers]
        return [{"start": left, "end": left + len(text), "text": text} for left, text in sorted(set(found)) if text]

    row = {"qid": entry["id"], "question": entry["question"], "doc_id": document_id, "evidence": [] if impossible else spans(entry["answers"])}
    kind = "unanswerable" if impossible else "question"
    return {**row, "need": "any", "answerable": not impossible, "kind": kind, "near_miss": spans(entry.get("plausible_answers", []))}


def _is_legalbench(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> bool:
    return (corpus / "corpus").is_dir() and bool(_benchmarks(corpus, questions))


def _benchmarks(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> list[pathlib.Path]:
    named = [path for path in questions if path.suffix == ".json"]
    return named or sorted((corpus / "benchmarks").glob("*.json"))


def _read_legalbench(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> Collection:
    """LegalBench-RAG: every snippet of a test is wanted; a test whose snippets are all of one file has that file in scope."""
    root = corpus / "corpus"
    # As its own loader opens them: UTF-8, with line breaks made one character.
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.txt"))}
    rows = []
    for benchmark in _benchmarks(corpus, questions):
        for number, test in enumerate(json.loads(benchmark.read_bytes())["tests"]):
            pieces = [(piece["file_path"], *piece["span"]) for piece in test["snippets"]]
            evidence = [{"doc": name, "start": start, "end": end, "text": texts[name][start:end]} for name, start, end in pieces]
            files = {name for name, _, _ in pieces}
            row = {"qid": f"{benchmark.stem}-{number}", "question": test["query"], "doc_id": files.pop() if len(files) == 1 else None}
            rows.append({**row, "kind": benchmark.stem, "evidence": evidence, "need": "all", "answerable": bool(evidence)})
    documents = [{"doc_id": name, "title": pathlib.PurePosixPath(name).stem, "text": text} for name, text in texts.items()]
    return Collection(documents, rows)


def _is_beir(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> bool:
    return (corpus / "queries.jsonl").is_file() and (corpus / "qrels").is_dir() and all(path.suffix == ".tsv" for path in questions)


def _read_beir(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> Collection:
    """BEIR: a whole document is the evidence, and any sentence of it hits; each file of judgments is a split."""
    documents = [{"doc_id": row["_id"], "title": row.get("title") or "", "text": row["text"]} for row in _json_lines(corpus / "corpus.jsonl")]
    texts = {row["doc_id"]: row["text"] for row in documents}
    asked = {row["_id"]: row["text"] for row in _json_lines(corpus / "queries.jsonl")}
    rows: dict[str, Row] = {}
    for path in questions or sorted((corpus / "qrels").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for entry in csv.DictReader(file, delimiter="\t"):
                qid, name = entry["query-id"], entry["corpus-id"]
                empty = {"qid": qid, "question": asked[qid], "doc_id": None, "evidence": [], "need": "all", "split": path.stem}
                row = rows.setdefault(qid, empty)
                if int(entry["score"]) > 0 and texts[name]:
                    row["evidence"].append({"doc": name, "start": 0, "end": len(texts[name]), "text": texts[name]})
    return Collection([row for row in documents if row["text"].strip()], [row for row in rows.values() if row["evidence"]])


def _json_lines(path: pathlib.Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


# The first that recognises the files reads them.
FORMATS: dict[str, Format] = {
    "legalbench-rag": Format(_is_legalbench, _read_legalbench),
    "beir": Format(_is_beir, _read_beir),
    "squad": Format(_is_squad, _read_squad),
}
