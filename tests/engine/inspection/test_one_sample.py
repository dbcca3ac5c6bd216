"""One sample's way through images, sequences and attention, against plain numpy and Keras's own layers."""

from typing import Any

import numpy as np
import pytest

from nnplay.data.sample import write_sample
from nnplay.engine.build import Network, build
from nnplay.engine.inspection import look
from nnplay.engine.inspection.occlusion import patch_centers
from nnplay.experiment import Experiment

STEPS = {"samples": 60, "steps": 7}


def shown(experiment: Experiment, name: str) -> tuple[dict[str, Any], Network, np.ndarray]:
    """The view of the fourth test sample, the network, and the sample as the network gets it."""
    split, network = experiment.load_data(), build(experiment, 1)
    # Biases that do something.
    random = np.random.default_rng(5)
    for variable in network.model.trainable_variables:
        variable.assign(variable.numpy() + random.normal(scale=0.3, size=variable.shape))
    view = f"{name}:{write_sample(split.positions_test[3])}"
    return look(experiment, network, (view,))[view], network, split.x_test[3]


def convolved(image: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """The sums of a convolution with a padded rim, pixel by pixel."""
    edge = len(kernel) // 2
    padded = np.pad(image, ((edge, edge), (edge, edge), (0, 0)))
    rows, columns = image.shape[:2]
    sums = np.zeros((rows, columns, kernel.shape[-1]))
    for row in range(rows):
        for column in range(columns):
            window = padded[row : row + len(kernel), column : column + len(kernel)]
            sums[row, column] = np.tensordot(window, kernel, axes=3) + bias
    return sums


def test_feature_maps_are_those_of_the_convolutions() -> None:
    hidden = "conv3k3same-pool2-conv4k3same:dropout0.5-flatten-5"
    experiment = Experiment(data="digits", samples=60, hidden=hidden, activation="relu")
    view, network, x = shown(experiment, "flow")
    first, second = (network.model.get_layer(name) for name in ("hidden_1", "hidden_3"))
    maps = np.maximum(0, convolved(x.reshape(8, 8, 1), *(each.numpy() for each in first.weights)))
    np.testing.assert_allclose(view["layers"][0], maps, atol=1e-5)
    pooled = maps.reshape(4, 2, 4, 2, 3).max(axis=(1, 3))
    np.testing.assert_allclose(view["layers"][1], pooled, atol=1e-5)
    again = np.maximum(0, convolved(pooled, *(each.numpy() for each in second.weights)))
    np.testing.assert_allclose(view["layers"][2], again, atol=1e-5)
    assert [layer.shape for layer in view["layers"]] == [(8, 8, 3), (4, 4, 3), (4, 4, 4), (64,), (5,)]
    np.testing.assert_allclose(view["output"], network.model(x[None])[0], atol=1e-6)
    found = look(experiment, network, ("filters",))["filters"]
    assert found["places"] == [1, 3]
    np.testing.assert_array_equal(found["kernels"][1], second.kernel.numpy())


def test_without_hidden_layers_there_is_the_output() -> None:
    view, network, x = shown(Experiment(data="digits", samples=60, hidden="none"), "flow")
    assert view["layers"] == []
    np.testing.assert_allclose(view["output"], network.model(x[None])[0], atol=1e-6)


@pytest.mark.parametrize("residual", [False, True])
def test_attention_is_the_softmax_of_queries_and_keys(residual: bool) -> None:
    experiment = Experiment(data="digits", samples=60, hidden="rows-6-attention2h-mean", residual=residual)
    view, network, x = shown(experiment, "attention")
    dense, layer = (network.model.get_layer(name) for name in ("hidden_2", "hidden_3"))
    given = np.tanh(x.reshape(8, 8) @ dense.kernel.numpy() + dense.bias.numpy())
    query, key = (
        np.einsum("ti,ihd->htd", given, part.kernel.numpy()) + part.bias.numpy()[:, None]
        for part in (layer.query_dense, layer.key_dense)
    )
    scores = np.einsum("hqd,hkd->hqk", query, key) / np.sqrt(3)
    truth = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    assert view["places"] == [3]
    np.testing.assert_allclose(view["weights"][0], truth, atol=1e-5)
    np.testing.assert_allclose(view["weights"][0].sum(axis=-1), 1, atol=1e-5)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("data", ["adding", "digits"])
def test_gates_of_an_lstm(data: str) -> None:
    hidden = "rows-lstm3-lstm2" if data == "digits" else "lstm3-lstm2"
    more = {"samples": 60} if data == "digits" else STEPS
    view, network, x = shown(Experiment(data=data, hidden=hidden, **more), "gates")
    first = len(hidden.split("-")) - 1
    assert view["places"] == [first, first + 1]
    cell = network.model.get_layer(f"hidden_{first}").cell
    kernel, recurrent, bias = (each.numpy().astype(float) for each in cell.weights)
    steps, h, c = x.reshape(8, 8) if data == "digits" else x, np.zeros(3), np.zeros(3)
    (found,) = view["readers"][0]
    for t, given in enumerate(steps):
        # The columns of Keras: input, forget, candidate, output.
        sums = given @ kernel + h @ recurrent + bias
        i, f, o = sigmoid(sums[:3]), sigmoid(sums[3:6]), sigmoid(sums[9:])
        c = f * c + i * np.tanh(sums[6:9])
        h = o * np.tanh(c)
        for name, truth in (
            ("state", h),
            ("cell", c),
            ("input gate", i),
            ("forget gate", f),
            ("output gate", o),
        ):
            np.testing.assert_allclose(found[name][t], truth, atol=1e-5)


def test_gates_of_a_gru() -> None:
    view, network, x = shown(Experiment(data="adding", hidden="gru3", activation="relu", **STEPS), "gates")
    kernel, recurrent, bias = (
        each.numpy().astype(float) for each in network.model.get_layer("hidden_1").cell.weights
    )
    (found,), h = view["readers"][0], np.zeros(3)
    for t, given in enumerate(x):
        ours, past = given @ kernel + bias[0], h @ recurrent + bias[1]
        z, r = sigmoid(ours[:3] + past[:3]), sigmoid(ours[3:6] + past[3:6])
        h = z * h + (1 - z) * np.maximum(0, ours[6:] + r * past[6:])
        for name, truth in (("state", h), ("update gate", z), ("reset gate", r)):
            np.testing.assert_allclose(found[name][t], truth, atol=1e-4)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru", "birnn", "bilstm", "bigru"])
def test_states_are_those_that_keras_hands_on(kind: str) -> None:
    experiment = Experiment(data="adding", hidden=f"{kind}3-rnn2", **STEPS)
    states, network, x = shown(experiment, "gates")
    truth = network.follow(x[None])[1][0].numpy()[0]
    ours = np.concatenate([reader["state"] for reader in states["readers"][0]], axis=-1)
    np.testing.assert_allclose(ours, truth, atol=1e-5)


@pytest.mark.parametrize("hidden", ["conv2k3-flatten", "6"])
def test_occlusion_is_the_prediction_without_a_patch(hidden: str) -> None:
    experiment = Experiment(data="digits", samples=60, hidden=hidden, loss="categorical_crossentropy")
    view, network, x = shown(experiment, "occlusion")
    whole = np.asarray(network.model(x[None])[0])
    assert view["said"] == whole.argmax() and view["size"] == 3
    assert view["whole"] == pytest.approx(whole.max(), abs=1e-5)
    for row, column in ((0, 0), (3, 5), (7, 7)):
        hidden_part = x.reshape(8, 8).copy()
        hidden_part[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2] = 0.5
        truth = network.model(hidden_part.reshape(1, 64))[0, view["said"]]
        assert view["without"][row, column] == pytest.approx(float(truth), abs=1e-5)


def test_patches_reach_every_pixel() -> None:
    for side in (8, 16, 28, 32):
        centers, size = patch_centers(side), max(3, round(side / 5)) | 1
        reached = {pixel for center in centers for pixel in range(center - size // 2, center + size // 2 + 1)}
        assert set(range(side)) <= reached and len(centers) <= 14


def test_what_is_asked_of_other_data_is_no_error() -> None:
    network = build(experiment := Experiment(data="moons", samples=20, hidden="2"), 1)
    for name in ("flow", "gates", "attention", "occlusion"):
        for written in ("", "%", write_sample(np.zeros(3))):
            assert look(experiment, network, (f"{name}:{written}",)) == {f"{name}:{written}": {}}
    assert look(experiment, network, ("filters",))["filters"] == {"places": [], "kernels": []}
