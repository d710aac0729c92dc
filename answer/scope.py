"""Which policy a question means: names are found however they are spelt, and taken out of what is searched."""

from __future__ import annotations

import collections
import dataclasses
import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from answer.nouns import Scope
from ingest import Document, PolicyError

# A misspelt name must be this like the real one (rapidfuzz's ratio, 0 to 100): "wokpex" is 83 like "workpex", "helped" 73 like "helpu".
MIN_RATIO = 82
# Names shorter than this are matched letter by letter only: too many words are one letter away from them.
MIN_FUZZY_LETTERS = 5

_LEGAL_FORM = re.compile(r"[, ]+(?:inc|llc|ltd|gmbh|b\.?v|corp|co|plc|s\.?a)\.?$", re.I)
_WORD = re.compile(r"[\w@]+(?:[.\-/&][\w]+)*")
_POSSESSIVE = re.compile(r"['’]s$|['’]$", re.I)
# Words around a name that say only that a policy is meant: "in the HelpU privacy policy".
_POLICY = re.compile(r"(?:['’]s)?\s+(?:policy|policies|rules?|schedule|handbook|guidelines?|document|page)\b", re.I)
# A name that ends so says by itself that a policy is meant.
_ENDS = ("policy", "policies", "schedule", "rules", "handbook", "guidelines")
_AFTER = re.compile(r"(?:['’]s?)?(?:\s+(?:privacy\s+)?(?:policy|policies|notice|terms|schedule|handbook|rules))?", re.I)
_OWNER = re.compile(r"['’]s?")
_BEFORE = re.compile(r"\s*\b(?:according to|as per|under|in|at|on|with|from|of|by|for|to|about|regarding)(?:\s+(?:the|their))?\s*$", re.I)
# What is left of a sentence whose name became "they" reads as people write.
_GRAMMAR = (
    (re.compile(r"\bthey(?:[ ,]+(?:and |or )?they)+\b", re.I), "they"),
    (re.compile(r"\b(?:the) (they|their)\b", re.I), r"\1"),
    (re.compile(r"\bdoes they\b", re.I), "do they"),
    (re.compile(r"\bis they\b", re.I), "are they"),
    (re.compile(r"\bhas they\b", re.I), "have they"),
    (re.compile(r"^(?:they|their)\s*[:,;–—-]\s*", re.I), ""),
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Name:
    """A way to say a document's policy: lower-case letters and digits only, for comparing."""

    document_id: str
    folded: str
    words: int
    topic: bool


def find_scope(question: str, documents: Sequence[Document], given: Sequence[str] = ()) -> tuple[Scope, str]:
    """The scope of a question, and the question without the names that chose it.

    `given` are names or document ids from the user; they win over what the question says. Raises PolicyError for a
    given name that is none, with the nearest names.
    """
    if given:
        ids = [document_id for name in given for document_id in _given(name, documents)]
        return Scope(tuple(dict.fromkeys(ids)), "given"), strip_names(question, [d for d in documents if d.id in ids])
    topics = _topics(documents)
    named = [document for document in documents if _mentions(question, document, topics)]
    if named and len(named) < len(documents):
        return Scope(tuple(document.id for document in named), "named"), strip_names(question, named)
    return Scope(tuple(document.id for document in documents), "all"), question


def mentions(question: str, documents: Sequence[Document]) -> list[tuple[int, int, str]]:
    """Where a question names policies: start, end and document id of each mention, in order of place."""
    topics = _topics(documents)
    found = ((start, end, document.id) for document in documents for start, end in _mentions(question, document, topics))
    return sorted(found)


def strip_names(question: str, documents: Sequence[Document]) -> str:
    """The question with the names of these policies replaced by "they", which every policy understands.

    A name inside the question draws it towards sentences that repeat the name: searching without it took precision at
    1 from 10 % to 31 % on a public benchmark.
    """
    spans = {span for document in documents for span in _mentions(question, document)}
    done = len(question)
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1]), reverse=True):
        if end > done:  # two policies are named by the same words
            continue
        done = start
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


def _pronoun(before: str, after: str) -> str:
    """Choose "they", which does, or "them", which is done to: a name at the end of a clause that has begun is an object."""
    return "them" if before.strip() and re.match(r"\s*(?:[.,;:?!]|$)", after) else "they"


