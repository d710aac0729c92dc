"""A run in the formats of the tools that people score with: TREC, BEIR, SQuAD 2.0 and ragas."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from eval.gold import Question
from eval.judge import first_quote, hits, rank, spans_of
from eval.run import Row
from ingest import Document, Span, split_sentences

TAG = "askpolicy"


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """What is exported: questions, their answers by id (one may be missing), and the documents by theirs."""

    questions: Sequence[Question]
    rows: Mapping[str, Row]
    documents: Mapping[str, Document]

    def answered(self) -> Iterator[tuple[Question, Row]]:
        """Questions with an answer, in their order."""
        return ((question, self.rows[question.qid]) for question in self.questions if question.qid in self.rows)


def name_of(span: Span) -> str:
    """A passage's id for files whose columns are parted by blanks.

    >>> name_of(Span("HR policy.md", 5, 20))
    'HR%20policy.md:5-20'
    """
    return f"{_bare(span.document_id)}:{span.start}-{span.end}"


def write_trec(run: Run, folder: pathlib.Path) -> None:
    """`run.txt` ranks the sentences looked at; `qrels.txt` says what was wanted, in the same ids.

    Evidence goes by the id of the first sentence that hits it, else by its own: so nDCG and reciprocal rank come out
    as in the report.
    """
    ranked, wanted = [], []
    for question, row in run.answered():
        spans = spans_of(row["considered"])
        ranked += [f"{_bare(question.qid)} Q0 {name_of(span)} {place} {len(spans) - place + 1} {TAG}" for place, span in enumerate(spans, 1)]
    for question in run.questions:
        spans = spans_of(run.rows[question.qid]["considered"]) if question.qid in run.rows else []
        wanted += [f"{_bare(question.qid)} 0 {name} 1" for name in _relevant(question, spans)]
    _write(folder / "run.txt", ranked)
    _write(folder / "qrels.txt", wanted)


def write_beir(run: Run, folder: pathlib.Path) -> None:
    """A retrieval collection whose documents are the sentences of the policies; relevant are those that hit the evidence."""
    sentences = {name: split_sentences(document) for name, document in run.documents.items()}
    rows = (
        {"_id": name_of(passage.span), "title": " › ".join((run.documents[name].title, *passage.heading)), "text": passage.text}
        for name, passages in sentences.items()
        for passage in passages
    )
    _write(folder / "corpus.jsonl", map(_json, rows))
    _write(
        folder / "queries.jsonl",
        (_json({"_id": question.qid, "text": question.question}) for question in run.questions if question.answerable),
    )
    lines = ["query-id\tcorpus-id\tscore"]
    for question in run.questions:
        for piece in question.evidence:
            near = [passage.span for passage in sentences[piece.span.document_id] if hits(passage.span, piece.span)]
            lines += [f"{question.qid}\t{name_of(span)}\t1" for span in near]
    _write(folder / "qrels" / "test.tsv", dict.fromkeys(lines))


def write_squad(run: Run, folder: pathlib.Path) -> None:
    """`predictions.json` and `na_prob.json` for the official SQuAD 2.0 script: the first citation, "" where nothing was cited."""
    quoted = {question.qid: first_quote(row) for question, row in run.answered()}
    unsure = {question.qid: round(1 - _confidence(row), 6) for question, row in run.answered()}
    _write(folder / "predictions.json", [_json({question.qid: quoted.get(question.qid, "") for question in run.questions})])
    _write(folder / "na_prob.json", [_json({question.qid: unsure.get(question.qid, 1.0) for question in run.questions})])


def write_ragas(run: Run, folder: pathlib.Path) -> None:
    """One line a question for ragas: what was asked, cited and said, and what should have been."""
    lines = []
    for question, row in run.answered():
        quotes = [citation["quote"] for finding in row["findings"] for citation in finding["citations"]]
        sample = {
            "user_input": question.question,
            "retrieved_contexts": quotes or [_text(run, span) for span in spans_of(row["considered"])[:5]],
            "response": " ".join(quotes) or "The policies do not say.",
            "reference": question.answer or " ".join(piece.text for piece in question.evidence) or "The policies do not say.",
            "reference_contexts": [piece.text for piece in question.evidence],
        }
        lines.append(_json(sample))
    _write(folder / "ragas.jsonl", lines)


EXPORTS: dict[str, Callable[[Run, pathlib.Path], None]] = {"trec": write_trec, "beir": write_beir, "squad": write_squad, "ragas": write_ragas}


def _relevant(question: Question, spans: Sequence[Span]) -> list[str]:
    if not question.answerable:
        return []
    ranking = rank(spans, question.evidence, question.need)
    found = [(name_of(span), numbers) for span, numbers in zip(spans, ranking.found, strict=True) if numbers]
    left = set(range(ranking.wanted)) - {number for _, numbers in found for number in numbers}
    return [name for name, _ in found] + ["wanted:" + name_of(question.evidence[number].span) for number in sorted(left)]


def _confidence(row: Row) -> float:
    return max((float(finding["confidence"]) for finding in row["findings"]), default=0.0)


def _text(run: Run, span: Span) -> str:
    return run.documents[span.document_id].text[span.start : span.end]


def _bare(name: str) -> str:
    return urllib.parse.quote(name, safe="/._-~")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(path: pathlib.Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)
