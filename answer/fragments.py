"""Recognise a follow-up that is no question by itself: what it adds to the question before, in which form."""

from __future__ import annotations

import dataclasses
import re

from answer.phrases import AUXILIARIES, PREPOSITIONS, SUBJECTS, Word, content_of, main_clause, words_of

# A fragment with more words that mean something stands by itself: "what about the photos that I took down last year?".
MOST_CONTENT = 4
# "What if I refuse?" leans on what was asked; "what if I lose my laptop on a train?" does not.
MOST_CONTENT_OF_CLAUSE = 1

_LEAD = re.compile(r"^\s*(?:(?:and|but|so|ok|okay|also|then|well|right|hm+|thanks|thank you|plus|or)\b[\s,.!:–—-]*)+", re.I)
_ABOUT = re.compile(
    r"^(?:what|how|wot) (?:about|of)\b\s*|^(?:(?:is it |and )?the )?same (?:question |thing |again )?(?=(?:for|in|at|with|under|if|when)\b)", re.I
)
_SAME = re.compile(
    r"^(?:(?:is|are|was|would|will) (?:that|this|it|those|these) (?:(?:also|still|even|always) )*"
    r"(?:be )?(?:the case|true|so|the same|different|any different|valid|correct)"
    r"|(?:does|do|would|will) (?:that|this|the same|these|those|it all|the rule|that rule|the rules) (?:(?:also|still|even|always) )*"
    r"(?:apply|go|hold|count|work)(?: true| good)?(?: to)?)\b\s*",
    re.I,
)
_INCLUDE = re.compile(r"^(?:does|do|would) (?:that|this|it|these|those) (?:also )?(?:include|cover|affect|concern)\s+", re.I)
_TOO = re.compile(r"[\s,]+(?:too|as well|also|either|though|then|please)$", re.I)
_EVEN = re.compile(r"^(?:also|even|only|not even|just|especially|including)\s+(?=\S)", re.I)
_WH = re.compile(
    r"^(?:(?:for|by|until|since|from|after|within|in) )?"
    r"(?:how (?:long|much|many|soon|fast|quickly|often|far|early|late|big|exactly)|how|why(?: not)?|who(?:m)?(?: else| from| to| by)?|"
    r"when|where(?: to)?|what for|(?:to|by|from|with) whom|which ones?|what else|at what age|what (?:time|date|price|age|cost))"
    r"(?: (?:before(?:hand)?|in advance|exactly|then|though|please|for|is that|is it|would that be|is this|at (?:the )?most|at least))*$",
    re.I,
)
_CLAUSE = re.compile(
    r"^(?:(?:what|and|how about|what about|not|even|but|only|except) )*(?P<clause>(?:if|when|unless|while|once|before|after|until|because)\b.+)$",
    re.I,
)
_PART = re.compile(r"^(?:all|any|some|most|none|part|half|both|each) of (?:it|them|that|those|these)$", re.I)


@dataclasses.dataclass(frozen=True, slots=True)
class Fragment:
    """What a follow-up adds, by its `kind`.

    "phrase" (with its preposition, if it has one), "clause", "wh" (a question word), "tail" ("all of it"), or "echo": nothing.
    """

    kind: str
    text: str


def without_lead(question: str) -> str:
    """The question without the words that join it to the one before: "and", "but", "ok, so"."""
    return _LEAD.sub("", question).strip()


def fragment_of(question: str) -> Fragment | None:
    """What a follow-up adds to the question before; None where it is a question by itself, or can't be told."""
    body = without_lead(question).rstrip(" ?.!…")
    joined = without_lead(question) != question.strip()
    if _WH.match(body):
        return Fragment("wh", re.sub(r"(?<=\w) (?:is that|is it|would that be|is this|then|though|please|exactly)$", "", body))
    if same := _SAME.match(body) or _INCLUDE.match(body):
        rest = _TOO.sub("", body[same.end() :]).strip()
        if same.re is _SAME and re.search(r"(?:apply|go|count|work|hold)(?: to| for)?\s*$", same.group(), re.I) and rest and not _begins_small(rest):
            rest = f"for {rest}"
        return _piece(rest, joined=True) if rest else Fragment("echo", "")
    about = _ABOUT.match(body)
    return _piece(body[about.end() :] if about else body, joined=joined or about is not None)


def _piece(body: str, *, joined: bool) -> Fragment | None:
    """A clause or a phrase; `joined` says that something before it showed that it leans on the question before."""
    if (clause := _CLAUSE.match(body)) and main_clause(clause["clause"]) is None and _has_subject(clause["clause"]):
        leans = joined or not body.lower().startswith("what ") or _only_states(clause["clause"])
        return Fragment("clause", clause["clause"]) if leans else None
    if _PART.match(body):
        return Fragment("tail", body)
    bare = _EVEN.sub("", _TOO.sub("", body)).strip(" ,")
    words = words_of(bare)
    if (whom := _asked_of(words)) is not None:
        return Fragment("phrase", bare[whom.start :])
    leaning = joined or bare != body.strip(" ,") or (bool(words) and words[0].low in PREPOSITIONS)
    if not leaning or not words or any(_speaks(word) for word in words[:-1]) or (_speaks(words[-1]) and words[-1].low not in {"one", "ones"}):
        return None
    return Fragment("phrase", bare) if 1 <= len(content_of(bare)) <= MOST_CONTENT else None


def _only_states(clause: str) -> bool:
    """Whether a condition says little of its own: "if I refuse", "if I'm under 18", but not "if I lose my laptop"."""
    content = content_of(clause)
    state = re.match(r"\w+ (?:\w+['’](?:m|re|s)|\w+ (?:am|are|is|was|were))\b", clause, re.I)
    return len(content) <= MOST_CONTENT_OF_CLAUSE or (state is not None and not any(word.kind == "verb" for word in content))


def _asked_of(words: tuple[Word, ...]) -> Word | None:
    """The first word of whom "do contractors?" asks: a verb before a subject, and nothing else."""
    rest = words[1:]
    alone = words[:1] and words[0].low in AUXILIARIES and 0 < len(rest) <= 3 and rest[-1].kind == "noun"
    return rest[0] if alone and all(word.kind in {"determiner", "adjective", "noun"} for word in rest) else None


def _speaks(word: Word) -> bool:
    """Whether a word makes a phrase into a sentence, or points elsewhere."""
    return word.kind in {"wh", "auxiliary", "mark"} or word.low in SUBJECTS or (word.kind == "pronoun" and word.low not in {"me", "us"})


def _begins_small(text: str) -> bool:
    words = words_of(text)
    return words[0].kind in {"preposition", "subordinator", "wh"}


def _has_subject(clause: str) -> bool:
    """Whether a clause has somebody who does something, and not only a time: "after my exam" is a phrase."""
    words = words_of(clause)
    return words[0].low in {"if", "when", "unless", "while", "because"} or any(word.low in SUBJECTS or word.kind == "auxiliary" for word in words[1:])
