"""Find the date a policy says it takes effect on."""

from __future__ import annotations

import datetime
import re

from dateutil import parser

_STATED = re.compile(
    r"\b(?:effective(?:[ \t]+(?:date|from|as[ \t]+of|on|since))?|in[ \t]+force[ \t]+(?:since|from)|"
    r"(?:last|date[ \t]+last)[ \t]+(?:updated|revised|modified))\b[\s*_:|–-]{0,6}(?:on[ \t]+)?"
    r"(\d{1,2}[ ./-](?:[A-Za-z]{3,9}|\d{1,2})[ ,./-]{1,2}\d{4}|[A-Za-z]{3,9}\.?[ ]\d{1,2}(?:st|nd|rd|th)?,?[ ]\d{4}|\d{4}-\d{2}-\d{2})",
    re.I,
)


def find_effective_date(text: str) -> datetime.date | None:
    """The first date stated as effective or last updated; None where there is none, or where it could be read two ways.

    >>> find_effective_date("Effective Date: June 17, 2021.")
    datetime.date(2021, 6, 17)
    >>> find_effective_date("Effective 03/04/2021") is None
    True
    """
    for match in _STATED.finditer(text):
        try:
            month_first: datetime.date = parser.parse(match.group(1)).date()
            day_first: datetime.date = parser.parse(match.group(1), dayfirst=True).date()
        except (ValueError, OverflowError):
            continue
        if month_first == day_first or re.match(r"\d{4}-", match.group(1)):
            return month_first
    return None
