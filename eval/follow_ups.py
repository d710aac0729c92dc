"""Measure follow-ups: whether the first citations hit with the rewriting and without it, and whether other questions are left alone."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import pathlib
import re
from collections.abc import Mapping, Sequence

import numpy as np

from answer import ask, mentions, ready_index, rewrite
from eval.batch import BatchEncoder
from eval.check_row import check_row
from eval.collection import Row, read_lines
from eval.command import finish
from eval.gold import Evidence, question_from_row
from eval.judge import cited_spans, rank, spans_of
from eval.paths import CORPUS, QUESTIONS, gold_files, index_folder, out_folder
from eval.run import to_row
from eval.shape import NAME, TEXT, fields, rows_of, shape_checker
from eval.table import Table, as_columns
from index import Index, load_encoder, progress_bar
from ingest import Document, PolicyError, raise_problems, read_corpus

CONVERSATIONS = pathlib.Path("eval", "conversations.jsonl")
RANKS = (1, 3)
_THEY = re.compile(r"\b(?:they['’]s|their|them|they(?:['’]re| are|['’]ve| have|['’]ll| will)?)\b", re.I)
_FLAG = {"type": "boolean"}
_TURNS, _EVIDENCE = {**rows_of(NAME), "minItems": 2}, {"type": "array", "minItems": 1}
_KEYS = {
    "id": NAME,
    "turns": _TURNS,
    "doc_id": TEXT,
    "given": _FLAG,
    "follow_up": _FLAG,
    "wanted": rows_of(TEXT),
    "evidence": _EVIDENCE,
    "split": TEXT,
}
_shape = shape_checker({**fields(_KEYS), "additionalProperties": False})
_standing = shape_checker(fields({"question": NAME}, split={"type": ["string", "null"]}))


@dataclasses.dataclass(frozen=True, slots=True)
class Conversation:
    """Questions asked one after the other, and what answers the last.

    `given` says that its policy is given to the assistant; else the conversation names it. `follow_up` is False where the last question
    stands by itself and is to be left alone. `wanted` are words that a rewriting must have.
    """

    id: str
    turns: tuple[str, ...]
    document_id: str
    given: bool
    follow_up: bool
    wanted: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    split: str

    def told(self, rewritten: str) -> bool:
        """Whether a rewriting says what it must."""
        return all(word.casefold() in rewritten.casefold() for word in self.wanted)


@dataclasses.dataclass(frozen=True, slots=True)
class Followed:
    """A conversation, what its last question became, and the rank of the first citation that hits: with the rewriting, and without."""

    conversation: Conversation
    rewritten: str
    after: int | None
    before: int | None

    @property
    def touched(self) -> bool:
        """Whether the question was rewritten."""
        return self.rewritten != self.conversation.turns[-1]


def read_conversations(path: pathlib.Path, texts: Mapping[str, str]) -> tuple[Conversation, ...]:
    """Read conversations in JSON lines. Raises one PolicyError that lists every line that is wrong."""
    problems: list[str] = []
    rows = read_lines(path, lambda row: _shape(row) or check_row(_gold_row(row), texts), problems)
    raise_problems(problems, f"in {path}; nothing was run")
    return tuple(_conversation(row) for _, row in rows)


def _gold_row(row: Row) -> Row:
    """The last question of a conversation as a row of gold questions, which its evidence is checked as."""
    return {"qid": row["id"], "question": row["turns"][-1], "doc_id": row["doc_id"], "evidence": row["evidence"]}


def _conversation(row: Row) -> Conversation:
    evidence = question_from_row(_gold_row(row)).evidence
    return Conversation(row["id"], tuple(row["turns"]), row["doc_id"], row["given"], row["follow_up"], tuple(row["wanted"]), evidence, row["split"])


def follow(index: Index, conversations: Sequence[Conversation]) -> list[Followed]:
    """Ask the last question of each conversation twice: as it was rewritten, and as it was typed."""
    found = []
    for entry in conversations:
        given = [entry.document_id] if entry.given else []
        rewritten = rewrite(entry.turns[-1], entry.turns[:-1], index.documents)
        ranks = [_first_hit(index, question, given, entry) for question in (rewritten, entry.turns[-1])]
        found.append(Followed(entry, rewritten, ranks[0], ranks[1]))
    return found


def _first_hit(index: Index, question: str, given: Sequence[str], entry: Conversation) -> int | None:
    row = to_row(entry.id, ask(index, question, given), 0.0)
    return rank(cited_spans(row) or spans_of(row["considered"]), entry.evidence, "any").first


def left_alone(questions: Sequence[tuple[str, str]], documents: Sequence[Document]) -> tuple[list[tuple[str, str, str]], int]:
    """Questions that stand by themselves, each after another: those that were rewritten all the same, and how many were asked.

    `questions` are (question, split) pairs; each is asked after the one before it.
    """
    pairs = [(before[0], question[0]) for before, question in itertools.pairwise(questions)]
    touched = [(before, question, found) for before, question in pairs if (found := rewrite(question, [before], documents)) != question]
    return touched, len(pairs)


def only_names(question: str, found: str, documents: Sequence[Document]) -> bool:
    """Whether a rewriting changed nothing but that "they" got the name that the question before had."""
    spans = mentions(found, documents)
    for start, end, _ in reversed(spans):
        found = found[:start] + "they" + found[end:]
    return _THEY.sub("they", found).casefold() == _THEY.sub("they", question).casefold()


def follow_up_table(followed: Sequence[Followed]) -> Table:
    """One row a split: shares of the follow-ups that hit with the rewriting and without it, and what was left alone."""
    rows = []
    for split in dict.fromkeys(entry.conversation.split for entry in followed):
        some = [entry for entry in followed if entry.conversation.split == split and entry.conversation.follow_up]
        others = [entry for entry in followed if entry.conversation.split == split and not entry.conversation.follow_up]
        ranks = [[entry.before for entry in some], [entry.after for entry in some]]
        hits = [_share([rank is not None and rank <= k for rank in found]) for k in RANKS for found in ranks]
        alone = f"{sum(not entry.touched for entry in others)} of {len(others)}"
        rows.append([split, str(len(some)), *hits, _share([entry.conversation.told(entry.rewritten) for entry in some]), alone])
    return [
        "split",
        "follow-ups",
        "first hits as typed",
        "rewritten",
        "first three as typed",
        "rewritten",
        "says what it must",
        "others left alone",
    ], rows


def _share(values: Sequence[bool]) -> str:
    return f"{np.mean(values):.3f}" if values else "–"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it was measured, 2 when it can't be."""
    parser = argparse.ArgumentParser(prog="python -m eval follow-ups", description=__doc__)
    add = parser.add_argument
    add("--corpus", type=pathlib.Path, default=CORPUS, help="folder of policies (default: corpus)")
    add("--conversations", type=pathlib.Path, default=CONVERSATIONS, help=f"JSON lines (default: {CONVERSATIONS})")
    text = "questions that stand by themselves: JSON lines, or a folder of them (default: those of the project)"
    add("--questions", type=pathlib.Path, default=QUESTIONS, help=text)
    add("--split", default="", help="only the conversations of this split, dev or test")
    add("--index", type=pathlib.Path, help="folder of the index (default: .index for corpus)")
    add("--failures", action="store_true", help="list the rewritings that miss, and the questions that should have been left alone")
    options = parser.parse_args(arguments)
    return finish("eval follow-ups", lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    documents = read_corpus(options.corpus).documents
    conversations = read_conversations(options.conversations, {document.id: document.text for document in documents})
    chosen = [entry for entry in conversations if not options.split or entry.split == options.split]
    if not chosen:
        raise PolicyError(f"no conversation is of the split {options.split!r}; found {', '.join(sorted({e.split for e in conversations})) or 'none'}")
    standing = _read_standing(gold_files(options.corpus, [options.questions]))
    encoder = BatchEncoder(load_encoder())
    with progress_bar("passage") as progress:
        index = ready_index(options.corpus, options.index or index_folder(options.corpus, out_folder()), encoder, progress)
    encoder.prepare([entry.turns[-1] for entry in chosen])
    followed = follow(index, chosen)
    print(as_columns(follow_up_table(followed)))
    for split in dict.fromkeys(entry.split for entry in chosen):
        _print_alone([entry for entry in standing if entry[1] == split], split, index.documents, failures=options.failures)
    if options.failures:
        _print_failures(followed)
    return 0


def _read_standing(files: Sequence[pathlib.Path]) -> list[tuple[str, str]]:
    """Questions that stand by themselves, as (question, split). Raises PolicyError where a line is wrong or there is no file."""
    problems: list[str] = []
    rows = [row for path in files for _, row in read_lines(path, _standing, problems)]
    raise_problems(problems, "in the questions that stand by themselves; nothing was run")
    return [(row["question"], row.get("split") or "") for row in rows]


def _print_alone(asked: Sequence[tuple[str, str]], split: str, documents: Sequence[Document], *, failures: bool) -> None:
    touched, count = left_alone(asked, documents)
    if not count:
        print(f"{split}: {len(asked)} questions that stand by themselves, so that none could be asked after another")
        return
    named = sum(only_names(question, found, documents) for _, question, found in touched)
    alone = count - len(touched)
    print(
        f"{split}: of {count} questions that stand by themselves, each after another, {alone} were left alone ({alone / count:.1%}); "
        f"in {named} only “they” became the policy just named; {len(touched) - named} were changed wrongly ({(len(touched) - named) / count:.1%})"
    )
    if failures:
        for before, question, found in touched:
            print(f"  {before} | {question} -> {found}")


def _print_failures(followed: Sequence[Followed]) -> None:
    for entry in followed:
        conversation = entry.conversation
        if (conversation.follow_up and (entry.after != 1 or not conversation.told(entry.rewritten))) or (
            not conversation.follow_up and entry.touched
        ):
            said = "" if conversation.told(entry.rewritten) else " (doesn't say what it must)"
            print(f"  {conversation.id} {' | '.join(conversation.turns)} -> {entry.rewritten}{said}: rank {entry.before} before, {entry.after} after")
