"""Small data for single lessons: the four points of xor, and ten clouds in ten dimensions."""

import numpy as np

from nnplay.data.dataset import PLANE, Dataset, Points
from nnplay.data.noise import FLIPPED, SHIFTED, flip, shake, stream

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
# Of the clouds' middles from the origin; each cloud has a deviation of 1.
DISTANCE = 4.0


def corners(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """The corners of the unit square in turn; class 1 where the two coordinates differ."""
    points = CORNERS[np.arange(samples) % 4]
    labels = (points[:, 0] != points[:, 1]).astype(int)
    return shake(points, position_noise, seed=seed), flip(labels, label_noise, classes=2, seed=seed)


def clouds(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """A Gaussian cloud N(middle, 1) for each class, the middles at random in the same distance from 0."""
    random = stream(seed, "positions")
    middles = random.normal(size=(10, 10))
    middles *= DISTANCE / np.linalg.norm(middles, axis=1, keepdims=True)
    labels = np.arange(samples) % 10
    points = middles[labels] + random.normal(size=(samples, 10))
    return shake(points, position_noise, seed=seed), flip(labels, label_noise, classes=10, seed=seed)


LESSONS: dict[str, Dataset] = {
    "corners": Dataset(
        name="corners",
        label="Four points of xor",
        about="(0, 0), (0, 1), (1, 0) and (1, 1), each ten times: +1 where the two differ.",
        task="classes",
        inputs=PLANE,
        make=corners,
        samples=40,
        classes=2,
        label_noise=FLIPPED,
        position_noise=SHIFTED,
        extent=(-0.5, 1.5),
    ),
    "clouds": Dataset(
        name="clouds",
        label="Ten clouds",
        about="Ten classes in ten dimensions, each a round cloud about a middle of its own.",
        task="classes",
        inputs=tuple(f"x{index}" for index in range(1, 11)),
        make=clouds,
        samples=1000,
        classes=10,
        label_noise=FLIPPED,
        position_noise=SHIFTED,
    ),
}
