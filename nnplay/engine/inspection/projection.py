"""What the network answers in the plane in which a table's samples differ most."""

from typing import Any

import numpy as np

from nnplay.catalog import LAYER_KINDS
from nnplay.data.projection import principal_plane
from nnplay.engine.build import Network
from nnplay.experiment import Experiment

# Points along each axis; fewer for networks that read a sample step by step, which may take seconds.
GRID, COARSE_GRID = 64, 32
# Of the samples farthest out: so much beyond them the plane is shown.
BEYOND = 1.12


def has_projection(experiment: Experiment) -> bool:
    """Whether these are classes in a table: no plane of their own, no sequences."""
    dataset = experiment.dataset
    return dataset.extent is None and not dataset.sequence and experiment.task != "regression"


def projection(experiment: Experiment, network: Network) -> dict[str, Any]:
    """The output over the plane of the first two principal components, a slice through the mean.

    `x`, `y` (grid,) along the components; `z` (outputs, y, x): the network on the points of the plane, mapped
    back to its inputs. `train`, `test` (samples, 2): the samples' nearest points; a sample lies off the
    plane, so the answer there need not be its own. `shares` (2,): of the training variance. All float32.
    Data with a plane of their own, real targets and sequences give an empty dict.
    """
    if not has_projection(experiment):
        return {}
    split = experiment.load_data()
    plane = principal_plane(split)
    train, test = plane.down(split.x_train), plane.down(split.x_test)
    reach = BEYOND * max(float(np.abs(train).max()), float(np.abs(test).max()))
    recurrent = any(LAYER_KINDS[layer.kind].recurrent for layer in experiment.layers)
    axis = np.linspace(-reach, reach, COARSE_GRID if recurrent else GRID, dtype="float32")
    grid = np.stack([part.ravel() for part in np.meshgrid(axis, axis)], axis=1)
    outputs = network.answer(plane.up(grid))
    z = np.ascontiguousarray(outputs.T.reshape(-1, len(axis), len(axis)))
    return {
        "x": axis, "y": axis, "z": z, "train": train, "test": test,
        "shares": plane.shares.astype(np.float32),
    }  # fmt: skip
