"""Features against their formulas, and the encoder that standardises them."""

import math
import pickle

import numpy as np
import pytest

from nnplay.data import DATASETS, FEATURES, available, features_for, input_names, load
from nnplay.data.dataset import LINE, PLANE


def read_formula(formula):
    """A Python function of (x1, x2) from the LaTeX of a feature."""
    code = formula.replace(r"\sin x_", "math.sin x_").replace(r"\cos x_", "math.cos x_")
    code = code.replace("math.sin ", "math.sin@").replace("math.cos ", "math.cos@")
    code = (
        code.replace(" ", " * ")
        .replace("^", "**")
        .replace("x_1", "(a)")
        .replace("x_2", "(b)")
        .replace("@", "")
    )
    return lambda a, b: eval(code, {"math": math}, {"a": a, "b": b})


@pytest.mark.parametrize("name", FEATURES)
def test_function_agrees_with_formula(name):
    feature = FEATURES[name]
    positions = np.random.default_rng(0).uniform(-6, 6, (20, 2))
    expected = [read_formula(feature.formula)(a, b) for a, b in positions]
    np.testing.assert_allclose(feature.function(positions), expected)


@pytest.mark.parametrize("name", FEATURES)
def test_feature_names_the_inputs_it_uses(name):
    feature = FEATURES[name]
    assert feature.inputs == tuple(f"x{i}" for i in (1, 2) if f"x_{i}" in feature.formula)
    assert (name in available(LINE)) == (feature.inputs == LINE)
    assert name in available(PLANE)


@pytest.mark.parametrize("name", DATASETS)
def test_tables_have_no_features_and_keep_their_columns(name):
    dataset, split = DATASETS[name], load(name, features=tuple(FEATURES))
    assert bool(features_for(dataset)) == dataset.takes_features
    assert split.encoder.features == features_for(dataset)
    assert split.input_names == input_names(dataset, tuple(FEATURES))
    if not dataset.takes_features:
        assert split.input_names == dataset.inputs


@pytest.mark.parametrize("name", DATASETS)
def test_with_no_features_the_inputs_go_in(name):
    split = load(name, standardize=False)
    np.testing.assert_array_equal(split.x_train, split.positions_train)


def test_features_keep_the_order_given():
    split = load("circle", features=("sinx2", "x1"))
    assert split.input_names == ("sin x₂", "x₁")
    np.testing.assert_array_equal(split.x_train[:, 1], split.positions_train[:, 0])


@pytest.mark.parametrize("name", DATASETS)
def test_standardised_on_the_training_part_alone(name):
    split = load(name, features=tuple(FEATURES), standardize=True, test_fraction=0.6)
    # All steps of a sequence together.
    x, test = (part.reshape(-1, part.shape[-1]).astype(np.float64) for part in (split.x_train, split.x_test))
    varies = np.ptp(x, axis=0) > 0
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(axis=0)[varies], 1, atol=1e-6)
    assert np.abs(test.mean(axis=0)).max() > 1e-4


@pytest.mark.parametrize("name", DATASETS)
def test_encoder_survives_pickling_and_lays_out_a_grid(name):
    split = load(name)
    encoder = pickle.loads(pickle.dumps(split.encoder))
    assert encoder == split.encoder and hash(encoder) == hash(split.encoder)
    np.testing.assert_array_equal(encoder(split.positions_test.astype(np.float64)), split.x_test)
