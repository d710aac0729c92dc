"""LegalBench-RAG (Pipitone and Alami 2024): a folder of texts, and of benchmarks whose snippets point into them."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping, Sequence

from eval.collection import Collection, Row, read_json
from eval.shape import NAME, OFFSET, TEXT, fields, rows_of, shape_checker
from ingest import PolicyError, raise_problems

_SPAN = {"type": "array", "items": OFFSET, "minItems": 2, "maxItems": 2}
_SNIPPET = fields({"file_path": TEXT, "span": _SPAN}, answer={"type": ["string", "null"]})
_check = shape_checker(fields({"tests": rows_of(fields({"query": NAME, "snippets": rows_of(_SNIPPET)}))}))


def read_legalbench(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> Collection:
    """Every snippet of a test is wanted; a test whose snippets are all of one file has that file in scope."""
    texts = _texts(corpus / "corpus")
    found = Collection([{"doc_id": name, "title": pathlib.PurePosixPath(name).stem, "text": text} for name, text in texts.items()], [], [])
    for benchmark in benchmarks(corpus, questions):
        for number, test in enumerate(read_json(benchmark, _check)["tests"]):
            origin = f"{benchmark}: tests[{number}]"
            wrong = list(_wrong(test["snippets"], texts))
            found.problems.extend(f"{origin}.{problem}" for problem in wrong)
            if not wrong:
                found.questions.append(_row(f"{benchmark.stem}-{number}", benchmark.stem, test, texts))
                found.origins.append(origin)
    return found


def benchmarks(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> list[pathlib.Path]:
    """The files of questions: those named, else all beside the texts."""
    named = [path for path in questions if path.suffix == ".json"]
    return named or sorted((corpus / "benchmarks").glob("*.json"))


def _texts(root: pathlib.Path) -> dict[str, str]:
    texts, problems = {}, []
    for path in sorted(root.rglob("*.txt")):
        try:
            # As its own loader opens them: UTF-8, with line breaks made one character.
            texts[path.relative_to(root).as_posix()] = path.read_text("utf-8")
        except OSError as error:
            problems.append(f"{path}: {error.strerror}")
        except ValueError as error:
            problems.append(f"{path}: is not UTF-8: {error}")
    raise_problems(problems, f"in {root}; nothing was run")
    if not texts:
        raise PolicyError(f"there is no .txt file in {root}; expected the texts of LegalBench-RAG")
    return texts


def _wrong(snippets: Sequence[Row], texts: Mapping[str, str]) -> Iterator[str]:
    for number, snippet in enumerate(snippets):
        name, (start, end) = snippet["file_path"], snippet["span"]
        if name not in texts:
            yield f"snippets[{number}] names the file {name!r}, which the corpus doesn't hold"
        elif not start < end <= len(texts[name]):
            yield f"snippets[{number}] {start}–{end} is no stretch of {name}, which has {len(texts[name])} characters"
        elif snippet.get("answer") and snippet["answer"] != texts[name][start:end]:
            yield f"snippets[{number}] {start}–{end} is {texts[name][start:end]!r:.90}, expected {snippet['answer']!r:.90}"


def _row(qid: str, kind: str, test: Row, texts: Mapping[str, str]) -> Row:
    pieces = [(snippet["file_path"], *snippet["span"]) for snippet in test["snippets"]]
    evidence = [{"doc": name, "start": start, "end": end, "text": texts[name][start:end]} for name, start, end in pieces]
    files = {name for name, _, _ in pieces}
    row = {"qid": qid, "question": test["query"], "doc_id": files.pop() if len(files) == 1 else None, "kind": kind}
    return {**row, "evidence": evidence, "need": "all", "answerable": bool(evidence)}
