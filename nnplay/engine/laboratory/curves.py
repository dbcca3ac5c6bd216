"""An activation function by itself: its values and slopes as Keras computes them, and where it has kinks."""

from functools import lru_cache
from typing import Any

import numpy as np

from nnplay.catalog import parse_activation
from nnplay.engine.backend import tf
from nnplay.engine.layers import activation

# Kinks are looked for between -REACH and REACH; the cells of the search are finest around 0.
REACH = 60.0
CELLS = 800
NARROWEST = 1e-12
# A change of slope that is still there when the cell is as narrow as numbers allow is a kink; as a share of
# the value or slope where these are large.
SMALLEST_KINK = 1e-6


def curves(names: tuple[str, ...], low: float, high: float, points: int) -> dict[str, Any]:
    """Each function over [low, high]: `x` (points,), `f` and `slope` {name: (points,)}, `kinks` {name: (k,)}.

    Values by Keras, slopes by TensorFlow's gradient tape, float64; kinks as in `kinks`, those in the range.
    A function of a whole layer (softmax) is shown as the first output of a layer that sums up (x, 0), its
    slope by x.
    """
    x = np.linspace(low, high, points)
    drawn = {name: values_and_slopes(name, x) for name in names}
    found = {name: kinks(name) for name in names}
    return {
        "x": x,
        "f": {name: f for name, (f, _) in drawn.items()},
        "slope": {name: slope for name, (_, slope) in drawn.items()},
        "kinks": {name: places[(low <= places) & (places <= high)] for name, places in found.items()},
    }


def probe(names: tuple[str, ...], x: float) -> dict[str, tuple[float, float]]:
    """Value and slope of each function at one place, {name: (value, slope)}."""
    found = {}
    for name in names:
        f, slope = values_and_slopes(name, np.array([x]))
        found[name] = (float(f[0]), float(slope[0]))
    return found


def values_and_slopes(name: str, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """f(x) and f'(x), each of the shape of `x` and in float64."""
    entry, _ = parse_activation(name)
    given = tf.constant(np.asarray(x, "float64").ravel())
    with tf.GradientTape() as tape:
        tape.watch(given)
        if entry.elementwise:
            f = activation(name)(given)
        else:
            f = activation(name)(tf.stack([given, tf.zeros_like(given)], axis=1))[:, 0]
    slope = tape.gradient(f, given, unconnected_gradients="zero")
    return f.numpy().reshape(x.shape), slope.numpy().reshape(x.shape)


@lru_cache(maxsize=256)
def kinks(name: str) -> np.ndarray:
    """The places where value or slope jumps, ascending, (kinks,): found by bisection on Keras's function."""
    steps = np.linspace(-1, 1, CELLS)  # an even number: 0 is inside a cell
    edges = REACH * np.sinh(7 * steps) / np.sinh(7)
    left, right = edges[:-1].copy(), edges[1:].copy()
    # Over cells that hold no kink the change vanishes with their width: they drop out on the way.
    while len(left) and (right - left).max() > NARROWEST:
        middle = (left + right) / 2
        f, slope = values_and_slopes(name, np.stack([left, middle, right]))
        first, second = (np.maximum(_steps(f)[side], _steps(slope)[side]) for side in (0, 1))
        kept = np.maximum(first, second) > SMALLEST_KINK
        goes_left = first >= second
        left = np.where(goes_left, left, middle)[kept]
        right = np.where(goes_left, middle, right)[kept]
    places = (left + right) / 2
    # What is within rounding of a short number is that number.
    return np.unique(np.where(np.abs(places - np.round(places, 9)) < 1e-9, np.round(places, 9), places) + 0.0)


def _steps(values: np.ndarray) -> np.ndarray:
    """Changes between left end, middle and right end (3, cells), as shares of values above 1, (2, cells)."""
    return np.abs(np.diff(values, axis=0)) / np.maximum(1, np.abs(values[1]))
