"""BEIR (Thakur and others 2021): a whole document is the evidence, and any sentence of it hits; each file of judgments is a split."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping, Sequence

from eval.collection import Collection, Row, read_lines
from eval.shape import NAME, TEXT, fields, shape_checker
from ingest import PolicyError

_document = shape_checker(fields({"_id": NAME, "text": TEXT}, title={"type": ["string", "null"]}))
_query = shape_checker(fields({"_id": NAME, "text": NAME}))
_COLUMNS = ("query-id", "corpus-id", "score")


def read_beir(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> Collection:
    """The queries that have a relevant document, by the judgments named, else by all of them."""
    problems: list[str] = []
    texts: dict[str, Row] = {}
    for number, row in read_lines(corpus / "corpus.jsonl", _document, problems):
        if row["_id"] in texts:
            problems.append(f"{corpus / 'corpus.jsonl'}:{number}: the document {row['_id']} is given twice")
        texts.setdefault(row["_id"], row)
    queries = {row["_id"]: str(row["text"]) for _, row in read_lines(corpus / "queries.jsonl", _query, problems)}
    rows: dict[str, Row] = {}
    origins: dict[str, str] = {}
    for path in questions or sorted((corpus / "qrels").glob("*.tsv")):
        for number, qid, name in _judgments(path, queries, texts, problems):
            text = str(texts[name]["text"])
            empty: Row = {"qid": qid, "question": queries[qid], "doc_id": None, "evidence": [], "need": "all", "split": path.stem}
            rows.setdefault(qid, empty)["evidence"].append({"doc": name, "start": 0, "end": len(text), "text": text})
            origins.setdefault(qid, f"{path}:{number}")
    documents = [{"doc_id": name, "title": row.get("title") or "", "text": row["text"]} for name, row in texts.items() if row["text"].strip()]
    return Collection(documents, list(rows.values()), list(origins.values()), problems)


def _judgments(path: pathlib.Path, queries: Mapping[str, str], texts: Mapping[str, Row], problems: list[str]) -> Iterator[tuple[int, str, str]]:
    """The relevant pairs of a file, each once, with their lines; what is wrong goes to `problems`."""
    seen = set()
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, ValueError) as error:
        raise PolicyError(f"{path} can't be read: {error}; expected a file of judgments, {', '.join(_COLUMNS)} between tabs") from error
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r").split("\t")
        if not line.strip() or (number == 1 and tuple(cells) == _COLUMNS):
            continue
        wrong = _wrong(cells, queries, texts)
        if wrong:
            problems.append(f"{path}:{number}: {wrong}")
        elif int(cells[2]) > 0 and texts[cells[1]]["text"].strip() and (cells[0], cells[1]) not in seen:
            seen.add((cells[0], cells[1]))
            yield number, cells[0], cells[1]


def _wrong(cells: Sequence[str], queries: Mapping[str, str], texts: Mapping[str, Row]) -> str:
    if len(cells) != len(_COLUMNS):
        return f"has {len(cells)} columns; expected {', '.join(_COLUMNS)} between tabs"
    if cells[0] not in queries:
        return f"names the query {cells[0]!r}, which queries.jsonl doesn't hold"
    if cells[1] not in texts:
        return f"names the document {cells[1]!r}, which corpus.jsonl doesn't hold"
    return "" if cells[2].lstrip("-").isascii() and cells[2].lstrip("-").isdigit() else f"has the score {cells[2]!r}; expected a whole number"
