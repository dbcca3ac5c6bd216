"""Initializers, regularizers and normalizations against Keras."""

import inspect

import keras
import numpy as np
import pytest

from nnplay.catalog.initializers import INITIALIZERS, Initializer
from nnplay.catalog.normalization import NORMALIZATIONS, Normalization
from nnplay.catalog.regularizers import REGULARIZERS, Regularizer

LEFT_OUT = {
    "Initializer": "the base class",
    "Constant": "equal weights, as Ones",
    "STFT": "a Fourier transform, for sound",
}
OUR_OWN = {
    "playground": "as TensorFlow Playground does",
    "too_large": "to see what goes wrong",
    "gaussian": "its scale is the experiment's",
}
REGULARIZERS_LEFT_OUT = {
    "Regularizer": "the base class",
    "OrthogonalRegularizer": "not a price on large weights",
}
every = pytest.mark.parametrize("initializer", INITIALIZERS.values(), ids=list(INITIALIZERS))


def classes(module) -> set[str]:
    """Names of the classes of a Keras module, without aliases."""
    return {kind.__name__ for _, kind in inspect.getmembers(module, inspect.isclass)}


def kernel(initializer: Initializer, seed: int) -> np.ndarray:
    arguments = dict(initializer.arguments) | ({"seed": seed} if initializer.random else {})
    return np.asarray(getattr(keras.initializers, initializer.keras)(**arguments)((300, 200)))


def test_all_of_keras_is_there() -> None:
    assert {entry.keras for entry in INITIALIZERS.values()} == classes(keras.initializers) - set(LEFT_OUT)
    named = {entry.keras for entry in REGULARIZERS.values() if entry.keras}
    assert named == classes(keras.regularizers) - set(REGULARIZERS_LEFT_OUT)


@every
def test_arguments_are_the_defaults_of_keras(initializer: Initializer) -> None:
    signature = inspect.signature(getattr(keras.initializers, initializer.keras)).parameters
    assert initializer.arguments.keys() <= signature.keys()
    assert initializer.random == ("seed" in signature)
    if initializer.name not in OUR_OWN:
        assert initializer.bias == 0
        for name, setting in initializer.arguments.items():
            assert setting == signature[name].default


@every
def test_same_seed_same_weights(initializer: Initializer) -> None:
    first, again, other = kernel(initializer, 1), kernel(initializer, 1), kernel(initializer, 2)
    assert np.array_equal(first, again) and np.array_equal(first, other) != initializer.random


@every
def test_scale_is_that_of_the_formula(initializer: Initializer, work_out) -> None:
    weights = kernel(initializer, 0)
    sizes = {"in": 300.0, "out": 200.0, "scale": 1.0}
    formula = initializer.formula
    for name, size in sizes.items():
        formula = formula.replace(rf"\mathrm{{{name}}}", f"{size}")
    formula = (
        formula.replace(r"\left", "").replace(r"\right", "").split(r" \text")[0].split(r", \quad \text")[0]
    )
    if formula.startswith("N(0, "):
        assert weights.std() == pytest.approx(
            work_out(formula[5:-1]) ** 0.5, rel=0.03 if "trunc" not in initializer.name else 0.15
        )
        assert abs(weights.mean()) < 0.02 * weights.std()
    elif formula.startswith("U("):
        limit = work_out(formula.split("=")[1] if "=" in formula else formula.split(", ")[1].rstrip(")"))
        assert np.abs(weights).max() == pytest.approx(limit, rel=1e-3)
        assert weights.std() == pytest.approx(limit / 3**0.5, rel=0.02)


@pytest.mark.parametrize("regularizer", REGULARIZERS.values(), ids=list(REGULARIZERS))
def test_regularizers_take_the_rate(regularizer: Regularizer) -> None:
    if regularizer.keras:
        build = getattr(keras.regularizers, regularizer.keras)
        penalty = build(**dict.fromkeys(regularizer.rates, 0.1))
        assert set(regularizer.rates) == set(inspect.signature(build).parameters)
        expected = ("l1" in regularizer.rates) * 0.1 * 3 + ("l2" in regularizer.rates) * 0.1 * 5
        assert float(penalty(np.array([[1.0, -2.0]], "float32"))) == pytest.approx(expected)
    else:
        assert not regularizer.rates


@pytest.mark.parametrize("normalization", NORMALIZATIONS.values(), ids=list(NORMALIZATIONS))
def test_normalizations_keep_the_shape(normalization: Normalization) -> None:
    if normalization.keras:
        x = np.random.default_rng(0).normal(3, 2, (50, 4)).astype("float32")
        output = np.asarray(getattr(keras.layers, normalization.keras)()(x, training=True))
        assert (
            output.shape == x.shape
            and abs(output.mean()) < 1e-3
            and output.std() == pytest.approx(1, abs=0.01)
        )
