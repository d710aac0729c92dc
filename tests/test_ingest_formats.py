"""Each format's own difficulties: encodings, what a web page hides, tables, running headers, lists without bullets."""

from __future__ import annotations

import io

import docx
import pytest

from ingest import Document, PolicyError, read_bytes, split_sentences
from written import WRITERS, pdf_of

SAID = "We keep naïve café data – “for ever” – at £5 a month."


def sentences(document: Document) -> list[tuple[str, str]]:
    """Lead and text of each sentence."""
    return [(passage.lead, passage.text) for passage in split_sentences(document)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_marked_encodings_are_read_without_a_warning(encoding: str, suffix: str) -> None:
    text = f"<!doctype html><p>{SAID}</p>" if suffix == ".html" else SAID
    document = read_bytes(text.encode(encoding), f"policy{suffix}")
    assert sentences(document) == [("", SAID)]
    assert document.warnings == ()


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_what_is_not_utf_8_is_read_as_windows_1252_with_a_warning(suffix: str) -> None:
    text = f"<!doctype html><p>{SAID}</p>" if suffix == ".html" else SAID
    document = read_bytes(text.encode("cp1252"), f"policy{suffix}")
    assert sentences(document) == [("", SAID)]
    assert document.warnings == ("is not UTF-8; read as Windows-1252, look at its accents",)


def test_a_page_says_its_own_encoding() -> None:
    document = read_bytes(
        '<!doctype html><meta charset="shift_jis"><p>個人情報は販売しません。 We sell nothing.</p>'.encode("shift_jis"), "policy.html"
    )
    assert "個人情報は販売しません。" in document.text
    assert document.warnings == ()


def test_a_page_is_read_without_what_surrounds_its_text() -> None:
    page = """<!doctype html><html><head><title>Privacy | Acme</title><style>p { color: red }</style></head><body>
    <a class="skip-link" href="#main">Skip to content</a>
    <div id="cookie-banner"><p>We use cookies. Accept all?</p></div>
    <nav><a href="/">Home</a></nav>
    <div class="site-header">Acme Corp</div>
    <main><h1>Privacy</h1>
      <div class="breadcrumbs">Home / Legal</div>
      <p>We keep orders for two years. <span style="display:none">Hidden words.</span><span hidden>More hidden words.</span></p>
      <p aria-hidden="true">Decoration.</p>
      <!-- a remark of the author -->
      <script>document.write("scripted")</script>
      <button>Print</button>
      <p class="socialism">A class that only begins like one for sharing hides nothing.</p>
    </main>
    <footer>Copyright Acme</footer></body></html>"""
    document = read_bytes(page.encode(), "policy.html")
    assert document.text == ("Privacy\n\nWe keep orders for two years.\n\nA class that only begins like one for sharing hides nothing.\n")
    assert document.title == "Privacy"


def page(body: str) -> Document:
    """A web page with this body, as a document."""
    return read_bytes(f"<!doctype html><html><body>{body}</body></html>".encode(), "policy.html")


@pytest.mark.parametrize(
    ("declared", "meant"),
    [("iso-8859-1", "cp1252"), ("US-ASCII", "cp1252"), ("utf-16", "utf-8"), ("UTF-16LE", "utf-8"), ("iso-8859-9", "cp1254"), ("gb2312", "gb18030")],
)
def test_a_declared_encoding_is_what_the_web_means_by_it(declared: str, meant: str) -> None:
    data = f'<!doctype html><meta charset="{declared}"><p>We don’t sell “data” – ever, for €5.</p>'.encode(meant)
    document = read_bytes(data + b"\n" * (len(data) % 2), "policy.html")  # an even number of bytes may be anything in UTF-16
    assert (document.text, document.warnings) == ("We don’t sell “data” – ever, for €5.\n", ())


@pytest.mark.parametrize("declared", ["undefined", "no-such-name", "rot13", "shift_jis"])
def test_a_page_that_declares_what_it_is_not_is_read_as_utf_8(declared: str) -> None:
    document = read_bytes(f'<!doctype html><meta charset="{declared}"><p>{SAID}</p>'.encode(), "policy.html")
    assert (document.text, document.warnings) == (f"{SAID}\n", ())


def test_a_section_is_not_left_out_for_the_words_of_its_heading() -> None:
    document = page("""<h2 id="how-we-share-your-data">How we share your data</h2><p>We share your name with Paylane.</p>
    <h2 class="menu" id="cookie-banner">Banner</h2><section id="gdpr"><p>You may object to profiling.</p></section>
    <section id="your-consent"><p>You can withdraw consent by mail.</p></section><div id="cookie-notice"><p>We set two cookies.</p></div>
    <div class="section social-media"><p>Meta runs our pages.</p></div><div class="page with-sidebar"><p>We keep orders.</p></div>""")
    assert [(passage.heading, passage.text) for passage in split_sentences(document)] == [
        (("How we share your data",), "We share your name with Paylane."),
        *(
            (("Banner",), text)
            for text in (
                "You may object to profiling.",
                "You can withdraw consent by mail.",
                "We set two cookies.",
                "Meta runs our pages.",
                "We keep orders.",
            )
        ),
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        "id=cookie-banner",
        "class=cookieConsent",
        "class='wide consent-bar'",
        "class=share-buttons",
        "class=social-media-links",
        "id=main_nav",
        "role=menu",
    ],
)
def test_what_stands_around_the_text_is_known_by_its_whole_name(attributes: str) -> None:
    assert page(f"<p>We keep orders for two years.</p><div {attributes}><p>Press here.</p></div>").text == "We keep orders for two years.\n"


