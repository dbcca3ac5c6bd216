"""Signals: numbers in a row that belong together, short enough to compare all kinds of networks in seconds.

MNIST-1D is made by the published method (S. Greydanus and D. Kobak, "Scaling down deep learning with
MNIST-1D", 2024; package `mnist1d` 0.0.2, whose constants these are), with random numbers of our own.
"""

import numpy as np

from nnplay.data.dataset import Dataset, Points
from nnplay.data.noise import FLIPPED, flip, shake, stream

LENGTH = 40
PADDING = (36, 60)
SCALE, CORRELATED, INDEPENDENT, SHEAR, MOST_SHIFT = 0.4, 0.25, 0.02, 0.75, 48

# The ten digits as strokes of twelve points, seen from the side.
STROKES = np.array(
    [
        [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
        [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
        [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
        [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
        [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
        [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
        [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
        [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
    ]
)


def templates() -> np.ndarray:
    """(10, 12): each stroke with deviation 1/6, from 0 on."""
    x = STROKES - STROKES.mean(axis=1, keepdims=True)
    x = x / x.std(axis=1, keepdims=True)
    return np.asarray((x - x[:, :1]) / 6)


def signal(template: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One sample (40,): the stroke padded, stretched, scaled, shifted, made noisy, and sheared."""
    low, high = PADDING
    # A trace added, so that the stroke's own zeros are told from those around it.
    padded = np.concatenate([template + 1e-8, np.zeros(low + int(random.random() * (high - low + 1)))])
    long = _stretched(padded, len(template) + high) * (1 + SCALE * (random.random() - 0.5))
    long = np.roll(long, random.integers(MOST_SHIFT))
    around = _smooth(CORRELATED * random.normal(size=len(long)))
    long = np.where(long != 0, long, around) + INDEPENDENT * random.normal(size=len(long))
    long = long - SHEAR * (random.random() - 0.5) * np.linspace(-0.5, 0.5, len(long))
    return _stretched(long, LENGTH)


def _stretched(x: np.ndarray, length: int) -> np.ndarray:
    """The same curve by as many points, straight in between."""
    return np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(x)), x)


def _smooth(x: np.ndarray) -> np.ndarray:
    """A Gaussian filter of deviation 2, cut at 8, the ends reflected."""
    places = np.arange(-8, 9)
    kernel = np.exp(-(places**2) / 8)
    return np.convolve(np.pad(x, 8, mode="symmetric"), kernel / kernel.sum(), mode="valid")


def mnist1d(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """(samples, 40), all together with mean 0 and deviation 1, as many of each class as of any other."""
    random = stream(seed, "positions")
    labels = np.arange(samples) % 10
    strokes = templates()
    x = np.stack([signal(strokes[label], random) for label in labels])
    x = (x - x.mean()) / x.std()
    return shake(x, position_noise, seed=seed), flip(labels, label_noise, classes=10, seed=seed)


SIGNALS: dict[str, Dataset] = {
    "mnist1d": Dataset(
        name="mnist1d",
        label="MNIST-1D",
        about="Digits as signals of 40 numbers, shifted and noisy: order matters, so networks differ (2024).",
        task="classes",
        inputs=tuple(f"step {step}" for step in range(1, LENGTH + 1)),
        make=mnist1d,
        samples=2000,
        classes=10,
        label_noise=FLIPPED,
        position_noise="Every value is moved by up to the noise; the target stays.",
        targets=tuple("0123456789"),
        layout=(LENGTH, 1),
    ),
}
