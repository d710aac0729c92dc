"""Whether a question asks for a yes or a no, and which of the two a quotation gives, by the words that carry it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from answer.nouns import Verdict

# The order of the reader's outputs.
STANCES = (Verdict.YES, Verdict.NO, Verdict.CONDITIONAL, Verdict.STATES)

_AUXILIARY = (
    r"(?:can|could|may|might|must|shall|should|will|would|do|does|did|is|are|am|was|were|has|have|had|need|"
    r"(?:is|are|do|does|ca|wo|would|could|should|has|have)n['’]?t)"
)
_BEGINNING = r"(?:^|[.,;:!?–—-]\s*)"
# At the beginning of the question, or of a clause in it: "my nephew is 15, would they keep his details?"
_ASKS = re.compile(rf"{_BEGINNING}(?:(?:so|and|but|then|ok|hey|hi|also|if so)[, ]+)?{_AUXILIARY}\s+\w+", re.I)
_OPEN = re.compile(
    rf"{_BEGINNING}(?:(?:so|and|but|then|ok|hey|hi|also|for|to|by|at|in|from|after|within|until)[, ]+)*"
    r"(?:who|whose|whom|what|which|when|where|why|how|whats|hows|whos)\b",
    re.I,
)
_FINE = re.compile(r"\b(?:ok|okay|allowed|fine|possible|permitted|alright|legal|safe|right)\b(?: (?:to|for|if|with)\b.*)?\s*\??$", re.I)

_CONDITION = re.compile(
    r"\b(?:unless|except|only (?:if|when|where|with|after|upon|on|once)|provided (?:that|it|you)|subject to|depending on|"
    r"in (?:certain|some) (?:circumstances|cases|situations)|to the extent|as long as|if (?:you|we|it|they|your|the)|"
    r"where (?:required|permitted|applicable)|however|with (?:your|the|prior|written)[\w ]{0,25}(?:consent|approval|permission|agreement))\b",
    re.I,
)
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|cannot|\w+n['’]t|without|neither|nor|prohibited|forbidden|refuse[sd]?|excluded?|ineligible)\b", re.I
)


def asks_yes_or_no(question: str) -> bool:
    """Whether the question wants a yes or a no.

    >>> asks_yes_or_no("my nephew is 15, would they hold on to his details?")
    True
    >>> asks_yes_or_no("How long do you keep it?")
    False
    """
    return not _OPEN.search(question) and bool(_ASKS.search(question) or _FINE.search(question) or question.rstrip().endswith("?"))


def may_want_a_verdict(question: str) -> bool:
    """Whether a yes or a no could answer the question: it doesn't begin with a word such as who or how."""
    return not _OPEN.match(question.strip())


def verdict_of(question: str, quotation: str, stance: Sequence[float] | npt.NDArray[np.float32] | None = None) -> Verdict:
    """The verdict that a quotation gives: what the reader says of it, and where it has not been read, what its words say.

    `stance` are the reader's logits in the order of STANCES. A question that begins with a word such as who or how is never
    given a yes, and one that plainly asks for a yes or a no always gets a verdict.

    >>> verdict_of("can I leave?", "Doors are open.", [0.1, 0.0, 0.0, 2.0]), verdict_of("who can leave?", "Anybody.", [2.0, 0.0, 0.0, 0.1])
    (<Verdict.YES: 'yes'>, <Verdict.STATES: 'states'>)
    """
    if stance is None:
        return _verdict_by_words(question, quotation) if asks_yes_or_no(question) else Verdict.STATES
    if not may_want_a_verdict(question):
        return Verdict.STATES
    possible = STANCES[:3] if asks_yes_or_no(question) else STANCES
    return possible[int(np.argmax(stance[: len(possible)]))]


def _verdict_by_words(question: str, quotation: str) -> Verdict:
    """A condition, else a negation that the question doesn't share, else yes: the crude floor under the learnt reader."""
    if _CONDITION.search(quotation):
        return Verdict.CONDITIONAL
    negated = bool(_NEGATION.search(quotation)) != bool(re.search(r"\b(?:not|never|n't|without)\b", question, re.I))
    return Verdict.NO if negated else Verdict.YES
