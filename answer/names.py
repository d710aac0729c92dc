"""Where a question names policies, however they are spelt: exactly, in one word or two, with a slip, as an address, by initials."""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from answer.phrases import is_ordinary
from ingest import Document

# A misspelt name must be this like the real one (rapidfuzz's ratio, 0 to 100), and no more slips away than these:
# "wokpex" is one from "workpex", but "spotify" two from "shopify", which is somebody else.
MIN_RATIO = 82
LONG_NAME, SLIPS, SLIPS_OF_LONG_NAMES = 9, 1, 2
# In names shorter than this, a slip may only swap or double letters: too many words are one letter away from them.
MIN_FUZZY_LETTERS = 5
MIN_RATIO_OF_SHORT_NAMES = 70
# The first word of an organisation stands for it if it is so long and no English word.
MIN_FIRST_LETTERS = 4
# Initials stand for a name of so many words at least.
MIN_INITIALS = 3
# A name has as many words as this at most.
MOST_WORDS = 8

_LEGAL_FORM = re.compile(r"[, ]+(?:inc|llc|ltd|gmbh|b\.?v|corp|co|plc|s\.?a)\.?$", re.I)
_WORD = re.compile(r"[\w@]+(?:[.\-/&][\w]+)*(?:['’](?:s\b)?)?")
_POSSESSIVE = re.compile(r"['’]s?$")
# Words that say which kind of text a policy is; what stands before them is whose it is.
_KIND = re.compile(
    r"\s*[-–—:|,]?\s*\b(?:privacy|cookies?|terms|eula|end[ -]user|user agreement|acceptable use|digital millennium|"
    r"data (?:processing|protection|policy)|code of conduct|community (?:guidelines|standards)|refunds?|legal|copyright|dmca|disclaimer|imprint|"
    r"policy|policies|notice|statement|agreement)\b",
    re.I,
)
_ONLY_KIND = re.compile(
    r"(?:(?:our|the|global|general|website|privacy|cookies?|terms|conditions|of|service|use|and|policy|policies|notice|statement|agreement|data|protection|"
    r"user|customer|legal|schedule|rules|&)\s*)+",
    re.I,
)
# "Acme Ltd - Cookie notice": whose it is, and what.
_TITLE = re.compile(r"\s+[-–—|]\s+")
# A file may be the twelfth of a handbook.
_NUMBER = re.compile(r"^\d{1,3}[.)\s_-]+(?=\D)")
# After a name that may be a common word, these say that a policy is meant.
_SAYS_POLICY = re.compile(
    r"(?:['’]s?)?\s+(?:(?:privacy|cookies?|retention|staff)\s+)?(?:policy|policies|rules?|schedule|handbook|guidelines?|document|page|notice|terms|statement)\b",
    re.I,
)
_ENDS_IN_POLICY = re.compile(r"(?:policy|policies|schedule|rules|handbook|guidelines|notice|terms|statement)$")
_DOES = re.compile(r"\bdoes\s+$", re.I)


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a question that names a policy: itself, or the `organisation` that it is one of."""

    start: int
    end: int
    document_id: str
    organisation: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Name:
    """A way to say a document's policy: lower-case letters and digits only, for comparing.

    A `topic` may be a common word ("expenses"), and `initials` count in capitals only. `short` are first words: they give way
    to whoever is called so in full. Only `fuzzy` names may be misspelt: a slip in "Acme privacy policy" is sought in "Acme".
    """

    document_id: str
    folded: str
    words: int
    topic: bool = False
    organisation: bool = False
    initials: bool = False
    short: bool = False
    fuzzy: bool = True


class _Book:
    """The names of all policies, to be looked up."""

    def __init__(self, names: Iterable[_Name]) -> None:
        self.exact: dict[str, list[_Name]] = collections.defaultdict(list)
        for name in dict.fromkeys(names):
            self.exact[name.folded].append(name)
        for folded, named in self.exact.items():
            self.exact[folded] = [name for name in named if not name.short] or named
        self.fuzzy = [folded for folded, named in self.exact.items() if len(folded) >= MIN_FIRST_LETTERS and any(name.fuzzy for name in named)]

    def nearest(self, folded: str) -> list[_Name]:
        """The names that a misspelt one is meant to be."""
        found = process.extract(folded, self.fuzzy, scorer=fuzz.ratio, score_cutoff=MIN_RATIO_OF_SHORT_NAMES, limit=16)
        close = [(choice, score) for choice, score, _ in found if choice[0] == folded[0] and _is_slip(choice, folded, score)]
        return [name for choice, score in close if score == close[0][1] for name in self.exact[choice] if name.fuzzy]


def mentions_of(question: str, documents: Sequence[Document]) -> list[Mention]:
    """Where a question names policies, in order of place.

    Where it names an organisation and one of its policies ("Tidewell's expenses policy"), only that policy is named.
    """
    key = tuple((document.id, document.policy, document.title, document.organisation, document.aliases) for document in documents)
    kept: list[tuple[int, int, _Name]] = []
    # What is spelt right before what isn't, then the longest: "Tidewell's cookie policy" says more than "Tidewell".
    for _, start, end, name in sorted(_found(question, _book(key)), key=lambda entry: (entry[0], entry[1] - entry[2], entry[1])):
        if all((start, end) == (left, right) or end <= left or start >= right for left, right, _ in kept):
            kept.append((start, end, name))
    by_policy = {name.document_id for _, _, name in kept if not name.organisation}
    stronger = {name.folded for _, _, name in kept if name.organisation and name.document_id in by_policy}
    mentions = {
        Mention(start, end, name.document_id, name.folded if name.organisation else "")
        for start, end, name in kept
        if not name.organisation or name.folded not in stronger or name.document_id in by_policy
    }
    return sorted(mentions, key=lambda mention: (mention.start, mention.end, mention.document_id, mention.organisation))


def names_of(document: Document) -> set[str]:
    """The folded ways to say a document's own policy, without those of its organisation."""
    row = (document.id, document.policy, document.title, document.organisation, document.aliases)
    return {name.folded for name in _names(*row, shared=False) if not name.organisation}


