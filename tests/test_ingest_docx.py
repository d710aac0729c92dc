"""Word files as Word writes them: what stands in tracked changes, controls, fields and boxes is read, and tables of any shape."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest import Document, read_bytes, split_sentences

FIRST = "We keep invoices for seven years in Leeds."
SPACES = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'


def read(document: Any) -> Document:
    """What becomes of a document of python-docx."""
    buffer = io.BytesIO()
    document.save(buffer)
    return read_bytes(buffer.getvalue(), "policy.docx")


def part(xml: str) -> Any:
    """An element from XML with the prefixes w and mc."""
    head, rest = xml.split(">", 1) if not xml.endswith("/>") else (xml[:-2], "")
    return parse_xml(f"{head} {SPACES}>{rest}" if rest else f"{head} {SPACES}/>")


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (f"<w:ins>{RUN}</w:ins>", True),
        (f"<w:moveTo>{RUN}</w:moveTo>", True),
        (f"<w:sdt><w:sdtContent>{RUN}</w:sdtContent></w:sdt>", True),
        (f"<w:fldSimple>{RUN}</w:fldSimple>", True),
        (f"<w:smartTag><w:smartTag>{RUN}</w:smartTag></w:smartTag>", True),
        (f"<w:hyperlink>{RUN}</w:hyperlink>", True),
        ("<w:del><w:r><w:delText>{}</w:delText></w:r></w:del>", False),
        (f"<w:moveFrom>{RUN}</w:moveFrom>", False),
        (f"<w:r><mc:AlternateContent><mc:Fallback>{RUN}</mc:Fallback></mc:AlternateContent></w:r>", False),
    ],
)
def test_words_count_whatever_they_are_wrapped_in_unless_they_were_deleted(xml: str, said: bool) -> None:
    source = docx.Document()
    source.add_paragraph(FIRST)
    paragraph = source.add_paragraph("We do ")
    paragraph._p.append(part(xml.format("not ")))
    paragraph.add_run("sell your data.")
    assert read(source).text == f"{FIRST}\n\nWe do {'not ' if said else ''}sell your data.\n"


def test_tabs_and_breaks_part_words_and_a_hyphen_that_keeps_them_does_not() -> None:
    source = docx.Document()
    source.add_paragraph(FIRST)
    paragraph = source.add_paragraph("Write\tto\nus")
    paragraph._p.append(part('<w:r><w:br w:type="page"/><w:t>by e</w:t><w:noBreakHyphen/><w:t>mail.</w:t></w:r>'))
    assert read(source).text == f"{FIRST}\n\nWrite to us by e-mail.\n"


def test_blocks_in_controls_and_boxes_are_read_where_they_stand() -> None:
    source = docx.Document()
    box = "<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>"
    old = "<mc:Fallback><w:p><w:r><w:t>Twice.</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r>"
    source.add_paragraph(FIRST)._p.append(part(box.format("Ask Ann.") + old))
    cells = "".join(f"<w:tr><w:tc><w:p>{RUN.format(text)}</w:p></w:tc></w:tr>" for text in ("Record", "Visits"))
    control = f"<w:sdt><w:sdtContent><w:p>{RUN.format('We never sell data.')}</w:p><w:tbl>{cells}</w:tbl></w:sdtContent></w:sdt>"
    source.element.body.insert(1, part(control))
    source.add_paragraph("Visits are not kept.")
    assert read(source).text == f"{FIRST}\n\nAsk Ann.\n\nWe never sell data.\n\nRecord\nVisits\n\nVisits are not kept.\n"


def test_bold_words_in_an_insertion_make_a_heading_and_a_table_of_contents_makes_none() -> None:
    source = docx.Document()
    source.styles.add_style("toc 1", 1)
    source.add_paragraph("Payments 3", "toc 1")
    source.add_paragraph()._p.append(part("<w:ins><w:r><w:rPr><w:b/></w:rPr><w:t>Payments</w:t></w:r></w:ins>"))
    source.add_paragraph(FIRST)
    assert [(passage.heading, passage.text) for passage in split_sentences(read(source))] == [(("Payments",), FIRST)]


def table(source: Any, *rows: tuple[str, ...]) -> Any:
    """A table with those cells."""
    made = source.add_table(len(rows), len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return made


def continued(cell: Any) -> None:
    """Merge a cell into the one above it, as the file says it."""
    cell.get_or_add_tcPr().append(part("<w:vMerge/>"))


def test_tables_of_odd_shapes_are_read() -> None:
    source = docx.Document()
    rows = table(source, ("Record", "Period"), ("Invoices", "7 years"), ("Visits", "9 days"), ("Letters", "none")).rows
    short, below, last = (row._tr for row in rows[1:])
    continued(rows[0]._tr.tc_lst[0])  # there is nothing above it
    short.remove(short.tc_lst[1])
    continued(below.tc_lst[1])  # above it is no cell at all
    continued(last.tc_lst[1])
    assert read(source).text == "Record | Period\nInvoices\nVisits | 9 days\nLetters | 9 days\n"


def test_a_cell_merged_over_rows_is_said_in_each_and_a_table_in_a_cell_is_not_lost() -> None:
    source = docx.Document()
    outer = table(source, ("Record", "Office", "Period"), ("Invoices", "Leeds", "7 years"), ("Visits", "", "9 days"))
    outer.cell(1, 1).merge(outer.cell(2, 1))
    inner = outer.cell(2, 2).add_table(1, 1)
    inner.cell(0, 0).text = "or ten"
    assert read(source).text == "Record | Office | Period\nInvoices | Leeds | 7 years\nVisits | Leeds | 9 days or ten\n"
