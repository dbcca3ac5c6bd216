"""Gradient norms, update ratios, activation statistics and the evaluation, worked out by hand."""

import keras
import numpy as np
import plain_keras
import pytest
import tensorflow as tf

from nnplay.engine.build import build
from nnplay.engine.chunk import train_chunk
from nnplay.engine.inspection import look
from nnplay.experiment import Experiment

SMALL = Experiment(data="moons", samples=40, position_noise=0.2, hidden="4-3", batch_size=8, shuffle=False)


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": "sgd", "learning_rate": 0.1},
        {"clip": "norm0.01", "regularizer": "l2", "normalization": "layer"},
        {"normalization": "batch"},
        # 70 batches: every second one is measured, the last of them included.
        {"samples": 140, "batch_size": 1, "optimizer": "sgd"},
    ],
    ids=["plain", "clipped, with a penalty", "batch normalisation", "many batches"],
)
def test_norms_are_those_of_a_loop_by_hand(changes: dict[str, object]) -> None:
    """Gradients are measured before clipping, with the penalty, on the weights before the step."""
    experiment = SMALL.change(**changes)
    start = train_chunk(experiment, None, views=("weights",))
    rows = train_chunk(experiment, start.state, epochs=2).rows
    plain = plain_keras.compiled(experiment, start.views["weights"])
    dense = [layer for layer in plain.layers if isinstance(layer, keras.layers.Dense)]
    criterion, optimizer = plain_keras.loss(experiment), plain.optimizer
    x, y, _, _ = plain_keras.data(experiment)
    size = experiment.batch_size
    starts = list(range(0, len(x), size))
    every = max(1, len(starts) // 32)
    for epoch in range(2):
        slopes, steps = [], []
        for number, first in enumerate(starts, start=1):
            with tf.GradientTape() as tape:
                output = plain(x[first : first + size], training=True)
                loss = criterion(y[first : first + size], output) + sum(plain.losses)
            gradients = tape.gradient(loss, plain.trainable_variables)
            of = {id(v): np.asarray(g) for v, g in zip(plain.trainable_variables, gradients, strict=True)}
            before = [layer.kernel.numpy() for layer in dense]
            optimizer.apply(gradients, plain.trainable_variables)
            if (len(starts) - number) % every:
                continue
            slopes.append(
                [np.hypot(np.linalg.norm(of[id(d.kernel)]), np.linalg.norm(of[id(d.bias)])) for d in dense]
            )
            steps.append(
                [
                    np.linalg.norm(d.kernel.numpy() - old) / np.linalg.norm(old)
                    for d, old in zip(dense, before, strict=True)
                ]
            )
        for k in range(3):
            assert rows.column(f"grad_{k + 1}")[epoch] == pytest.approx(np.mean(slopes, axis=0)[k], rel=2e-3)
            assert rows.column(f"update_{k + 1}")[epoch] == pytest.approx(np.mean(steps, axis=0)[k], rel=2e-3)


def test_activation_statistics_by_hand() -> None:
    experiment = SMALL.change(hidden="3-3", activation="relu-tanh", samples=100)
    network = build(experiment, 1)
    first, second, output = network.weight_layers
    # The first unit never fires, the second always does, the third for points right of 0.
    first.set_weights([np.array([[0, 0, 1], [0, 0, 0]], "float32"), np.array([-1, 2, 0], "float32")])
    # tanh' < 0.05 for sums beyond 2.18: the third unit, at 3, is saturated; none has a slope of exactly 0.
    second.set_weights([np.zeros((3, 3), "float32"), np.array([0, 2, 3], "float32")])
    output.set_weights([np.zeros((3, 1), "float32"), np.array([100], "float32")])
    found = look(experiment, network, ("activations",))["activations"]
    x = experiment.load_data().x_train
    fires = np.maximum(x[:, 0], 0)
    relu = np.stack([np.zeros(len(x)), np.full(len(x), 2), fires], axis=1)
    tanh = np.tanh([0, 2, 3])
    np.testing.assert_allclose(found["mean"], [relu.mean(), tanh.mean(), 1], rtol=1e-5)
    np.testing.assert_allclose(found["std"], [relu.std(), tanh.std(), 0], rtol=1e-5, atol=1e-6)
    off = (1 + np.mean(x[:, 0] <= 0)) / 3
    np.testing.assert_allclose(found["saturated"], [off, 1 / 3, 1], rtol=1e-5)
    # tanh(100) is 1 in float32, with a slope of exactly 0.
    np.testing.assert_allclose(found["dead"], [1 / 3, 0, 1], rtol=1e-5)


def test_statistics_only_where_units_stand_alone() -> None:
    experiment = SMALL.change(data="blobs", loss="categorical_crossentropy", activation="glu", hidden="4")
    found = look(experiment, build(experiment, 1), ("activations",))["activations"]
    assert np.isnan(found["saturated"]).all() and np.isnan(found["dead"]).all()
    assert np.isfinite(found["mean"]).all() and found["mean"][-1] == pytest.approx(1 / 3)


def test_every_unit_of_a_step_is_saturated_and_dead() -> None:
    experiment = SMALL.change(activation="step")
    found = look(experiment, build(experiment, 1), ("activations",))["activations"]
    assert found["saturated"][:2].tolist() == found["dead"][:2].tolist() == [1, 1]


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize(
    "changes",
    [
        {"regularizer": "l1l2", "normalization": "batch"},
        {"dropout": 0.5},
        {"data": "plane"},
        {"data": "blobs", "loss": "sparse_categorical_crossentropy"},
    ],
    ids=["penalty and batch normalisation", "dropout", "regression", "labels"],
)
def test_evaluation_is_that_of_keras(changes: dict[str, object]) -> None:
    """After some training, so that batch normalisation has its running averages."""
    experiment = SMALL.change(**changes)
    start = train_chunk(experiment, None, views=("weights",))
    trained = train_chunk(experiment, start.state, epochs=3, views=("evaluation",))
    plain = plain_keras.compiled(experiment, start.views["weights"])
    plain_keras.fit(plain, experiment, 3)
    x, y, x_test, y_test = plain_keras.data(experiment)
    train = plain.evaluate(x, y, verbose=0, return_dict=True)
    test = plain.evaluate(x_test, y_test, verbose=0, return_dict=True)
    truth = train | {f"val_{name}": value for name, value in test.items()}
    found = trained.views["evaluation"]
    assert found == pytest.approx(truth, abs=1e-5)
    for name in test:
        assert trained.rows.column(f"val_{name}")[-1] == pytest.approx(found[f"val_{name}"], abs=1e-5)
