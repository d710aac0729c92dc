"""Example questions for an empty page, taken from the policies that are loaded, and only such as they do answer."""

from __future__ import annotations

import re

from answer import ask
from index import Index
from ingest import Document

# How many questions are offered, and from how many the best are chosen.
OFFERED = 6
# Only a question is offered whose best answer is at least this sure.
SURE = 0.6

# What people ask of policies, by the words in a policy that suggest that it has an answer.
_TOPICS: tuple[tuple[str, str], ...] = (
    (r"\b(?:cancel|delete|deletion|close)\b[^.]{0,40}\baccounts?\b|\baccounts?\b[^.]{0,40}\bdeleted\b", "Can I delete my account?"),
    (r"\bpayment (?:processor|provider|information|data|info)\b", "Who handles payment data?"),
    (r"\bchildren\b|\bunder (?:the age of )?1[368]\b", "How old do you have to be?"),
    (r"\b(?:retain|retention|kept for)\b", "How long are records kept?"),
    (r"\breceipts?\b", "Do I need a receipt?"),
    (r"\b(?:annual|paid) leave\b|\bholiday entitlement\b|\bdays of leave\b", "How many days of leave do I get?"),
    (r"\bfrom abroad\b|\bworking abroad\b|\banother country\b", "Can I work from abroad for a while?"),
    (r"\b(?:incident|breach)\b[^.]{0,60}\breport", "How soon do I have to report a security incident?"),
    (r"\bcookies?\b", "What are cookies used for?"),
    (r"\bpasswords?\b", "What are the rules for passwords?"),
    (r"\bthird part(?:y|ies)\b", "Who is my data shared with?"),
)
# A heading of one or two plain words names a topic; longer ones are sentences in all but name.
_PLAIN = re.compile(r"^(?:[\d.]+\s+)?(?P<topic>[A-Z][a-z]{3,}(?: [a-z]{4,})?)$")
_EMPTY = re.compile(
    r"\b(?:introduction|overview|definitions?|scope|purpose|contacts?|general|contents|roles|questions|exceptions|policy|your|what|when|words)\b",
    re.I,
)
# Headings of each policy that are tried.
_TRIED = 3


def find_examples(index: Index) -> tuple[str, ...]:
    """Up to six questions that these policies answer: first such as are asked of all of them, then of one in each collection."""
    chosen = [question for question in _of_all(index.documents) if _sure(index, question) >= SURE][: OFFERED - 2]
    best: dict[str, tuple[float, str]] = {}
    for collection, question in _of_one(index.documents):
        best[collection] = max(best.get(collection, (SURE, "")), (_sure(index, question), question))
    singles = [question for _, question in sorted(best.values(), reverse=True) if question]
    return tuple([*chosen, *singles][:OFFERED])


def _sure(index: Index, question: str) -> float:
    answer = ask(index, question)
    return 0.0 if answer.abstained else answer.findings[0].confidence


def _of_all(documents: tuple[Document, ...]) -> list[str]:
    """Questions on topics that policies speak of; topics of different documents take turns, so that no kind of policy has them all."""
    found: dict[str, list[str]] = {}
    for pattern, question in _TOPICS:
        counts = [(len(re.findall(pattern, document.text, re.I)), document.collection) for document in documents]
        most, collection = max(counts, default=(0, ""))
        if most:
            found.setdefault(collection, []).append(question)
    turns = max((len(questions) for questions in found.values()), default=0)
    return [questions[turn] for turn in range(turns) for questions in found.values() if turn < len(questions)]


def _of_one(documents: tuple[Document, ...]) -> list[tuple[str, str]]:
    """Collection and question: what a policy says under one of its own headings."""
    found = []
    for document in documents:
        named = document.policy if document.policy.lower() in document.organisation.lower() else f"the {document.policy} policy"
        headings = [document.text[block.start : block.end] for block in document.blocks if block.kind == "heading"]
        topics = [match["topic"].lower() for heading in headings if (match := _PLAIN.match(heading)) and not _EMPTY.search(heading)]
        found += [(document.collection, f"What does {named} say about {topic}?") for topic in topics[:_TRIED]]
    return found
