"""Ranges of a sweep's numbers: `0.001..0.1` is drawn from at random, `0.001..0.1:5` is a grid of five.

A setting whose values matter by their ratio (`Setting.log`) is drawn, and stepped, evenly in its logarithm.
"""

import math
import random
import re
from dataclasses import dataclass
from itertools import pairwise

from nnplay.experiment import SETTINGS, Setting, check_value
from nnplay.experiment.error import show

MARK = ".."
# So many digits of what is drawn or stepped are kept: labels and links stay short.
DIGITS = 4


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high`, both included; `steps` of them evenly, or 0: drawn at random."""

    name: str
    low: float
    high: float
    steps: int = 0

    @property
    def log(self) -> bool:
        """Whether evenly means: in the logarithm."""
        return SETTINGS[self.name].log

    def at(self, share: float) -> int | float:
        """The number at a share from 0 (`low`) to 1 (`high`) of the way."""
        if share in (0, 1):
            return self.high if share else self.low
        if self.log:
            value = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + share * (self.high - self.low)
        value = round(value) if SETTINGS[self.name].whole else float(f"{value:.{DIGITS}g}")
        # Rounded, an end could leave the range.
        return type(value)(min(max(value, self.low), self.high))

    def draw(self, random: random.Random) -> int | float:
        """One of them at random; of whole numbers each end is as likely as its neighbours."""
        if SETTINGS[self.name].whole and not self.log:
            return random.randint(int(self.low), int(self.high))
        return self.at(random.random())

    def grid(self) -> list[int | float]:
        """The steps from end to end; of whole numbers fewer, where several come to the same one."""
        return list(dict.fromkeys(self.at(place / (self.steps - 1)) for place in range(self.steps)))

    def parts(self, most: int) -> list[tuple[int | float, int | float]]:
        """The range in at most so many equal parts, each from its least number to its greatest, going up.

        Whole numbers are in one part each, and where there are no more than `most` each is a part by itself.
        Of other numbers a part ends where the next one begins: that number is the next one's.
        """
        if not SETTINGS[self.name].whole:
            # Rounded, the ends of a narrow range's parts come to the same number.
            return list(pairwise(dict.fromkeys(self.at(place / most) for place in range(most + 1))))
        low, high = int(self.low), int(self.high)
        count = high - low + 1
        if count <= most:
            return [(number, number) for number in range(low, high + 1)]
        # Even in the logarithm, the first parts may be narrower than 1: some begin with the same number.
        starts = dict.fromkeys(
            int(self.at(place / most)) if self.log else low + place * count // most for place in range(most)
        )
        return [(first, following - 1) for first, following in pairwise([*starts, high + 1])]


def is_range(text: object) -> bool:
    """Whether this is meant as a range."""
    return isinstance(text, str) and MARK in text


def read_range(name: str, text: str, most: int) -> Range:
    """The range of a setting's values, at most so many steps. Raises ValueError with a sentence."""
    setting = SETTINGS[name]
    label = f"{setting.label} ({name})"
    if setting.low is None or setting.choices:
        given = "names" if setting.choices else "0 and 1" if setting.whole is None else "texts"
        raise ValueError(
            f"{label} has {given} for values and no ranges, so not {show(text)}. List the values."
        )
    ends, colon, count = text.partition(":")
    low, _, high = (part.strip() for part in ends.partition(MARK))
    if not low or not high or MARK in high or (colon and not count.strip()):
        example = _example(setting)
        raise ValueError(
            f"{label}: a range is written {example}, or {example}:5 for 5 steps, not {show(text)}."
        )
    first, last = check_value(name, low), check_value(name, high)
    if first >= last:
        raise ValueError(
            f"{label}: the range {show(text)} does not go up. Give its smaller end first: {high}..{low}."
            if first > last
            else f"{label}: the range {show(text)} has one number only. Give that number, or another end."
        )
    if setting.log and first <= 0:
        raise ValueError(
            f"{label} goes up by ratios, so its range cannot begin at 0, as {show(text)} does. "
            f"Begin above 0, and list 0 beside a range with steps if it is wanted: 0, {_example(setting)}:5."
        )
    if not colon:
        return Range(name, first, last)
    steps = count.strip()
    if not re.fullmatch(r"[0-9]{1,6}", steps) or not 2 <= int(steps) <= most:
        raise ValueError(f"{label}: a range has from 2 to {most} steps, not {show(steps)}.")
    return Range(name, first, last, int(steps))


def _example(setting: Setting) -> str:
    if setting.whole:
        return "10..100"
    return "0.001..0.1" if setting.log else "0.1..0.5"
