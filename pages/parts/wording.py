"""What the pages say in words: verdicts, scopes, places, times. No drawing, and nothing that a policy says."""

from __future__ import annotations

import datetime
import urllib.parse
from collections.abc import Sequence

from answer import Answer, Finding, Verdict
from index import Hit
from ingest import Document
from pages.parts.library import State

# The word on a verdict's chip, and the name of its colour.
CHIPS: dict[Verdict, tuple[str, str]] = {
    Verdict.YES: ("Yes", "yes"),
    Verdict.NO: ("No", "no"),
    Verdict.CONDITIONAL: ("On conditions", "conditional"),
    Verdict.STATES: ("Says", "states"),
    Verdict.SILENT: ("Silent", "silent"),
}
# Under this confidence a finding is shown with a word of caution.
UNSURE = 0.5
# A heading that only repeats what the document is called tells no place in it.
_LONGEST_LABEL = 90


def chip(verdict: Verdict) -> str:
    """A verdict as a small coloured label, in HTML."""
    word, colour = CHIPS[verdict]
    return f'<span class="chip chip-{colour}">{word}</span>'


def caution(finding: Finding) -> str:
    """A word of caution for a finding that may be beside the point; "" for the others."""
    return "may be beside the point" if finding.confidence < UNSURE else ""


def section_of(hit: Hit, document: Document | None = None) -> str:
    """The nearest two headings above a citation, without the document's own title."""
    headings = [heading for heading in hit.passage.heading if document is None or heading.casefold() != document.title.casefold()]
    if len(headings) > 1 and headings[0] == hit.passage.heading[0]:
        headings = headings[1:]
    return shortened(" › ".join(heading.rstrip(" :") for heading in headings[-2:]), _LONGEST_LABEL)


def place_label(hit: Hit, document: Document | None, *, policy: bool) -> str:
    """Where a citation stands, in one line: policy (where wanted), section, page and effective date."""
    parts = [document.policy if policy and document else "", section_of(hit, document)]
    parts.append(f"page {document.page_label(hit.passage.page) if document else hit.passage.page}" if hit.passage.page else "")
    parts.append(f"effective {day(document)}" if document and document.effective_date else "")
    return " · ".join(part for part in parts if part) or "Open the policy"


def long_day(date: datetime.date) -> str:
    """A day as people write it.

    >>> long_day(datetime.date(2025, 3, 1))
    '1 March 2025'
    """
    return f"{date.day} {date:%B %Y}"


def facts_line(document: Document) -> str:
    """What is known of a policy, in one line."""
    pages = len(document.page_starts)
    parts = [document.policy if document.policy.casefold() not in document.title.casefold() else "", document.organisation, document.kind]
    parts += [f"version {document.version}" if document.version else "", f"effective {day(document)}" if document.effective_date else "no date given"]
    parts.append(f"{pages} page{'s' if pages > 1 else ''}" if pages else f"{max(1, round(len(document.text.split()), -2)):,} words")
    return " · ".join(part for part in parts if part)


def loaded_line(documents: Sequence[Document]) -> str:
    """How much there is to ask."""
    words = sum(len(document.text.split()) for document in documents)
    return f"{len(documents)} polic{'ies' if len(documents) != 1 else 'y'}, {round(words, -2):,} words."


def matches(document: Document, wanted: str) -> bool:
    """Whether each word of a filter stands in what is known of a policy."""
    known = " ".join((document.policy, document.title, document.organisation, document.kind, document.collection, *document.aliases)).casefold()
    return all(word in known for word in wanted.casefold().split())


def day(document: Document) -> str:
    """The effective date as people write it; "" where there is none."""
    return long_day(document.effective_date) if document.effective_date else ""


def scope_label(document_ids: Sequence[str], documents: Sequence[Document]) -> str:
    """The policies that are asked, in a few words.

    A whole collection goes by its name; a few policies by theirs.
    """
    chosen = set(document_ids)
    if not chosen or len(chosen) == len(documents):
        return f"All {len(documents)} policies" if len(documents) != 1 else documents[0].policy
    for collection in collections_of(documents):
        members = [document.id for document in documents if document.collection == collection]
        if chosen == set(members) and len(members) > 1:
            return f"{collection.capitalize()} ({len(members)} policies)"
    names = [document.policy for document in documents if document.id in chosen]
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"


def collections_of(documents: Sequence[Document]) -> list[str]:
    """The collections that there are, in the order of their documents."""
    return list(dict.fromkeys(document.collection for document in documents if document.collection))


def scope_line(answer: Answer, documents: Sequence[Document], known: int) -> str:
    """Which policies an answer asked, and why; `known` is how many there are."""
    count = len(answer.scope.document_ids)
    names = scope_label(answer.scope.document_ids, documents) if count < known else ""
    if answer.scope.source == "named":
        return f"Asked {names}, because your question names {'it' if count == 1 else 'them'}."
    if count == known:
        return f"Asked all {known} policies." if known != 1 else "Asked the one policy there is."
    return f"Asked {names}, as you chose."


def searched_line(answer: Answer, documents: Sequence[Document]) -> str:
    """What was searched in vain."""
    count = len(answer.scope.document_ids)
    if count == 1:
        return "No sentence in this policy answers the question. Another one may."
    which = f"all {count}" if count == len(documents) else f"the {count} that were asked ({scope_label(answer.scope.document_ids, documents)})"
    return f"Every sentence of {which} policies was searched. None of them answers the question."


def silent_line(findings: Sequence[Finding]) -> str:
    """The policies that say nothing, folded into one line; "" where all of them speak."""
    names = [finding.policy for finding in findings if finding.verdict is Verdict.SILENT]
    return f"{len(names)} {'is' if len(names) == 1 else 'are'} silent: {', '.join(sorted(names, key=str.casefold))}." if names else ""


def progress_line(state: State) -> str:
    """What is being prepared, how far it is, and how long it will take."""
    counted = f"{state.done:,} of {state.total:,}" if state.total else ""
    left = state.seconds_left
    remaining = "" if left is None or state.done == state.total else f"about {duration(left)} left"
    return " · ".join(part for part in (state.step[:1].upper() + state.step[1:], counted, remaining) if part)


def duration(seconds: float) -> str:
    """A time for people.

    >>> duration(0.04), duration(2.34), duration(75)
    ('40 ms', '2.3 s', '1 min 15 s')
    """
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def shortened(text: str, limit: int) -> str:
    """Text of at most `limit` characters, cut at a word."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def address(page: str | None, **parameters: str) -> str:
    """The address of a page with parameters, to be shared.

    >>> address("http://127.0.0.1:8501", conversation="x y", turn="2")
    'http://127.0.0.1:8501/?conversation=x%20y&turn=2'
    """
    return f"{(page or '').split('?')[0].rstrip('/')}/?{urllib.parse.urlencode(parameters, quote_via=urllib.parse.quote, safe='/')}"


def sentence(text: str) -> str:
    """An error's line as a sentence that begins with a capital and ends with a full stop.

    >>> sentence("the question is empty")
    'The question is empty.'
    """
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
