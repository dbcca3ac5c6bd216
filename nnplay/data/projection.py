"""The plane in which a table's samples differ most: the first two principal components of what is learned."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from nnplay.data.split import Split


@dataclass(frozen=True, eq=False)
class Projection:
    """A plane in the space of the network's inputs, through the mean of the training samples.

    `mean` (inputs,); `axes` (2, inputs), orthonormal; `shares` (2,): of the variance, along each axis.
    """

    mean: np.ndarray
    axes: np.ndarray
    shares: np.ndarray

    def down(self, x: np.ndarray) -> np.ndarray:
        """Inputs (samples, inputs) to their nearest points of the plane, (samples, 2) along its axes."""
        return ((x - self.mean) @ self.axes.T).astype(np.float32)

    def up(self, points: np.ndarray) -> np.ndarray:
        """Points (samples, 2) of the plane to the inputs that they are, (samples, inputs)."""
        return (self.mean + points @ self.axes).astype(np.float32)


# No longer than the data themselves.
_planes: WeakKeyDictionary[Split, Projection] = WeakKeyDictionary()


def principal_plane(split: Split) -> Projection:
    """Scikit-learn's PCA, fitted on the training inputs as the network gets them."""
    if split not in _planes:
        from sklearn.decomposition import PCA

        found = PCA(2, random_state=0).fit(split.x_train)
        _planes[split] = Projection(found.mean_, found.components_, found.explained_variance_ratio_)
    return _planes[split]
