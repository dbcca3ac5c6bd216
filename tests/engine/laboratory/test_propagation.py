"""Propagation against a model built layer by layer in plain Keras, and wide networks against theory."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnplay.engine.build import activation, build
from nnplay.engine.laboratory.mean_field import mean_field
from nnplay.engine.laboratory.moments import moments
from nnplay.engine.laboratory.propagation import propagate
from nnplay.experiment import make

USUAL = {
    "activation": "tanh", "depth": 5, "width": 24, "samples": 40, "initializer": "glorot_uniform",
    "sigma_w": 1.0, "sigma_b": 0.0, "normalization": "none", "residual": False, "seed": 3, "bins": 20,
}  # fmt: skip


def measured(**changes):
    return propagate(**{**USUAL, **changes})


def given(width: int, samples: int, seed: int):
    """Inputs, output weights and errors, as the docstring of `propagate` says."""
    rng = np.random.default_rng([seed, 0])
    x = rng.standard_normal((samples, width))
    x /= np.sqrt((x**2).mean(axis=1, keepdims=True))
    readout = rng.standard_normal((width, 1)) / np.sqrt(width)
    signs = np.where(np.arange(samples) < (samples + np.sqrt(samples)) / 2, 1.0, -1.0)
    return x.astype("float32"), readout.astype("float32"), rng.permutation(signs)[:, None].astype("float32")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"activation": "relu", "initializer": "he_normal"},
        {"activation": "leaky_relu~0.1", "initializer": "gaussian", "sigma_w": 1.5, "sigma_b": 0.3},
        {"normalization": "layer"},
        {"normalization": "batch", "activation": "gelu"},
        {"residual": True, "activation": "softplus"},
        {"residual": True, "normalization": "batch"},
        {"activation": "glu"},
        {"activation": "softmax", "residual": True},
        {"initializer": "playground", "activation": "sigmoid"},
    ],
    ids=str,
)
def test_it_is_what_a_plain_keras_model_does(changes):
    settings = {**USUAL, **changes}
    width, depth, samples, seed = (settings[name] for name in ("width", "depth", "samples", "seed"))
    x, readout, errors = given(width, samples, seed)
    # The weights of the playground's own network, from its second layer on: the first has other inputs.
    named = ("activation", "initializer", "sigma_w", "sigma_b", "normalization", "residual", "seed")
    experiment = make({"hidden": "-".join([str(width)] * depth), **{name: settings[name] for name in named}})
    theirs = build(experiment, 1).weight_layers
    h = inputs = keras.Input((width,))
    dense, sums, passed = [], [], []
    for place in range(depth):
        layer = keras.layers.Dense(theirs[place].units)
        z = layer(h)
        if settings["normalization"] == "batch":
            z = keras.layers.BatchNormalization()(z)
        if settings["normalization"] == "layer":
            z = keras.layers.LayerNormalization()(z)
        out = activation(settings["activation"])(z)
        h = keras.layers.Add()([h, out]) if settings["residual"] else out
        dense.append(layer), sums.append(z), passed.append(h)
    model = keras.Model(inputs, [*sums, *passed])
    first = keras.initializers.get(theirs[0].kernel_initializer)
    dense[0].set_weights([first((width, theirs[0].units)), theirs[0].bias.numpy()])
    for ours, layer in zip(dense[1:], theirs[1:-1], strict=True):
        ours.set_weights(layer.get_weights())
    with tf.GradientTape() as tape:
        outputs = model(x, training=True)
        y = outputs[-1] @ readout
        loss = keras.losses.MeanSquaredError()(tf.stop_gradient(y) - errors, y) / 2
    kernels = [layer.kernel.value for layer in dense]
    deltas, gradients = tape.gradient(loss, [outputs[:depth], kernels])
    found = propagate(**settings)
    close = {"rtol": 2e-3, "atol": 1e-9}
    z, h = (np.stack(part).astype(float) for part in (outputs[:depth], outputs[depth:]))
    np.testing.assert_allclose(found["mean"], h.mean((1, 2)), rtol=2e-3, atol=1e-6)
    np.testing.assert_allclose(found["std"], h.std((1, 2)), **close)
    np.testing.assert_allclose(found["pre_variance"], (z**2).mean((1, 2)), **close)
    np.testing.assert_allclose(found["gradient"], [np.linalg.norm(g) for g in gradients], **close)
    rms = [samples * np.sqrt(np.mean(np.square(delta, dtype=float))) for delta in deltas]
    np.testing.assert_allclose(found["delta"], rms, **close)
    if settings["activation"] == "relu":
        np.testing.assert_allclose(found["dead"], (z <= 0).all(axis=1).mean(axis=1))
        np.testing.assert_allclose(found["saturated"], (z <= 0).mean(axis=(1, 2)))
    assert np.isnan(found["dead"]).all() == (settings["activation"] in ("glu", "softmax"))


WIDE = {"depth": 7, "width": 1000, "samples": 24, "initializer": "gaussian"}
SEEDS = range(3)


@pytest.mark.parametrize(
    ("name", "sigma_w", "sigma_b"),
    [
        ("relu", 2**0.5, 0.0), ("tanh", 1.5, 0.1), ("sigmoid", 2.0, 0.5),
        ("gelu", 1.6, 0.4), ("softsign", 2.0, 0.2), ("elu", 1.2, 0.2), ("selu", 1.0, 0.0),
        ("soft_shrink", 1.4, 0.5),
    ],
)  # fmt: skip
def test_wide_random_networks_do_as_theory_says(name, sigma_w, sigma_b):
    found = [measured(**WIDE, activation=name, sigma_w=sigma_w, sigma_b=sigma_b, seed=s) for s in SEEDS]
    q, delta2 = (
        np.mean([f[key] ** power for f in found], axis=0)
        for key, power in (("pre_variance", 1), ("delta", 2))
    )
    first = sigma_w**2 + sigma_b**2  # the inputs have mean square 1
    assert q[0] == pytest.approx(first, rel=0.03)
    # Each step forward, from the variance measured before it; over all of them fluctuations cancel.
    steps = q[1:] / [sigma_w**2 * moments(name, here)["f2"] + sigma_b**2 for here in q[:-1]]
    np.testing.assert_allclose(steps, 1, atol=0.1)
    assert np.exp(np.mean(np.log(steps))) == pytest.approx(1, abs=0.025)
    # Each step back: chi.
    steps = delta2[:-1] / delta2[1:] / [sigma_w**2 * moments(name, here)["slope2"] for here in q[:-1]]
    np.testing.assert_allclose(steps, 1, atol=0.1)
    assert np.exp(np.mean(np.log(steps))) == pytest.approx(1, abs=0.025)
    # And the whole chain of theory, whose errors add up.
    for key, theory in (("pre_variance", "predicted_q"), ("delta", "predicted_delta")):
        measured_, predicted = (np.mean([f[name_] for f in found], axis=0) for name_ in (key, theory))
        np.testing.assert_allclose(measured_, predicted, rtol=0.2)


@pytest.mark.parametrize("name", ["tanh", "gelu"])
@pytest.mark.parametrize(("normalization", "residual"), [("layer", False), ("none", True), ("layer", True)])
def test_theory_knows_layer_normalisation_and_residual_connections(name, normalization, residual):
    changes = {"normalization": normalization, "residual": residual, "sigma_w": 1.3, "sigma_b": 0.2}
    found = [measured(**WIDE, activation=name, **changes, seed=s) for s in SEEDS]
    for key, rtol in (("pre_variance", 0.12), ("delta", 0.12)):
        theirs = np.mean(
            [f[{"pre_variance": "predicted_q"}.get(key, "predicted_delta")] for f in found], axis=0
        )
        np.testing.assert_allclose(np.mean([f[key] for f in found], axis=0), theirs, rtol=rtol)


@pytest.mark.parametrize(
    "name", ["he_normal", "glorot_uniform", "orthogonal", "lecun_normal", "random_normal"]
)
def test_theory_takes_the_scale_of_any_random_initialiser(name):
    found = measured(depth=4, width=400, samples=32, initializer=name)
    np.testing.assert_allclose(found["pre_variance"], found["predicted_q"], rtol=0.12)
    np.testing.assert_allclose(found["delta"], found["predicted_delta"], rtol=0.12)


def test_there_is_no_theory_for_weights_not_drawn_or_layers_as_a_whole():
    for changes in ({"initializer": "identity"}, {"activation": "softmax"}, {"activation": "glu"}):
        found = measured(**changes)
        assert np.isnan(found["predicted_q"]).all() and np.isnan(found["predicted_delta"]).all()
        assert np.isfinite(found["delta"]).all()
    batch = measured(normalization="batch", depth=3)
    np.testing.assert_allclose(batch["pre_variance"], batch["predicted_q"], rtol=0.01)
    assert np.isnan(batch["predicted_delta"][:-1]).all()


def test_shapes_histogram_and_determinism():
    found = measured(depth=7, bins=12)
    assert found["counts"].shape == (7, 12) and found["edges"].shape == (13,)
    assert (found["counts"].sum(axis=1) == USUAL["samples"] * USUAL["width"]).all()
    for name, value in found.items():
        if name not in ("counts", "edges"):
            assert value.shape == (7,) and value.dtype == np.float64, name
    again, other = measured(depth=7, bins=12), measured(depth=7, bins=12, seed=4)
    assert all(np.array_equal(found[name], again[name], equal_nan=True) for name in found)
    assert not np.array_equal(found["delta"], other["delta"])
    # The gradient that enters is the same for any depth, and so are the first layers.
    np.testing.assert_allclose(measured(depth=3)["pre_variance"], found["pre_variance"][:3])


def test_signals_that_explode_or_vanish_are_measured_as_far_as_numbers_go():
    large = measured(activation="linear", initializer="too_large", depth=60)
    assert large["pre_variance"].max() > 1e60 or not np.isfinite(large["pre_variance"][-1])
    assert (large["counts"].sum(axis=1) <= USUAL["samples"] * USUAL["width"]).all()
    small = measured(activation="sigmoid", depth=30)
    assert 0 < small["delta"][0] < 1e-16 and small["predicted_delta"][0] < 1e-16
    # Without a warning (they are errors in tests):
    assert np.isfinite(measured(initializer="zeros")["mean"]).all()
    measured(activation="exponential", depth=12)


def test_what_is_too_large_or_unknown_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match=r"would take about .* MB of memory; at most 100 MB"):
        measured(depth=100, width=512, samples=500)
    with pytest.raises(ValueError, match="Unknown activation 'tan'"):
        measured(activation="tan")
    with pytest.raises(ValueError, match="initializer"):
        measured(initializer="glorot")


def test_rotations_keep_two_samples_as_far_apart_as_they_were():
    found = measured(activation="linear", initializer="orthogonal", depth=9)
    np.testing.assert_allclose(found["unlike"], 0, atol=1e-5)
    np.testing.assert_allclose(found["alike"], 0.9, rtol=1e-5)
    assert np.isnan(measured(normalization="batch")["alike"]).all()
    residual = measured(residual=True)
    assert np.isfinite(residual["alike"]).all() and np.isnan(residual["predicted_alike"]).all()


def test_saturated_networks_are_seen_and_dead_units_too():
    wild = measured(initializer="gaussian", sigma_w=10.0)
    tame = measured(initializer="gaussian", sigma_w=0.5)
    assert wild["saturated"].min() > 0.7 and tame["saturated"].max() < 0.01
    dead = measured(activation="relu", initializer="gaussian", sigma_w=0.5, sigma_b=3.0)
    assert 0.3 < dead["dead"][-1] < 0.6 and dead["saturated"][-1] >= dead["dead"][-1]


def test_the_words_about_a_phase_are_true_of_networks_of_that_kind():
    for name, w, word in (("tanh", 0.7, "ordered"), ("tanh", 2.0, "chaotic")):
        theory = mean_field(name, w, 0.2)
        found = measured(activation=name, initializer="gaussian", sigma_w=w, sigma_b=0.2, depth=30, width=200)
        assert theory["phase"] == word
        # Order makes all inputs alike, chaos takes apart what was alike: both end at the same correlation.
        for start in ("unlike", "alike"):
            assert found[start][-1] == pytest.approx(theory["c"], abs=0.12)
            np.testing.assert_allclose(found[start], found[f"predicted_{start}"], atol=0.15)
        assert (found["alike"][-1] > found["alike"][0]) == (word == "ordered")
        assert (found["gradient"][0] > found["gradient"][-1]) == (word == "chaotic")
