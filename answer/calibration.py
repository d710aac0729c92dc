"""The few numbers by which sentences are ranked and a policy is called silent, as `python -m training.calibrate` found them."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import pathlib
from typing import Any

PATH = pathlib.Path(__file__).with_name("calibration.json")


@dataclasses.dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the parts of a score, the logistic function to a probability, and the threshold on that.

    `nearness` is cosine + chunk * … + lexical * … + neighbour * …. Where `read` is 0, it is the score. Else the reader reads
    the nearest `read` sentences of a policy that is asked alone, and a score is its log-odds + `near` * nearness. Where
    `stances` is 1, a network of its own reads the best sentence for its verdict; where it is 0, the verdict is the reader's. The
    values here hold for an encoder that nothing was fitted for: the embedded one without adapter and reader, on held-out lessons.
    """

    encoder: str
    reader: str = ""
    read: int = 0
    stances: int = 0
    near: float = 0.0
    chunk: float = 0.2
    lexical: float = 0.15
    neighbour: float = 0.15
    slope: float = 8.0
    middle: float = 0.5
    threshold: float = 0.35

    def confidence(self, best: float) -> float:
        """The probability that the sentence with this score answers."""
        return 1.0 / (1.0 + math.exp(max(-60.0, min(60.0, -self.slope * (best - self.middle)))))


@functools.cache
def calibration_of(encoder_name: str) -> Calibration:
    """The calibration for an encoder: the committed one where it was fitted for it, else the cautious defaults."""
    row = _committed()
    names = {field.name for field in dataclasses.fields(Calibration)}
    if row["encoder"] != encoder_name:
        return Calibration(encoder_name)
    return Calibration(**{name: value for name, value in row.items() if name in names})


def stated_error() -> float:
    """The share of answerable questions that the committed threshold was chosen to refuse, at most, on the questions that it was chosen on."""
    return float(_committed()["false_refusals"])


@functools.cache
def _committed() -> dict[str, Any]:
    return dict(json.loads(PATH.read_text("utf-8")))