def test_a_page_in_a_form_is_read_without_its_controls() -> None:
    document = page("""<form id="aspnetForm"><h1>Privacy</h1><p>We keep orders.</p><select><option>English</option></select>
    <textarea>Ask us</textarea><button>Send</button><h3><button>How long?</button></h3><p>Two years.</p>
    <button><h3>Where?</h3></button><p>In Leeds.</p></form>""")
    assert [(passage.heading, passage.text) for passage in split_sentences(document)] == [
        (("Privacy",), "We keep orders."),
        (("Privacy", "How long?"), "Two years."),
        (("Privacy", "Where?"), "In Leeds."),
    ]


def test_blanks_of_a_page_stand_where_its_lines_break_and_nowhere_else() -> None:
    document = page("""<h2>Our <b>5</b><sup>th</sup><br>policy<!-- still --></h2><p><strong>Acme Ltd<br>1 High Street</strong><br>Leeds</p>
    <p>We <i>keep</i>\n<br> orders.<br> <br>We <span>sell<br><br>None</span>.</p>
    <table><tr><td>See <a>our list</a>, section 5<sup>th</sup>.</td><td>£<b>5</b><br>a year</td><td><p>One</p><p>Two</p></td></tr></table>""")
    assert document.text == (
        "Our 5th policy\n\nAcme Ltd 1 High Street Leeds\n\nWe keep orders.\n\nWe sell\n\nNone.\n\nSee our list, section 5th. | £5 a year | One Two\n"
    )
    assert document.title == "Our 5th policy"


def test_a_caption_stands_before_its_table() -> None:
    document = page("<table><caption>Retention in <b>days</b></caption><tr><th>Record<th>Period<tr><td>Visits<td>30</table>")
    assert sentences(document) == [("", "Retention in days"), ("", "Record | Period"), ("Record | Period", "Visits | 30")]


def test_a_table_in_a_table_is_read_once() -> None:
    document = page("<table><tr><td>Before <table><tr><th>Record<th>Period<tr><td>Visits<td>30 days</table></td><td>After it.</td></tr></table>")
    assert sentences(document) == [("", "Before"), ("", "Record | Period"), ("Record | Period", "Visits | 30 days"), ("", "After it.")]


HEADED = "<table><tr><th>Record</th><th>Period</th></tr><tr><td>Visits</td><td>30 days</td></tr></table>"
BARE = "<table><tr><td>Ann</td><td>Leeds</td></tr><tr><td>Bo</td><td>York</td></tr></table>"


