"""Check training examples: every quotation is exact, and kinds are balanced. Run as `python -m training.check [FOLDER]`."""

from __future__ import annotations

import argparse
import collections
import json
import pathlib
import re
from typing import Any

from ingest.command import run
from training import contrasts

KINDS = {"yes_no", "who", "how", "duration", "amount", "list", "contact", "factoid", "when", "where", "why", "unanswerable"}
VERDICTS = {"yes", "no", "conditional"}


def problems_of(row: dict[str, Any], text: str) -> list[str]:
    """Say in words what is wrong with one example; an empty list means nothing is."""
    found = []
    if not isinstance(row.get("question"), str) or len(row["question"].strip()) < 4:
        found.append("question missing or too short")
    if row.get("kind") not in KINDS:
        found.append(f"kind {row.get('kind')!r}, expected one of {sorted(KINDS)}")
    verdict = row.get("verdict")
    if row.get("kind") == "yes_no":
        if verdict not in VERDICTS:
            found.append(f"verdict {verdict!r} of a yes_no question, expected one of {sorted(VERDICTS)}")
    elif verdict is not None:
        found.append(f"verdict {verdict!r} on a question that is not yes_no")
    evidence, near = row.get("evidence", []), row.get("near", [])
    if row.get("kind") == "unanswerable":
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
    folder = options.folder or pathlib.Path(__file__).parent / "data"
    kinds: collections.Counter[str] = collections.Counter()
    verdicts: collections.Counter[str] = collections.Counter()
    seen: set[str] = set()
    overlaps, bad, policies, judged = [], 0, 0, 0
    for questions in sorted(folder.rglob("*.jsonl")):
        text_path = next((p for p in (questions.with_suffix(".md"), questions.with_suffix(".txt")) if p.exists()), None)
        if text_path is None:
            print(f"{questions}: no .md or .txt policy beside it")
            bad += 1
            continue
        policies += 1
        text = text_path.read_text("utf-8")
        for number, line in enumerate(questions.read_text("utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                print(f"{questions}:{number}: not JSON: {error}")
                bad += 1
                continue
            found = problems_of(row, text)
            if row.get("question", "").lower() in seen:
                found.append("this question was asked before")
            seen.add(row.get("question", "").lower())
            for problem in found:
                print(f"{questions}:{number}: {problem}")
            bad += len(found)
            kinds[row.get("kind")] += 1
            verdicts[row.get("verdict")] += 1
            wordings = 1 + len(row.get("paraphrases", []))
            judged += wordings * (len(row.get("evidence", [])) + len(row.get("near", [])))
            if row.get("evidence"):
                overlaps.append(overlap(row["question"], row["evidence"][0]))
    print(f"{policies} policies, {sum(kinds.values())} questions, {judged} judged pairs; kinds {dict(kinds)}; verdicts {dict(verdicts)}")
    if overlaps:
        print(f"mean share of question words found in the evidence: {sum(overlaps) / len(overlaps):.2f}")
    if not options.folder:
        rows = contrasts.contrast_rows()
        wrong = contrasts.problems_in(rows)
        print("\n".join([*wrong, f"{len(rows)} contrasts"]))
        bad += len(wrong)
    print(f"{bad} problems")
    return 2 if bad else 0


if __name__ == "__main__":
    run(main)
