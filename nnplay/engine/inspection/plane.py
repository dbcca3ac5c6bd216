"""What the network, and each of its neurons, computes over the plane (or line) of the data."""

from typing import Any

import numpy as np

from nnplay.engine.build import Network
from nnplay.experiment import Experiment

GRID = 64  # points along each axis of the output's map
NEURON_GRID = 24  # of a neuron's map
LINE = 240  # points along a 1-D input


def boundary(experiment: Experiment, network: Network) -> dict[str, Any]:
    """The output over the plane: `x`, `y` (grid,) and `z` (outputs, y, x), float32.

    Data without a plane give an empty dict.
    """
    if len(experiment.dataset.inputs) != 2 or experiment.dataset.extent is None:
        return {}
    x, outputs = _over_plane(experiment, network, GRID)
    return {"x": x, "y": x, "z": _maps(outputs[-1], GRID)}


def neurons(experiment: Experiment, network: Network) -> dict[str, Any]:
    """Every neuron's output over the plane (or line): `layers`, a list of (units, y, x) or (units, x)."""
    extent = experiment.dataset.extent
    if extent is None:
        return {}
    if len(experiment.dataset.inputs) == 1:
        x, outputs = _over_line(experiment, network)
        return {"x": x, "layers": [np.ascontiguousarray(layer.T) for layer in outputs]}
    x, outputs = _over_plane(experiment, network, NEURON_GRID)
    return {"x": x, "layers": [_maps(layer, NEURON_GRID) for layer in outputs]}


def curve(experiment: Experiment, network: Network) -> dict[str, Any]:
    """The output over a 1-D input: `x` (points,) and `y` (outputs, points), float32."""
    if len(experiment.dataset.inputs) != 1 or experiment.dataset.extent is None:
        return {}
    x, outputs = _over_line(experiment, network)
    return {"x": x, "y": np.ascontiguousarray(outputs[-1].T)}


def _over_line(experiment: Experiment, network: Network) -> tuple[np.ndarray, list[np.ndarray]]:
    assert experiment.dataset.extent is not None
    x = np.linspace(*experiment.dataset.extent, LINE, dtype="float32")
    return x, _outputs(experiment, network, x[:, None])


def _over_plane(experiment: Experiment, network: Network, grid: int) -> tuple[np.ndarray, list[np.ndarray]]:
    assert experiment.dataset.extent is not None
    axis = np.linspace(*experiment.dataset.extent, grid, dtype="float32")
    x1, x2 = np.meshgrid(axis, axis)
    return axis, _outputs(experiment, network, np.stack([x1.ravel(), x2.ravel()], axis=1))


def _outputs(experiment: Experiment, network: Network, positions: np.ndarray) -> list[np.ndarray]:
    _, after = network.observe(experiment.load_data().encoder(positions))
    return [layer.numpy() for layer in after]


def _maps(outputs: np.ndarray, grid: int) -> np.ndarray:
    return np.ascontiguousarray(outputs.T.reshape(-1, grid, grid))
