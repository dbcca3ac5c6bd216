"""The slice through a table's data, and a single sample's way through the network, against plain Keras."""

import keras
import numpy as np
import plain_keras
import pytest

from nnplay.data.sample import BadSample, check_sample, outside, read_sample, write_sample
from nnplay.engine.build import build
from nnplay.engine.inspection import look
from nnplay.experiment import Experiment


@pytest.mark.parametrize("data", ["wine", "breast_cancer"])
def test_the_slice_is_the_network_on_the_plane_of_most_variance(data: str) -> None:
    experiment = Experiment(data=data, hidden="5", loss="mse")
    found = look(experiment, build(experiment, 1), ("projection", "weights"))
    split, view = experiment.load_data(), found["projection"]
    # The plane by hand: the two largest singular values of what the network learns from, centred.
    mean = split.x_train.mean(axis=0, dtype=np.float64)
    _, values, axes = np.linalg.svd(split.x_train - mean, full_matrices=False)
    np.testing.assert_allclose(view["shares"], (values**2 / (values**2).sum())[:2], rtol=1e-4)
    # An axis may point either way: as the projected samples say.
    signs = np.sign(np.sum(((split.x_train - mean) @ axes[:2].T) * view["train"], axis=0))
    axes = signs[:, None] * axes[:2]
    np.testing.assert_allclose(view["test"], (split.x_test - mean) @ axes.T, atol=1e-3)
    plain = plain_keras.model(experiment, found["weights"])
    for row, column in ((0, 0), (5, 60), (40, 20)):
        point = np.array([view["x"][column], view["y"][row]])
        given = (mean + point @ axes).astype("float32")[None]
        np.testing.assert_allclose(view["z"][:, row, column], plain(given)[0], atol=1e-3)


@pytest.mark.parametrize(
    ("data", "hidden"), [("moons", "4-3"), ("iris", "4-3"), ("digits", "4"), ("parity", "rnn3")]
)
def test_a_sample_goes_through_the_layers(data: str, hidden: str) -> None:
    experiment = Experiment(data=data, hidden=hidden, samples=60, loss="mse", features=("x1", "x2sq"))
    split, network = experiment.load_data(), build(experiment, 1)
    name = f"sample:{write_sample(split.positions_test[3])}"
    view = look(experiment, network, (name,))[name]
    np.testing.assert_array_equal(view["inputs"], split.x_test[3])
    # As Keras's own layers give it, one after the other.
    layers = keras.Model(network.model.input, [layer.output for layer in network.activation_layers])
    for ours, truth in zip(view["layers"], layers(split.x_test[3:4]), strict=True):
        np.testing.assert_allclose(ours, truth[0], atol=1e-6)
    np.testing.assert_allclose(view["layers"][-1], network.model(split.x_test[3:4])[0], atol=1e-6)


def test_a_sample_of_other_data_is_no_error_of_the_run() -> None:
    experiment = Experiment(data="moons", samples=20, hidden="2")
    network = build(experiment, 1)
    for written in ("", "AAAA", "%", write_sample(np.zeros(3)), write_sample(np.array([np.nan, 0]))):
        assert look(experiment, network, (f"sample:{written}",)) == {f"sample:{written}": {}}


def test_a_sample_is_checked_at_the_door() -> None:
    split, names = Experiment(data="moons", samples=20).load_data(), ("x1", "x2")
    position = check_sample(split, names, [0.5, 40])
    assert position.tolist() == [0.5, 40] and outside(split, names, position) == ["x2"]
    np.testing.assert_array_equal(read_sample(split, write_sample(position)), position)
    wrong = {"nan": float("nan"), "nothing": None, "-inf": float("-inf"), "text": "text", "True": True}
    for said, value in wrong.items():
        with pytest.raises(BadSample, match=f"x2 must be a number, not {said}"):
            check_sample(split, names, [0.5, value])
    with pytest.raises(BadSample, match=r"x1 = 1000 is too far from the data .* Allowed are"):
        check_sample(split, names, [1000, 0])
    with pytest.raises(BadSample, match="2 values here, not 3"):
        check_sample(split, names, [0, 0, 0])
