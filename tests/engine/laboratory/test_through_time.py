"""Gradients through time: against closed forms, a product of Jacobians by hand, and Keras's own layers."""

import numpy as np
import pytest

from nnplay.engine.backend import keras, tf
from nnplay.engine.laboratory import QUESTIONS
from nnplay.engine.laboratory.through_time import INPUTS, _layer, _matrix, through_time

CELLS = ("simple_rnn", "lstm", "gru")
SMALL = {"units": 12, "steps": 20, "samples": 8}


def test_it_is_a_question():
    assert QUESTIONS["through_time"] is through_time


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.5])
def test_a_linear_rotation_gives_powers_of_its_radius(radius):
    found = through_time("simple_rnn", "linear", spectral_radius=radius, orthogonal=True, **SMALL)
    np.testing.assert_allclose(found["gradient"], radius ** found["lag"], rtol=1e-4)
    np.testing.assert_allclose(found["bound"], found["gradient"], rtol=1e-4)
    assert found["largest_singular"] == pytest.approx(radius, rel=1e-5)


@pytest.mark.parametrize("orthogonal", [True, False])
def test_the_matrix_has_its_spectral_radius(orthogonal):
    matrix = _matrix(40, 1.3, orthogonal, np.random.default_rng(0))
    assert np.abs(np.linalg.eigvals(matrix)).max() == pytest.approx(1.3, rel=1e-4)


def test_it_is_the_product_of_jacobians_by_hand():
    """tanh: dh_T/dh_{T-k} is the product of diag(1 - h^2) W over the steps between."""
    seed, units, steps, samples = 3, 6, 10, 5
    found = through_time(
        "simple_rnn", "tanh", units, steps, spectral_radius=1.2, orthogonal=False, seed=seed, samples=samples
    )
    rng = np.random.default_rng([seed, 1])
    x = rng.normal(size=(samples, steps, INPUTS)).astype("float32")
    direction = rng.normal(size=(samples, units))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    recurrent = _matrix(units, 1.2, False, rng)
    layer = _layer("simple_rnn", "tanh", units, seed)
    layer.build(x.shape)
    kernel = np.array(layer.cell.kernel)
    h, states = np.zeros((samples, units)), []
    for step in range(steps):
        h = np.tanh(x[:, step] @ kernel + h @ recurrent)
        states.append(h)
    back, expected = direction.copy(), []
    for state in reversed(states):
        expected.append(np.sqrt(np.mean(np.sum(back**2, axis=1))))
        back = (back * (1 - state**2)) @ recurrent.T
    np.testing.assert_allclose(found["gradient"], expected, rtol=1e-4)


@pytest.mark.parametrize("cell", CELLS)
def test_stepping_a_cell_is_what_the_layer_does(cell):
    layer = _layer(cell, "tanh", 7, 1)
    x = np.random.default_rng(0).normal(size=(3, 9, INPUTS)).astype("float32")
    whole = layer(x).numpy()
    states = layer.cell.get_initial_state(batch_size=3)
    states = list(states) if isinstance(states, list | tuple) else [states]
    for step in range(9):
        _, states = layer.cell(tf.constant(x[:, step]), states)
    np.testing.assert_allclose(states[0], whole[:, -1], atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_the_last_step_counts_in_full(cell):
    found = through_time(cell, spectral_radius=0.9, gate_bias=1.0, seed=2, **SMALL)
    assert found["gradient"][0] == pytest.approx(1.0, rel=1e-5)
    for name in ("gradient", "input_gradient"):
        assert found[name].shape == (SMALL["steps"],) and np.all(np.isfinite(found[name]))


@pytest.mark.parametrize(
    ("activation", "radius"), [("tanh", 0.9), ("tanh", 2.0), ("sigmoid", 3.0), ("relu", 1.1)]
)
def test_no_gradient_is_beyond_the_bound_of_pascanu(activation, radius):
    found = through_time("simple_rnn", activation, spectral_radius=radius, orthogonal=False, **SMALL)
    assert np.all(found["gradient"] <= found["bound"] * (1 + 1e-4))


@pytest.mark.parametrize("limit", [0.01, 1.0, 1000.0])
def test_clipping_is_g_t_over_its_norm(limit):
    found = through_time("simple_rnn", "linear", spectral_radius=1.2, clip=limit, **SMALL)
    assert found["clipped_gradient"] == pytest.approx(min(limit, found["weight_gradient"]), rel=1e-4)


@pytest.mark.parametrize("cell", CELLS)
def test_same_seed_same_answer(cell):
    first, second, other = (through_time(cell, seed=seed, **SMALL) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first["gradient"], second["gradient"])
    assert not np.array_equal(first["gradient"], other["gradient"])


def test_a_gru_without_a_bias_starts_as_keras_starts_it():
    layer = _layer("gru", "tanh", 5, 1)
    layer.build((None, 3, INPUTS))
    assert not np.any(layer.cell.bias)
    lstm = keras.layers.LSTM(5)
    lstm.build((None, 3, INPUTS))
    np.testing.assert_array_equal(np.array(lstm.cell.bias)[5:10], 1.0)
