"""What "it", "that", "they" and "one" in a follow-up stand for, found in the question before; and what a question leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.phrases import AUXILIARIES, SUBJECTS, Phrase, Word, content_of, main_clause, noun_phrases, predicate_of, words_of

# "It" that stands for nothing: "is it OK to …", "how long does it take to …".
_EMPTY = re.compile(
    r"\bit(?:['’]s)?\b(?= (?:\w+ ){0,3}(?:takes?|costs?|matters?|mean|possible|ok|okay|fine|allowed|safe|legal|alright|true|worth|necessary)\b.*"
    r"\b(?:to|if|that|for|when)\b)"
    r"|\b(?:is|was|will|does|do) it (?:be )?(?:ok|okay|fine|possible|allowed|legal|alright|true|raining|snowing|snow|rain|up to|matter)\b"
    r"|\bin it for\b|\bmake it\b",
    re.I,
)
# "How long does it take?" asks about what was to be done, and not how long a thing takes.
_TAKES = re.compile(r"\b(?:does|will|would|do|can) (?:it|that|this) (?:usually |normally )?(?:take|cost|work|happen|mean)\s*\??$", re.I)
# What can be decided or approved is a deed: "who decides that?".
_OF_A_DEED = frozenset(
    "decide decides approve approves agree agrees allow allows appeal refuse refuses forbid say says permit permits happen happens do".split()
)
_THINGS = frozenset({"it", "this", "that"})
_MANY = frozenset({"them", "those", "these"})
_ORGANISATION = {"they": "{}", "them": "{}", "their": "{}'s", "they're": "{} are", "they've": "{} have", "they'll": "{} will"}
# Whoever is asked, told or paid is somebody, and not the thing that the question is about; "each of them" are the policies.
_TOLD = frozenset("ask tell email e-mail mail contact write to reach ring call phone sue trust pay with from by".split())
_PARTS = frozenset("each any some all one none both most many which neither either".split())
_PERSON = frozenset({"he", "she", "him", "her", "his"})
_KIN = re.compile(
    r"(?:child|kid|nephew|niece|son|daughter|boy|girl|mother|father|mum|mom|dad|brother|sister|wife|husband|partner|spouse|friend|mate|boss|manager|"
    r"colleague|intern|contractor|neighbour|doctor|patient|client|customer|visitor|minor|teenager|lead|officer|person)",
    re.I,
)


def refer(question: str, before: str, names: Sequence[str], whole: str) -> str | None:
    """The question with what its pronouns stand for in their place, or with what it leaves out; None where it lacks nothing.

    `before` is the question before it, without names of policies, and `whole` with them; `names` is what the organisation is
    called that it named, if it did.
    """
    words = words_of(question)
    if main_clause(question) != 0:
        return None
    if _TAKES.search(question):
        return _with(question, predicate_of(whole))
    clause = _first_clause(words)
    instead = [(word, _instead(word, number, words, question, before, names, whole)) for number, word in enumerate(clause)]
    changes = [(word, said) for word, said in instead if said is not None]
    for word, said in reversed(changes):
        question = question[: word.start] + said + question[word.end :]
    return question if changes else _complete(question, whole)


def _first_clause(words: Sequence[Word]) -> Sequence[Word]:
    """The words before the second clause: a pronoun there has nothing in its own question to stand for."""
    for number, word in enumerate(words[1:], 1):
        clause = number + 2 < len(words) and words[number + 1].low in SUBJECTS
        opens = (
            word.kind in {"mark", "coordinator"}
            or (word.kind == "wh" and number > 1)
            or (word.kind == "preposition" and clause and word.low in {"after", "before"})
        )
        if opens or (word.kind == "subordinator" and (word.low not in {"after", "before", "that", "since", "until"} or clause)):
            return words[:number]
    return words


def _instead(word: Word, number: int, words: Sequence[Word], question: str, before: str, names: Sequence[str], whole: str) -> str | None:
    """What stands in the place of a pronoun; None where it is no pronoun, or nothing is found."""
    last = words[number - 1] if number else None
    follows = words[number + 1] if number + 1 < len(words) else None
    free = follows is None or follows.kind not in {"noun", "adjective", "number"}
    relative = word.low == "that" and last is not None and (last.kind in {"noun", "adjective"} or (follows is not None and follows.low in SUBJECTS))
    if word.low in _THINGS and free and not relative and not _EMPTY.search(question):
        return _thing(word, last, before, whole)
    partitive = last is not None and last.low == "of" and number > 1 and words[number - 2].low in _PARTS
    if (
        word.low in _MANY
        and free
        and not partitive
        and (last is None or last.low not in _TOLD)
        and (topic := topic_of(before, plural=True)) is not None
    ):
        return topic.text
    if word.low in _PERSON:
        people = [phrase for phrase in noun_phrases(before) if phrase.determiner in {"my", "a"} and _KIN.fullmatch(phrase.head)]
        return people[-1].text + ("'s" if word.low == "his" or not free else "") if people else None
    if word.low in _ORGANISATION and names:
        return _ORGANISATION[word.low].format(names[0])
    if word.low in {"one", "ones"} and last is not None and last.kind in {"determiner", "adjective", "verb"} and free:
        topic = topic_of(before, plural=False)
        said = " ".join(part.text for part in topic.words if part.kind == "noun") if topic else ""
        return (f"a {said}" if last.kind == "verb" and word.low == "one" else said) or None
    return None


def _thing(word: Word, last: Word | None, before: str, whole: str) -> str | None:
    if word.low != "it" and last is not None and last.low in _OF_A_DEED:
        return f"{word.text} ({predicate_of(whole)})"
    topic = topic_of(before, plural=False)
    return topic.text if topic else None


def topic_of(before: str, *, plural: bool) -> Phrase | None:
    """What the question before is about: the object of its verb, else what the verb says something of, else the last thing named."""
    phrases = [phrase for phrase in noun_phrases(before) if phrase.words[-1].kind == "noun" and (phrase.plural or not plural)]
    asked = {word.start for word in _wh_phrase(before)}
    places = [(phrase.words[-1].start not in asked, not phrase.after, phrase.determiner == "my", -phrase.start) for phrase in phrases]
    return max(zip(places, phrases, strict=True), key=lambda pair: pair[0])[1] if phrases else None


def _wh_phrase(question: str) -> Sequence[Word]:
    """The words from a question word up to its verb: "how many days"."""
    words = words_of(question)
    end = next((number for number, word in enumerate(words) if word.low in AUXILIARIES), 0)
    return words[:end] if words and words[0].kind == "wh" else ()


def _complete(question: str, before: str) -> str | None:
    """A question that has a verb and nothing that it is about ("who decides?"), with what the one before asks about."""
    content = content_of(question)
    words = [word for word in words_of(question) if word.kind != "mark"]
    objects = [word for word in words[1:] if word.kind == "pronoun" and word.low not in SUBJECTS]
    if len(content) != 1 or content[0].kind != "verb" or objects or words[-1] != content[0] or words[0].kind not in {"wh", "auxiliary"}:
        return None
    return _with(question, predicate_of(before))


def _with(question: str, topic: str) -> str | None:
    return f"{question.rstrip(' ?.!')} ({topic})?" if topic else None
