"""Check a gold set: spans and shape first, then what makes its figures worth less: doubles, leaks, and questions that echo their answer."""

from __future__ import annotations

import argparse
import collections
import math
import pathlib
import tempfile
from collections.abc import Iterator, Sequence

from eval.command import finish
from eval.evaluate import Settings, read_questions
from eval.gold import Question
from eval.paths import add_gold_arguments, locate
from eval.table import as_columns
from index import words_of

# Two questions are one if so much of their words, stemmed, is common to both (Jaccard).
SAME = 0.8
# A question echoes its evidence if so much of its words stand there, and it has at least so many.
ECHO, ECHO_WORDS = 0.7, 4
# A class of questions that should be mixed is lopsided if one value has more than this share of it.
LOPSIDED = 0.6
UNANSWERABLE_AT_LEAST = 0.1
# Of fewer questions of a kind, one by chance moves the figure by a half.
KIND_AT_LEAST = 3


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 where the gold is sound, 1 where there is something to mend, 2 where it can't be read."""
    parser = argparse.ArgumentParser(prog="python -m eval check", description=__doc__)
    add_gold_arguments(parser)
    options = parser.parse_args(arguments)
    return finish("eval check", lambda: _check(options))


def _check(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        corpus, files = locate(options, pathlib.Path(folder))
        questions = read_questions(Settings(corpus, files, pathlib.Path(folder), pathlib.Path(folder)))
    print(as_columns(_counts(questions)))
    for note in notes(questions):
        print(f"\n{note}")
    problems = find_problems(questions)
    for problem in problems:
        print(f"\n{problem}" if problem is problems[0] else problem)
    print(f"\n{len(questions)} questions, every span exact; {len(problems)} thing{'' if len(problems) == 1 else 's'} to look at.")
    return 1 if problems else 0


def find_problems(questions: Sequence[Question]) -> list[str]:
    """What to look at, each in one line."""
    words = {question.qid: frozenset(found) for question, found in zip(questions, words_of([entry.question for entry in questions]), strict=True)}
    return [*_doubles(questions, words), *_leaks(questions), *_echoes(questions, words), *_imbalances(questions), *_kinds(questions)]


def _doubles(questions: Sequence[Question], words: dict[str, frozenset[str]]) -> Iterator[str]:
    """The same question asked twice of the same policy; across splits, of any policy."""
    for one, other in _near(questions, words):
        across = one.split != other.split
        both = words[one.qid] | words[other.qid]
        if (across or one.document_id == other.document_id) and len(words[one.qid] & words[other.qid]) / len(both) >= SAME:
            where = f"leak from {one.split} to {other.split}: " if across else ""
            yield f"{where}{one.qid} and {other.qid} ask the same: {one.question!r}, {other.question!r}"


def _near(questions: Sequence[Question], words: dict[str, frozenset[str]]) -> Iterator[tuple[Question, Question]]:
    """Pairs that may be the same: of two sets that are, the rarest few words of one have a word in common with those of the other.

    (Prefix filtering, Chaudhuri and others 2006: it spares the comparison of all pairs.)
    """
    counts = collections.Counter(word for found in words.values() for word in found)
    buckets: dict[str, list[int]] = collections.defaultdict(list)
    pairs = set()
    for number, question in enumerate(questions):
        found = sorted(words[question.qid], key=lambda word: (counts[word], word))
        for word in found[: len(found) - math.ceil(SAME * len(found)) + 1]:
            pairs |= {(before, number) for before in buckets[word]}
            buckets[word].append(number)
    return ((questions[one], questions[other]) for one, other in sorted(pairs))


def _leaks(questions: Sequence[Question]) -> Iterator[str]:
    """Documents whose questions are in two splits. Questions to several policies can't help it."""
    splits = collections.defaultdict(set)
    for question in questions:
        if question.document_id is not None:
            splits[question.document_id].add(question.split)
    for document_id, found in sorted(splits.items()):
        if len(found) > 1:
            yield f"leak: questions on {document_id} are in the splits {', '.join(sorted(found))}"


def _echoes(questions: Sequence[Question], words: dict[str, frozenset[str]]) -> Iterator[str]:
    """Questions that word search answers, since they use the words of the policy."""
    for question in questions:
        asked = words[question.qid]
        if len(asked) < ECHO_WORDS or not question.evidence or question.stances:
            continue
        share = max(len(asked & set(found)) / len(asked) for found in words_of([piece.text for piece in question.evidence]))
        if share >= ECHO:
            yield f"{question.qid} has {share:.0%} of its words from its evidence: {question.question!r}"


def _imbalances(questions: Sequence[Question]) -> Iterator[str]:
    verdicts = collections.Counter(question.verdict for question in questions if question.verdict is not None)
    for verdict, count in verdicts.items():
        if count > LOPSIDED * verdicts.total() and verdicts.total() > 1:
            yield f"{count} of {verdicts.total()} verdicts are {verdict}: whoever always says so is right in {count / verdicts.total():.0%}"
    for split, found in sorted(_by_split(questions).items()):
        unanswerable = sum(not question.answerable for question in found)
        if unanswerable < UNANSWERABLE_AT_LEAST * len(found):
            yield f"{unanswerable} of {len(found)} questions{f' in {split}' if split else ''} have no answer: too few to measure refusal"


def _kinds(questions: Sequence[Question]) -> Iterator[str]:
    """A kind that drowns the others, and kinds of which a split has too few to say anything of them."""
    kinds = collections.Counter(question.kind for question in questions)
    if len(kinds) == 1:
        return
    for kind, count in kinds.items():
        if count > LOPSIDED * len(questions):
            yield f"{count} of {len(questions)} questions are of the kind {kind}: the mean says little of the others"
    for split, found in sorted(_by_split(questions).items()):
        inside = collections.Counter(question.kind for question in found)
        few = sorted(f"{kind} ({inside[kind]})" for kind in kinds if inside[kind] < KIND_AT_LEAST)
        if few:
            where = f" in {split}" if split else ""
            yield f"fewer than {KIND_AT_LEAST} questions{where} are of the kind {', '.join(few)}: too few to say anything of it"


def notes(questions: Sequence[Question]) -> Iterator[str]:
    """What whoever reads the figures should know, though it can't be mended."""
    several = collections.Counter(question.split for question in questions if question.document_id is None)
    if len(several) > 1:
        counts = ", ".join(f"{count} in {split}" for split, count in sorted(several.items()))
        yield f"Questions to several policies ({counts}) are about documents of every split; the others are split by document."


def _by_split(questions: Sequence[Question]) -> dict[str, list[Question]]:
    splits = collections.defaultdict(list)
    for question in questions:
        splits[question.split].append(question)
    return splits


def _counts(questions: Sequence[Question]) -> tuple[list[str], list[list[str]]]:
    """How many questions of each kind each split has."""
    splits = _by_split(questions)
    names = sorted(splits)
    rows = [
        [kind, *(str(sum(question.kind == kind for question in splits[name])) for name in names)]
        for kind in sorted({question.kind for question in questions})
    ]
    return ["kind", *(name or "questions" for name in names)], [*rows, ["all", *(str(len(splits[name])) for name in names)]]
