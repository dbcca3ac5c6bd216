"""A sample that somebody makes up: checked, and written as a text that can name it."""

import base64
import binascii
import math
from collections.abc import Sequence

import numpy as np

from nnplay.data.split import Split

# So many times the width of the data a value may lie outside them: farther out is a slip of the keyboard.
BEYOND = 10


class BadSample(ValueError):
    """Values that are no sample of this data; the message says which, and what is allowed."""


def ranges(split: Split) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value of each input in the data, (inputs,) each."""
    both = np.concatenate([split.positions_train, split.positions_test])
    both = both.reshape(-1, both.shape[-1])
    return both.min(axis=0), both.max(axis=0)


def check_sample(split: Split, names: Sequence[str], values: Sequence[object]) -> np.ndarray:
    """The sample (inputs,), float32, with these values of the inputs called `names`. Raises `BadSample`."""
    if len(values) != len(names):
        raise BadSample(f"A sample has {len(names)} values here, not {len(values)}.")
    low, high = ranges(split)
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            given = "nothing" if value is None else str(value)[:40]
            raise BadSample(f"{name} must be a number, not {given}.")
        width = float(high[place] - low[place]) or 1.0
        least, most = float(low[place]) - BEYOND * width, float(high[place]) + BEYOND * width
        if not least <= value <= most:
            raise BadSample(
                f"{name} = {value:g} is too far from the data ({low[place]:g} to {high[place]:g}). "
                f"Allowed are {least:.4g} to {most:.4g}."
            )
    return np.array(values, np.float32)


def outside(split: Split, names: Sequence[str], position: np.ndarray) -> list[str]:
    """The names of the inputs whose value (inputs,) lies outside all that is in the data."""
    low, high = ranges(split)
    return [name for name, v, a, b in zip(names, position, low, high, strict=True) if not a <= v <= b]


def write_sample(position: np.ndarray) -> str:
    """A position as a text; `read_sample` reads it."""
    return base64.urlsafe_b64encode(np.asarray(position, "<f4").tobytes()).decode()


def read_sample(split: Split, written: str) -> np.ndarray:
    """The position, of the shape of one sample of this data. Raises `BadSample`."""
    shape = split.positions_train.shape[1:]
    try:
        values = np.frombuffer(base64.urlsafe_b64decode(written), "<f4")
    except (binascii.Error, ValueError):
        values = np.zeros(0, "<f4")
    if values.size != math.prod(shape) or not np.isfinite(values).all():
        raise BadSample(
            f"This is no sample of this data, which has {math.prod(shape)} finite values a sample."
        )
    return values.reshape(shape)