def _join(before: str, said: str, after: str) -> str:
    gap = " " if before and said and not before.endswith((" ", "(", '"', "“")) else ""
    return re.sub(r"[ ]{2,}", " ", f"{before.rstrip() if not said else before}{gap}{said}{after}")


def _given(name: str, documents: Sequence[Document]) -> list[str]:
    folded = _fold(name)
    # The surest way first; the later ones look into every document, and are not tried where an earlier one finds it.
    ways: tuple[Callable[[Document], bool], ...] = (
        lambda document: document.id == name,
        lambda document: folded in {entry.folded for entry in _names(document)},
        lambda document: bool(folded) and folded in {_fold(document.collection), _fold(document.organisation)},
        lambda document: bool(_mentions(name, document)),
    )
    for way in ways:
        if found := [document.id for document in documents if way(document)]:
            return found
    choices = sorted({document.policy for document in documents})
    nearest = [choice for choice, _, _ in process.extract(name, choices, scorer=fuzz.WRatio, limit=3)]
    raise PolicyError(f"there is no policy named {name!r}; the nearest names are {', '.join(nearest)}")


def _topics(documents: Sequence[Document]) -> frozenset[str]:
    """Ids of policies that share their organisation with another: their names are topics, and common words ("expenses")."""
    counts = collections.Counter(document.organisation for document in documents if document.organisation)
    return frozenset(document.id for document in documents if counts[document.organisation] > 1)


def _mentions(question: str, document: Document, topics: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Where the question names the policy: [start, end) in the question, not overlapping.

    The name of one of the `topics` counts only where the question says that it means a policy.
    """
    words = [(match.start(), match.end(), _POSSESSIVE.sub("", match.group())) for match in _WORD.finditer(question)]
    found: list[tuple[int, int]] = []
    # Of two ways to write a name ("HelpU", "Help U") that of fewer words first, so that it takes no word besides the name.
    for name in sorted(_names(document), key=lambda entry: (-len(entry.folded), entry.words, entry.folded)):
        for number in range(len(words)):
            for count in sorted({name.words, 1, 2}, reverse=True):
                group = words[number : number + count]
                start, end = (group[0][0], group[-1][1]) if group else (0, 0)
                if len(group) == count and _is(name.folded, _fold("".join(word for _, _, word in group)), question[start:end], count == name.words):
                    said = (
                        name.folded.endswith(_ENDS) or _POLICY.match(question[end:]) or question[start:end].isupper() or end - start == len(question)
                    )
                    if name.topic and document.id in topics and not said:
                        continue
                    if count > name.words and _is_speech(group, document):
                        continue
                    if all(end <= left or start >= right for left, right in found):
                        found.append((start, start + len(_POSSESSIVE.sub("", question[start:end]))))
    return found


def _is_speech(group: Sequence[tuple[int, int, str]], document: Document) -> bool:
    """Words that make up a name by chance ("help u" and HelpU): small letters, and the longest is one that policies use."""
    words = [word for _, _, word in group]
    return all(word.islower() for word in words) and bool(re.search(rf"\b{re.escape(max(words, key=len))}\b", document.text))


def _is(name: str, said: str, as_written: str, same_length: bool) -> bool:
    if said == name:
        return True
    if not same_length or len(name) < MIN_FUZZY_LETTERS or len(said) < MIN_FUZZY_LETTERS or name[0] != said[0]:
        return False
    return fuzz.ratio(name, said) >= MIN_RATIO and as_written.lower() not in _COMMON


# English words that are a letter or two away from names of kinds of policies; they are never a misspelt name.
_COMMON = {"expense", "expensive", "benefit", "leaves", "retain", "remote", "accept", "response", "helpful", "helped"}


def _names(document: Document) -> list[_Name]:
    names = {document.policy, *document.aliases}
    topics = set(names)
    # An organisation that has several policies says nothing about which of them is meant; the caller sees all of them named.
    if document.organisation:
        organisation = _LEGAL_FORM.sub("", document.organisation)
        first = organisation.split()[0]
        distinctive = len(first) >= MIN_FUZZY_LETTERS and not re.search(rf"\b{re.escape(first.lower())}\b", document.text)
        names |= {organisation, first} if distinctive else {organisation}
    return [_Name(document.id, _fold(name), len(_WORD.findall(name)), name in topics) for name in names if len(_fold(name)) >= 3]


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
