"""What is said about initial weights, products of slopes and vanishing gradients, on real Keras layers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnplay.catalog import ACTIVATIONS
from nnplay.engine.laboratory.curves import curves
from nnplay.engine.laboratory.propagation import propagate
from nnplay.engine.layers import activation, initializers
from nnplay.experiment import make


def kernel(initializer: str, inputs: int, units: int) -> np.ndarray:
    return np.asarray(initializers(make({"initializer": initializer}), 5)[0]((inputs, units)))


@pytest.mark.parametrize(
    ("initializer", "limit"),
    [
        ("glorot_uniform", np.sqrt(6 / (900 + 600))),
        ("he_uniform", np.sqrt(6 / 900)),
        ("lecun_uniform", np.sqrt(3 / 900)),
    ],
)
def test_limits_of_uniform_weights(initializer, limit):
    weights = kernel(initializer, 900, 600)
    assert np.abs(weights).max() <= limit * (1 + 1e-6) and np.abs(weights).max() > 0.9999 * limit
    assert weights.std() == pytest.approx(limit / np.sqrt(3), rel=0.005)


@pytest.mark.parametrize(
    ("initializer", "spread"),
    [
        ("he_normal", np.sqrt(2 / 900)),
        ("lecun_normal", np.sqrt(1 / 900)),
        ("glorot_normal", np.sqrt(2 / (900 + 600))),
    ],
)
def test_spreads_of_normal_weights(initializer, spread):
    assert kernel(initializer, 900, 600).std() == pytest.approx(spread, rel=0.005)


@pytest.mark.parametrize(("gain", "product"), [(0.5, 1.953e-3), (1.5, 38.44), (1.0, 1.0)])
def test_nine_linear_layers_multiply_signal_and_gradient(gain, product):
    layers = [keras.layers.Dense(6, kernel_initializer=keras.initializers.Identity(gain)) for _ in range(9)]
    x = tf.constant(np.random.default_rng(0).normal(size=(4, 6)).astype("float32"))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.Sequential([keras.Input((6,)), *layers])(x)
    np.testing.assert_allclose(y.numpy() / x.numpy(), product, rtol=1e-3)
    np.testing.assert_allclose(tape.gradient(y, x).numpy(), product, rtol=1e-3)


@pytest.mark.parametrize(("depth", "product"), [(5, 9.766e-4), (10, 9.537e-7), (20, 9.095e-13)])
def test_sigmoid_layers_at_their_steepest_multiply_quarters(depth, product):
    # With weight 1 and bias -1/2 every sum is 0, where the slope is 1/4.
    x = h = tf.constant([[0.5]])
    layer = keras.layers.Dense(
        1, "sigmoid", kernel_initializer="ones", bias_initializer=keras.initializers.Constant(-0.5)
    )
    with tf.GradientTape() as tape:
        tape.watch(x)
        for _ in range(depth):
            h = layer(h)
    assert tape.gradient(h, x).numpy().item() == pytest.approx(product, rel=1e-3)


def through(name: str, initializer: str, depth: int = 20, **changes):
    usual = {"width": 128, "samples": 64, "sigma_w": 1.0, "sigma_b": 0.0, "normalization": "none"}
    settings = {**usual, "residual": False, "seed": 1, "bins": 10, **changes}
    return propagate(name, depth, initializer=initializer, **settings)


def test_gradients_vanish_with_sigmoid_and_not_with_relu():
    shrinks = {
        (name, initializer): (found := through(name, initializer))["gradient"][0] / found["gradient"][-1]
        for name, initializer in (
            ("sigmoid", "glorot_uniform"),
            ("tanh", "glorot_uniform"),
            ("relu", "he_normal"),
        )
    }
    assert shrinks["sigmoid", "glorot_uniform"] < 1e-9
    assert 0.1 < shrinks["tanh", "glorot_uniform"] < 10 and 0.1 < shrinks["relu", "he_normal"] < 10


def test_dead_units_are_relus_own_trouble():
    biased = {"initializer": "gaussian", "sigma_b": 1.0}
    assert through("relu", **biased)["dead"][-1] > 0.2
    for name in ("sigmoid", "tanh", "leaky_relu", "elu", "gelu"):
        assert through(name, **biased)["dead"].max() == 0


def test_exploding_comes_from_large_weights_and_least_with_functions_that_saturate():
    grown = {
        name: (found := through(name, "gaussian", sigma_w=3.0))["gradient"][0] / found["gradient"][-1]
        for name in ("linear", "relu", "tanh", "sigmoid")
    }
    # From the last layer to the first: bounded slopes and a bounded signal hold it back.
    assert grown["sigmoid"] < 1e-3 < grown["tanh"]
    size = {name: through(name, "gaussian", sigma_w=3.0)["gradient"][0] for name in grown}
    usual = {name: through(name, "gaussian", sigma_w=1.0)["gradient"][0] for name in grown}
    assert size["linear"] > 1e8 * usual["linear"] and size["relu"] > 1e8 * usual["relu"]
    assert size["linear"] > size["relu"] > size["tanh"] > size["sigmoid"]
    assert size["sigmoid"] < 1e-3  # even three times as large, they still vanish


def test_the_exponential_explodes_within_a_few_layers():
    found = through("exponential", "glorot_uniform", depth=8)
    assert not found["pre_variance"].max() < 1e12


def test_the_step_function_lets_no_gradient_through():
    assert (through("step", "glorot_uniform")["gradient"] == 0).all()


def test_tanh_is_centred_on_0_and_sigmoid_is_not():
    assert abs(through("tanh", "glorot_uniform")["mean"]).max() < 0.05
    assert through("sigmoid", "glorot_uniform")["mean"].min() > 0.4


def test_relu_does_not_compress():
    found = curves(("relu",), -50.0, 50.0, 101)
    assert found["f"]["relu"].max() == 50 and found["slope"]["relu"][51:].min() == 1
    assert ACTIVATIONS["relu"].bounds[1] == np.inf


@pytest.mark.parametrize(
    ("name", "suits", "not_"),
    [
        ("relu", "he_normal", "random_normal"),
        ("tanh", "glorot_uniform", "too_large"),
        ("selu", "lecun_normal", "random_normal"),
    ],
)
def test_the_suitable_initialiser_keeps_signals_and_gradients_of_like_size(name, suits, not_):
    def drift(initializer):
        # In powers of ten, through twenty layers. (In a ReLU network of any scale all layers have gradients
        # of one size; it is the signal that shows.)
        found = through(name, initializer)
        pairs = (found["gradient"][[0, -1]], np.sqrt(found["pre_variance"][[0, -1]]))
        return max(abs(np.log10(first / last)) for first, last in pairs)

    assert ACTIVATIONS[name].initializer == suits
    assert drift(suits) < 1 and drift(not_) > 2


@pytest.mark.parametrize(
    "remedy",
    [
        {"normalization": "batch"},
        {"normalization": "layer"},
        {"residual": True},
        {"initializer": "gaussian", "sigma_w": 4.0, "sigma_b": 2.0},
    ],
)
def test_remedies_against_vanishing_in_thirty_sigmoid_layers(remedy):
    before = through("sigmoid", "glorot_uniform", depth=30)["gradient"]
    after = through("sigmoid", **{"initializer": "glorot_uniform", "depth": 30, **remedy})["gradient"]
    assert after[0] / after[-1] > 1e6 * before[0] / before[-1]


def test_values_by_keras_of_every_activation_are_what_layers_use():
    x = np.linspace(-3, 3, 7)
    for name, entry in ACTIVATIONS.items():
        if entry.elementwise:
            layer = keras.layers.Activation(activation(name))
            np.testing.assert_allclose(
                curves((name,), -3.0, 3.0, 7)["f"][name], layer(x.astype("float32")).numpy(), 1e-5, 1e-6
            )
