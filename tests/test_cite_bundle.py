"""The bundle: every field true to the answer and the document, canonical bytes, a schema that both sides keep."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import pathlib
from typing import Any

import jsonschema
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cite import Bundle, Review, bundle_from_json, bundle_to_json, export_answers, library_of, make_bundle, with_reviews
from cite.answers import answers_of_rows
from cite.canonical import canonical, plain, rounded
from cite.store import is_sealed, json_schema, sealed
from index import Index
from ingest import PolicyError
from tests.citing import row_for, rows_of

ROOT = pathlib.Path(__file__).parent.parent


def bundle_of(index: Index) -> Bundle:
    return make_bundle(answers_of_rows(rows_of(index)), library_of(index))


def test_a_citation_says_everything_that_finds_it_again(small_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    bundle = json.loads(export_answers(rows_of(small_index), library_of(small_index), "json"))
    document = small_index.document("acme.md")
    quote = "Payment data is handled by Paylane, our payment processor."
    start = document.text.index(quote)
    found = bundle["questions"][0]["findings"][0]["citations"][0]
    assert bundle["created_at"] == "2025-01-01T00:00:00Z"
    assert bundle["index_id"] == small_index.id
    prefix, suffix = document.text[start - 32 : start], document.text[start + len(quote) :][:32]
    assert {
        key: found[key] for key in ("document", "policy", "quote", "char_start", "char_end", "prefix", "suffix", "section", "page", "offset_unit")
    } == {
        "document": "acme.md",
        "policy": "Acme",
        "quote": quote,
        "char_start": start,
        "char_end": start + len(quote),
        "prefix": prefix,
        "suffix": suffix,
        "section": ["Acme Privacy Policy", "Payments"],
        "page": None,
        "offset_unit": "Unicode code points",
    }
    assert found["source_sha256"] == document.sha256
    assert found["text_sha256"] == hashlib.sha256(document.text.encode()).hexdigest()
    assert found["quote_sha256"] == hashlib.sha256(quote.encode()).hexdigest()
    assert found["target"] == {
        "source": "acme.md",
        "selector": [
            {"type": "TextQuoteSelector", "exact": quote, "prefix": prefix, "suffix": suffix},
            {"type": "TextPositionSelector", "start": start, "end": start + len(quote)},
        ],
    }


def test_a_question_that_nothing_answers_is_carried_too(small_index: Index) -> None:
    last = bundle_of(small_index).questions[-1]
    assert (last.question, last.abstained, last.verdict, last.answer) == ("zzz qqq?", True, "silent", "The policies do not say.")
    assert [finding.citations for finding in last.findings] == [(), ()]
    assert last.scope.documents == ("acme.md", "bolt.txt")


def test_ids_are_the_same_in_every_export(small_index: Index) -> None:
    one, other = bundle_of(small_index), bundle_of(small_index)
    names = [entry.citation.id for entry in one.entries()]
    assert names == [entry.citation.id for entry in other.entries()]
    assert len(set(names)) == len(names) == 3


def test_the_bytes_are_canonical_and_come_back_the_same(small_index: Index) -> None:
    bundle = bundle_of(small_index)
    data = bundle_to_json(bundle)
    assert data == rfc8785.dumps(json.loads(data))
    assert bundle_to_json(bundle_from_json(data, "bundle.json")) == data
    assert is_sealed(bundle_from_json(data, "bundle.json"))


def test_reviews_leave_the_seal_whole_and_nothing_else_does(small_index: Index) -> None:
    bundle = bundle_of(small_index)
    name = next(bundle.entries()).citation.id
    assert is_sealed(with_reviews(bundle, {name: Review("accept", "Ada", "fine", "2025-01-02")}))
    assert not is_sealed(dataclasses.replace(bundle, index_id="other"))


def test_the_published_schema_is_the_one_in_force(small_index: Index) -> None:
    published = json.loads((ROOT / "cite" / "bundle.schema.json").read_text("utf-8"))
    assert published == json_schema(), "write it again with python -m cite schema > cite/bundle.schema.json"
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.validate(json.loads(bundle_to_json(bundle_of(small_index))), published)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] + [place for key, entry in inner for place in places(entry, (*path, key))]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_the_schema_refuses_the_program_refuses(small_index: Index, data: st.DataObject) -> None:
    row = json.loads(bundle_to_json(bundle_of(small_index)))
    *path, last = data.draw(st.sampled_from(places(row)[1:]))
    if path[:1] == ["format"] or last in {"format", "schema_version"}:
        return
    broken = copy.deepcopy(row)
    parent = broken
    for key in path:
        parent = parent[key]
    if data.draw(st.booleans()):
        del parent[last]
    else:
        parent[last] = data.draw(st.sampled_from([None, 7, -1, 0.5, "", "x", True, [], {}]))
    valid = jsonschema.Draft202012Validator(json_schema()).is_valid(broken)
    try:
        bundle_from_json(json.dumps(broken).encode(), "bundle.json")
    except PolicyError:
        read = False
    else:
        read = True
    assert read == valid


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(-1e9, 1e9) | st.text(), st.lists))
def test_canonical_is_rfc_8785(value: Any) -> None:
    def as_tuples(entry: Any) -> Any:
        return tuple(as_tuples(inner) for inner in entry) if isinstance(entry, list) else entry

    written = plain(as_tuples(value))
    assert canonical(written) == rfc8785.dumps(written)


@given(st.floats(-1e6, 1e6))
def test_rounding_twice_changes_nothing(number: float) -> None:
    assert rounded(rounded(number)) == rounded(number)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "bundle.json is no whole JSON"),
        (b'{"format":"askpolicy citations","questions":[', "bundle.json is no whole JSON"),
        (b'{"a": 1}', "no citation bundle"),
        (b"[]", "no citation bundle"),
        (b"\xff\xfe{\x00}\x00", "is not UTF-8"),
        (b"[" * 100_000, "is no whole JSON"),
        (b'{"format":"askpolicy citations","schema_version":3,"new":[]}', "has schema 3; this program reads up to 2"),
        (b'{"format":"askpolicy citations","schema_version":1}', "bundle.json: tool_version"),
        (b'{"format":"askpolicy citations","schema_version":"1"}', "bundle.json: schema_version: input should be a valid integer, found '1'"),
    ],
)
def test_what_is_no_bundle_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        bundle_from_json(data, "bundle.json")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_answer_that_the_document_does_not_bear_out_is_refused(small_index: Index) -> None:
    rows = rows_of(small_index)
    rows[0]["findings"][0]["citations"][0]["start"] += 1
    with pytest.raises(PolicyError, match=r"answer 1: quotes “Payment data .* the policy changed since it was asked, so ask again"):
        export_answers(rows, library_of(small_index), "json")
    rows[0]["findings"][0]["citations"][0]["document"] = "other.md"
    with pytest.raises(PolicyError, match=r"answer 1: cites other.md, which is not among the 2 documents at hand"):
        export_answers(rows, library_of(small_index), "json")


def test_what_a_batch_row_leaves_out_is_looked_up(small_index: Index) -> None:
    document = small_index.document("acme.md")
    row = row_for(document, "counting visits to the help pages.")
    del row["findings"][0]["citations"][0]["heading"]
    (entry,) = make_bundle(answers_of_rows([row]), library_of(small_index)).entries()
    assert entry.citation.section == ("Acme Privacy Policy", "Cookies")
    assert entry.citation.lead == "We use cookies for:"


def test_a_time_or_date_that_is_none_is_refused_in_one_line(small_index: Index) -> None:
    data = bundle_to_json(bundle_of(small_index))
    for old, new, message in (
        (b'"reviewed_at":""', b'"reviewed_at":"2025-31-03"', "reviewed_at: value error, month must be in 1..12, found '2025-31-03'"),
        (b'"effective_date":null', b'"effective_date":"2025-02-30"', "effective_date: value error, day is out of range for month"),
        (
            b'"created_at":"' + bundle_of(small_index).created_at[:4].encode(),
            b'"created_at":"0000',
            "created_at: value error, year 0 is out of range",
        ),
    ):
        assert old in data
        with pytest.raises(PolicyError) as caught:
            bundle_from_json(data.replace(old, new), "bundle.json")
        assert message in str(caught.value)


def but_row(index: Index) -> dict[str, Any]:
    """An answer whose second quotation limits the first."""
    document = index.document("acme.md")
    row = row_for(document, "We never sell personal data.", "Do you sell data?")
    row["findings"][0]["citations"] += row_for(document, "Payment data is handled by Paylane, our payment processor.")["findings"][0]["citations"]
    row["findings"][0]["but"] = 2
    return row


def test_what_limits_the_first_quotation_is_carried_and_comes_back(small_index: Index) -> None:
    bundle = make_bundle(answers_of_rows([but_row(small_index)]), library_of(small_index))
    data = bundle_to_json(bundle)
    assert json.loads(data)["questions"][0]["findings"][0]["but"] == 2
    assert bundle_from_json(data, "bundle.json") == bundle
    assert [entry.role for entry in bundle.entries()] == ["", "but"]
    assert [entry.role for entry in with_reviews(bundle, {next(bundle.entries()).citation.id: Review("accept")}).entries()] == ["", "but"]
    jsonschema.validate(json.loads(data), json_schema())


@pytest.mark.parametrize(("but", "message"), [(3, "but is 3, and there are 2 citations"), (1, "greater than or equal to 2"), ("2", "valid integer")])
def test_the_limit_must_be_a_citation_behind_the_first(but: Any, message: str, small_index: Index) -> None:
    row = but_row(small_index)
    bundle = json.loads(bundle_to_json(make_bundle(answers_of_rows([row]), library_of(small_index))))
    row["findings"][0]["but"] = but
    with pytest.raises(PolicyError, match=message):
        answers_of_rows([row])
    bundle["questions"][0]["findings"][0]["but"] = but
    with pytest.raises(PolicyError, match=message):
        bundle_from_json(json.dumps(bundle).encode(), "bundle.json")


def test_a_bundle_of_the_first_schema_is_read_and_keeps_its_seal_and_bytes(small_index: Index) -> None:
    old = sealed(dataclasses.replace(bundle_of(small_index), schema_version=1))
    data = bundle_to_json(old)
    assert b'"but"' not in data
    assert is_sealed(bundle_from_json(data, "old.json"))
    assert bundle_to_json(bundle_from_json(data, "old.json")) == data
