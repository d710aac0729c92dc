"""Draw what changed in a policy since an earlier version, or against another policy."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from answer import escape_markdown
from ingest import Document, PolicyError, read_bytes
from pages.parts.changes import Section, change_html, changed_sections
from pages.parts.inline import escape
from pages.parts.shelf import Shelf, Version
from pages.parts.wording import long_day, sentence


def draw_versions(document: Document, documents: Sequence[Document], shelf: Shelf) -> None:
    """Choose what to compare with, and read the differences section by section."""
    versions = shelf.versions(document.id)
    others = [other for other in documents if other.id != document.id]
    # The nearest kin first: what is newly put beside an older file of the same policy is compared with that.
    others.sort(key=lambda other: (other.policy != document.policy, other.organisation != document.organisation, other.policy.casefold()))
    choices: list[Version | Document] = [*versions, *others]
    if not choices:
        st.html('<p class="aside">There is nothing to compare with yet. When this policy is replaced, its earlier version is kept.</p>')
        return
    chosen = st.selectbox("Compare with", range(len(choices)), format_func=lambda number: _label(choices[number]), key=f"against-{document.id}")
    if not versions:
        st.html('<p class="aside">No earlier version is kept. You can compare it with another policy.</p>')
    try:
        sections = changed_sections(_document(choices[chosen], document.id), document)
    except (PolicyError, OSError) as error:
        st.warning(escape_markdown(sentence(str(error))))
        return
    _draw_sections(sections)


def _draw_sections(sections: Sequence[Section]) -> None:
    counts = {kind: sum(change.kind == kind for section in sections for change in section.changes) for kind in ("added", "removed", "changed")}
    st.html(f'<p class="plain">{escape(_counted(counts))}</p>')
    for section in sections:
        heading = escape(" › ".join(section.heading[-2:]) or "Before the first heading")
        body = "".join(f'<p class="change">{change_html(change)}</p>' for change in section.changes)
        st.html(f'<section class="changes"><p class="h3" role="heading" aria-level="3">{heading}</p>{body}</section>')


def _counted(counts: dict[str, int]) -> str:
    parts = [f"{count} {kind}" for kind, count in counts.items() if count]
    return f"Sentences: {', '.join(parts)}." if parts else "Nothing changed."


def _label(choice: Version | Document) -> str:
    if isinstance(choice, Document):
        return choice.title
    return f"The version that was replaced on {long_day(choice.replaced)}"


def _document(choice: Version | Document, document_id: str) -> Document:
    return choice if isinstance(choice, Document) else read_bytes(choice.path.read_bytes(), document_id)
