"""The shape of a function, read off its measured values and slopes: where it is flat, bends or jumps."""

from dataclasses import dataclass

import numpy as np

# Saturated is where the slope is under this share of the largest one within [-3, 3], where most sums lie.
FLAT_BELOW = 0.05
CENTRE = 3.0


@dataclass(frozen=True)
class Shape:
    """`flat`: stretches of the input axis, (from, to), where hardly any gradient passes, infinite where they
    reach the end of what was measured. `kinks`: where only the slope jumps; `jumps`: where the value does."""

    flat: tuple[tuple[float, float], ...]
    kinks: tuple[float, ...]
    jumps: tuple[float, ...]


def shape(x: np.ndarray, f: np.ndarray, slope: np.ndarray, breaks: np.ndarray) -> Shape:
    """The shape of values and slopes (points,) at evenly spaced, dense `x` (points,).

    `breaks`: the places, (k,), where value or slope jumps.
    """
    scale = float(np.abs(slope[np.abs(x) <= CENTRE]).max())
    flat = np.abs(slope) < FLAT_BELOW * scale if scale > 0 else np.ones(len(x), bool)
    jumping = [_jumps(x, f, scale, float(place)) for place in breaks]
    return Shape(
        flat=tuple(_stretches(x, flat)),
        kinks=tuple(float(place) for place, jumps in zip(breaks, jumping, strict=True) if not jumps),
        jumps=tuple(float(place) for place, jumps in zip(breaks, jumping, strict=True) if jumps),
    )


def _jumps(x: np.ndarray, f: np.ndarray, scale: float, place: float) -> bool:
    """Whether the value jumps at a break: more than any slope makes of the two steps around it."""
    step = float(x[1] - x[0])
    index = int(np.clip(np.searchsorted(x, place), 1, len(x) - 2))
    around = f[index - 1 : index + 2]
    return bool(np.ptp(around) > 4 * step * max(scale, 1.0))


def _stretches(x: np.ndarray, flat: np.ndarray) -> list[tuple[float, float]]:
    """Where `flat` (points,) is true, as stretches; single points (a minimum) are none."""
    edges = np.flatnonzero(np.diff(np.pad(flat.astype(np.int8), 1)))
    found = []
    for start, end in zip(edges[::2], edges[1::2] - 1, strict=True):
        low = -np.inf if start == 0 else float(x[start])
        high = np.inf if end == len(x) - 1 else float(x[end])
        if high - low > 0.5:
            found.append((low, high))
    return found