def nearest_names(name: str, choices: Sequence[str]) -> list[str]:
    """The three that are most like a name."""
    return [choice for choice, _, _ in process.extract(name, choices, scorer=fuzz.WRatio, limit=3)]


def fold(text: str) -> str:
    """Lower-case letters and digits only."""
    return re.sub(r"[\W_]+", "", text).lower()


def bare_organisation(name: str) -> str:
    """An organisation without its legal form."""
    return _LEGAL_FORM.sub("", name)


def _is_slip(name: str, said: str, ratio: float) -> bool:
    if len(name) < MIN_FUZZY_LETTERS:
        return set(name) == set(said) and OSA.distance(name, said) <= SLIPS
    slips = SLIPS_OF_LONG_NAMES if len(name) >= LONG_NAME else SLIPS
    return (ratio >= MIN_RATIO or sorted(name) == sorted(said)) and OSA.distance(name, said) <= slips


@functools.lru_cache(maxsize=8)
def _book(key: tuple[tuple[str, str, str, str, tuple[str, ...]], ...]) -> _Book:
    organisations = collections.Counter(organisation for _, _, _, organisation, _ in key if organisation)
    return _Book(name for row in key for name in _names(*row, shared=organisations[row[3]] > 1))


def _names(document_id: str, policy: str, title: str, organisation: str, aliases: tuple[str, ...], *, shared: bool) -> Iterator[_Name]:
    """The ways to say a policy. Of an organisation that has several, the names of policies are topics."""
    topic = shared or policy == policy.lower()
    whose = [bare_organisation(organisation)] if organisation else [before for before, _, kind in [_TITLE.sub("\n", title).partition("\n")] if kind]
    for name in (_NUMBER.sub("", part) for part in (policy, *aliases, title)):
        if not name or (not shared and _ONLY_KIND.fullmatch(name)) or (name == title and _ONLY_KIND.fullmatch(name)):
            continue  # every policy may be called so
        kind = _KIND.search(name)
        owned = kind is not None and kind.start() > 0 and not shared
        yield _Name(document_id, fold(name), len(_WORD.findall(name)), topic, fuzzy=not owned)
        initials = "".join(word[0] for word in _WORD.findall(name) if word.lower() not in {"and", "of", "the", "for"})
        if len(initials) >= MIN_INITIALS:
            yield _Name(document_id, fold(initials), 1, initials=True, fuzzy=False)
        if kind is not None and owned:
            whose.append(bare_organisation(name[: kind.start()].strip(" -–—:|,'’")))
    for name in dict.fromkeys(whose):
        if len(fold(name)) >= MIN_INITIALS and not _ONLY_KIND.fullmatch(name):
            yield _Name(document_id, fold(name), len(_WORD.findall(name)), organisation=True)
            first = name.split()[0]
            if first != name and len(fold(first)) >= MIN_FIRST_LETTERS and not is_ordinary(first):
                yield _Name(document_id, fold(first), 1, organisation=True, short=True)


