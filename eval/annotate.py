"""Add a gold question: ask for it, let its evidence be selected in the policy, check it, and write it down."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import pathlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from eval.check import find_problems
from eval.check_row import check_row
from eval.command import finish
from eval.gold import Question, question_from_row, read_gold
from eval.paths import add_gold_arguments, gold_files
from eval.select import matching, selected
from ingest import Document, Passage, PolicyError, Span, json_rows, read_corpus, split_sentences

Ask = Callable[[str], str]

VERDICTS = ("yes", "no", "conditional")
_QID = re.compile(r"^(.*?)(\d+)$")


@dataclasses.dataclass(frozen=True, slots=True)
class Terminal:
    """Where questions to the annotator go and answers come from."""

    ask: Ask
    say: Callable[[str], None] = print

    def until(self, prompt: str, accept: Callable[[str], Any], expected: str) -> Any:
        """Ask until the answer means something; None means that it doesn't."""
        while (found := accept(self.ask(prompt).strip())) is None:
            self.say(f"  expected {expected}")
        return found

    def one_of(self, what: str, names: Sequence[str]) -> str:
        """Ask for one of these names."""
        return str(self.until(f"{what} ({', '.join(names)}): ", lambda typed: typed if typed in names else None, "one of these"))


def main(arguments: list[str] | None = None, ask: Ask = input) -> int:
    """Run the command; 0 when a question was added, 2 when none was."""
    parser = argparse.ArgumentParser(prog="python -m eval annotate", description=__doc__)
    add_gold_arguments(parser, formats=False)
    parser.add_argument("--file", type=pathlib.Path, help="where the question is added (default: the file with questions on the same policy)")
    options = parser.parse_args(arguments)
    return finish("eval annotate", lambda: _annotate(options, Terminal(ask)))


def _annotate(options: argparse.Namespace, terminal: Terminal) -> int:
    documents = read_corpus(options.corpus).documents
    files = gold_files(options.corpus, options.questions)
    known = _read(files, documents)
    if options.file:
        _read([options.file], documents)  # what is wrong with it is said before anything is asked
    try:
        document = _ask_document(documents, terminal)
        file = options.file or _file_for(document.id, files)
        row = _ask_row(document, known, _next_qid(file, known), terminal)
    except EOFError as error:
        raise PolicyError("nothing was added") from error
    wrong = check_row(row, {document.id: document.text})
    if wrong:
        raise PolicyError(f"nothing was added: {'; '.join(wrong)}")
    add_row(file, row)
    terminal.say(f"{row['qid']} is in {file}")
    before = set(find_problems(known))
    for problem in find_problems([*known, question_from_row(row)]):
        if problem not in before:
            terminal.say(f"to look at: {problem}")
    return 0


def _read(files: Sequence[pathlib.Path], documents: Sequence[Document]) -> tuple[Question, ...]:
    """The questions of files; none where no file has anything in it yet. Raises PolicyError with everything that is wrong."""
    if not any(file.is_file() and file.stat().st_size for file in files):
        return ()
    return read_gold(files, {document.id: document.text for document in documents}, {document.id: document.policy for document in documents})


