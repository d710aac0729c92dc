"""A question in, an answer out."""

from answer.answer import ask
from answer.calibration import Calibration, calibration_of
from answer.compose import Prose, compose, prose_of, prose_row
from answer.follow_up import rewrite
from answer.nouns import Answer, Finding, Scope, Verdict
from answer.open import ready_index
from answer.scope import mentions
from answer.show import FORMATS, answer_row, escape_markdown, place_of, quote_of

__all__ = [
    "FORMATS",
    "Answer",
    "Calibration",
    "Finding",
    "Prose",
    "Scope",
    "Verdict",
    "answer_row",
    "ask",
    "calibration_of",
    "compose",
    "escape_markdown",
    "mentions",
    "place_of",
    "prose_of",
    "prose_row",
    "quote_of",
    "ready_index",
    "rewrite",
]
