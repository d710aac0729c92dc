"""HTML: what a reader of the page would read, without navigation, banners and what is hidden."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString

from ingest.compose import CELL_SEPARATOR, Piece, Reading, compose, squeeze
from ingest.read_text import decode

NAME = "beautifulsoup-lxml/1"

_NEVER = "script style template noscript head nav footer aside form button select svg iframe object dialog".split()
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar"}
# Words in an element's id or class by which web sites name what is not the page's own text.
_AROUND = re.compile(
    r"(?:^|[-_ ])(?:cookie-?(?:banner|bar|notice|consent|popup)|consent-?(?:banner|bar|popup)?|gdpr|navbar|nav|menu|breadcrumbs?|"
    r"sidebar|side-bar|site-header|site-footer|skip-link|toolbar|share|social)(?:$|[-_ ])",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BLOCKS = set("p div section article main ul ol li dl dt dd table h1 h2 h3 h4 h5 h6 blockquote pre address header figure details summary hr".split())
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)


def read_html(data: bytes) -> Reading:
    """Read a web page; the text is composed, since a page's source is not what people read."""
    text, warnings = _decode(data)
    soup = BeautifulSoup(text, "lxml")
    title = squeeze(soup.title.get_text()) if soup.title else ""
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()
    main = soup.find("main") or soup.select_one('[role="main"]') or _only(soup.find_all("article")) or soup.body or soup
    for tag in main.select("*"):
        if not tag.decomposed and tag is not main and _is_around(tag):
            tag.decompose()
    pieces: list[Piece] = []
    _walk(main, pieces, 0)
    heading = next((piece.text for piece in pieces if piece.kind == "heading"), "")
    return compose(pieces, title=heading or title, warnings=warnings)


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    declared = _CHARSET.search(data[:2048])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared.group(1).decode("ascii")), ()
        except (LookupError, UnicodeDecodeError):
            pass  # a page that declares what it isn't is read like one that declares nothing
    return decode(data)


def _only(tags: list[Tag]) -> Tag | None:
    return tags[0] if len(tags) == 1 else None


def _is_around(tag: Tag) -> bool:
    """Whether the element is not part of what the page says: navigation, a banner, hidden text."""
    if tag.name in _NEVER or tag.get("role") in _ROLES or tag.get("aria-hidden") == "true" or tag.has_attr("hidden"):
        return True
    names = " ".join([str(tag.get("id") or ""), *(tag.get_attribute_list("class") or [])] if tag.get("class") else [str(tag.get("id") or "")])
    return bool(_AROUND.search(names)) or bool(_HIDDEN.search(str(tag.get("style") or "")))


def _walk(tag: Tag, pieces: list[Piece], depth: int) -> None:
    """Append the pieces of an element in the order of reading."""
    loose: list[str] = []

    def flush() -> None:
        text = squeeze("".join(loose))
        if text:
            pieces.append(Piece("item" if depth else "paragraph", text, max(1, depth)))
        loose.clear()

    for child in tag.children:
        if isinstance(child, NavigableString):
            loose.append(str(child))
        elif isinstance(child, Tag) and child.name == "br":
            if loose and loose[-1] == "\n":  # two line breaks make a paragraph
                flush()
            loose.append("\n")
        elif isinstance(child, Tag) and child.name not in _BLOCKS:
            if child.find(list(_BLOCKS)):
                flush()
                _walk(child, pieces, depth)
            else:
                loose.append(child.get_text())
        elif isinstance(child, Tag):
            flush()
            if child.name == "table":
                _rows(child, pieces)
            elif re.fullmatch(r"h[1-6]", child.name):
                pieces.append(Piece("heading", child.get_text(" "), int(child.name[1])))
            elif child.name in {"dt", "summary"}:
                pieces.append(Piece("heading", child.get_text(" "), 6))
            else:
                _walk(child, pieces, depth + (child.name in {"ul", "ol"}))
    flush()


def _rows(table: Tag, pieces: list[Piece]) -> None:
    for number, row in enumerate(table.find_all("tr")):
        cells = row.find_all(["th", "td"])
        if cells:
            header = number == 0 and (bool(row.find("th")) and not row.find("td"))
            pieces.append(Piece("header" if header else "row", CELL_SEPARATOR.join(squeeze(cell.get_text(" ")) for cell in cells)))
