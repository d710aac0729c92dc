"""Which policy a question means, and what is left of the question without its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from answer.each import ask_each
from answer.names import Mention, bare_organisation, fold, mentions_of, names_of, nearest_names
from answer.nouns import Scope
from answer.topic import about_topic, is_topic
from ingest import Document, PolicyError

# Words around a name that say only that a policy is meant: "in the HelpU privacy policy".
_AFTER = re.compile(r"(?:['’]s?)?(?:\s+(?:privacy\s+)?(?:policy|policies|notice|terms|schedule|handbook|rules))?", re.I)
# Between the names of "the leave policy and the travel policy", "HelpU, Workpex or HPEC", "at HelpU and at Workpex".
_BETWEEN = re.compile(rf"{_AFTER.pattern}\s*(?:[,&/]|\band\b|\bor\b)(?:[\s,]|\b(?:and|or|the|at|in|by|with|under|from)\b)*", re.I)
_OWNER = re.compile(r"['’]s?")
_BEFORE = re.compile(r"\s*\b(?:according to|as per|under|in|at|on|with|from|of|by|for|to|about|regarding)(?:\s+(?:the|their))?\s*$", re.I)
# What is left of a sentence whose name became "they" reads as people write.
_GRAMMAR = (
    (re.compile(r"\bthey(?:[ ,]+(?:and |or )?they)+\b", re.I), "they"),
    (re.compile(r"\b(?:the|their) (they|their)\b", re.I), r"\1"),
    (re.compile(r"\bdoes they\b", re.I), "do they"),
    (re.compile(r"\bis they\b", re.I), "are they"),
    (re.compile(r"\bhas they\b", re.I), "have they"),
    (re.compile(r"^(?:they|their)\s*[:,;–—-]\s*", re.I), ""),
)


def find_scope(question: str, documents: Sequence[Document], given: Sequence[str] = ()) -> tuple[Scope, str]:
    """The scope of a question, and the question without the names that chose it, as it is put to each policy in scope.

    `given` are names or document ids from the user; they win over what the question says. Raises PolicyError for a
    given name that is none, with the nearest names.
    """
    found = mentions_of(question, documents)
    named = {mention.document_id for mention in found}
    if given:
        ids = tuple(dict.fromkeys(document_id for name in given for document_id in _given(name, documents)))
        return Scope(ids, "given"), _put(question, [mention for mention in found if mention.document_id in ids], ids)
    chosen = tuple(document.id for document in documents if document.id in named)
    if chosen and len(chosen) < len(documents):
        return Scope(chosen, "named"), _put(question, found, chosen)
    everything = tuple(document.id for document in documents)
    return Scope(everything, "all"), _put(question, found, everything)


def _put(question: str, found: Sequence[Mention], ids: Sequence[str]) -> str:
    """The question to one policy is about what stands in it, a question to several may be about them; of a bare name it is the name."""
    topic = _without(question, found)
    if is_topic(topic):
        return f"what about {topic}?"
    asked = _strip(question, found) or question
    return about_topic(ask_each(asked) if len(ids) > 1 else asked)


def _without(question: str, found: Sequence[Mention]) -> str:
    """What is left of a question where names, and what goes with them, are taken out and nothing is put in their place."""
    for start, end in reversed(_named_together(question, found)):
        tail = _AFTER.match(question, end)
        question = f"{_BEFORE.sub('', question[:start])} {question[tail.end() if tail else end :]}"
    return question.strip(" ?.!,:;-–—")


def mentions(question: str, documents: Sequence[Document]) -> list[tuple[int, int, str]]:
    """Where a question names policies: start, end and document id of each mention, in order of place."""
    return sorted({(mention.start, mention.end, mention.document_id) for mention in mentions_of(question, documents)})


def strip_names(question: str, documents: Sequence[Document]) -> str:
    """The question with the names of policies replaced by "they", which every policy understands.

    A name inside the question draws it towards sentences that repeat the name: searching without it took precision at
    1 from 10 % to 31 % on a public benchmark.
    """
    return _strip(question, mentions_of(question, documents))


def _strip(question: str, found: Sequence[Mention]) -> str:
    if not found:
        return question
    for start, end in reversed(_named_together(question, found)):
        before, after = question[:start], question[end:]
        tail = _AFTER.match(after)
        after = after[tail.end() :] if tail else after
        possessive = tail is not None and bool(_OWNER.fullmatch(tail.group())) and bool(re.match(r" \w", after))
        if preposition := _BEFORE.search(before):
            # "at HelpU" goes as a whole; "at HelpU's office" keeps its preposition and its owner.
            before, said = (before, "their") if possessive else (before[: preposition.start()], "")
        else:
            said = "their" if possessive or (tail and tail.group() and not after.strip(" ?.!") and not before.strip()) else _pronoun(before, after)
        question = _join(before, said, after)
    for pattern, instead in _GRAMMAR:
        question = pattern.sub(instead, question)
    return question.strip(" ,:;-–—")


def _named_together(question: str, found: Sequence[Mention]) -> list[tuple[int, int]]:
    """The stretches of a question that name policies, in order: names with nothing but "and" or a comma between them are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted({(mention.start, mention.end) for mention in found}, key=lambda span: (span[0], -span[1])):
        if joined and (start < joined[-1][1] or _BETWEEN.fullmatch(question, joined[-1][1], start)):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _pronoun(before: str, after: str) -> str:
    """Choose "they", which does, or "them", which is done to: a name at the end of a clause that has begun is an object."""
    return "them" if before.strip() and re.match(r"\s*(?:[.,;:?!]|$)", after) else "they"


def _join(before: str, said: str, after: str) -> str:
    gap = " " if before and said and not before.endswith((" ", "(", '"', "“")) else ""
    return re.sub(r"[ ]{2,}", " ", f"{before.rstrip() if not said else before}{gap}{said}{after}")


def _given(name: str, documents: Sequence[Document]) -> list[str]:
    folded = fold(name)
    # The surest way first; the later ones look into every document, and are not tried where an earlier one finds it.
    ways: tuple[Callable[[Document], bool], ...] = (
        lambda document: document.id == name,
        lambda document: bool(folded) and folded == fold(document.policy),
        lambda document: bool(folded) and folded in names_of(document),
        lambda document: (
            bool(folded) and folded in {fold(document.collection), fold(document.organisation), fold(bare_organisation(document.organisation))}
        ),
        lambda document: any(mention.document_id == document.id and _is_all(mention, name) for mention in mentions_of(name, documents)),
    )
    for way in ways:
        if found := [document.id for document in documents if way(document)]:
            return found
    nearest = nearest_names(name, sorted({document.policy for document in documents}))
    raise PolicyError(f"there is no policy named {name!r}; the nearest names are {', '.join(nearest)}")


def _is_all(mention: Mention, name: str) -> bool:
    """Whether a mention is all there is to a given name, but for words such as "policy"."""
    return not name[: mention.start].strip() and _AFTER.fullmatch(name[mention.end :]) is not None