def add_row(file: pathlib.Path, row: dict[str, Any]) -> None:
    """Write a row behind the others of a file, which may not be there yet; the file is replaced as a whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_bytes() if file.exists() else b""
    begun = file.with_suffix(".part")
    begun.write_bytes(before + (b"" if before.endswith(b"\n") or not before else b"\n") + json.dumps(row, ensure_ascii=False).encode() + b"\n")
    begun.replace(file)


def _ask_document(documents: Sequence[Document], terminal: Terminal) -> Document:
    for number, document in enumerate(documents, 1):
        terminal.say(f"  {number:3}  {document.policy} · {document.id}")

    def accept(typed: str) -> Document | None:
        named = [document for document in documents if typed.lower() in {document.policy.lower(), document.id.lower()}]
        numbered = [documents[int(typed) - 1]] if typed.isdecimal() and 0 < int(typed) <= len(documents) else []
        return next(iter([*named, *numbered]), None)

    found: Document = terminal.until("policy: ", accept, "one of the numbers or names above")
    return found


def _ask_row(document: Document, known: Sequence[Question], qid: str, terminal: Terminal) -> dict[str, Any]:
    question = terminal.until("question: ", lambda typed: typed or None, "a question, in the words of someone who hasn't read the policy")
    spans = _ask_evidence(document, terminal)
    evidence = [{"doc": document.id, "start": span.start, "end": span.end, "text": document.text[span.start : span.end]} for span in spans]
    row: dict[str, Any] = {"qid": qid, "question": question, "scope": document.policy, "doc_id": document.id, "evidence": evidence}
    row |= {"answerable": bool(evidence), "need": "any", "verdict": None, "names_policy": document.policy.lower() in question.lower()}
    if len(evidence) > 1:
        row["need"] = terminal.one_of("does any of them suffice, or are all needed", ("any", "all"))
    if evidence:
        kinds = sorted({entry.kind for entry in known if entry.answerable and not entry.stances} | {"yes_no"})
        row["kind"] = terminal.until(f"kind ({', '.join(kinds)}): ", lambda typed: typed or None, "a kind, one of these or a new one")
        row["answer"] = terminal.ask("the answer in a sentence: ").strip()
    else:
        row["kind"] = "unanswerable"
    if row["kind"] == "yes_no":
        row["verdict"] = terminal.one_of("verdict", VERDICTS)
    return {**row, "split": _split(document.id, known, terminal)}


def _ask_evidence(document: Document, terminal: Terminal) -> list[Span]:
    """The stretches that answer, as the annotator selects them; none for a question without an answer."""
    sentences = split_sentences(document)
    terminal.say("Evidence: type words to look for, then the number of a sentence or a range such as 4-6, or paste the text. Empty when done.")
    spans: list[Span] = []
    while typed := terminal.ask(f"evidence {len(spans) + 1}: ").strip():
        span = selected(document, sentences, typed)
        if span is None:
            _list(sentences, matching(sentences, typed), terminal)
            continue
        terminal.say(f"  {span.start}–{span.end} “{document.text[span.start : span.end]}”")
        if terminal.ask("take it? (Y/n) ").strip().lower() in {"", "y", "yes"}:
            spans.append(span)
    return spans


def _list(sentences: Sequence[Passage], numbers: Sequence[int], terminal: Terminal) -> None:
    for number in numbers:
        terminal.say(f"  {number:3}  {' '.join(sentences[number - 1].text.split())}")
    if not numbers:
        terminal.say("  no sentence has any of these words")


def _split(document_id: str, known: Sequence[Question], terminal: Terminal) -> str:
    """The split of the other questions on a document, since a document is never in two; asked for where there are none."""
    found = {entry.split for entry in known if entry.document_id == document_id}
    if len(found) == 1:
        return found.pop()
    names = {entry.split for entry in known}
    if names == {""}:
        return ""  # a set that isn't split
    return terminal.one_of("split", sorted({*names, "dev", "test"} - {""}))


def _file_for(document_id: str, files: Sequence[pathlib.Path]) -> pathlib.Path:
    """The file with most questions on a document; where none has any, the last one."""
    mentions = {file: file.read_text("utf-8").count(json.dumps(document_id, ensure_ascii=False)) if file.exists() else 0 for file in files}
    if not mentions:
        raise PolicyError("there is no file of questions; name one with --file")
    return max(reversed(mentions), key=lambda file: mentions[file])


def _next_qid(file: pathlib.Path, known: Sequence[Question]) -> str:
    """One more than the highest number, there or among the known, behind the letters that most ids of the file begin with."""
    own = _numbered(row["qid"] for _, row in json_rows(file) if isinstance(row, dict)) if file.exists() else []
    prefix = collections.Counter(letters for letters, _ in own).most_common(1)[0][0] if own else "q"
    numbers = [number for letters, number in (*own, *_numbered(entry.qid for entry in known)) if letters == prefix]
    return f"{prefix}{max(numbers, default=0) + 1:03}"


def _numbered(qids: Iterable[str]) -> list[tuple[str, int]]:
    """The ids that end in a number, as the letters before it and the number."""
    return [(found[1], int(found[2])) for qid in qids if (found := _QID.match(qid))]
