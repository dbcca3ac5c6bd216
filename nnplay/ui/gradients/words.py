"""Numbers in words, as all parts of the gradients page write them."""

import numpy as np


def times(factor: float) -> str:
    """A positive number as people write it: 0.25, 37, 3.1 · 10⁻¹⁸."""
    if not np.isfinite(factor):
        return "infinity" if factor > 0 else "no number"
    if factor == 0:
        return "0"
    if 1e-3 <= abs(factor) < 1e5:
        return f"{factor:.3g}" if abs(factor) < 1000 else f"{factor:,.0f}"
    mantissa, exponent = f"{factor:.1e}".split("e")
    return f"{mantissa} · 10{exponent_of(int(exponent))}"


def exponent_of(power: int) -> str:
    """A whole number in raised digits."""
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


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
