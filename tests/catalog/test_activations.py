"""Activations against Keras: coverage, arguments, formulas, slopes and bounds."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnplay.catalog.activations import ACTIVATIONS, Activation
from nnplay.catalog.initializers import INITIALIZERS

ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}
NOT_FUNCTIONS = {"get", "serialize", "deserialize"}
ARGUMENTS_LEFT_OUT = {
    ("relu", "negative_slope"): "makes it leaky_relu, an entry of its own",
    ("relu", "max_value"): "makes it relu6, an entry of its own",
    ("relu", "threshold"): "makes it threshold, an entry of its own",
    ("gelu", "approximate"): "a quicker way to nearly the same numbers",
}
WRONG_IN_KERAS = {
    "sparsemax": "Keras up to 3.15.1 adds up too much: where several units are on, the outputs do not sum "
    "to 1. Once this test passes, take the remark out of the entry, and the entry out of here."
}

GRID = np.unique(np.concatenate([np.linspace(-40, 40, 1601), np.linspace(-3, 3, 6001)])).astype("float32")
every = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
elementwise = pytest.mark.parametrize(
    "activation", [entry for entry in ACTIVATIONS.values() if entry.elementwise], ids=lambda entry: entry.name
)


def function(activation: Activation, x: tf.Tensor) -> tf.Tensor:
    if not activation.keras:
        return tf.cast(x > 0, x.dtype)
    return getattr(keras.activations, activation.keras)(x, **activation.parameters)


def values(activation: Activation) -> np.ndarray:
    """Outputs over a wide range of inputs: the grid itself, or layers of a few units drawn at all scales."""
    if activation.elementwise:
        return function(activation, tf.constant(GRID)).numpy()
    scales = np.logspace(-2, 2, 41)[:, None, None]
    layers = np.random.default_rng(0).normal(size=(41, 50, 4)) * scales
    return function(activation, tf.constant(layers.astype("float32"))).numpy()


def test_all_of_keras_is_there() -> None:
    known = {name for name, _ in inspect.getmembers(keras.activations, inspect.isfunction)} - NOT_FUNCTIONS
    assert {entry.keras for entry in ACTIVATIONS.values() if entry.keras} == known - set(ALIASES)
    for alias, name in ALIASES.items():
        assert getattr(keras.activations, alias) is getattr(keras.activations, name)


@every
def test_parameters_are_those_of_keras(activation: Activation) -> None:
    if not activation.keras:
        assert not activation.parameters
        return
    signature = inspect.signature(getattr(keras.activations, activation.keras)).parameters
    arguments = {
        name: argument.default
        for name, argument in signature.items()
        if name not in ("x", "axis") and (activation.name, name) not in ARGUMENTS_LEFT_OUT
    }
    assert activation.parameters.keys() == arguments.keys()
    for name, default in arguments.items():
        if default is not inspect.Parameter.empty:
            assert activation.parameters[name] == default


@elementwise
def test_formula_gives_the_values_of_keras(activation: Activation, work_out) -> None:
    expected = function(activation, tf.constant(GRID)).numpy()
    # The constants of SELU are written with five digits.
    np.testing.assert_allclose(work_out(activation.formula, x=GRID.astype(float)), expected, 5e-5, 2e-6)


@elementwise
def test_slope_is_the_derivative(activation: Activation, work_out) -> None:
    x = GRID[np.abs(GRID * 2 - np.round(GRID * 2)) > 0.01]  # All kinks are at halves.
    with tf.GradientTape() as tape:
        inputs = tf.constant(x)
        tape.watch(inputs)
        output = function(activation, inputs)
    expected = tape.gradient(output, inputs)
    expected = np.zeros_like(x) if expected is None else expected.numpy()
    slope = np.broadcast_to(work_out(activation.slope, x=x.astype(float)), x.shape)
    np.testing.assert_allclose(slope, expected, 1e-4, 1e-5)


@pytest.mark.parametrize(
    "activation",
    [
        pytest.param(entry, marks=[pytest.mark.xfail(strict=True, reason=WRONG_IN_KERAS[name])])
        if name in WRONG_IN_KERAS
        else pytest.param(entry)
        for name, entry in ACTIVATIONS.items()
    ],
    ids=list(ACTIVATIONS),
)
def test_bounds_hold_and_are_approached(activation: Activation) -> None:
    output = values(activation)
    low, high = activation.bounds
    assert np.isfinite(output).all()
    assert low - 1e-6 <= output.min() and output.max() <= high + 1e-6
    # At the end of the grid softsign is still 1 / 41 short of its bound, and leaky ReLU no lower than -8.
    assert output.min() < (-7 if low == -np.inf else low + 0.03)
    assert output.max() > (7 if high == np.inf else high - 0.03)


@every
def test_elementwise_means_each_neuron_alone(activation: Activation) -> None:
    x = np.random.default_rng(1).normal(size=(5, 4)).astype("float32")
    others = x.copy()
    others[:, 1:] += 1.5
    first, moved = (function(activation, tf.constant(layer)).numpy() for layer in (x, others))
    assert np.array_equal(first[:, 0], moved[:, 0]) == activation.elementwise
    assert first.shape[1] * activation.units_factor == x.shape[1]


@every
def test_suggested_initializer_exists(activation: Activation) -> None:
    assert activation.initializer in INITIALIZERS
