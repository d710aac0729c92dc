"""Quote a list as one where it is the answer: "The following are never recorded:" proves nothing by itself, nor do three items of four."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.rank import Ranked
from index import Hit, Index
from ingest import Passage, Span, plain

# A list is quoted whole or not at all, since half of it misleads; a longer one than this can't be read at a glance.
LIST_CHARACTERS = 400
# Of two items one may be the answer and the other like it; if three seem to answer, all do.
TOGETHER = 3
# A list item that begins with a mark, a letter or a number.
MARKED = re.compile(r"\n\s*(?:[-–*•●○◦▪■‣]|\(?\w{1,3}[.)])\s")


def is_list(text: str) -> bool:
    r"""Whether a quotation is an introduction with its list, whose items keep their lines.

    Items stand behind an empty line or begin with a mark; what follows a colon on the next line otherwise is a sentence that was broken there.

    >>> is_list("Never recorded:\n\ntalks"), is_list("Never recorded:\n- talks"), is_list("Never recorded:\ntalks and calls.")
    (True, True, False)
    """
    found = re.search(":\n", text)
    return found is not None and (text[found.end() :].lstrip(" \t").startswith("\n") or MARKED.match(text, found.end() - 1) is not None)


def quotations(index: Index, ranked: Sequence[Ranked], *, states: bool) -> tuple[Hit, ...]:
    """The hits of ranked sentences, an introduction with its list where that is short; what stands in one of them already is left out.

    With `states`, where no yes or no is wanted, a short list is quoted whole too if all of them, TOGETHER at least, are of it.
    """
    if states and len(ranked) >= TOGETHER:
        lists = [list_of(index, entry.row) for entry in ranked]
        if all(one == lists[0] for one in lists):
            return (Hit(lists[0], ranked[0].hit.score),)
    found: list[Hit] = []
    for entry in ranked:
        for passage in (with_list(index, entry.row), entry.hit.passage):
            if not any(passage.span.overlap(hit.passage.span) for hit in found):
                found.append(Hit(passage, entry.hit.score))
                break
    return tuple(found)


def list_of(index: Index, row: int) -> Passage:
    """The short list with its introduction that the item in a row belongs to; the sentence itself where there is none."""
    item = index.passage(row)
    first, start = index.rows_of(item.span.document_id)[0], row
    while item.lead and start > first and index.passage(start).lead == item.lead:
        start -= 1
    whole = with_list(index, start)
    return whole if whole.span.overlap(item.span) else item


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
