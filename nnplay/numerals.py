"""Numbers as people write them."""

import math


def times(factor: float) -> str:
    """A positive number as people write it: 0.25, 37, 3.1 · 10⁻¹⁸."""
    if not math.isfinite(factor):
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
