"""Targets drawn by chance: there is nothing to learn but the noise itself, which is the lesson."""

from nnplay.data.dataset import PLANE, Dataset, Points
from nnplay.data.noise import stream


def random_targets(
    samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int
) -> Points:
    """Twenty inputs and a target, all U(0, 1) and independent."""
    return stream(seed, "positions").random((samples, 20)), stream(seed, "labels").random(samples)


def random_labels(
    samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int
) -> Points:
    """Two inputs U(0, 1), and a fair coin for the class."""
    return stream(seed, "positions").random((samples, 2)), stream(seed, "labels").integers(0, 2, samples)


CHANCE: dict[str, Dataset] = {
    "random_targets": Dataset(
        name="random_targets",
        label="Random targets",
        about="Random numbers to predict from twenty random numbers: only learning by heart can help.",
        task="regression",
        inputs=tuple(f"x{index}" for index in range(1, 21)),
        make=random_targets,
        samples=100,
        classes=0,
        label_noise="",
        position_noise="",
        unit_targets=True,
    ),
    "random_labels": Dataset(
        name="random_labels",
        label="Random labels",
        about="A coin tossed for every point: whatever is learned, the test samples stay at chance.",
        task="classes",
        inputs=PLANE,
        make=random_labels,
        samples=1000,
        classes=2,
        label_noise="",
        position_noise="",
        extent=(0.0, 1.0),
    ),
}
