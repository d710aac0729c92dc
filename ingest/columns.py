"""Find the columns that a page of print is set in, so that each is read from its top to its foot."""

from __future__ import annotations

import bisect
import collections
import itertools
import statistics
from collections.abc import Sequence

from ingest.printed import Character

# Between two columns lies at least so much white, in points; blanks between words, even in justified text, are narrower.
MIN_GAP = 9.0
# Fewer lines side by side than this are a letterhead or a signature, and their order matters little.
MIN_LINES = 3
# Columns of prose, and not the cells of a table without rules, in which a row must stay together: most of their lines are about as long
# as the column is wide, hold some words, and often begin in the middle of a sentence.
MIN_FILL = 0.6
MIN_WORDS = 3
MIN_GOING_ON = 0.3


def find_cuts(lines: Sequence[Sequence[Character]]) -> list[float]:
    """Where the columns of a page are parted, in points from its left; nothing where it is set in one, or in a table.

    `lines` are the characters of each line of print, from left to right.
    """
    stretches = [stretch for line in lines for stretch in _stretches(line)]
    begins = collections.Counter(round(left) for left, _ in stretches)
    found: list[tuple[int, float]] = []  # how many stretches go over a cut, and the cut
    for x in (x for x, count in begins.items() if count >= MIN_LINES):
        before = sum(right <= x - MIN_GAP for _, right in stretches)
        behind = sum(left >= x - 1 for left, _ in stretches)
        over = len(stretches) - before - behind
        if before >= MIN_LINES and over <= min(before, behind):
            found.append((over, x - MIN_GAP / 2))
    found.sort()
    while found:
        cuts = sorted(cut for _, cut in found)
        columns: list[list[list[Character]]] = [[] for _ in range(len(cuts) + 1)]
        for line in lines:
            for column, part in split_line(line, cuts).items():
                columns[column].append(part)
        if all(_is_prose(column) for column in columns):
            return cuts
        found.pop()  # the one that most goes over
    return []


def split_line(line: Sequence[Character], cuts: Sequence[float]) -> dict[int, list[Character]]:
    """The characters of a line by the column they stand in, from 0; nothing where the line goes over a cut, as a heading may."""
    if any(left < cut < right for left, right in _stretches(line) for cut in cuts):
        return {}
    parts: dict[int, list[Character]] = {}
    for character in line:
        parts.setdefault(bisect.bisect(cuts, character["x0"]), []).append(character)
    return parts


def _stretches(line: Sequence[Character]) -> list[tuple[float, float]]:
    """The left and right ends of what stands in a line without more white in it than a blank."""
    found: list[tuple[float, float]] = []
    for character in line:
        if found and character["x0"] - found[-1][1] < MIN_GAP:
            found[-1] = (found[-1][0], max(found[-1][1], character["x1"]))
        else:
            found.append((character["x0"], character["x1"]))
    return found


def _is_prose(column: Sequence[Sequence[Character]]) -> bool:
    if len(column) < MIN_LINES:
        return False
    left = min(line[0]["x0"] for line in column)
    width = max(line[-1]["x1"] for line in column) - left
    fill = statistics.median((line[-1]["x1"] - left) / width for line in column)
    words = statistics.median(1 + sum(b["x0"] - a["x1"] > 0.15 * a["size"] for a, b in itertools.pairwise(line)) for line in column)
    going_on = statistics.mean(str(line[0]["text"]).islower() for line in column)
    return fill >= MIN_FILL and words >= MIN_WORDS and going_on >= MIN_GOING_ON
