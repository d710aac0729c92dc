"""What a question is made of: its words with their parts of speech, its noun phrases, where its main clause begins.

The only file that knows textblob, whose tagger carries its lexicon with it: nothing is downloaded. What it gets wrong in the short
questions that people type (a verb after "I" that may also be a noun) is mended here by the word before.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import warnings
from collections.abc import Callable

_TOKEN = re.compile(r"[\w@€£$%]+(?:['’.\-/&][\w]+)*|[^\w\s]")

AUXILIARIES = frozenset(
    "can could may might must shall should will would do does did is are am was were has have had need ain't "
    "can't couldn't mustn't shouldn't won't wouldn't don't doesn't didn't isn't aren't wasn't weren't hasn't haven't hadn't".split()
)
WH_WORDS = frozenset("who whom whose what which when where why how whats whos hows what's who's how's where's when's".split())
SUBJECTS = frozenset("i you we they he she it one u ya".split())
PRONOUNS = SUBJECTS | frozenset(
    "me us them him her mine yours ours theirs myself yourself themselves this that these those there here "
    "anyone anybody someone somebody everyone everybody nobody anything something everything nothing "
    "i'm i've i'll i'd you're you've they're they've they'd they'll we're we've it's that's there's he's she's".split()
)
DETERMINERS = frozenset("a an the my your our their his her its any some each every all no another other this that these those both either".split())
PREPOSITIONS = frozenset(
    "for in at on with without by from to of about under after before during until within outside inside between among over through via per "
    "as against beyond towards into onto off out since like regarding concerning across near upon than except".split()
)
SUBORDINATORS = frozenset("if when while once because unless until since although though where whether after before because that".split())
COORDINATORS = frozenset("and or but so then nor plus".split())
_ADVERBS = frozenset(
    "not too also either still even just only ever never always already again really actually exactly please then now well "
    "instead anyway though yet there here back away up down off n't as".split()
)
_BE = frozenset({"is", "are", "was", "were"})
_MEASURES = frozenset("how much many long soon fast often far old late early".split())


@dataclasses.dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of a question, and what it is: noun, verb, adjective, number, mark, or one of the small words."""

    text: str
    kind: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The word in small letters, with a straight apostrophe."""
        return self.text.lower().replace("’", "'")


@dataclasses.dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: question[start:end]; `words` are its words, determiner included; `after` is the preposition before it, or ""."""

    start: int
    end: int
    words: tuple[Word, ...]
    after: str

    @property
    def text(self) -> str:
        """The phrase with single spaces, as it is written inside a sentence."""
        text = " ".join(word.text for word in self.words)
        return text if self.start or self.words[0].low not in DETERMINERS else text[0].lower() + text[1:]

    @property
    def determiner(self) -> str:
        """What kind of determiner it has: "a", "the", "my", or "" for none."""
        first = self.words[0].low
        if first not in DETERMINERS:
            return ""
        return (
            "my" if first in {"my", "your", "our", "their", "his", "her", "its"} else "a" if first in {"a", "an", "another", "any", "some"} else "the"
        )

    @property
    def head(self) -> str:
        """Its last word, in small letters."""
        return self.words[-1].low

    @property
    def plural(self) -> bool:
        """Whether it speaks of several things."""
        return (self.head.endswith("s") and not self.head.endswith(("ss", "us", "is"))) or self.head in {"children", "people", "data", "media"}

    @property
    def is_proper(self) -> bool:
        """Whether it is a name: each word begins with a capital, and no letter follows that is one too ("CCTV" is a thing)."""
        return all(re.match(r"[A-Z][a-z]", word.text) for word in self.words if word.low not in DETERMINERS)


