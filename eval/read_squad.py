"""SQuAD 1.1 and 2.0 (Rajpurkar and others 2018): an article is a document, its paragraphs with a blank line between them."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Sequence

from eval.collection import Collection, Row, read_json
from eval.shape import NAME, OFFSET, TEXT, fields, rows_of, shape_checker

_ANSWERS = rows_of(fields({"text": TEXT, "answer_start": OFFSET}))
_QUESTION = fields({"id": NAME, "question": NAME}, answers=_ANSWERS, plausible_answers=_ANSWERS, is_impossible={"type": "boolean"})
_ARTICLE = fields({"title": NAME, "paragraphs": rows_of(fields({"context": TEXT, "qas": rows_of(_QUESTION)}))})
_check = shape_checker(fields({"data": rows_of(_ARTICLE)}))


def read_squad(corpus: pathlib.Path, questions: Sequence[pathlib.Path]) -> Collection:
    """The questions files, or the one that was named as corpus. Articles of one title are one document."""
    texts: dict[str, str] = {}
    found = Collection([], [], [])
    for path in questions or [corpus]:
        for number, article in enumerate(read_json(path, _check)["data"]):
            title = article["title"]
            for place, paragraph in enumerate(article["paragraphs"]):
                start = len(texts.setdefault(title, ""))
                texts[title] += paragraph["context"] + "\n\n"
                for index, entry in enumerate(paragraph["qas"]):
                    found.questions.append(_row(entry, title, start))
                    found.origins.append(f"{path}: data[{number}].paragraphs[{place}].qas[{index}]")
    found.documents.extend({"doc_id": title, "title": title.replace("_", " "), "text": text} for title, text in texts.items())
    return found


def _row(entry: Row, document_id: str, start: int) -> Row:
    impossible = bool(entry.get("is_impossible", False))
    row = {"qid": entry["id"], "question": entry["question"], "doc_id": document_id, "need": "any", "answerable": not impossible}
    row["evidence"] = [] if impossible else list(_spans(entry.get("answers", []), start))
    return {**row, "kind": "unanswerable" if impossible else "question", "near_miss": list(_spans(entry.get("plausible_answers", []), start))}


def _spans(answers: Sequence[Row], start: int) -> Iterator[Row]:
    """Each different answer once, first what stands first."""
    for left, text in sorted({(start + answer["answer_start"], answer["text"]) for answer in answers}):
        if text:
            yield {"start": left, "end": left + len(text), "text": text}
