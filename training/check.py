"""Check training examples: every quotation is exact, and kinds are balanced. Run as `python -m training.check [FOLDER]`."""

from __future__ import annotations

import argparse
import collections
import functools
import pathlib
import re

from eval.collection import Row, read_lines
from eval.command import finish
from eval.shape import TEXT, fields, rows_of, shape_checker
from ingest.command import run
from training import contrasts
from training.examples import DATA

KINDS = {"yes_no", "who", "how", "duration", "amount", "list", "contact", "factoid", "when", "where", "why", "unanswerable"}
VERDICTS = {"yes", "no", "conditional"}
# Characters of a question, at least.
SHORTEST = 4
_TEXTS = rows_of(TEXT)
_shape = shape_checker(
    fields({"question": TEXT, "kind": TEXT, "evidence": _TEXTS}, near=_TEXTS, paraphrases=_TEXTS, verdict={"type": ["string", "null"]})
)


def problems_of(row: Row, text: str) -> list[str]:
    """Say in words what is wrong with one example; an empty list means nothing is."""
    if wrong := _shape(row):
        return wrong
    wordings = [row["question"], *row.get("paraphrases", [])]
    found = [f"the wording {wording!r} is too short" for wording in wordings if len(wording.strip()) < SHORTEST]
    if row["kind"] not in KINDS:
        found.append(f"kind {row['kind']!r}, expected one of {sorted(KINDS)}")
    verdict = row.get("verdict")
    if row["kind"] == "yes_no":
        if verdict not in VERDICTS:
            found.append(f"verdict {verdict!r} of a yes_no question, expected one of {sorted(VERDICTS)}")
    elif verdict is not None:
        found.append(f"verdict {verdict!r} on a question that is not yes_no")
    evidence, near = row["evidence"], row.get("near", [])
    if row["kind"] == "unanswerable":
        if evidence:
            found.append("unanswerable, but has evidence")
        if not near:
            found.append("unanswerable without a near miss")
    elif not evidence:
        found.append("no evidence")
    for name, quotes in (("evidence", evidence), ("near", near)):
        for quote in quotes:
            if quote not in text:
                found.append(f"{name} is not in the policy word for word: {quote[:80]!r}")
            elif len(quote) > 600:
                found.append(f"{name} is longer than a sentence: {quote[:60]!r}")
    if set(evidence) & set(near):
        found.append("a quotation is both evidence and near miss")
    return found


def overlap(question: str, evidence: str) -> float:
    """Share of the question's longer words that stand in the evidence."""
    longer = {word for word in re.findall(r"[a-z]+", question.lower()) if len(word) > 3}
    return len(longer & set(re.findall(r"[a-z]+", evidence.lower()))) / max(1, len(longer))


def main(arguments: list[str] | None = None) -> int:
    """Print what is wrong and what there is; 0 when nothing is wrong, else 2."""
    parser = argparse.ArgumentParser(prog="python -m training.check", description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, nargs="?", help="default: training/data, and the contrasts")
    options = parser.parse_args(arguments)
    return finish("training.check", lambda: _check(options.folder))


def _check(folder: pathlib.Path | None) -> int:
    problems: list[str] = []
    _check_examples(folder or DATA, problems)
    if not folder:
        print(f"{len(read_lines(contrasts.PATH, contrasts.problems_of, problems))} contrasts")
    print("\n".join([*problems, f"{len(problems)} problems"]))
    return 2 if problems else 0


def _check_examples(folder: pathlib.Path, problems: list[str]) -> None:
    """Print what examples there are that nothing is wrong with; what is wrong with the others goes to `problems`."""
    kinds: collections.Counter[str] = collections.Counter()
    verdicts: collections.Counter[str | None] = collections.Counter()
    seen: set[str] = set()
    overlaps, policies, judged = [], 0, 0
    for questions in sorted(folder.rglob("*.jsonl")):
        text_path = next((path for path in (questions.with_suffix(".md"), questions.with_suffix(".txt")) if path.exists()), None)
        if text_path is None:
            problems.append(f"{questions}: no .md or .txt policy beside it")
            continue
        policies += 1
        check = functools.partial(problems_of, text=text_path.read_text("utf-8"))
        for number, row in read_lines(questions, check, problems):
            if row["question"].lower() in seen:
                problems.append(f"{questions}:{number}: this question was asked before")
            seen.add(row["question"].lower())
            kinds[row["kind"]] += 1
            verdicts[row.get("verdict")] += 1
            judged += (1 + len(row.get("paraphrases", []))) * (len(row["evidence"]) + len(row.get("near", [])))
            if row["evidence"]:
                overlaps.append(overlap(row["question"], row["evidence"][0]))
    print(f"{policies} policies, {sum(kinds.values())} questions, {judged} judged pairs; kinds {dict(kinds)}; verdicts {dict(verdicts)}")
    if overlaps:
        print(f"mean share of question words found in the evidence: {sum(overlaps) / len(overlaps):.2f}")


if __name__ == "__main__":
    run(main)
