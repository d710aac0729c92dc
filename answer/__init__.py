"""A question in, an answer out."""

from answer.answer import ask
from answer.calibration import Calibration, calibration_of, stated_error
from answer.compose import Prose, compose, prose_of, prose_row
from answer.follow_up import rewrite
from answer.nouns import Answer, Finding, Scope, Verdict
from answer.open import ready_index
from answer.quote import is_list
from answer.read import Pair, Reader, the_reader
from answer.scope import find_scope, mentions
from answer.show import FORMATS, answer_row, escape_markdown, on_one_line, place_of, quote_of

__all__ = [
    "FORMATS",
    "Answer",
    "Calibration",
    "Finding",
    "Pair",
    "Prose",
    "Reader",
    "Scope",
    "Verdict",
    "answer_row",
    "ask",
    "calibration_of",
    "compose",
    "escape_markdown",
    "find_scope",
    "is_list",
    "mentions",
    "on_one_line",
    "place_of",
    "prose_of",
    "prose_row",
    "quote_of",
    "ready_index",
    "rewrite",
    "stated_error",
    "the_reader",
]
