"""What to call a policy of which only the file is known."""

from __future__ import annotations

import collections
import re

# A word of its own: no letter or digit on either side of it.
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?![^\W_])")
# Shorter stems are abbreviations that people use ("hr", "hr-2024", "T&C"); longer ones, where this share of them could be hexadecimal,
# were given by a machine ("000_405d2dc699b82696").
MIN_MACHINE_CHARACTERS = 8
MACHINE_SHARE = 0.8
# A capitalised word in the middle of a sentence: after a lower-case word and a blank.
_PROPER = re.compile(r"(?<=[a-z,] )[A-Z][\w]*(?:\.[A-Z][\w]*|[A-Z]\w*)*")
# A name is a name if the text says it this often.
MIN_MENTIONS = 3


def policy_name(stem: str, title: str, text: str) -> str:
    """The file's stem as words; where a machine named the file, the name that the text uses most, else its title.

    >>> policy_name("travel-and_expenses", "", ""), policy_name("hr-2024", "", ""), policy_name("隐私政策", "", "")
    ('travel and expenses', 'hr 2024', '隐私政策')
    >>> policy_name("0a1b2c3d", "Privacy Policy", "We at Acme care. Data of Acme, and by Acme alone, in the Service of Acme.")
    'Acme'
    """
    if not _given_by_a_machine(stem):
        return " ".join(re.split(r"[\s_\-]+", stem)).strip()
    lower = set(re.findall(r"\b[a-z]+\b", text))
    counts = collections.Counter(word for word in _PROPER.findall(text) if word.lower() not in lower and len(word) > 2)
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] >= MIN_MENTIONS else title or stem


def _given_by_a_machine(stem: str) -> bool:
    signs = re.findall(r"[^\W_]", stem)
    if not re.search(r"[^\W\d_]", stem):
        return True
    hexadecimal = sum(sign in "0123456789abcdefABCDEF" for sign in signs)
    return not _WORD.search(stem) and len(signs) >= MIN_MACHINE_CHARACTERS and hexadecimal > MACHINE_SHARE * len(signs)
