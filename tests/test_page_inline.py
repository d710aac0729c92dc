"""Text as HTML: nothing lost, nothing obeyed, exactly the wanted characters marked."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ingest import Document
from pages.parts.inline import emphasis, escape, inline_html, quotation_html, row_html
from tests.paging import marked_in, read_html, text_of

# Whatever a file may hold; a NUL is replaced by every browser, so readers of files keep it out.
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60) | st.text('*_`[]()<>&" \nab|', max_size=40)
PLAIN, MARKDOWN = (Document("a", "A", "", "", extractor=extractor) for extractor in ("text/1", "markdown-it/1"))


@given(TEXTS, st.integers(-5, 70), st.integers(-5, 70), st.booleans())
def test_the_text_is_kept_and_exactly_the_range_is_marked(text: str, one: int, two: int, markdown: bool) -> None:
    start, end = sorted((one, two))
    page = inline_html(text, markdown=markdown, marked=(start, end))
    assert text_of(page) == text
    assert marked_in(page) == text[max(0, start) : max(0, end)]


@given(TEXTS)
def test_no_character_of_a_text_becomes_an_element(text: str) -> None:
    assert {tag for tag, _ in read_html(inline_html(text, markdown=True)).elements} <= {"s", "strong", "em", "code", "u"}
    assert "\n" not in escape(text)


def test_a_script_an_image_and_a_link_stay_text() -> None:
    hostile = "<script>x()</script><img src=//a.b/c onerror=x()> ![i](http://a.b/c) [t](javascript:x)"
    reader = read_html(inline_html(hostile, markdown=True))
    assert "".join(reader.text) == hostile
    assert [tag for tag, attributes in reader.elements if attributes.get("href") or attributes.get("src") or tag in {"a", "img", "script"}] == []


def test_emphasis_is_drawn_and_its_marks_hidden() -> None:
    hidden = '<s class="hidden">{}</s>'.format
    assert inline_html("**Up** to `2` _days_", markdown=True) == (
        f"{hidden('**')}<strong>Up</strong>{hidden('**')} to {hidden('`')}<code>2</code>{hidden('`')} {hidden('_')}<em>days</em>{hidden('_')}"
    )
    assert inline_html("see [our site](https://a.example/x)", markdown=True) == f"see {hidden('[')}<u>our site</u>{hidden('](https://a.example/x)')}"
    assert emphasis("2 * 3 * 4, snake_case_name, 5*6*7") == []
    assert inline_html("**Up**") == "**Up**"


def test_marks_in_code_and_inside_a_word_are_characters_of_the_text() -> None:
    for text in ("`*.exe` and `*.js`", "`__init__` or `a_b` and `c_d`", "client__year__draft"):
        assert shown(text) == text.replace("`", "")
    assert shown("**run `x`** *`y`* [`z`](https://a.example) __all__") == "run x y z all"
    assert "<strong>all</strong>" in inline_html("__all__", markdown=True)


def shown(text: str) -> str:
    """What a reader sees of Markdown."""
    return text_of(re.sub(r'<s class="hidden">.*?</s>', "", inline_html(text, markdown=True)))


def test_half_of_a_surrogate_pair_is_replaced_and_counts_as_one() -> None:
    assert text_of(inline_html("a\ud800b", marked=(2, 3))) == "a?b"
    assert marked_in(inline_html("a\ud800b", marked=(2, 3))) == "b"


@given(st.lists(st.text("ab<|& ", max_size=5), min_size=1, max_size=4), st.lists(st.text("cd\"'", max_size=5), min_size=1, max_size=4))
def test_a_row_keeps_its_characters_and_labels_its_cells(cells: list[str], labels: list[str]) -> None:
    row, header = " | ".join(cells), " | ".join(labels)
    reader = read_html(row_html(row, header))
    assert "".join(reader.text) == row
    found = [attributes["data-label"] for _, attributes in reader.elements if "data-label" in attributes]
    assert found in ([], header.split(" | "))


@given(TEXTS, st.sampled_from([None, PLAIN, MARKDOWN]))
def test_a_quotation_keeps_its_text(text: str, document: Document | None) -> None:
    assert text_of(quotation_html(text, "", document)) == text
    assert text_of(quotation_html(f"Never:\n{text}", "", document)) == f"Never:\n{text}"


def test_a_list_keeps_its_lines_but_no_blank_ones() -> None:
    drawn = quotation_html("Never recorded:\n\n- talks\n- calls", "", None)
    assert drawn == '<q class="lines">Never recorded:<s class="hidden">&#10;</s>&#10;- talks&#10;- calls</q>'
    assert quotation_html("Never\nrecorded", "", PLAIN) == "<q>Never&#10;recorded</q>"


def test_a_line_in_front_is_drawn_but_of_a_row_the_names_of_its_columns() -> None:
    lead = '<span class="lead">We store:</span> '
    assert quotation_html('the "data-label" <span class="cell">', "We store:", None).startswith(lead)
    assert quotation_html("Food | £20", "What | Limit", None) == f"<q>{row_html('Food | £20', 'What | Limit')}</q>"


def test_the_marks_of_markdown_are_hidden_in_its_quotations_alone() -> None:
    assert "<strong>Up</strong>" in quotation_html("**Up**", "", MARKDOWN)
    assert quotation_html("**Up**", "", PLAIN) == "<q>**Up**</q>"
