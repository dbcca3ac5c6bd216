"""Classes of points in the plane: the four datasets of TensorFlow Playground and five more.

Class 1 is TensorFlow Playground's +1, class 0 its -1. Rows alternate between the classes where a class has
a place of its own; `load` shuffles.
"""

from functools import partial

import numpy as np

from nnplay.data.dataset import EXTENT, PLANE, Dataset, Points
from nnplay.data.noise import FLIPPED, RULED, SHIFTED, flip, shake, stream

SPREAD = "The variance of each coordinate is 0.5 + 7 * noise, as in TF Playground."


def _polar(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """(x1, x2) = (r sin a, r cos a): the angle is counted from the x2 axis, as in TF Playground."""
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def circle(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """Class 1 at r ~ U(0, 2.5), class 0 at r ~ U(3.5, 5); then label |p + n| < 2.5, n ~ noise * U(-5, 5)."""
    random = stream(seed, "positions")
    inside = np.arange(samples) % 2 == 1
    low, high = np.where(inside, 0.0, 3.5), np.where(inside, 2.5, 5.0)
    positions = _polar(random.uniform(low, high), random.uniform(0, 2 * np.pi, samples))
    judged = shake(positions, label_noise, seed=seed, purpose="labels", reach=5)
    labels = (np.hypot(*judged.T) < 2.5).astype(int)
    return shake(positions, position_noise, seed=seed), labels


def xor(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """p ~ U(-5, 5), pushed 0.3 off the axes; class 1 if (x1 + n1)(x2 + n2) >= 0, n ~ noise * U(-5, 5)."""
    positions = stream(seed, "positions").uniform(-5, 5, (samples, 2))
    positions += np.where(positions > 0, 0.3, -0.3)
    judged = shake(positions, label_noise, seed=seed, purpose="labels", reach=5)
    labels = (judged.prod(axis=1) >= 0).astype(int)
    return shake(positions, position_noise, seed=seed), labels


def gauss(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """Class 1 around (2, 2), class 0 around (-2, -2), variance 0.5 + 7 * noise in each coordinate."""
    labels = np.arange(samples) % 2
    centres = (4.0 * labels - 2)[:, None]
    return _clouds(centres, position_noise, seed), flip(labels, label_noise, classes=2, seed=seed)


def blobs(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """A cloud a class, centres evenly spaced on a circle of radius 3.5; variance as in `gauss`."""
    labels = np.arange(samples) % classes
    centres = _polar(np.full(samples, 3.5), 2 * np.pi * labels / classes)
    return _clouds(centres, position_noise, seed), flip(labels, label_noise, classes=classes, seed=seed)


def _clouds(centres: np.ndarray, noise: float, seed: int) -> np.ndarray:
    """One normal point (len(centres), 2) around each centre."""
    return centres + np.sqrt(0.5 + 7 * noise) * stream(seed, "positions").normal(size=(len(centres), 2))


def arms(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """Spiral arms r = 5 i / n, angle = (3.5 / classes) (i / n) 2 pi + D, n samples an arm, i = 0..n-1.

    Two arms are TF Playground's spiral: 1.75 turns, D = 0 for class 1 and pi for class 0. More arms turn
    less, which keeps the gap between neighbours.
    """
    labels, along = np.arange(samples) % classes, np.arange(samples) // classes / (samples / classes)
    start = 2 * np.pi * ((labels + 1) % classes) / classes
    positions = _polar(5 * along, 3.5 / classes * along * 2 * np.pi + start)
    labels = flip(labels, label_noise, classes=classes, seed=seed)
    return shake(positions, position_noise, seed=seed), labels


def moons(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """scikit-learn's two half circles, centred on the origin and three times as large."""
    from sklearn.datasets import make_moons

    positions, labels = make_moons(samples, shuffle=False)
    positions = 3 * (positions - [0.5, 0.25])
    return shake(positions, position_noise, seed=seed), flip(labels, label_noise, classes=2, seed=seed)


def rings(samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int) -> Points:
    """Class c, counted from the centre, at r ~ 5 (c + U(0, 0.7)) / 3."""
    random = stream(seed, "positions")
    labels = np.arange(samples) % 3
    radius = 5 * (labels + random.uniform(0, 0.7, samples)) / 3
    positions = _polar(radius, random.uniform(0, 2 * np.pi, samples))
    return shake(positions, position_noise, seed=seed), flip(labels, label_noise, classes=3, seed=seed)


def checkerboard(
    samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int
) -> Points:
    """x1, x2 ~ U(-6, 6) on 4 x 4 squares of side 3; the class is (floor(x1 / 3) + floor(x2 / 3)) mod 2."""
    positions = stream(seed, "positions").uniform(-6, 6, (samples, 2))
    labels = np.floor(positions / 3).astype(int).sum(axis=1) % 2
    return shake(positions, position_noise, seed=seed), flip(labels, label_noise, classes=2, seed=seed)


# What most of these share; each entry says what is different.
planar = partial(
    Dataset,
    task="classes",
    inputs=PLANE,
    samples=500,
    classes=2,
    label_noise=FLIPPED,
    position_noise=SHIFTED,
    extent=EXTENT,
)

PLANES: dict[str, Dataset] = {
    "circle": planar(
        name="circle",
        label="Circle",
        about="A disc inside a ring: one closed boundary.",
        make=circle,
        label_noise=RULED.format(reach=5),
    ),
    "xor": planar(
        name="xor",
        label="Exclusive or",
        about="Opposite quadrants share a class: no single line can part them.",
        make=xor,
        label_noise=RULED.format(reach=5),
    ),
    "gauss": planar(
        name="gauss",
        label="Gaussian",
        about="Two normal clouds: one neuron is enough.",
        make=gauss,
        position_noise=SPREAD,
    ),
    "spiral": planar(
        name="spiral",
        label="Spiral",
        about="Two arms wound around each other: the hard one of TensorFlow Playground.",
        make=arms,
    ),
    "moons": planar(
        name="moons",
        label="Moons",
        about="Two interlocking half circles, from scikit-learn.",
        make=moons,
    ),
    "rings": planar(
        name="rings",
        label="Rings",
        about="A disc in a ring in a ring: three classes that no straight line can part.",
        make=rings,
        classes=3,
    ),
    "checkerboard": planar(
        name="checkerboard",
        label="Checkerboard",
        about="Sixteen squares in turn: exclusive or, many times over.",
        make=checkerboard,
    ),
    "blobs": planar(
        name="blobs",
        label="Blobs",
        about="Normal clouds on a circle, one for each of two to six classes.",
        make=blobs,
        classes=(2, 6),
        position_noise=SPREAD,
    ),
    "arms": planar(
        name="arms",
        label="Spiral arms",
        about="Two to six spiral arms, a class each; with two it is the spiral.",
        make=arms,
        classes=(2, 6),
    ),
}
