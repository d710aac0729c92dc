"""Rewrite a follow-up so that it can be asked by itself: from the questions before it, by rules, and always in the same way.

A question that stands by itself comes back untouched: a false rewriting is worse than a missed one, for it answers what nobody asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.fragments import Fragment, fragment_of, without_lead
from answer.phrases import AUXILIARIES, PREPOSITIONS, Phrase, content_of, main_clause, noun_phrases, words_of
from answer.refer import refer
from answer.scope import mentions, strip_names
from ingest import Document

# Questions of a conversation that are looked back on.
REMEMBERED = 8

_PEOPLE = re.compile(
    r"(?:child(?:ren)?|kids?|minors?|teen\w*|adults?|people|persons?|staff|temps?|interns?|trainees?|apprentices?|contractors?|freelancers?|volunteers?|"
    r"\w*(?:employees?|workers?|timers?|starters?|joiners?|leavers?|holders?|members?|users?|managers?|owners?|drivers?|directors?|developers?)|visitors?|guests?|"
    r"customers?|clients?|patients?|suppliers?|vendors?|partners?|candidates?|applicants?|students?|parents?|wife|husband|spouse|sons?|daughters?|family|relatives?|"
    r"friends?|colleagues?|neighbou?rs?|residents?|citizens?|californians?|europeans?|everybody|everyone|officials?|bosses|boss|lead|officer|"
    r"(?!(?:\w*(?:puters|numbers|letters|papers|printers|servers|folders|orders|offers|registers|trackers|routers|monitors|chargers|errors|doors|floors|"
    r"others|matters|cent[er]{2}s|headers|powers|restaurants|grants)$))\w{3,}(?:ers|ors|ees|ists|ants))",
    re.I,
)
_SAYS = r"\b(?:policy|schedule|rules|terms)\b"
_END = re.compile(r"[\s?.!…]*$")


def rewrite(question: str, earlier: Sequence[str], documents: Sequence[Document] = ()) -> str:
    """The question as it means after the questions `earlier`, oldest first, all as they were typed.

    `documents` are the policies whose names are known: a name takes the place of the one before it ("what about HelpU?"), and a follow-up
    without one keeps the one before it. The question itself, untouched, where it stands by itself or there is nothing before it.

    >>> rewrite("and for children?", ["How long do you keep photos?"])
    'How long do you keep photos for children?'
    >>> rewrite("how long?", ["Do you keep my photos?"])
    'how long do you keep my photos?'
    >>> rewrite("Who handles payment data?", ["Do you keep my photos?"])
    'Who handles payment data?'
    """
    before = ""
    for asked in (*[entry for entry in earlier if entry.strip()][-REMEMBERED:], question):
        before = _follow(asked, before, documents) if before else asked
    return before


def _follow(question: str, before: str, documents: Sequence[Document]) -> str:
    fragment = fragment_of(question)
    found: str | None
    if fragment is not None:
        found = _merge(fragment, before, documents)
    else:
        spoken = [before[start:end] for start, end, _ in mentions(before, documents)]
        # Where several policies are one organisation's, their names are topics, and nobody calls a topic "they".
        organisation = [name for name in spoken if _names_alone(name, documents)][:1] if not mentions(question, documents) else []
        found = refer(without_lead(question), _without_names(before, documents), organisation, before)
    return _carry(found, before, documents) if found is not None else question


def _merge(fragment: Fragment, before: str, documents: Sequence[Document]) -> str:
    if fragment.kind == "echo":
        return before
    if fragment.kind == "wh":
        return _ask_how(fragment.text, before)
    if fragment.kind == "tail":
        return f"{_END.sub('', before)}, {fragment.text}?"
    if fragment.kind == "clause":
        return _add_clause(fragment.text, before)
    if (named := mentions(fragment.text, documents)) and len(content_of(fragment.text)) <= len(named) + 2:
        return _rename(fragment.text, before, documents)
    return _add_phrase(fragment.text, before, documents)


def _ask_how(how: str, before: str) -> str:
    """Ask the question before with another question word: "Do you keep it?" and "how long?" give "how long do you keep it?"."""
    start = main_clause(before)
    if start is None:
        return f"{_END.sub('', before)}: {how}?"
    how = "why" if how.lower() == "what for" else how
    lead, clause = before[:start], before[start:]
    words = words_of(clause)
    if words[0].kind != "wh":
        return f"{lead}{how} {clause[0].lower()}{clause[1:]}"
    verb = next((word for word in words[1:6] if word.low in AUXILIARIES), None)
    if verb is not None:
        return f"{lead}{how} {clause[verb.start :]}"
    if len(words) > 1 and words[0].low == how.split()[0].lower():
        return f"{lead}{how} {clause[words[1].start :]}"
    return f"{how}: {before}"


def _add_clause(clause: str, before: str) -> str:
    """Ask the question before under a condition; one that begins with the same word gives way."""
    first = words_of(clause)[0].low
    same = [word for word in words_of(before)[1:] if word.low == first]
    stem = before[: same[-1].start] if same and main_clause(before[same[-1].start :]) is None else before
    return f"{_END.sub('', stem)} {clause}?"


def _rename(phrase: str, before: str, documents: Sequence[Document]) -> str:
    """Ask the question before of another policy."""
    new = mentions(phrase, documents)
    name = phrase[new[0][0] : new[-1][1]]
    old = mentions(before, documents)
    if not old:
        return _append(
            before, phrase if words_of(phrase)[0].low in PREPOSITIONS else f"{'under' if words_of(phrase)[0].low == 'the' else 'at'} {phrase}"
        )
    start, end = old[0][0], old[0][1]
    if re.search(_SAYS, phrase, re.I):
        tail = re.match(rf"\s+(?:privacy )?{_SAYS}", before[end:], re.I)
        if tail or re.search(_SAYS, before[start:end], re.I):
            end += tail.end() if tail else 0
            name = re.sub(r"^(?:\w+ )?the ", "", phrase, flags=re.I)
    return before[:start] + name + before[end:]


def _add_phrase(text: str, before: str, documents: Sequence[Document]) -> str:
    """Put a phrase in the place of its like in the question before, or add it."""
    first = words_of(text)[0]
    preposition = first.low if first.low in PREPOSITIONS else ""
    bare = text[len(first.text) :].strip() if preposition else text
    phrases, old = noun_phrases(bare), _phrases(before, documents)
    if words_of(bare)[-1].low in {"one", "ones"}:
        chosen = max(old, key=lambda phrase: (not phrase.after, len(phrase.words), phrase.start), default=None)
        return _replace(before, chosen, f"{bare.rsplit(' ', 1)[0]} {chosen.words[-1].text}") if chosen else _append(before, text)
    if not phrases:
        return _append(before, text)
    new = phrases[-1]
    same = [phrase for phrase in old if phrase.after == preposition] if preposition else old
    if _PEOPLE.fullmatch(new.head):
        people = [phrase for phrase in old if _PEOPLE.fullmatch(phrase.head) and (phrase.after == preposition or not (preposition and phrase.after))]
        return _replace(before, people[-1], bare) if people else _append(before, text if preposition else f"for {text}")
    if new.is_proper or preposition:
        alike = [phrase for phrase in same if phrase.is_proper == new.is_proper]
        if not preposition:
            return _replace(before, alike[-1], bare) if alike else _append(before, f"in {text}")
        return _replace(before, alike[-1], bare) if alike and preposition != "for" else _append(before, text)
    chosen = _likest(new, [phrase for phrase in old if not phrase.is_proper and not _PEOPLE.fullmatch(phrase.head)])
    return _replace(before, chosen, bare) if chosen else _append(before, f"({text})")


def _likest(new: Phrase, old: Sequence[Phrase]) -> Phrase | None:
    """Of the phrases before, the one that a new one stands for: with the same kind of determiner, an object rather than a place, the last."""
    return max(old, key=lambda phrase: (phrase.determiner == new.determiner, not phrase.after, phrase.start), default=None)


def _phrases(question: str, documents: Sequence[Document]) -> list[Phrase]:
    """The noun phrases, without the names of policies."""
    named = mentions(question, documents)
    found = []
    for phrase in noun_phrases(question):
        words = tuple(word for word in phrase.words if not any(start < word.end and word.start < end for start, end, _ in named))
        if words and words[-1].kind in {"noun", "number"}:
            found.append(Phrase(words[0].start, words[-1].end, words, phrase.after))
    return found


def _without_names(question: str, documents: Sequence[Document]) -> str:
    """The question as it is read for what it is about: "they" in the place of names."""
    ids = {document_id for _, _, document_id in mentions(question, documents)}
    named = [document for document in documents if document.id in ids]
    return strip_names(question, named) if named else question


def _replace(question: str, phrase: Phrase, instead: str) -> str:
    return question[: phrase.start] + instead + question[phrase.end :]


def _append(question: str, text: str) -> str:
    return f"{_END.sub('', question)} {text}?"


def _names_alone(name: str, documents: Sequence[Document]) -> bool:
    """Whether a name means a policy wherever it stands; the name of a topic ("expenses") does so only with "policy" after it."""
    return bool(mentions(f"at {name} they do", documents))


def _carry(question: str, before: str, documents: Sequence[Document]) -> str:
    """The question with the policies that the one before it named, where it names none itself."""
    if mentions(question, documents):
        return question
    names = list(dict.fromkeys(before[start:end] for start, end, _ in mentions(before, documents)))
    alone = [name for name in names if _names_alone(name, documents)]
    said = [f"at {' and '.join(alone)}"] if alone else []
    said += [f"under the {name}{'' if re.search(_SAYS, name, re.I) else ' policy'}" for name in names if name not in alone]
    return _append(question, " and ".join(said)) if said else question
