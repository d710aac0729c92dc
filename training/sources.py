"""What is learnt from: the project's own lessons, public sets beside them, and development sets to measure by."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import pathlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

from eval.command import finish
from eval.gold import read_gold
from index.encode import embedded_path
from index.network import load_transformer
from ingest import read_corpus, split_sentences
from ingest.command import run
from training.contrasts import SOURCE as CONTRASTS
from training.contrasts import read_contrasts
from training.examples import TEST, Lesson, Question, read_lessons, rows_of
from training.pieces import BASE, Pieces, cut, ends_of, pack, unpack, wordings_of
from training.supplement import read_supplement, read_written

# The settings of a training.
S = TypeVar("S")
# The sources whose questions were written for this project: to policies written for it, and to those of public sets.
WRITTEN = "written"
OWN = ("own", WRITTEN)
# Between the folder and the file of gold questions, in the name of their source.
DEVELOPMENT = "/"


@dataclasses.dataclass(frozen=True, slots=True)
class Lessons:
    """Lessons to learn from and to measure by (by source), the folder of the base network, and its tokens [CLS] and [SEP]."""

    training: list[Pieces]
    held: dict[str, list[Pieces]]
    base: pathlib.Path
    ends: tuple[int, int]

    def counts(self) -> dict[str, object]:
        """What a model card says of them."""
        counted: dict[str, collections.Counter[str]] = {"lessons": collections.Counter(), "questions": collections.Counter()}
        for lesson in self.training:
            counted["lessons"][lesson.source] += 1
            counted["questions"][lesson.source] += len(wordings_of(lesson))
        return {name: dict(sorted(counts.items())) for name, counts in counted.items()}


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Give a training's parser the options that `lessons_of` reads."""
    more = "folders with corpus.jsonl and questions.jsonl to learn from besides"
    parser.add_argument("--supplement", type=pathlib.Path, nargs="*", default=[], help=more)
    parser.add_argument("--development", type=pathlib.Path, nargs=2, action="append", default=[], metavar=("CORPUS", "QUESTIONS"))
    parser.add_argument("--packed", type=pathlib.Path, help="read all that from this folder, as `python -m training.sources` wrote it")


def parse_options(parser: argparse.ArgumentParser, kind: type[S], arguments: Sequence[str] | None) -> tuple[argparse.Namespace, S]:
    """The options of a training, and its settings: a dataclass whose fields, each with a default, become options too."""
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]
    for field in fields:
        parser.add_argument("--" + field.name.replace("_", "-"), type=type(field.default), default=field.default)
    add_sources(parser)
    options = parser.parse_args(arguments)
    return options, kind(**{field.name: getattr(options, field.name) for field in fields})


def lessons_of(options: argparse.Namespace, contrasts: bool = False) -> Lessons:
    """Everything that the options name and, where only verdicts are learnt (or all is packed), the contrasts."""
    if options.packed:
        everything, ends = unpack(options.packed)
        wanted = {*OWN, *(folder.name for folder in options.supplement), *([CONTRASTS] if contrasts else [])}
        everything = [lesson for lesson in everything if lesson.source in wanted or DEVELOPMENT in lesson.source]
        base = options.packed / BASE
    else:
        base = embedded_path()
        tokenizer = load_transformer(base)[1]
        ends = ends_of(tokenizer)
        everything = [cut(lesson, tokenizer) for lesson in read_lessons()]
        everything += read_contrasts(tokenizer) if contrasts else []
        for folder in options.supplement:
            everything += [cut(lesson, tokenizer, folder.name) for lesson in read_supplement(folder)]
            everything += [cut(lesson, tokenizer, WRITTEN) for lesson in read_written(folder)]
        for corpus, questions in options.development:
            name = f"{questions.parent.name}{DEVELOPMENT}{questions.stem}"
            everything += [cut(lesson, tokenizer, name, held_out=True) for lesson in read_development(corpus, questions)]
    held: dict[str, list[Pieces]] = {}
    for lesson in everything:
        if lesson.held_out:
            held.setdefault(lesson.source, []).append(lesson)
    return Lessons([lesson for lesson in everything if not lesson.held_out], held, base, ends)


def read_development(corpus: pathlib.Path, path: pathlib.Path) -> Iterator[Lesson]:
    """Gold questions to one policy each, as lessons to measure by."""
    documents = {document.id: document for document in read_corpus(corpus).documents}
    texts = {name: document.text for name, document in documents.items()}
    asked: dict[str, list[Question]] = {}
    gold = read_gold([path], texts, {name: document.policy for name, document in documents.items()})
    sentences = {name: tuple(split_sentences(document)) for name, document in documents.items()}
    for number, question in enumerate(gold):
        if question.document_id is not None and question.split != TEST:
            document = documents[question.document_id]
            quotes = [texts[document.id][piece.span.start : piece.span.end] for piece in question.evidence]
            rows = tuple(dict.fromkeys(row for quote in quotes for row in rows_of(quote, document, sentences[document.id])))
            if bool(rows) == bool(quotes):
                kind = "yes_no" if question.verdict else "factoid"
                asked.setdefault(document.id, []).append(Question(question.question, rows, (), question.verdict, kind, number))
    for name, questions in asked.items():
        yield Lesson(name, corpus, sentences[name], tuple(questions))


def main(arguments: Sequence[str] | None = None) -> int:
    """Pack lessons and base network for a machine that has only torch, transformers and peft; 0 when the folder is written."""
    parser = argparse.ArgumentParser(prog="python -m training.sources", description=main.__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(".training/packed"))
    add_sources(parser)
    options = parser.parse_args(arguments)
    return finish("training.sources", lambda: _pack(options))


def _pack(options: argparse.Namespace) -> int:
    lessons = lessons_of(options, contrasts=True)
    pack(options.out, [*lessons.training, *(lesson for held in lessons.held.values() for lesson in held)], lessons.base)
    print({**lessons.counts(), "held": {name: len(held) for name, held in lessons.held.items()}})
    return 0


if __name__ == "__main__":
    run(main)
