"""Draw what stands behind one cell of a comparison: a policy's quotations, and the way to them."""

from __future__ import annotations

import streamlit as st

from answer import Verdict, escape_markdown
from index import Hit
from pages.parts.compare import finding_of
from pages.parts.conversation import Turn
from pages.parts.inline import escape, quotation_html
from pages.parts.wording import caution, chip, place_label

# Where the cell stands under the table, it is brought into view. A constant but for a number that makes it run again.
_SHOW_CELL = """<script>
if (window.innerWidth < 900) setTimeout(() => document.querySelector(".st-key-cell")?.scrollIntoView({ block: "nearest", behavior: "smooth" }), 80);
</script><!-- %d -->"""


def draw_cell(turn: Turn, document_id: str) -> None:
    """What one policy says to one question, word for word."""
    finding = finding_of(turn, document_id)
    with st.container(key="cell", border=True):
        st.html(f'<div class="headline"><span>{escape(turn.question)}</span></div>')
        doubt = f'<span class="aside">{caution(finding)}</span>' if finding.citations and caution(finding) else ""
        st.html(f'<div class="who">{chip(finding.verdict)}<b>{escape(finding.policy)}</b>{doubt}</div>')
        if finding.verdict is Verdict.SILENT:
            st.html('<p class="aside">Nothing in this policy answers the question.</p>')
        for number, hit in enumerate(finding.citations, 1):
            draw_quotation(turn, hit, f"cell-{number}")
    st.html(_SHOW_CELL % hash((turn.question, document_id)), unsafe_allow_javascript=True)


def draw_quotation(turn: Turn, hit: Hit, key: str) -> None:
    """A quotation with a link to its place in the policy."""
    span = hit.passage.span
    document = turn.documents.get(span.document_id)
    st.html(f"<blockquote>{quotation_html(hit.passage.text, hit.passage.lead, document)}</blockquote>")
    with st.container(key=f"cite-{key}"):
        st.page_link(
            "pages/policies.py",
            label=escape_markdown(place_label(hit, document, policy=False)),
            icon=":material/menu_book:",
            query_params={"document": span.document_id, "start": str(span.start), "end": str(span.end)},
        )
