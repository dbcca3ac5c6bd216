"""Curves y(x) on [-6, 6] to regress on, all between -1 and 1."""

from collections.abc import Callable

import numpy as np

from nnplay.data.dataset import EXTENT, LINE, Dataset, Points
from nnplay.data.noise import SHAKEN, SHIFTED, shake, stream


def sine(x: np.ndarray) -> np.ndarray:
    """sin x."""
    return np.sin(x)


def step(x: np.ndarray) -> np.ndarray:
    """1 for x > 0, else -1."""
    return np.where(x > 0, 1.0, -1.0)


def sinc(x: np.ndarray) -> np.ndarray:
    """sin x / x, 1 at x = 0."""
    return np.sinc(x / np.pi)


def sawtooth(x: np.ndarray) -> np.ndarray:
    """2 (x / 4 mod 1) - 1: rises from -1 to 1 over each 4, then drops."""
    return 2 * (x / 4 % 1) - 1


def polynomial(x: np.ndarray) -> np.ndarray:
    """4 u^3 - 3 u with u = x / 6: the third Chebyshev polynomial."""
    u = x / 6
    return 4 * u**3 - 3 * u


def curve(name: str, label: str, about: str, height: Callable[[np.ndarray], np.ndarray]) -> Dataset:
    """The dataset x ~ U(-6, 6), y = height(x)."""

    def make(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
        positions = stream(seed, "positions").uniform(-6, 6, (samples, 1))
        targets = shake(height(positions[:, 0]), label_noise, seed=seed, purpose="labels")
        return shake(positions, position_noise, seed=seed), targets

    return Dataset(
        name=name,
        label=label,
        about=about,
        task="regression",
        inputs=LINE,
        make=make,
        samples=200,
        classes=0,
        label_noise=SHAKEN,
        position_noise=SHIFTED,
        extent=EXTENT,
    )


CURVES: dict[str, Dataset] = {
    "sine": curve("sine", "Sine", "Nearly two periods of sin x.", sine),
    "step": curve(
        "step", "Step", "A jump from -1 to 1 at 0, which a smooth network can only approach.", step
    ),
    "sinc": curve("sinc", "Sinc", "sin x / x: one high peak between small ripples.", sinc),
    "sawtooth": curve("sawtooth", "Sawtooth", "Straight ramps with a jump back every 4.", sawtooth),
    "polynomial": curve(
        "polynomial", "Cubic", "4 u^3 - 3 u with u = x / 6: up, down and up again.", polynomial
    ),
}
