"""Citations as a Word memo, the proof of each quotation in a footnote. Writing is done here, reading in `ingest.read_docx`."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from cite.library import Library
from cite.memo import Memo, Quotation, Section, memo_of
from cite.nouns import Bundle

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_GREY = '<w:rPr><w:color w:val="5A5A5A"/></w:rPr>'
_MARKED = '<w:rPr><w:shd w:val="clear" w:color="auto" w:fill="FFE48A"/></w:rPr>'
_SMALL = '<w:rPr><w:sz w:val="16"/></w:rPr>'
# Footnotes -1 and 0 are the lines that stand above footnotes (ECMA-376, 17.11.9).
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


def bundle_to_docx(bundle: Bundle, library: Library) -> bytes:
    """The memo as DOCX, with real footnotes.

    python-docx has no call for footnotes, and paragraph by paragraph it takes minutes for ten thousand citations: so the
    body is written as markup and parsed once, into the library's own template.
    """
    memo = memo_of(bundle, library)
    document = docx.Document()
    document.core_properties.title = "Citations"
    document.core_properties.author = bundle.tool_version
    document.core_properties.created = document.core_properties.modified = datetime.datetime.fromisoformat(bundle.created_at).replace(tzinfo=None)
    page = document.element.body[-1]  # the properties of the page end the body
    for paragraph in list(parse_xml(f"<w:body {_NAMESPACE}>{''.join(_body(memo))}</w:body>")):
        page.addprevious(paragraph)
    footnotes = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {_NAMESPACE}>{_SEPARATORS}{"".join(_footnotes(memo))}</w:footnotes>'
    )
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, footnotes.encode("utf-8"), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _body(memo: Memo) -> Iterator[str]:
    yield _paragraph(_run("Citations"), "Title")
    yield _paragraph(_run(memo.made, _GREY))
    for section in memo.sections:
        yield from _section(section)
    yield _paragraph(_run(memo.proof, _SMALL))


def _section(section: Section) -> Iterator[str]:
    yield _paragraph(_run(section.question), "Heading1")
    yield _paragraph(_run(section.answer, "<w:rPr><w:b/></w:rPr>"))
    if section.asked:
        yield _paragraph(_run(f"Searched: {section.asked}"))
    for statement in section.statements:
        yield _paragraph(_run(f"{statement.policy}: {statement.verdict} (confidence {statement.confidence})"), "Heading2")
        for quotation in statement.quotations:
            yield from _quotation(quotation)
    if section.silent:
        yield _paragraph(_run(f"Silent: {section.silent}"))


def _quotation(quotation: Quotation) -> Iterator[str]:
    if quotation.lead:
        yield _paragraph(_run(quotation.lead, _GREY), indented=True)
    role = _run(f"{quotation.role} ") if quotation.role else ""
    before, after = _run(f"{quotation.before} ", _GREY) if quotation.before else "", _run(f" {quotation.after}", _GREY)
    reference = f'<w:r>{_RAISED}<w:footnoteReference w:id="{quotation.number}"/></w:r>'
    yield _paragraph(role + before + _run(quotation.words, _MARKED) + reference + after, indented=True)
    if quotation.review:
        yield _paragraph(_run(f"Review: {quotation.review}"), indented=True)


def _footnotes(memo: Memo) -> Iterator[str]:
    for section in memo.sections:
        for statement in section.statements:
            for quotation in statement.quotations:
                runs = f"<w:r>{_RAISED}<w:footnoteRef/></w:r>" + _run(f" {quotation.place} · {quotation.proof}", _SMALL)
                spacing = '<w:pPr><w:spacing w:after="40"/></w:pPr>'
                yield f'<w:footnote w:id="{quotation.number}"><w:p>{spacing}{runs}</w:p></w:footnote>'


def _paragraph(runs: str, style: str = "", *, indented: bool = False) -> str:
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + ('<w:ind w:left="425"/>' if indented else "")
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def _run(text: str, properties: str = "") -> str:
    """A run of text; what the memo gives is on one line and has no character that XML can't hold."""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
