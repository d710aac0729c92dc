"""Which differences between two texts are none, and where words stand."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cite.normal import normal_of, normalise

ODD = st.text(st.sampled_from("ab é’“”-‑\u00ad\u200b\u0301\u0327\n\t\u00a0ﬁﬃ가\u1100\u1161\u11a8각ö\u09c7\u09be\u0f73\u0344.5"), max_size=12)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("thirty\u00a0 days\r\n", "thirty days"),
        ("per\u00adsonal \ufeffda\u200bta", "personal data"),
        ("cafe\u0301", "café"),
        ("oﬃce ﬁle", "office file"),
        ("the ‘user’s’ “data” e\u2011mail", "the 'user's' \"data\" e-mail"),
        ("\u1112\u1161\u11ab", "한"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_these_are_the_same(text: str, same: str) -> None:
    assert normalise(text) == same


@pytest.mark.parametrize(("one", "other"), [("10²", "102"), ("30–60", "30-60"), ("May", "may"), ("resume", "résumé"), ("a b", "ab"), ("½", "1⁄2")])
def test_these_are_not_the_same(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(ODD | st.text())
@example("ﬁ\u0301")
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_what_unicode_holds_equal_is_equal(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(text)


@given(ODD | st.text())
def test_every_character_knows_its_place(text: str) -> None:
    normal = normal_of(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    places = list(zip(normal.starts, normal.ends, strict=True))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(before=ODD, quote=st.text(st.sampled_from("ab é’-5."), min_size=1), after=ODD)
def test_words_are_found_where_they_were_put(before: str, quote: str, after: str) -> None:
    text = f"{before} ({quote}) {after}"
    wanted = normalise(f"({quote})")
    found = list(normal_of(text).find(wanted))
    assert (len(before) + 1, len(before) + len(quote) + 3) in found
    assert all(normalise(text[start:end]) == wanted for start, end in found)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("30 days", "130 days"),
        ("30 days", "30 daysetc"),
        ("personal data", "non-personal data"),
        ("We can", "We can't"),
        ("5 days", "1.5 days"),
        ("1", "1,000"),
    ],
)
def test_words_inside_longer_ones_do_not_stand(quote: str, text: str) -> None:
    assert list(normal_of(text).find(normalise(quote))) == []
    assert len(list(normal_of(f"{text} {quote}.").find(normalise(quote)))) == 1
