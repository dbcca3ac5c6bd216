"""What became of a gradient in words, as all parts of the gradients page write it."""

import numpy as np

from nnplay.numerals import times


def change_in_words(ratio: float) -> str:
    """What became of a gradient, `ratio` times what it was."""
    if not np.isfinite(ratio):
        return "overflows"
    if ratio == 0:
        return "is gone: exactly 0 in float32"
    if ratio > 1.5:
        return f"grows {times(ratio)} times"
    if ratio < 1 / 1.5:
        return f"shrinks {times(1 / ratio)} times"
    return "stays about the same"
