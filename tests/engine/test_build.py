"""What the settings of a network become in Keras: initial weights, residual connections, parameters."""

import numpy as np
import pytest

from nnplay.engine.build import activation, build
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
