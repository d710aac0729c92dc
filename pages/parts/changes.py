"""What became of a policy from one version to the next, section by section, sentence by sentence, word by word."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterator

from ingest import Document, split_sentences
from pages.parts.inline import escape

# Two sentences that share this much (difflib's ratio over words) are one sentence that was changed; others, one removed and one added.
ALIKE = 0.5

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One sentence: `old` is empty where it was added, `new` where it was removed; neither where it was changed."""

    old: str
    new: str

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        return "added" if not self.old else "removed" if not self.new else "changed"


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """The changes under one heading, which may itself be new or gone."""

    heading: tuple[str, ...]
    changes: tuple[Change, ...]


def changed_sections(old: Document, new: Document) -> list[Section]:
    """The sections in which something changed, in the order of the new version; what stood under headings that are gone comes last.

    A sentence that only moved to another place in its section counts as removed and added.
    """
    before, after = _by_heading(old), _by_heading(new)
    order = [*after, *(heading for heading in before if heading not in after)]
    found = ((heading, tuple(_changes(before.get(heading, []), after.get(heading, [])))) for heading in order)
    return [Section(heading, changes) for heading, changes in found if changes]


def change_html(change: Change) -> str:
    """A change as HTML: words that were removed in `<del>`, words that were added in `<ins>`."""
    if change.kind != "changed":
        tag = "ins" if change.kind == "added" else "del"
        return f"<{tag}>{escape(change.old or change.new)}</{tag}>"
    left, right = _WORD.findall(change.old), _WORD.findall(change.new)
    parts = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(escape("".join(right[c:d])))
            continue
        parts.append(f"<del>{escape(''.join(left[a:b]))}</del>" if b > a else "")
        parts.append(f"<ins>{escape(''.join(right[c:d]))}</ins>" if d > c else "")
    return "".join(parts)


def _by_heading(document: Document) -> dict[tuple[str, ...], list[str]]:
    sections: dict[tuple[str, ...], list[str]] = {}
    for passage in split_sentences(document):
        sections.setdefault(passage.heading, []).append(" ".join(passage.text.split()))
    return sections


def _changes(old: list[str], new: list[str]) -> Iterator[Change]:
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _pairs(old[a:b], new[c:d])


def _pairs(old: list[str], new: list[str]) -> Iterator[Change]:
    """Sentences that replaced others: each new one with the old one most like it, in order; the rest were added or removed."""
    place = 0
    for sentence in new:
        likeness = [(_likeness(candidate, sentence), -number) for number, candidate in enumerate(old[place:])]
        best, number = max(likeness, default=(0.0, 0))
        if best < ALIKE:
            yield Change("", sentence)
            continue
        match = place - number
        yield from (Change(gone, "") for gone in old[place:match])
        yield Change(old[match], sentence)
        place = match + 1
    yield from (Change(gone, "") for gone in old[place:])


def _likeness(old: str, new: str) -> float:
    return difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()
