"""Streams of random numbers, and the two kinds of noise: values shaken, labels flipped.

Each purpose has a stream of its own, so that turning one noise up moves nothing else, and the same draws
are scaled as it grows.
"""

from math import floor
from typing import Literal

import numpy as np

Purpose = Literal["positions", "labels", "shifts", "split"]
PURPOSES: tuple[Purpose, ...] = ("positions", "labels", "shifts", "split")

FLIPPED = "The noise is the share of each class whose labels are changed to another class."
RULED = (
    "The label is that of a place up to {reach} times the noise away along each axis, as in TF Playground."
)
SHAKEN = "The target is raised or lowered by up to the noise."
SHIFTED = "Every coordinate is moved by up to the noise; the target stays."


def stream(seed: int, purpose: Purpose) -> np.random.Generator:
    """The random numbers for one purpose under one seed."""
    return np.random.default_rng([PURPOSES.index(purpose), seed])


def shake(
    values: np.ndarray,
    noise: float,
    *,
    seed: int,
    purpose: Purpose = "shifts",
    reach: float | np.ndarray = 1.0,
) -> np.ndarray:
    """values + noise * U(-reach, reach), drawn for every value."""
    return values + noise * reach * stream(seed, purpose).uniform(-1, 1, values.shape)


def flip(labels: np.ndarray, share: float, *, classes: int, seed: int) -> np.ndarray:
    """Change the label of `share` of each class (rounded down) to any other class, all equally likely.

    The labels changed at a small share are among those changed at a larger one.
    """
    random = stream(seed, "labels")
    order = random.permutation(len(labels))
    steps = random.integers(1, classes, len(labels))
    flipped = labels.copy()
    for label in range(classes):
        members = order[labels[order] == label]
        chosen = members[: floor(round(share * len(members), 6))]
        flipped[chosen] = (label + steps[chosen]) % classes
    return flipped
