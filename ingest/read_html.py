"""HTML: what a reader of the page would read, without navigation, banners and what is hidden."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from ingest.compose import CELL_SEPARATOR, Piece, Reading, compose, squeeze
from ingest.nouns import PolicyError
from ingest.read_text import decode

NAME = "beautifulsoup-lxml/2"

_NEVER = set("script style template noscript head nav footer aside select textarea svg iframe object dialog".split())
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar"}
# Whole names of an id or class by which web sites say that an element is not the page's own text. Half a name says nothing:
# "how-we-share-your-data" is a section, and "with-sidebar" holds the page.
_FURNITURE = (
    r"(?:cookies?|consent|gdpr)-?(?:banner|bar|popup)|(?:main|site|top|page)-?(?:header|footer|nav|navbar|navigation|menu)|skip-?link|"
    r"(?:nav|navbar|navigation|breadcrumbs?|side-?bar)(?:-(?:inner|items?|links?|list|menu))?|"
    r"(?:menu|share|sharing|social|social-media)-(?:bar|buttons?|icons?|items?|links?|list)|social-share"
)
_AROUND = re.compile(_FURNITURE, re.I)
# These are also what a section about them is called by its id, which is made from the words of its heading.
_AROUND_BY_CLASS = re.compile(rf"{_FURNITURE}|cookies?-?(?:consent|notice)|menu|toolbar", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "dt": 6, "summary": 6}
_BLOCKS = {
    *_HEADINGS,
    *"p div section article main ul ol li dl dd table caption tr td th blockquote pre address header figure details hr form fieldset legend".split(),
}
# A line break that the page asks for, in text whose own line ends are blanks already; two of them make a paragraph.
_BREAK = "\n"
_BLANKS = re.compile(r"\s+")
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n")
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
# What the web means by a declared encoding, where it isn't what Python means: https://encoding.spec.whatwg.org/#names-and-labels.
# Names are Python's; a page whose declaration could be read as ASCII can't be in UTF-16.
_ON_THE_WEB = {
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("iso8859-11", "tis-620"), "cp874"),
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}


def read_html(data: bytes) -> Reading:
    """Read a web page; the text is composed, since a page's source is not what people read.

    Raises PolicyError for a page whose elements nest deeper than anybody writes them.
    """
    text, warnings = _decode(data)
    soup = BeautifulSoup(text, "lxml")
    title = squeeze(soup.title.get_text()) if soup.title else ""
    main = soup.find("main") or soup.select_one('[role="main"]') or _only(soup.find_all("article")) or soup.body or soup
    for tag in main.select("*"):
        if not tag.decomposed and tag is not main and _is_around(tag):
            tag.decompose()
    pieces: list[Piece] = []
    try:
        _walk(main, pieces, 0)
    except RecursionError as error:
        raise PolicyError("nests its elements too deeply; save the page again from a browser") from error
    heading = next((piece.text for piece in pieces if piece.kind == "heading"), "")
    return compose(pieces, title=squeeze(heading) or title, warnings=warnings)


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    declared = _CHARSET.search(data[:2048])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            encoding = codecs.lookup(declared.group(1).decode("ascii")).name
            return data.decode(_ON_THE_WEB.get(encoding, encoding)), ()
        except (LookupError, UnicodeError):
            pass  # a page that declares what it isn't is read like one that declares nothing
    return decode(data)


def _only(tags: list[Tag]) -> Tag | None:
    return tags[0] if len(tags) == 1 else None


def _is_around(tag: Tag) -> bool:
    """Whether the element is not part of what the page says: navigation, a banner, a control of a form, hidden text."""
    if tag.name in _NEVER or tag.get("role") in _ROLES or tag.get("aria-hidden") == "true" or tag.has_attr("hidden"):
        return True
    if _HIDDEN.search(str(tag.get("style") or "")):
        return True
    if tag.name == "button":  # the button that opens a section is its heading
        return not (tag.find_parent(list(_HEADINGS)) or tag.find(list(_HEADINGS)))
    if tag.name in _HEADINGS:
        return False
    by_class = any(_AROUND_BY_CLASS.fullmatch(name.replace("_", "-")) for name in tag.get_attribute_list("class"))
    return by_class or bool(_AROUND.fullmatch(str(tag.get("id") or "").replace("_", "-")))


def _walk(tag: Tag, pieces: list[Piece], depth: int) -> None:
    """Append the pieces of an element in the order of reading."""
    loose: list[str] = []

    def flush() -> None:
        for text in _PARAGRAPH_BREAK.split("".join(loose)):
            pieces.append(Piece("item" if depth else "paragraph", text, max(1, depth)))
        loose.clear()

    for child in tag.children:
        if not isinstance(child, Tag) or (child.name not in _BLOCKS and not child.find(list(_BLOCKS))):
            loose.append(_text(child))
            continue
        flush()
        if child.name in _HEADINGS:
            pieces.append(Piece("heading", _text(child), _HEADINGS[child.name]))
        elif child.name == "table" and not child.find("table"):  # one that holds another only says where things stand on the page
            pieces += _rows(child)
        else:
            _walk(child, pieces, depth + (child.name in {"ul", "ol"}))
    flush()


def _text(node: PageElement) -> str:
    """The words of a node as a browser sets them: blanks where the source has them and around blocks, a break at `<br>`."""
    parts: list[str] = []
    waiting = [node]  # a stack, since pages nest deeper than functions may
    while waiting:
        part = waiting.pop()
        if isinstance(part, Tag) and part.name == "br":
            parts.append(_BREAK)
        elif isinstance(part, Tag):
            around = [NavigableString(" ")] if part.name in _BLOCKS else []
            waiting += [*around, *reversed(part.contents), *around]
        elif isinstance(part, NavigableString) and not isinstance(part, PreformattedString):  # a comment is
            parts.append(_BLANKS.sub(" ", part))
    return "".join(parts)


def _rows(table: Tag) -> Iterator[Piece]:
    """The caption of a table, then its rows; their level is 0 where no header stands above them."""
    for caption in table.find_all("caption"):
        yield Piece("paragraph", _text(caption))
    rows = [cells for row in table.find_all("tr") if (cells := row.find_all(["th", "td"]))]
    headed = bool(rows) and all(cell.name == "th" for cell in rows[0])
    for number, cells in enumerate(rows):
        kind = "header" if headed and number == 0 else "row"
        yield Piece(kind, CELL_SEPARATOR.join(squeeze(_text(cell)) for cell in cells), int(headed))