@functools.cache
def _tagger() -> Callable[..., list[tuple[str, str]]]:
    """The tagger with its lexicon, which take half a second to load: only a conversation needs them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves the files of its lexicon to be closed by Python
        from textblob.en import tag

        tag("a")
    found: Callable[..., list[tuple[str, str]]] = tag
    return found


@functools.lru_cache(maxsize=4096)
def is_ordinary(word: str) -> bool:
    """Whether a word is an English word, and not only a name."""
    _tagger()
    from textblob.en import lexicon

    return lexicon.get(word.lower(), "NNP") not in {"NNP", "NNPS", "FW"}


@functools.lru_cache(maxsize=256)
def words_of(question: str) -> tuple[Word, ...]:
    """The words of a question in order."""
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(question)]
    if not tokens:
        return ()
    tagged = _tagger()(" ".join(token for token, _, _ in tokens), tokenize=False)
    tags = [tagging for _, tagging in tagged] if len(tagged) == len(tokens) else ["NN"] * len(tokens)
    words: list[Word] = []
    for (token, start, end), tagging in zip(tokens, tags, strict=True):
        words.append(Word(token, _kind(token.lower().replace("’", "'"), tagging, words), start, end))
    return tuple(words)


def _kind(low: str, tagging: str, before: list[Word]) -> str:
    if not re.search(r"\w", low):
        return "mark"
    for kind, words in (
        ("wh", WH_WORDS),
        ("pronoun", PRONOUNS - {"this", "that", "these", "those", "her"}),
        ("determiner", DETERMINERS),
        ("preposition", PREPOSITIONS),
        ("subordinator", SUBORDINATORS),
        ("coordinator", COORDINATORS),
        ("auxiliary", AUXILIARIES),
        ("adverb", _ADVERBS),
    ):
        if low in words:
            return "verb" if low in {"need", "have", "do"} and before and before[-1].low in SUBJECTS else kind
    last = before[-1] if before else None
    if last is not None and (last.low in SUBJECTS or last.low == "who"):
        return "verb"
    if low[:1].isdigit() or tagging == "CD":
        return "number"
    if last is not None and tagging.startswith("VB") and (last.kind in {"determiner", "number"} or _is_compound(tagging, before)):
        return "noun"
    return {"NN": "noun", "VB": "verb", "JJ": "adjective", "RB": "adverb"}.get(tagging[:2], "noun")


def _is_compound(tagging: str, before: list[Word]) -> bool:
    """Whether what may be a verb is a noun: the end of "a legal hold", of a phrase by itself, or of one in a clause that has its verb already."""
    if tagging not in {"VB", "VBP"} or before[-1].kind not in {"noun", "adjective"}:
        return False
    if before[-1].kind == "adjective":
        return len(before) > 1 and before[-2].kind == "determiner"
    alone = all(word.kind in {"noun", "adjective", "number", "determiner", "preposition"} for word in before)
    has_verb = any(word.kind == "verb" for word in before)
    return alone or has_verb or (any(word.low in _BE for word in before) and not any(word.low in AUXILIARIES - _BE for word in before))


@functools.lru_cache(maxsize=256)
def noun_phrases(question: str) -> tuple[Phrase, ...]:
    """The noun phrases of a question in order, without pronouns and without the measure of a "how long"."""
    words, found, number = words_of(question), [], 0
    while number < len(words):
        end = number + 1 if words[number].kind == "determiner" else number
        while end < len(words) and words[end].kind in {"noun", "adjective", "number"} and not _is_measure(words, end):
            end += 1
        group = words[number:end]
        if any(word.kind in {"noun", "number"} for word in group):
            before = words[number - 1] if number else None
            found.append(Phrase(group[0].start, group[-1].end, group, before.low if before and before.kind == "preposition" else ""))
        number = max(end, number + 1)
    return tuple(found)


def predicate_of(question: str) -> str:
    """What a question asks about as a whole, without its question word, its verb's helper and "I": "read my mailbox"; "" where it has none."""
    words = [word for word in words_of(question) if word.kind != "mark"]
    start = main_clause(question)
    words = [word for word in words if start is None or word.start >= start]
    verb = next((number for number, word in enumerate(words) if word.low in AUXILIARIES), -1)
    words = words[verb + 1 :]
    while words and (words[0].low in SUBJECTS or words[0].kind in {"wh", "adverb"}):
        words = words[1:]
    return " ".join(word.text for word in words)


def content_of(question: str) -> list[Word]:
    """The words that carry meaning of their own."""
    return [word for word in words_of(question) if word.kind in {"noun", "verb", "adjective", "number"}]


def _is_measure(words: tuple[Word, ...], number: int) -> bool:
    """Whether a word is the "long" of "how long"."""
    return words[number].low in _MEASURES and number > 0 and words[number - 1].kind == "wh"


def main_clause(question: str) -> int | None:
    """Where the clause begins that asks: a question word, or a verb before its subject; None where nothing does."""
    words = words_of(question)
    for number, word in enumerate(words):
        after = words[number + 1] if number + 1 < len(words) else None
        begins = number == 0 or words[number - 1].kind in {"mark", "coordinator"} or _follows_clause(words, number)
        if number == 1 and word.kind == "wh" and words[0].low in PREPOSITIONS and after is not None and after.low in AUXILIARIES:
            return words[0].start
        if begins and word.kind == "wh" and not (word.low in {"when", "where"} and after is not None and after.low not in AUXILIARIES):
            return word.start
        if begins and word.low in AUXILIARIES and after is not None and (after.low in SUBJECTS or after.kind not in {"verb", "mark", "wh"}):
            return word.start
    return None


def _follows_clause(words: tuple[Word, ...], number: int) -> bool:
    """Whether a verb before its subject begins a clause here though no mark says so: "if I leave do they keep it"."""
    opening = words[0].kind in {"subordinator", "preposition"} or (words[0].low in {"when", "where"} and words[1].low not in AUXILIARIES)
    beside = words[number - 1].low not in SUBJECTS and words[number - 1].kind not in {"wh", "auxiliary", "subordinator"}
    follows = words[number + 1] if number + 1 < len(words) else None
    return (
        opening and beside and words[number].low in AUXILIARIES and follows is not None and (follows.low in SUBJECTS or follows.kind == "determiner")
    )
