"""A question about a topic, as it is put to a policy: "what does it say about cookies?" and "cookies" are both "what about cookies?".

Of "what do they say about cookies?" the reader takes "say" for what is asked, and finds no sentence that says how something is said.
"""

from __future__ import annotations

import re

from answer.phrases import AUXILIARIES, SUBJECTS, WH_WORDS, words_of

# A topic that stands alone has no more words than this; what is longer says more of what it wants.
MOST_WORDS = 5

_LEAD = r"^\W*(?:(?:so|and|but|ok|okay|hey|hi|please|then)[, ]+)*"
_TEXT = r"(?:policy|policies|notice|terms|rules?|handbook|documents?|text|statement|schedule|agreement|guidelines?)"
_SPEAKER = rf"(?:they|it|you|we|(?:the|this|your|our|their|these|those)(?: [\w-]+)?? {_TEXT})"
_ON = r"(?:about|on|regarding|concerning|as to|with regard to)"
_FORMS = tuple(
    re.compile(rf"{_LEAD}{form} (?P<topic>\w.*)$", re.I | re.S)
    for form in (
        rf"what (?:do|does|did|would) {_SPEAKER} (?:have to |actually |exactly )?(?:say|state|tell (?:me|us)) {_ON}",
        rf"what(?:['’]?s| is| are) (?:the|their|your|our) (?:[\w-]+ )??{_TEXT} {_ON}",
        rf"what(?:['’]?s| is) (?:said|stated|written) {_ON}",
        r"(?:(?:can|could) you )?tell (?:me|us) (?:something |anything |more |all )?about",
    )
)
_ASKS = re.compile(rf"(?:{'|'.join(sorted(WH_WORDS))})\b", re.I)
# Words of which a question has one at least, and the name of a topic none.
_ASKING = AUXILIARIES | SUBJECTS | WH_WORDS
_NAMING = frozenset({"noun", "adjective", "number", "determiner", "preposition", "coordinator"})


def about_topic(question: str) -> str:
    """The question as "what about …?" where it asks what a policy says on a topic; untouched where it doesn't.

    >>> about_topic("What do they say about cookies?"), about_topic("what is your policy on refunds")
    ('what about cookies?', 'what about refunds?')
    >>> about_topic("What does the policy say about who sees my file?"), about_topic("what do they say?")
    ('who sees my file?', 'what do they say?')
    """
    for form in _FORMS:
        if found := form.match(question):
            topic = found["topic"].rstrip(" ?.!")
            return f"{topic}?" if _ASKS.match(topic) else f"what about {topic}?"
    return question


def is_topic(text: str) -> bool:
    """Whether a text names something and asks nothing of it.

    >>> [is_topic(text) for text in ("cookies", "cookies and tracking?", "delete my account", "how long", "")]
    [True, True, False, False, False]
    """
    said = text.lower().split()
    # Most questions are told by their small words, without the tagger, which takes a second to load.
    if len(said) > MOST_WORDS or not _ASKING.isdisjoint(word.strip("?.!,") for word in said):
        return False
    words = [word for word in words_of(text) if word.kind != "mark"]
    return any(word.kind == "noun" for word in words) and all(word.kind in _NAMING or word.low.endswith("ing") for word in words)
