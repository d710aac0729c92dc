"""A stretch of policy text as HTML: escaped, every character kept, emphasis drawn, and a part of it marked."""

from __future__ import annotations

import html
import itertools
import re

from answer import is_list
from ingest import CELL_SEPARATOR, Document

# What Markdown writes around words. The marks stay in the page, but are not shown, so that what is copied or compared is the text itself.
_CODE = re.compile(r"(?P<open>`)(?P<body>[^`]+)(?P<close>`)")
_EMPHASIS = (
    (re.compile(r"(?P<open>\*\*)(?=\S)(?P<body>(?:(?!\*\*).)+?)(?<=\S)(?P<close>\*\*)", re.S), "strong"),
    (re.compile(r"(?<![\w\\])(?P<open>__)(?=\S)(?P<body>(?:(?!__).)+?)(?<=\S)(?P<close>__)(?!\w)", re.S), "strong"),
    (re.compile(r"(?<![\w*\\])(?P<open>\*)(?=[^\s*])(?P<body>[^*]+?)(?<=[^\s*])(?P<close>\*)(?![\w*])"), "em"),
    (re.compile(r"(?<![\w_\\])(?P<open>_)(?=[^\s_])(?P<body>[^_]+?)(?<=[^\s_])(?P<close>_)(?![\w_])"), "em"),
    (re.compile(r"(?<!!)(?P<open>\[)(?P<body>[^\]\[]+)(?P<close>\]\([^()\s]*\))"), "u"),
)
_MARKDOWN = "markdown-it/"
_BLANK_LINE = re.compile(r"\n(?=[^\S\n]*\n)")

Range = tuple[int, int, str]  # start, end and tag; the tag "hidden" is not shown


def is_markdown(document: Document) -> bool:
    """Whether the text of a document is Markdown, whose marks are no words of the policy."""
    return document.extractor.startswith(_MARKDOWN)


def escape(text: str) -> str:
    """Text as HTML on one line: no character of it is an instruction to the browser, and none gets lost.

    >>> escape("<img src=x>\\n")
    '&lt;img src=x&gt;&#10;'
    """
    plain = text.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair can't be sent to a browser
    return html.escape(plain).replace("\n", "&#10;").replace("\r", "&#13;")


def inline_html(text: str, *, markdown: bool = False, marked: tuple[int, int] = (0, 0), hidden: tuple[Range, ...] = ()) -> str:
    """HTML whose text content is `text`, exactly; what stands in `<mark>`s is `text[marked[0]:marked[1]]`, exactly.

    `hidden` are further ranges of `text` that are kept but not shown.

    >>> inline_html("**No:** never", markdown=True, marked=(2, 5))
    '<s class="hidden">**</s><strong><mark>No:</mark></strong><s class="hidden">**</s> never'
    """
    ranges = [*hidden, *(emphasis(text) if markdown else ())]
    edges = {0, len(text), *(edge for start, end, _ in ranges for edge in (start, end)), *(min(max(edge, 0), len(text)) for edge in marked)}
    cuts = sorted(edges)
    parts = []
    for start, end in itertools.pairwise(cuts):
        piece = escape(text[start:end])
        if marked[0] <= start and end <= marked[1]:
            piece = f"<mark>{piece}</mark>"
        for left, right, tag in ranges:
            if left <= start and end <= right:
                piece = f'<s class="hidden">{piece}</s>' if tag == "hidden" else f"<{tag}>{piece}</{tag}>"
        parts.append(piece)
    return "".join(parts)


def row_html(text: str, header: str, *, markdown: bool = False) -> str:
    """A table row as HTML whose text content is `text`, exactly; each cell on its own line behind its column's name.

    >>> row_html("Food | £20", "What | Limit")
    '<span class="cell" data-label="What">Food</span><s class="hidden"> | </s><span class="cell" data-label="Limit">£20</span>'
    """
    cells, labels = text.split(CELL_SEPARATOR), header.split(CELL_SEPARATOR)
    if len(cells) != len(labels) or len(cells) == 1:
        return inline_html(text, markdown=markdown)
    drawn = (
        f'<span class="cell" data-label="{escape(label)}">{inline_html(cell, markdown=markdown)}</span>'
        for label, cell in zip(labels, cells, strict=True)
    )
    return f'<s class="hidden">{CELL_SEPARATOR}</s>'.join(drawn)


def quotation_html(text: str, lead: str, document: Document | None) -> str:
    """A quotation from a document behind the line that introduces it, where there is one; a list that is quoted whole keeps its lines.

    >>> quotation_html("your name.", "We store:", None)
    '<span class="lead">We store:</span> <q>your name.</q>'
    """
    markdown = document is not None and is_markdown(document)
    if is_list(text):
        blank = tuple((*match.span(), "hidden") for match in _BLANK_LINE.finditer(text))
        drawn = f'<q class="lines">{inline_html(text, markdown=markdown, hidden=blank)}</q>'
    else:
        drawn = f"<q>{row_html(text, lead, markdown=markdown)}</q>"
    # The cells of a row say themselves what the line in front would; the policy's own "<" is escaped, so the tag is none of its words.
    return drawn if not lead or '<span class="cell"' in drawn else f'<span class="lead">{escape(lead)}</span> {drawn}'


def emphasis(text: str) -> list[Range]:
    """Ranges of Markdown's marks, hidden, and of the words between them.

    >>> emphasis("a *b*")
    [(2, 3, 'hidden'), (3, 4, 'em'), (4, 5, 'hidden')]
    """
    found: list[Range] = []
    bare = _CODE.sub(lambda match: "`" * len(match[0]), text)  # what looks like a mark in code is a character of it
    for pattern, tag in _EMPHASIS:
        for match in pattern.finditer(bare):
            if all(match.end() <= left or match.start() >= right for left, right, other in found if other == "hidden"):
                found += _ranges(match, tag)
    return sorted([*found, *(entry for match in _CODE.finditer(text) for entry in _ranges(match, "code"))])


def _ranges(match: re.Match[str], tag: str) -> list[Range]:
    return [(*match.span("open"), "hidden"), (*match.span("body"), tag), (*match.span("close"), "hidden")]
