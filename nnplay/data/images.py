"""MNIST and Fashion-MNIST: pictures of 28 x 28 pixels that are downloaded once.

Of the 70,000 pictures 10,000 are taken, other ones for each seed: as numbers of 32 bits they are 31 MB in
each process that needs them, where all would be 220.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnplay.data.dataset import FEWEST_PER_CLASS, Dataset, Points
from nnplay.data.downloads import images
from nnplay.data.noise import FLIPPED, flip, shake, stream

MOST = 10_000


@dataclass(frozen=True)
class ImageMaker:
    """Makes `samples` random pictures of a downloaded dataset, at most MOST, some of every class."""

    name: str

    def __call__(
        self, samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int
    ) -> Points:
        pictures, labels = images(self.name)
        order = stream(seed, "positions").permutation(len(labels))
        first = np.concatenate([order[labels[order] == label][:FEWEST_PER_CLASS] for label in range(classes)])
        order = np.concatenate([first, order[~np.isin(order, first)]])[: min(samples, MOST)]
        labels = flip(labels, label_noise, classes=classes, seed=seed)
        # Chosen while a pixel is a byte.
        points = pictures[order].reshape(-1, 784) / np.float32(255)
        if position_noise:
            points = shake(points, position_noise, seed=seed)
        return points, labels[order]


picture = partial(
    Dataset,
    task="classes",
    inputs=tuple(f"pixel {row} {column}" for row in range(28) for column in range(28)),
    layout=(28, 28, 1),
    samples=None,
    classes=10,
    label_noise=FLIPPED,
    position_noise="Every pixel is moved by up to the noise; the label stays.",
    standardize=False,
)

IMAGES: dict[str, Dataset] = {
    "mnist": picture(
        name="mnist",
        label="MNIST",
        about="10,000 of the 70,000 handwritten digits (LeCun 1998); downloaded once, 11 MB.",
        make=ImageMaker("mnist"),
        targets=tuple("0123456789"),
    ),
    "fashion_mnist": picture(
        name="fashion_mnist",
        label="Fashion-MNIST",
        about="10,000 of 70,000 pictures of clothes in ten kinds (Xiao 2017); downloaded once, 31 MB.",
        make=ImageMaker("fashion_mnist"),
        targets=(
            "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
            "ankle boot",
        ),
    ),
}  # fmt: skip