@pytest.mark.parametrize(("suffix", "separator"), [(".html", " | "), (".md", "</td><td>")])
def test_rows_stand_under_no_header_but_their_own(suffix: str, separator: str) -> None:
    document = read_bytes(f"{HEADED}{BARE}\n{HEADED}".encode(), f"policy{suffix}")
    header = f"Record{separator}Period".replace("td>", "th>")
    headed = [("", header), (header, f"Visits{separator}30 days")]
    assert sentences(document) == [*headed, ("", f"Ann{separator}Leeds"), ("", f"Bo{separator}York"), *headed]


def test_a_page_that_nests_without_end_is_named() -> None:
    with pytest.raises(PolicyError, match="nests its elements too deeply"):
        page("<div>" * 1200 + "We keep orders for two years.")
    assert page("<b>" * 600 + "We keep orders for two years.").text == "We keep orders for two years.\n"


@pytest.mark.parametrize("suffix", [".docx", ".html", ".md"])
def test_each_row_of_a_table_carries_its_header(suffix: str) -> None:
    pieces = [("paragraph", "The periods are these."), ("row", "Record | Period"), ("row", "Invoices | 7 years"), ("row", "Visits | 30 days")]
    document = read_bytes(WRITERS[suffix](pieces), f"policy{suffix}")
    assert sentences(document) == [
        ("", "The periods are these."),
        ("", "Record | Period"),
        ("Record | Period", "Invoices | 7 years"),
        ("Record | Period", "Visits | 30 days"),
    ]


def test_columns_of_plain_text_are_rows() -> None:
    table = ["Record     Period    Office", "--------   -------   ------", "Invoices   7 years   Leeds", "Visits     30 days   Halifax"]
    text = "\n".join(["The periods are these.", "", *table])
    assert sentences(read_bytes(text.encode(), "policy.txt")) == [
        ("", "The periods are these."),
        ("", "Record     Period    Office"),
        ("Record Period Office", "Invoices   7 years   Leeds"),
        ("Record Period Office", "Visits     30 days   Halifax"),
    ]


def test_merged_cells_are_said_once() -> None:
    source = docx.Document()
    table = source.add_table(2, 3)
    for cell, text in zip(table.rows[0].cells, ("Record", "Office", "Period"), strict=True):
        cell.text = text
    table.cell(1, 0).text = "Invoices"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "seven years everywhere"
    buffer = io.BytesIO()
    source.save(buffer)
    document = read_bytes(buffer.getvalue(), "policy.docx")
    assert sentences(document) == [("", "Record | Office | Period"), ("Record | Office | Period", "Invoices | seven years everywhere")]


def test_running_headers_and_page_numbers_are_no_sentences() -> None:
    said = {"Payments": "We pay invoices within thirty days.", "Claims": "Claims are filed in Tally.", "Visits": "Visits are approved by Ann."}
    pages = [
        [(9, "Acme Corp - confidential"), (0, ""), (16, heading), (0, ""), (10, sentence), (0, ""), (9, f"Page {number} of 3")]
        for number, (heading, sentence) in enumerate(said.items(), 1)
    ]
    document = read_bytes(pdf_of(pages), "policy.pdf")
    found = [(passage.page, passage.heading, passage.text) for passage in split_sentences(document)]
    assert found == [(number, (heading,), sentence) for number, (heading, sentence) in enumerate(said.items(), 1)]


def test_a_sentence_goes_on_over_the_page() -> None:
    first = [(10, "This policy has two pages."), (10, "It is short, as you see, and"), (10, "clear. Invoices are kept for")]
    second = [(10, "seven years in Leeds. Visits are"), (10, "not kept."), (0, ""), (10, "Ask Ann."), (10, "She knows.")]
    document = read_bytes(pdf_of([first, second]), "policy.pdf")
    assert [(passage.page, passage.text) for passage in split_sentences(document)] == [
        (1, "This policy has two pages."),
        (1, "It is short, as you see, and clear."),
        (1, "Invoices are kept for seven years in Leeds."),
        (2, "Visits are not kept."),
        (2, "Ask Ann."),
        (2, "She knows."),
    ]


