"""Citations as one page to print or send: everything escaped, nothing loaded from anywhere."""

from __future__ import annotations

import pathlib

from cite.library import Library
from cite.memo import memo_of
from cite.nouns import Bundle
from cite.template import fill_template


def bundle_to_html(bundle: Bundle, library: Library) -> bytes:
    """The memo as HTML in UTF-8; its own policy forbids scripts and anything remote, should something slip through."""
    return fill_template(pathlib.Path(__file__).with_name("memo.html"), memo=memo_of(bundle, library)).encode("utf-8")
