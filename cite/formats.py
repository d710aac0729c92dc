"""Every format that citations are written in, by name."""

from __future__ import annotations

from collections.abc import Callable

from cite.as_csv import bundle_to_csv
from cite.as_docx import bundle_to_docx
from cite.as_html import bundle_to_html
from cite.as_markdown import bundle_to_markdown
from cite.as_pdf import bundle_to_pdf
from cite.as_xlsx import bundle_to_xlsx
from cite.library import Library
from cite.nouns import Bundle
from cite.store import bundle_to_json

Write = Callable[[Bundle, Library], bytes]

FORMATS: dict[str, Write] = {
    "json": lambda bundle, _: bundle_to_json(bundle),
    "csv": bundle_to_csv,
    "xlsx": bundle_to_xlsx,
    "md": bundle_to_markdown,
    "html": bundle_to_html,
    "docx": bundle_to_docx,
    "pdf": bundle_to_pdf,
}
