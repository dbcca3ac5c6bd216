"""Heights over the plane to regress on: the two regression datasets of TensorFlow Playground."""

from collections.abc import Callable

import numpy as np

from nnplay.data.dataset import EXTENT, PLANE, Dataset, Maker, Points
from nnplay.data.noise import RULED, SHIFTED, shake, stream

# x1, x2 and sign of each hill (+1) or hollow (-1).
HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


def plane(positions: np.ndarray) -> np.ndarray:
    """(x1 + x2) / 10."""
    return positions.sum(axis=1) / 10


def gaussians(positions: np.ndarray) -> np.ndarray:
    """sign * max(1 - d / 2, 0) of the nearest of `HILLS`, at distance d: cones, in spite of the name."""
    # Centres are 4 or more apart and a cone reaches 2, so no two overlap and the sum is the largest.
    return sum(
        (sign * np.clip(1 - np.hypot(*(positions - (x1, x2)).T) / 2, 0, 1) for x1, x2, sign in HILLS),
        start=np.zeros(len(positions)),
    )


def surface(height: Callable[[np.ndarray], np.ndarray]) -> Maker:
    """A maker of x1, x2 ~ U(-6, 6) with target height(p + n), n ~ noise * U(-6, 6)."""

    def make(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
        positions = stream(seed, "positions").uniform(-6, 6, (samples, 2))
        judged = shake(positions, label_noise, seed=seed, purpose="labels", reach=6)
        return shake(positions, position_noise, seed=seed), height(judged)

    return make


SURFACES: dict[str, Dataset] = {
    "plane": Dataset(
        name="plane",
        label="Plane",
        about="A tilted plane, (x1 + x2) / 10: one linear neuron is enough.",
        task="regression",
        inputs=PLANE,
        make=surface(plane),
        samples=1200,
        classes=0,
        label_noise=RULED.format(reach=6),
        position_noise=SHIFTED,
        extent=EXTENT,
    ),
    "gaussians": Dataset(
        name="gaussians",
        label="Hills and hollows",
        about="Three hills and three hollows on flat ground.",
        task="regression",
        inputs=PLANE,
        make=surface(gaussians),
        samples=1200,
        classes=0,
        label_noise=RULED.format(reach=6),
        position_noise=SHIFTED,
        extent=EXTENT,
    ),
}