@pytest.mark.parametrize("suffix", [".txt", ".pdf"])
def test_a_paragraph_after_a_list_is_no_item_of_it(suffix: str) -> None:
    lines = [
        "We collect these from you:",
        "- your name",
        "- your address",
        "",
        "All of it is deleted when you leave,",
        "and no copy is kept.",
    ]
    data = pdf_of([[(10 if line else 0, line) for line in lines]]) if suffix == ".pdf" else "\n".join(lines).encode()
    document = read_bytes(data, f"policy{suffix}")
    assert [(lead, " ".join(text.split())) for lead, text in sentences(document)] == [
        ("", "We collect these from you:"),
        ("We collect these from you:", "your name"),
        ("We collect these from you:", "your address"),
        ("", "All of it is deleted when you leave, and no copy is kept."),
    ]


def test_headings_of_markdown_keep_their_numbers_and_lose_their_marks() -> None:
    document = read_bytes(
        b"# 1. Scope #\n\nIt binds **everyone**.\n\n> ## 1.1 *Staff*\n>\n> Even interns.\n\n**Contact:**\n\nWrite to us.\n", "policy.md"
    )
    assert [(passage.heading, passage.text) for passage in split_sentences(document)] == [
        (("1. Scope",), "It binds **everyone**."),
        (("1. Scope", "1.1 Staff"), "Even interns."),
        (("1. Scope", "1.1 Staff", "Contact:"), "Write to us."),
    ]


def test_an_underline_is_no_part_of_a_heading() -> None:
    prose = "This goes on for many more words than anybody would think of for a heading, and says so."
    document = read_bytes(f"Privacy\n=======\n\n> Payments\n> --------\n>\n> We keep invoices.\n\n{prose}\n---\n".encode(), "policy.md")
    assert [(passage.heading, passage.text) for passage in split_sentences(document)] == [
        (("Privacy", "Payments"), "We keep invoices."),
        (("Privacy", "Payments"), prose),
    ]
    assert document.title == "Privacy"


def test_html_in_markdown_is_read_with_its_places() -> None:
    text = """<h1 align="center"><img alt="a > b"><br>Acme <b>Policy</b></h1>

<!-- a remark -->
<script>
var unsaid = 1;
</script>

<ul>
<li>your <b>name</b>
<li><p>your address</p></li></ul>
We never <i>sell</i> it.
<details open><summary>Children</summary>
None under 13.</details>

> <div>
> We keep **orders**
> </div>

<p>&nbsp;<br></p>
"""
    document = read_bytes(text.encode(), "policy.md")
    assert document.text == text
    assert [(block.kind, block.level, text[block.start : block.end]) for block in document.blocks] == [
        ("heading", 1, "Acme <b>Policy</b>"),
        ("item", 1, "your <b>name</b>"),
        ("item", 1, "your address"),
        ("paragraph", 1, "We never <i>sell</i> it."),
        ("heading", 6, "Children"),
        ("paragraph", 1, "None under 13."),
        ("paragraph", 1, "We keep **orders**"),
    ]


@pytest.mark.parametrize(
    ("before", "heading"),
    [
        ("---\ntitle: A policy\ntags:\n- one\n  two: 3\n\nowner: Ann\n---\n", ()),
        ("---\r\ntitle: A policy\r\n---\r\n", ()),
        ("---\n# Policy\n\n---\n", ("Policy",)),
        ("---\nPolicy\n---\n", ("Policy",)),
        ("---\n---\n", ()),
    ],
)
def test_front_matter_is_keys_with_values(before: str, heading: tuple[str, ...]) -> None:
    document = read_bytes(f"{before}We never sell data.\n".encode(), "policy.md")
    assert [(passage.heading, passage.text) for passage in split_sentences(document)] == [(heading, "We never sell data.")]


def test_abbreviations_end_no_sentence() -> None:
    said = ["Acme Inc. sells data, e.g. names, to U.S. partners of Dr. Wilson.", "It is kept for 3.5 years, see sec. 4 for more."]
    assert sentences(read_bytes(" ".join(said).encode(), "policy.txt")) == [("", said[0]), ("", said[1])]
