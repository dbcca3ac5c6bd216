"""Boundary, curve, neurons and predictions against `predict` of the same network in plain Keras."""

from typing import Any

import keras
import numpy as np
import plain_keras
import pytest

from nnplay.data import DATASETS
from nnplay.engine.build import build
from nnplay.engine.inspection import VIEWS, look
from nnplay.engine.inspection.projection import has_projection
from nnplay.experiment import Experiment

# Two features of different kinds, so that a swap of the axes shows.
PLANE = Experiment(data="moons", samples=40, hidden="4-3", features=("x1", "x2sq"), initializer="too_large")
LINE = Experiment(data="sine", samples=40, hidden="4-3", features=("x1",), initializer="too_large")


def seen(experiment: Experiment, *views: str) -> tuple[dict[str, Any], keras.Model]:
    """The views of the untrained network, and the same network in plain Keras."""
    found = look(experiment, build(experiment, 1), ("weights", *views))
    return found, plain_keras.model(experiment, found["weights"])


def inputs_of_plane(x1: float, x2: float) -> np.ndarray:
    return np.array([[x1, x2**2]], "float32")


@pytest.mark.parametrize("data", ["moons", "blobs"])
def test_boundary_is_the_output_over_the_plane(data: str) -> None:
    experiment = PLANE.change(data=data)
    found, plain = seen(experiment, "boundary")
    x, y, z = (found["boundary"][name] for name in "xyz")
    assert (x[0], x[-1], y[0], y[-1]) == (-6, 6, -6, 6)
    assert z.shape == (experiment.pairing.units, len(y), len(x)) and z.dtype == np.float32
    assert z.std() > 0.1
    columns, rows = np.meshgrid(x, y)
    grid = np.stack([columns.ravel(), rows.ravel() ** 2], axis=1)
    truth = plain.predict(grid, verbose=0).T.reshape(z.shape)
    np.testing.assert_allclose(z, truth, atol=1e-5)
    np.testing.assert_allclose(z[:, 3, 40], plain(inputs_of_plane(x[40], y[3]))[0], atol=1e-5)


def test_curve_is_the_output_over_the_line() -> None:
    found, plain = seen(LINE, "curve")
    x, y = found["curve"]["x"], found["curve"]["y"]
    assert (x[0], x[-1]) == LINE.dataset.extent and y.shape == (1, len(x))
    np.testing.assert_allclose(y[0], plain.predict(x[:, None], verbose=0)[:, 0], atol=1e-5)


@pytest.mark.parametrize("experiment", [PLANE, LINE], ids=["plane", "line"])
def test_neurons_are_the_outputs_of_every_layer(experiment: Experiment) -> None:
    found, plain = seen(experiment, "neurons")
    x, maps = found["neurons"]["x"], found["neurons"]["layers"]
    active = [layer.output for layer in plain.layers if isinstance(layer, keras.layers.Activation)]
    layers = keras.Model(plain.input, active)
    assert [len(layer) for layer in maps] == [4, 3, 1]
    if experiment is LINE:
        grid = x[:, None]
    else:
        columns, rows = np.meshgrid(x, x)
        grid = np.stack([columns.ravel(), rows.ravel() ** 2], axis=1)
    for ours, truth in zip(maps, layers.predict(grid, verbose=0), strict=True):
        np.testing.assert_allclose(ours, truth.T.reshape(ours.shape), atol=1e-5)


def test_predictions_and_weights() -> None:
    experiment = PLANE.change(dropout=0.5)
    network = build(experiment, 1)
    found = look(experiment, network, ("predictions", "weights"))
    plain = plain_keras.model(experiment, found["weights"])
    split = experiment.load_data()
    for part, x in (("train", split.x_train), ("test", split.x_test)):
        np.testing.assert_allclose(found["predictions"][part], plain.predict(x, verbose=0), atol=1e-5)
    arrays = network.model.get_weights()
    np.testing.assert_equal(found["weights"]["kernels"], arrays[::2])
    np.testing.assert_equal(found["weights"]["biases"], arrays[1::2])


def numbers(found: Any) -> list[np.ndarray]:
    """All the arrays in a view, however nested; words are none."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, tuple) and all(isinstance(item, str) for item in found):
        return []
    if isinstance(found, list):
        return [array for item in found for array in numbers(item)]
    return [np.asarray(found)]


@pytest.mark.parametrize("data", DATASETS)
def test_every_view_of_every_dataset(data: str) -> None:
    """Finite, and not there rather than wrong where the data have no plane or line."""
    experiment = Experiment(data=data, samples=60, hidden="3", loss="mse", output="linear")
    inputs, extent = len(experiment.dataset.inputs), experiment.dataset.extent
    network = build(experiment, 1)
    for view in VIEWS:
        found = look(experiment, network, (view,))[view]
        needs = {
            "boundary": inputs == 2, "curve": inputs == 1, "neurons": inputs <= 2,
            "lags": experiment.dataset.sequence,
            "projection": has_projection(experiment),
            "forecast": experiment.dataset.goes_on is not None,
        }.get(view, True)  # fmt: skip
        assert bool(found) == (needs and (extent is not None or view not in ("boundary", "curve", "neurons")))
        assert all(np.isfinite(array).all() for array in numbers(found)), view
