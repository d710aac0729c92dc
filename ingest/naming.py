"""What to call a policy of which only the file is known."""

from __future__ import annotations

import collections
import re

# A file name is no name if it has no word in it: "000_405d2dc699b82696" was given by a machine.
_READABLE = re.compile(r"(?<![a-zA-Z0-9])[a-zA-Z]{3,}(?![a-zA-Z0-9])")
# A capitalised word in the middle of a sentence: after a lower-case word and a blank.
_PROPER = re.compile(r"(?<=[a-z,] )[A-Z][\w]*(?:\.[A-Z][\w]*|[A-Z]\w*)*")
# A name is a name if the text says it this often.
MIN_MENTIONS = 3


def policy_name(stem: str, title: str, text: str) -> str:
    """The file's stem as words; where a machine named the file, the name that the text uses most, else its title.

    >>> policy_name("travel-and_expenses", "", "")
    'travel and expenses'
    >>> policy_name("0a1b2c3d", "Privacy Policy", "We at Acme care. Data of Acme, and by Acme alone, in the Service of Acme.")
    'Acme'
    """
    if _READABLE.search(stem):
        return " ".join(re.split(r"[\s_\-]+", stem)).strip()
    lower = set(re.findall(r"\b[a-z]+\b", text))
    counts = collections.Counter(word for word in _PROPER.findall(text) if word.lower() not in lower and len(word) > 2)
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] >= MIN_MENTIONS else title or stem
