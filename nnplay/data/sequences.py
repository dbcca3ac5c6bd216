"""Sequences (samples, steps, inputs) with one target at their end: what has to be remembered, and how long.

The adding problem is Hochreiter and Schmidhuber's (1997), in the form of Le, Jaitly and Hinton (2015) that
most papers since have used; recall is the latching problem of Bengio, Simard and Frasconi (1994).
"""

from functools import lru_cache

import numpy as np

from nnplay.data.dataset import Dataset, Points
from nnplay.data.noise import FLIPPED, SHAKEN, flip, shake, stream

MOST_SYMBOLS = 6
# Periods of a wave, in steps.
PERIODS = (6.0, 24.0)
MOVED = "Every {what} is moved by up to the noise; the target stays."


def adding(
    samples: int, *, steps: int, seed: int, label_noise: float, position_noise: float, classes: int
) -> Points:
    """Values U(0, 1), two of them marked, one in each half; the target is the sum of these two."""
    random = stream(seed, "positions")
    values = random.random((samples, steps))
    rows, half = np.arange(samples), steps // 2
    marked = random.integers(0, half, samples), random.integers(half, steps, samples)
    markers = np.zeros((samples, steps))
    for place in marked:
        markers[rows, place] = 1
    targets = values[rows, marked[0]] + values[rows, marked[1]]
    moved = shake(values, position_noise, seed=seed)
    return np.stack([moved, markers], axis=2), shake(targets, label_noise, seed=seed, purpose="labels")


def recall(
    samples: int, *, steps: int, seed: int, label_noise: float, position_noise: float, classes: int
) -> Points:
    """A symbol at the first step, one line each, then noise U(-1, 1) on a line of its own."""
    random = stream(seed, "positions")
    symbols = random.integers(0, classes, samples)
    sequences = np.zeros((samples, steps, MOST_SYMBOLS + 1))
    sequences[np.arange(samples), 0, symbols] = 1
    sequences[:, 1:, -1] = random.uniform(-1, 1, (samples, steps - 1))
    moved = shake(sequences, position_noise, seed=seed)
    return moved, flip(symbols, label_noise, classes=classes, seed=seed)


def parity(
    samples: int, *, steps: int, seed: int, label_noise: float, position_noise: float, classes: int
) -> Points:
    """Fair bits; class 1 when the number of ones is odd."""
    bits = stream(seed, "positions").integers(0, 2, (samples, steps, 1))
    odd = bits.sum(axis=(1, 2)) % 2
    return shake(bits.astype(float), position_noise, seed=seed), flip(odd, label_noise, classes=2, seed=seed)


def wave(
    samples: int, *, steps: int, seed: int, label_noise: float, position_noise: float, classes: int
) -> Points:
    """sin(2 pi t / period + phase) at t = 0, 1, ...; the target is its value at t = steps."""
    random = stream(seed, "positions")
    period, phase = random.uniform(*PERIODS, samples), random.uniform(0, 2 * np.pi, samples)
    values = np.sin(2 * np.pi * np.arange(steps + 1) / period[:, None] + phase[:, None])
    moved = shake(values[:, :-1, None], position_noise, seed=seed)
    return moved, shake(values[:, -1], label_noise, seed=seed, purpose="labels")


def wave_after(values: np.ndarray, count: int) -> np.ndarray:
    """The next `count` values, (count,), of the sine that lies nearest to `values` (steps,): without noise it
    is the one that made them.

    Of every period the best amplitude and phase by least squares; then periods ever closer to the best one.
    The array may be another caller's, too: it cannot be written to.
    """
    return _wave_after(values.astype(float).tobytes(), count)


# Milliseconds each, and asked for again at every tick for as long as a page shows the same sample.
@lru_cache(maxsize=256)
def _wave_after(known_values: bytes, count: int) -> np.ndarray:
    values = np.frombuffer(known_values)
    times, (low, high) = np.arange(len(values) + count), PERIODS
    period, width = (low + high) / 2, (high - low) / 2
    while width > 1e-6:
        periods = np.clip(np.linspace(period - width, period + width, 181), low, high)
        turns = 2 * np.pi * times / periods[:, None]
        waves = np.stack([np.sin(turns), np.cos(turns)], axis=2)
        known = waves[:, : len(values)]
        factors = np.linalg.pinv(known) @ values[:, None]
        nearest = int(np.argmin(((known @ factors)[:, :, 0] - values) ** 2 @ np.ones(len(values))))
        period, width = float(periods[nearest]), width / 45
    after: np.ndarray = (waves[nearest, len(values) :] @ factors[nearest])[:, 0]
    after.flags.writeable = False
    return after


SEQUENCES: dict[str, Dataset] = {
    "adding": Dataset(
        name="adding",
        label="Adding problem",
        about="Random numbers, two of them marked: their sum is asked for. Always saying 1 has mse 1/6.",
        task="regression",
        inputs=("value", "marker"),
        make=adding,
        samples=2000,
        classes=0,
        label_noise=SHAKEN,
        position_noise=MOVED.format(what="value"),
        targets=("sum of the marked values",),
        sequence=True,
    ),
    "recall": Dataset(
        name="recall",
        label="Delayed recall",
        about="A symbol at the first step, then only noise: at the end the symbol is asked for.",
        task="classes",
        inputs=(*(f"symbol {letter}" for letter in "abcdef"), "noise"),
        make=recall,
        samples=1000,
        classes=(2, MOST_SYMBOLS),
        label_noise=FLIPPED,
        position_noise=MOVED.format(what="input"),
        targets=tuple("abcdef"),
        sequence=True,
    ),
    "parity": Dataset(
        name="parity",
        label="Parity through time",
        about="Bits one after the other: is the number of ones odd? Every single one turns the answer round.",
        task="classes",
        inputs=("bit",),
        make=parity,
        samples=1000,
        classes=2,
        label_noise=FLIPPED,
        position_noise=MOVED.format(what="bit"),
        targets=("even", "odd"),
        sequence=True,
    ),
    "wave": Dataset(
        name="wave",
        label="Next value of a wave",
        about="A sine of unknown period and phase, step by step; the value that comes next is asked for.",
        task="regression",
        inputs=("value",),
        make=wave,
        samples=1000,
        classes=0,
        label_noise=SHAKEN,
        position_noise=MOVED.format(what="value"),
        targets=("next value",),
        sequence=True,
        goes_on=wave_after,
    ),
}
