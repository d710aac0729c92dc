"""Find in the same policy the sentence that limits or contradicts the one that answers: "indefinitely" against "only as long as necessary".

By words, and rather too rarely than once too often: a second quotation that is no contrast makes a plain answer look doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import Hit, words_of

# Among so many of a policy's best sentences the other side is sought.
LOOKED_AT = 5
# Other periods and denials are no sure sign: only so many of the best sentences after the first are believed.
NEAR = 2
# Words (stemmed) that both sides must share, besides those that every policy is full of.
SHARED = 2
# A sentence that denies what another says repeats so much of it.
DENIES = 0.5
# An exception that doesn't follow at once shares more with its rule.
SHARED_BY_EXCEPTIONS = 3
# Two periods are of one thing if the sentences share so much of the shorter.
SHARED_BY_PERIODS = 0.34
# Characters between a sentence and the next.
NEXT = 4

_TURNS = re.compile(
    r"^\W*(?:\w+ ){0,2}(?:however|even so|nevertheless|nonetheless|but|nor|still|yet|that said|despite|as an exception|in exceptional|"
    r"only (?:exception|if|when|with|after))\b",
    re.I,
)
_EXCEPTS = re.compile(
    r"\b(?:except(?:ion|ions)?|however|even so|unless|does not apply|do not apply|nor does|apart from|with the exception|notwithstanding|"
    r"only exception|as an exception|we (?:may|reserve)|reserve the right)\b",
    re.I,
)
_FOREVER = re.compile(r"\b(?:indefinitely|forever|permanently|without (?:limit|end)|for good|at any time)\b", re.I)
_LIMITED = re.compile(r"\b(?:only (?:as|for|so) long as|no longer than|as long as|until|at the latest|at most|not be kept|no longer)\b", re.I)
_CASE = re.compile(r"^\W*(?:if|where|when|should|in case)\b", re.I)
_NOT = re.compile(r"\b(?:not|never|no|none|nobody|cannot|\w+n['’]t|neither|nor|without)\b", re.I)
NUMBER_WORDS = {word: number for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_PERIOD = re.compile(
    rf"\b(\d+(?:[.,]\d+)?|{'|'.join(NUMBER_WORDS)})\)?[\s\-]*(?:working |business |calendar |full )?(hour|day|week|month|year)s?\b", re.I
)
_HOURS = {"hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.0, "year": 8760.0}
# What policies are full of tells nothing about the point.
_COMMON = frozenset(
    words_of(
        [
            """you your we our us they them their it its may can must will shall would a the is are be was been has have do does this that these those
            if for to of in on with and or not no any all as by at from which who when where what only even so however information personal data
            privacy policy service services use used uses collect section days day weeks week months month years year hours hour"""
        ]
    )[0]
)
# Words that say the same of data, by the first of each line.
_ALIKE = {
    word: group[0]
    for group in words_of(
        [
            "keep retain save store hold maintain archive kept held stored saved retained",
            "delete erase remove destroy wipe anonymize deleted erased",
            "share disclose transfer pass release",
            "message communication email mail",
            "refuse deny reject",
        ]
    )
    for word in group
}


def contrasting(hits: Sequence[Hit]) -> Hit | None:
    """The best-ranked sentence that limits or contradicts the first; None where there is none.

    `hits` are a policy's sentences from best to worst. Its role beside the first is "but".
    """
    if len(hits) < 2:
        return None
    looked_at = hits[:LOOKED_AT]
    words = [frozenset(_ALIKE.get(word, word) for word in found) - _COMMON for found in words_of([hit.passage.text for hit in looked_at])]
    numbered = enumerate(zip(looked_at[1:], words[1:], strict=True), 1)
    return next((hit for rank, (hit, said) in numbered if _contrasts(looked_at[0], hit, words[0], said, near=rank <= NEAR)), None)


def _contrasts(first: Hit, other: Hit, words: frozenset[str], said: frozenset[str], *, near: bool) -> bool:
    one, two = first.passage, other.passage
    here, there = (re.sub(r"[*_]{1,3}", "", passage.text) for passage in (one, two))
    shared = len(words & said)
    if one.lead and one.lead == two.lead:  # items of one list and rows of one table stand beside each other
        return False
    follows = one.span.document_id == two.span.document_id and 0 <= two.span.start - one.span.end <= NEXT
    if follows and _TURNS.search(there) and not _TURNS.search(here):
        return True
    if shared < SHARED:
        return False
    if (_FOREVER.search(here) and _LIMITED.search(there)) or (_LIMITED.search(here) and _FOREVER.search(there)):
        return True
    if _CASE.search(here) and _CASE.search(there):  # two cases, and not a rule and its exception
        return False
    if _EXCEPTS.search(there) and not _EXCEPTS.search(here):
        return shared >= SHARED_BY_EXCEPTIONS and one.heading == two.heading
    if not near:
        return False
    if periods_of(here) and periods_of(there):
        return not periods_of(here) & periods_of(there) and shared >= SHARED_BY_PERIODS * min(len(words), len(said))
    denied = bool(_NOT.search(here)) != bool(_NOT.search(there))
    return denied and shared >= DENIES * min(len(words), len(said))


def periods_of(text: str) -> frozenset[float]:
    """The lengths of time in a text, in hours.

    >>> sorted(periods_of("within two weeks, at the latest after 15 days"))
    [336.0, 360.0]
    """
    found = ((match.group(1).lower().replace(",", "."), match.group(2).lower()) for match in _PERIOD.finditer(text))
    return frozenset((NUMBER_WORDS[number] if number in NUMBER_WORDS else float(number)) * _HOURS[unit] for number, unit in found)
