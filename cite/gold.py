"""Accepted citations as gold questions: a reviewer's yes is worth keeping, once the policy is seen to say it still."""

from __future__ import annotations

import hashlib
import json
import pathlib
from collections.abc import Iterable, Sequence
from typing import Any

from cite.canonical import canonical
from cite.claim import Claim
from cite.verify import Status, verify
from ingest import PolicyError


def gold_rows(claims: Iterable[Claim], corpus: pathlib.Path) -> tuple[list[dict[str, Any]], list[str]]:
    """A row of gold for each question and document with accepted citations, and what is wrong with those left out.

    The rows are what `eval` reads: spans with their text, any of which answers. Only citations that are exact are taken.
    """
    accepted = {claim.id: claim for claim in claims if claim.review.status == "accept"}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    problems = []
    for found in verify(accepted.values(), corpus):
        claim = found.claim
        if found.status is not Status.EXACT:
            problems.append(f"{claim.place}: {claim.id} is {found.status}{f', {found.detail}' if found.detail else ''}; it does not become gold")
            continue
        row = rows.setdefault((claim.question, claim.document), _row(claim))
        row["evidence"].append({"doc": claim.document, "start": claim.start, "end": claim.end, "text": claim.quote})
    return list(rows.values()), problems


def add_gold(path: pathlib.Path, rows: Sequence[dict[str, Any]]) -> tuple[bytes, int, list[str]]:
    """The bytes of a gold file with rows added that it lacks, how many those are, and the rows that it has otherwise.

    What the file holds stays as it is. Raises PolicyError where a line of it is no gold question.
    """
    try:
        before = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise PolicyError(f"{path} can't be read: {error.strerror}; name another file with --gold") from error
    known = {}
    for number, line in enumerate(before.split(b"\n"), 1):
        if line.strip():
            try:
                known[json.loads(line)["qid"]] = line
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise PolicyError(f"{path}:{number} is no gold question; name another file with --gold") from error
    lines, conflicts = [], []
    for row in rows:
        line = json.dumps(row, ensure_ascii=False).encode("utf-8")
        if row["qid"] not in known:
            lines.append(line + b"\n")
        elif known[row["qid"]].strip() != line:
            conflicts.append(f"{path}: {row['qid']} is there already, and otherwise; it was left as it is")
    joint = b"" if not before or before.endswith(b"\n") else b"\n"
    return before + joint + b"".join(lines), len(lines), conflicts


def _row(claim: Claim) -> dict[str, Any]:
    asks = claim.verdict in {"yes", "no", "conditional"}
    who = " ".join(part for part in (claim.review.reviewer, claim.review.reviewed_at) if part)
    return {
        "qid": "reviewed-" + hashlib.sha256(canonical([claim.question, claim.document])).hexdigest()[:12],
        "question": claim.question,
        "scope": claim.policy,
        "doc_id": claim.document,
        "kind": "yes_no" if asks else "factoid",
        "answer": "",
        "verdict": claim.verdict if asks else None,
        "evidence": [],
        "need": "any",
        "answerable": True,
        "near_miss": [],
        "note": f"accepted by {who}" if who else "accepted by a reviewer",
    }
