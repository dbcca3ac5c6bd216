"""Arrays that are read as a table's file would be, the same each time."""

from dataclasses import dataclass

import numpy as np

from nnplay.data.dataset import Points


@dataclass(frozen=True, eq=False)
class Fixed:
    """A person's `positions` and `labels`. A class, since a worker process has to be given it."""

    positions: np.ndarray
    labels: np.ndarray

    def __call__(self) -> Points:
        return self.positions, self.labels
