"""A question about several policies, as it is put to each: "which of them sell my data?" asks every one "do they sell my data?"."""

from __future__ import annotations

import re

_POLICY = r"(?:privacy )?polic(?:y|ies)"
_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
# What an index holds policies of. Documents, terms and services are left out: a policy speaks of those itself.
_GATHERED = rf"(?:{_POLICY}|notices|handbooks|companies|firms|organi[sz]ations|(?:web)?sites|providers|businesses|platforms|employers|ones|lot)"
# "Are all of these documents kept" is about documents: a further word in the plural, where a verb would have none.
_NO_NOUN = r"(?! (?!process|discuss|address|access|pass)\w+s\b)"
_THESE = rf"(?:them|(?:these|those) (?:{_COUNT} )?{_GATHERED}|(?:these|those){_NO_NOUN})"
_THE = rf"(?:all )?the (?:{_COUNT} )?{_GATHERED}|the {_COUNT}"
# "Which companies get my data" asks for others than these; "which of these companies" does not, nor does "which policies".
_OF_THESE = rf"of (?:{_THESE}|{_THE})(?: here)?"
_SOME = rf"(?:(?:any|each|every|all|one|some|none)(?: ?one)? (?:{_OF_THESE}|{_POLICY})|(?:any|every)(?:one|body|where) here)"
_AUXILIARY = r"(?:can|could|may|might|must|shall|should|will|would|do|does|did|is|are|was|were|has|have|had)(?:n['’]t)?"
_ASKER = r"(?:i|we|you|my|our|one|people|someone|somebody)"

_WHICH = re.compile(
    rf"^(?:(?:so|and|but|ok|hey|hi)[, ]+)?(?:which|what|who)(?: ones?)? (?:{_OF_THESE}|of (?:these|those)(?! \w+s {_AUXILIARY}\b)|{_POLICY})\s+", re.I
)
_WHO_HERE = re.compile(r"^(?:who|which) here\s+", re.I)
_DOES_ANY = re.compile(rf"\b({_AUXILIARY}) {_SOME}\b", re.I)
_FOR_EACH = re.compile(rf"[ ,]+(?:for|with|at|by|in|from|to|on|under|across|among) {_SOME}", re.I)
_ANY = re.compile(rf"^{_SOME}\b", re.I)
_INVERTED = re.compile(rf"^{_AUXILIARY} {_ASKER}\b", re.I)
_BEGINS = re.compile(rf"^({_AUXILIARY})\s+", re.I)
_BASES = {"has": "have", "lies": "lie", "dies": "die", "ties": "tie", "caches": "cache"}
_PLURAL = {"does": "do", "is": "are", "was": "were", "has": "have", "doesn't": "don't", "isn't": "aren't", "wasn't": "weren't", "hasn't": "haven't"}


def ask_each(question: str) -> str:
    """The question with the words that gather policies turned to "they"; unchanged where there are none.

    >>> ask_each("which of these companies sell my data?")
    'do they sell my data?'
    >>> ask_each("which policy covers contractors?")
    'do they cover contractors?'
    >>> ask_each("Which of them can I leave?"), ask_each("which of these will warn me?")
    ('can I leave?', 'will they warn me?')
    >>> ask_each("Does anyone here promise refunds?"), ask_each("how old must I be for each of these?")
    ('Do they promise refunds?', 'how old must I be?')
    >>> ask_each("which companies get my data?"), ask_each("how long are all of these documents kept?")
    ('which companies get my data?', 'how long are all of these documents kept?')
    """
    if head := _WHICH.match(question) or _WHO_HERE.match(question):
        rest = question[head.end() :]
        return rest if _INVERTED.match(rest) else _asked_of_them(rest)
    question = _DOES_ANY.sub(lambda match: f"{_plural(match.group(1))} they", question)
    return _ANY.sub("they", _FOR_EACH.sub("", question))


def _asked_of_them(rest: str) -> str:
    """What follows "which of them", as a question: its auxiliary first, or "do".

    >>> _asked_of_them("has a time limit?"), _asked_of_them("isn't selling data?")
    ('do they have a time limit?', "aren't they selling data?")
    """
    begun = _BEGINS.match(rest)
    after = rest[begun.end() :] if begun else ""
    if begun and not (_plural(begun.group(1)).lower() == "have" and re.match(r"(?:an?|the|no|any|to)\b", after, re.I)):
        return f"{_plural(begun.group(1))} they {after}"
    verb, space, others = rest.partition(" ")
    return f"do they {_base(verb)}{space}{others}"


def _plural(auxiliary: str) -> str:
    found = _PLURAL.get(auxiliary.lower().replace("’", "'"), auxiliary)
    return found.capitalize() if auxiliary[:1].isupper() else found


def _base(verb: str) -> str:
    """A verb as it stands after "they".

    >>> [_base(verb) for verb in ("has", "says", "applies", "lies", "discloses", "passes", "goes", "covers", "process")]
    ['have', 'say', 'apply', 'lie', 'disclose', 'pass', 'go', 'cover', 'process']
    """
    if found := _BASES.get(verb.lower()):
        return found
    for ending, instead in (("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("oes", "o"), ("ies", "y")):
        if verb.endswith(ending):
            return verb.removesuffix(ending) + instead
    return verb.removesuffix("s") if not verb.endswith(("ss", "us", "is")) else verb
