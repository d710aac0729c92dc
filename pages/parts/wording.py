"""What the pages say in words: verdicts, scopes, places, times. No drawing, and nothing that a policy says."""

from __future__ import annotations

import datetime
import urllib.parse
from collections.abc import Mapping, Sequence

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
# Characters of a place's headings; the rest is cut off.
_LONGEST_LABEL = 90
# From this many words on they are rounded to hundreds.
_MANY_WORDS = 100


def chip(verdict: Verdict) -> str:
    """A verdict as a small coloured label, in HTML."""
    word, colour = CHIPS[verdict]
    return f'<span class="chip chip-{colour}">{word}</span>'


def caution(finding: Finding) -> str:
    """A word of caution for a finding that may be beside the point; "" for the others."""
    return "may be beside the point" if finding.confidence < UNSURE else ""


def section_of(hit: Hit, document: Document | None = None) -> str:
    """The nearest two headings above a citation, without the document's own title, which tells no place in it."""
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
    parts.append(f"{pages} page{'s' if pages > 1 else ''}" if pages else _words(len(document.text.split())))
    return " · ".join(part for part in parts if part)


def loaded_line(documents: Sequence[Document]) -> str:
    """How much there is to ask."""
    words = sum(len(document.text.split()) for document in documents)
    return f"{len(documents)} polic{'ies' if len(documents) != 1 else 'y'}, {_words(words)}."


def _words(count: int) -> str:
    """How many words, as people say it.

    >>> _words(1), _words(8), _words(149), _words(12345)
    ('1 word', '8 words', '100 words', '12,300 words')
    """
    return f"{round(count, -2) if count >= _MANY_WORDS else count:,} word{'s' if count != 1 else ''}"


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
    return _some({document.id: document.policy for document in documents if document.id in chosen}, documents)


def _some(chosen: Mapping[str, str], documents: Sequence[Document]) -> str:
    """Policies in a few words, by their ids and names."""
    for collection in collections_of(documents):
        members = {document.id for document in documents if document.collection == collection}
        if chosen.keys() == members and len(members) > 1:
            return f"{collection.capitalize()} ({len(members)} policies)"
    names = list(chosen.values())
    return " and ".join(names) if len(names) <= 2 else f"{names[0]} and {len(names) - 1} more"


def collections_of(documents: Sequence[Document]) -> list[str]:
    """The collections that there are, in the order of their documents."""
    return list(dict.fromkeys(document.collection for document in documents if document.collection))


def scope_line(answer: Answer, documents: Sequence[Document]) -> str:
    """Which policies an answer asked, and why; `documents` are those there are now, some of which may have come or gone since."""
    if answer.scope.source == "named":
        return f"Asked {_asked(answer, documents)}, because your question names {'it' if len(answer.scope.document_ids) == 1 else 'them'}."
    everything = _everything(answer, documents)
    return f"Asked {everything}." if everything else f"Asked {_asked(answer, documents)}, as you chose."


def searched_line(answer: Answer, documents: Sequence[Document]) -> str:
    """What was searched in vain."""
    if len(answer.scope.document_ids) == 1:
        return "No sentence in this policy answers the question. Another one may."
    which = _everything(answer, documents) or _asked(answer, documents)
    return f"Every sentence of {which} was searched. None of them answers the question."


def _everything(answer: Answer, documents: Sequence[Document]) -> str:
    """That an answer asked every policy there is, or there was when it was given; "" where it asked some of them."""
    count = len(answer.scope.document_ids)
    now = set(answer.scope.document_ids) == {document.id for document in documents}
    if not now and answer.scope.source != "all":
        return ""
    if count == 1:
        return f"the one policy there {'is' if now else 'was'}"
    return f"all {count} policies{'' if now else ' that there were'}"


def _asked(answer: Answer, documents: Sequence[Document]) -> str:
    """The policies that an answer asked, by the names that they had when it was given."""
    names = {finding.document_id: finding.policy for finding in answer.findings}
    return _some({document_id: names[document_id] for document_id in answer.scope.document_ids}, documents)


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


def written_day(stamp: str) -> str:
    """The day of an ISO 8601 stamp as people write it; the stamp itself where it is none, because it may come from somebody's file.

    >>> written_day("2025-03-01T12:00:00Z"), written_day("2026-02-30")
    ('1 March 2025', '2026-02-30')
    """
    try:
        return long_day(datetime.date.fromisoformat(stamp[:10]))
    except ValueError:
        return stamp


def sentence(text: str) -> str:
    """An error's line as a sentence that begins with a capital and ends with a full stop.

    >>> sentence("the question is empty")
    'The question is empty.'
    """
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
