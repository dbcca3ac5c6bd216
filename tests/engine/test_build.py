"""What the settings of a network become in Keras: initial weights, residual connections, parameters."""

import numpy as np
import pytest

from nnplay.engine.build import build
from nnplay.engine.layers import activation
from nnplay.experiment import DEFAULT


def test_gaussian_weights_have_the_scales_asked_for():
    wide = DEFAULT.change(hidden="500-500", initializer="gaussian", sigma_w=1.7, sigma_b=0.4)
    first, second, _ = build(wide, 1).weight_layers
    for layer in (first, second):
        kernel = layer.kernel.numpy()
        assert kernel.std() * np.sqrt(len(kernel)) == pytest.approx(1.7, rel=0.05)
        assert kernel.mean() == pytest.approx(0, abs=0.15 / np.sqrt(len(kernel)))
        assert layer.bias.numpy().std() == pytest.approx(0.4, rel=0.1)
    assert not np.allclose(first.bias.numpy(), second.bias.numpy())


def test_residual_connections_add_the_input_where_widths_are_equal():
    experiment = DEFAULT.change(hidden="3-3-5-5", residual=True)
    network = build(experiment, 1)
    x = np.random.default_rng(0).normal(size=(7, 2)).astype("float32")
    signal = x
    for layer in network.weight_layers:
        out = np.tanh(signal @ layer.kernel.numpy() + layer.bias.numpy())
        inside = layer is not network.weight_layers[-1] and out.shape == signal.shape
        signal = out + signal if inside else out
    np.testing.assert_allclose(network.model(x), signal, atol=1e-5)
    plain = build(experiment.change(residual=False), 1)
    assert not np.allclose(plain.model(x), signal, atol=1e-3)


def test_a_parameter_reaches_the_activation():
    x = np.array([-2.0, -0.5, 0.0, 3.0], "float32")
    np.testing.assert_allclose(activation("leaky_relu~0.5")(x), np.where(x > 0, x, x / 2))
    np.testing.assert_allclose(activation("elu~2")(x), np.where(x > 0, x, 2 * np.expm1(x)), rtol=1e-6)


def test_a_deeper_network_starts_with_the_same_first_layers():
    shallow, deep = (build(DEFAULT.change(hidden=hidden), 1).weight_layers for hidden in ("6-5", "6-5-4"))
    for one, other in zip(shallow[:2], deep[:2], strict=True):
        np.testing.assert_array_equal(one.kernel.numpy(), other.kernel.numpy())


def test_recurrent_weights_are_a_rotation_times_the_scale_whatever_is_read():
    experiment = DEFAULT.change(data="adding", steps=3, samples=20, hidden="rnn6-lstm5", recurrent_scale=0.7)
    simple, gated, _ = build(experiment, 1).weight_layers
    matrix = simple.recurrent_kernel.numpy()
    np.testing.assert_allclose(matrix @ matrix.T, 0.49 * np.eye(6), atol=1e-5)
    assert np.abs(np.linalg.eigvals(matrix)).max() == pytest.approx(0.7, abs=1e-4)
    # Keras draws the gates' blocks together: (units, 4 * units) with rows at right angles.
    rows = gated.recurrent_kernel.numpy()
    np.testing.assert_allclose(rows @ rows.T, 0.49 * np.eye(5), atol=1e-5)
    # The forget gate starts open, as Keras has it.
    np.testing.assert_array_equal(gated.bias.numpy(), [0] * 5 + [1] * 5 + [0] * 10)
    same, other = (
        build(experiment.change(**fields), 1).weight_layers[0].recurrent_kernel.numpy()
        for fields in ({"data": "recall", "loss": "mse"}, {"seed": 2})
    )
    np.testing.assert_array_equal(same, matrix)
    assert not np.allclose(other, matrix)


@pytest.mark.parametrize("hidden", ["none", "4-3", "rnn3", "lstm3", "gru3", "rnn3-lstm2-gru4-5"])
def test_parameters_are_counted_as_keras_counts_them(hidden):
    for fields in ({"data": "adding"}, {"data": "recall", "classes": 4}):
        experiment = DEFAULT.change(**fields, steps=5, samples=20, hidden=hidden)
        network = build(experiment, 1)
        assert network.model.count_params() == experiment.parameters_estimate
        shapes = [tuple(layer.output.shape[1:]) for layer in network.activation_layers[:-1]]
        assert shapes == [stage.made for stage in experiment.stages]


@pytest.mark.parametrize("hidden", ["rnn3", "lstm3-gru2", "bigru3", "8-position-attention2h-mean"])
def test_the_first_state_is_the_same_whenever_it_is_built(hidden: str) -> None:
    experiment = DEFAULT.change(data="adding", hidden=hidden, steps=4, samples=20, loss="mse")
    for one, other in zip(build(experiment, 1).read(), build(experiment, 1).read(), strict=True):
        np.testing.assert_array_equal(one, other)