def _found(question: str, book: _Book) -> Iterator[tuple[bool, int, int, _Name]]:
    """Every stretch that may name a policy, overlapping ones too: whether it is misspelt, its place, and the name."""
    words = [(match.start(), match.start() + len(bare), bare) for match in _WORD.finditer(question) if (bare := _POSSESSIVE.sub("", match.group()))]
    for number in range(len(words)):
        for count in range(1, min(MOST_WORDS, len(words) - number) + 1):
            group = words[number : number + count]
            start, end = group[0][0], group[-1][1]
            said = [word for _, _, word in group]
            for folded in _variants(said):
                if exact := book.exact.get(folded, []):
                    yield from ((False, start, end, name) for name in exact if _is_meant(name, said, question, start, end))
                    break
            else:
                yield from ((True, start, end, name) for name in _misspelt(said, book) if _is_meant(name, said, question, start, end))


def _variants(said: Sequence[str]) -> list[str]:
    """The ways to read some words as a name: as they are; an address by its host; a plural as an owner without its apostrophe."""
    whole = fold("".join(said))
    found = [whole]
    if len(said) == 1 and re.search(r"[.@]", said[0]):
        labels = [label for label in said[0].split("@")[-1].split("/")[0].split(".") if label.lower() != "www"]
        found += [fold("".join(labels[:-drop] if drop else labels)) for drop in (0, 1, 2)]
    if whole.endswith("s") and len(whole) > MIN_FUZZY_LETTERS - 1 and not is_ordinary(said[-1]):
        found.append(whole[:-1])
    return [folded for folded in dict.fromkeys(found) if len(folded) >= MIN_INITIALS]


def _misspelt(said: Sequence[str], book: _Book) -> list[_Name]:
    """The names that words are meant to be which are no English."""
    folded = fold("".join(said))
    if len(folded) < MIN_FIRST_LETTERS or all(is_ordinary(word) for word in said):
        return []
    return [name for name in book.nearest(folded) if name.words == len(said) or (len(said) == 1 and name.words == 2)]


def _is_meant(name: _Name, said: Sequence[str], question: str, start: int, end: int) -> bool:
    """Whether words that spell a name mean it, which they may not where they are English words too."""
    text, loud = question[start:end], question.isupper()
    if name.initials:
        return text.isupper() and not loud
    says_policy = bool(_ENDS_IN_POLICY.search(name.folded) or _SAYS_POLICY.match(question[end:])) or end - start == len(question.strip(" ?.!"))
    ordinary = all(is_ordinary(word) or len(word) == 1 for word in said)
    if name.topic and (ordinary or len(said) > 1):
        return says_policy or (text.isupper() and not loud)
    if not ordinary or says_policy or re.search(r"\w\.\w", text):
        return True
    capital = any(word[:1].isupper() for word in said) and not loud
    begins = not question[:start].strip() or bool(re.search(r"[.!?]\s*$", question[:start]))
    if len(said) > 1 and (sum(len(word) >= MIN_INITIALS for word in said) > 1 or any(word.isdigit() for word in said)):
        return capital or len(said) <= name.words
    if begins and capital and question[end:].startswith(":"):
        return True
    return (capital and not begins) or (
        not name.topic and len(said) == 1 and bool(_DOES.search(question[:start])) and bool(question[end:].strip(" ?.!"))
    )
