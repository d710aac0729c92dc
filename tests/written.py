"""Files in each format, written for tests from the same few pieces: headings, paragraphs, items, and rows of one table."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence

import docx

# A piece is its kind (heading, paragraph, item, row) and its text; the cells of a row are parted by " | ".
Pieces = Sequence[tuple[str, str]]


def text_of(pieces: Pieces) -> bytes:
    """Plain text: headings in capitals, items after a bullet, cells in columns."""
    marks = {"heading": "{0}", "paragraph": "{1}", "item": "- {1}", "row": "{2}"}
    lines = [marks[kind].format(text.upper(), text, text.replace(" | ", "    ")) for kind, text in pieces]
    return "\n\n".join(lines).encode()


def markdown_of(pieces: Pieces) -> bytes:
    """Markdown with # headings; the rule of a table goes under its first row."""
    lines: list[str] = []
    previous = ""
    for kind, text in pieces:
        body = {"heading": f"## {text}", "paragraph": text, "item": f"- {text}", "row": f"| {text} |"}[kind]
        lines += [""] if kind != previous or kind == "paragraph" else []
        lines += [body]
        lines += ["|" + "---|" * len(text.split(" | "))] if kind == "row" and previous != "row" else []
        previous = kind
    return "\n".join(lines).encode()


def html_of(pieces: Pieces) -> bytes:
    """A web page; the cells of the first row of a table are its header."""
    parts: list[str] = []
    previous = ""
    for kind, text in pieces:
        cell = "th" if previous != "row" else "td"
        cells = "".join(f"<{cell}>{html.escape(part)}</{cell}>" for part in text.split(" | "))
        around = {"item": "ul", "row": "table"}
        if kind != previous:
            parts += [f"</{around[previous]}>"] if previous in around else []
            parts += [f"<{around[kind]}>"] if kind in around else []
        body = html.escape(text)
        parts.append({"heading": f"<h2>{body}</h2>", "paragraph": f"<p>{body}</p>", "item": f"<li>{body}</li>", "row": f"<tr>{cells}</tr>"}[kind])
        previous = kind
    return f"<!doctype html><html><body>{''.join(parts)}</body></html>".encode()


def docx_of(pieces: Pieces) -> bytes:
    """A Word file with heading and list styles and real tables."""
    document = docx.Document()
    table = None
    for kind, text in pieces:
        if kind == "row":
            cells = text.split(" | ")
            table = table or document.add_table(0, len(cells))
            for cell, part in zip(table.add_row().cells, cells, strict=True):
                cell.text = part
            continue
        table = None
        document.add_paragraph(text, {"heading": "Heading 2", "paragraph": "Normal", "item": "List Bullet"}[kind])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf_of(pages: Sequence[Sequence[tuple[int, str]]]) -> bytes:
    """A PDF of pages of lines, each a font size (bold from 14 points on) and its text; 0 as size is a blank line."""
    fonts = "".join(f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{base} >> " for name, base in (("F", "Helvetica"), ("B", "Helvetica-Bold")))
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>"]
    for number, lines in enumerate(pages):
        drawn, top = [], 780
        for size, text in lines:
            escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            drawn.append(f"BT /{'B' if size >= 14 else 'F'} {size} Tf 60 {top} Td ({escaped}) Tj ET" if size else "")
            top -= round(1.2 * (size or 10))
        stream = "\n".join(drawn)
        box = "/MediaBox [0 0 595 842]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Resources << /Font << {fonts}>> >> /Contents {4 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(stream.encode('latin-1'))} >>\nstream\n{stream}\nendstream")
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + tail.encode("latin-1")


WRITERS: dict[str, Callable[[Pieces], bytes]] = {".txt": text_of, ".md": markdown_of, ".html": html_of, ".docx": docx_of}
