"""Quote a line that only introduces a list together with the list: "The following are never recorded:" proves nothing by itself."""

from __future__ import annotations

from collections.abc import Sequence

from answer.rank import Ranked
from index import Hit, Index
from ingest import Passage, Span, plain

# A list is quoted whole or not at all, since half of it misleads; a longer one than this can't be read at a glance.
LIST_CHARACTERS = 400


def quotations(index: Index, ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
    """The hits of ranked sentences, an introduction with its list where that is short; what stands in one of them already is left out."""
    found: list[Hit] = []
    for entry in ranked:
        for passage in (with_list(index, entry.row), entry.hit.passage):
            if not any(passage.span.overlap(hit.passage.span) for hit in found):
                found.append(Hit(passage, entry.hit.score) if passage != entry.hit.passage else entry.hit)
                break
    return tuple(found)


def with_list(index: Index, row: int) -> Passage:
    """The sentence in a row, up to the end of the list that it introduces with a colon where all of it fits into LIST_CHARACTERS."""
    passage = index.passage(row)
    said = plain(passage.text)
    if not said.endswith(":"):
        return passage
    document_id = passage.span.document_id
    end = passage.span.end
    for following in range(row + 1, index.rows_of(document_id)[1]):
        item = index.passage(following)
        if item.lead != said or item.heading != passage.heading:
            break
        end = item.span.end
    if end - passage.span.start > LIST_CHARACTERS:
        return passage
    span = Span(document_id, passage.span.start, end)
    return Passage(span, index.document(document_id).text[span.start : span.end], passage.heading, passage.lead, passage.page)
