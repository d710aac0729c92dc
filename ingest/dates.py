"""Find the date a policy says it takes effect on."""

from __future__ import annotations

import datetime
import re

from dateutil import parser

_DATE = (
    r"(\d{1,2}(?:st|nd|rd|th)?(?:[ ]of)?[ ./-](?:[A-Za-z]{3,9}|\d{1,2})[ ,./-]{1,2}\d{4}"
    r"|[A-Za-z]{3,9}\.?[ ]\d{1,2}(?:st|nd|rd|th)?,?[ ]\d{4}|\d{4}-\d{2}-\d{2})"
)
_BETWEEN = r"\b[\s*_:|–-]{0,6}(?:on[ \t]+)?"
_EFFECTIVE = r"\b(?:effective(?:[ \t]+(?:date|from|as[ \t]+of|on|since))?|in[ \t]+force[ \t]+(?:since|from))"
_LABEL = r"(?:\beffective[ \t]+date|^[\s>#*_|(-]*" + _EFFECTIVE + r")"
_UPDATED = r"\b(?:last|date[ \t]+last)[ \t]+(?:updated|revised|modified)"
_LABELS, _SENTENCES, _UPDATES = (re.compile(words + _BETWEEN + _DATE, re.I | re.M) for words in (_LABEL, _EFFECTIVE, _UPDATED))
# After these words a sentence speaks of another text's date: of a law's, or of the policy's that came before.
_ANOTHER = re.compile(r"\b(?:replac\w+|supersed\w+|previous|prior|earlier|former|regulation|act|law|directive|GDPR|CCPA)\b[^.!?\n]*$", re.I)


def find_effective_date(text: str) -> datetime.date | None:
    """The date stated as effective, else the one of the last update; None where there is none, or where it could be read two ways.

    >>> find_effective_date("Last updated 2 May 2024. Effective Date: June 17, 2021.")
    datetime.date(2021, 6, 17)
    >>> find_effective_date("Effective 03/04/2021") is None
    True
    """
    # The surest first: a label, then sentences if they name one day, and only then a day on which nothing need have taken effect.
    sentences = _dates(_SENTENCES, text)
    dates = _dates(_LABELS, text) or (sentences if len(set(sentences)) == 1 else []) or _dates(_UPDATES, text)
    return next((min(read) for read in dates if len(read) == 1), None)


def _dates(stated: re.Pattern[str], text: str) -> list[frozenset[datetime.date]]:
    own = [match for match in stated.finditer(text) if not _ANOTHER.search(text, max(0, match.start() - 300), match.start())]
    return [read for read in (_readings(match.group(1)) for match in own) if read]


def _readings(written: str) -> frozenset[datetime.date]:
    """The dates that `written` can be read as: none, one, or two where it is not clear which number is the month."""
    try:
        first = parser.parse(written).date()
        return frozenset({first} if re.match(r"\d{4}-", written) else {first, parser.parse(written, dayfirst=True).date()})
    except (ValueError, OverflowError):
        return frozenset()
