"""Runs that leave the rails: where they stop, and what is said about it, against numpy."""

from dataclasses import replace
from itertools import product

import numpy as np
import numpy_descent
import plain_keras
import pytest
import runs
import tensorflow as tf

from nnplay.engine import program
from nnplay.engine.chunk import train_chunk
from nnplay.engine.inspection import divergence
from nnplay.experiment import Experiment

EPOCHS = 40
LAYERS = ("hidden layer 1", "hidden layer 2", "the output layer")
WILD = Experiment(
    data="plane", samples=40, hidden="4-3", batch_size=8, optimizer="sgd", shuffle=False, epochs=EPOCHS
)


def told(place: str) -> str:
    """The sentence for a place found by `numpy_descent`."""
    what, _, layer = place.partition(" ")
    if what == "loss":
        return "every layer's outputs were still finite, but the loss itself overflowed."
    if what == "gradient":
        return f"going backwards, the gradient of {LAYERS[int(layer)]} was the first to overflow."
    if what == "step":
        return "the step was too long; the largest gradient was that of "
    kind = {"sums": "weighted sums", "outputs": "outputs"}[what]
    return f"the {kind} of {LAYERS[int(layer)]} were the first to overflow."


@pytest.mark.parametrize("activation", ["relu", "linear", "exponential"])
def test_epoch_batch_and_layer_are_those_of_numpy(activation: str) -> None:
    places = set()
    for rate, seed in product((100, 3), (1, 2, 3)):
        experiment = WILD.change(activation=activation, learning_rate=rate, seed=seed)
        start = train_chunk(experiment, None, views=("weights",))
        stopped = train_chunk(experiment, start.state, epochs=EPOCHS).stopped
        x, y, _, _ = plain_keras.data(experiment)
        epoch, batch, place = numpy_descent.first_overflow(
            start.views["weights"]["kernels"],
            start.views["weights"]["biases"],
            [activation, activation, "linear"],
            [(x[i : i + 8], y[i : i + 8]) for i in range(0, len(x), 8)],
            rate,
            EPOCHS,
        )
        assert stopped is not None
        assert (stopped.reason, stopped.epoch) == ("diverged", epoch)
        assert stopped.message.startswith(
            f"Diverged in epoch {epoch}, at batch {batch} of 3: {told(place)}"
        ), (rate, seed)
        places.add((batch, place))
    assert len(places) > 1, "all the cases were alike"


@pytest.mark.parametrize("activation", ["relu", "linear", "exponential"])
def test_history_up_to_the_stop_whatever_the_cuts(activation: str) -> None:
    experiment = WILD.change(activation=activation, learning_rate=3)
    whole, rows = runs.run(experiment, [(EPOCHS, 0)])
    assert whole.stopped is not None
    assert rows[:, 0].tolist() == list(range(1, whole.stopped.epoch + 1))
    assert np.isfinite(rows[:-1, 1]).all()
    assert not np.isfinite(rows[-1]).all()
    assert (whole.state.epoch, whole.state.batch) == (whole.stopped.epoch, 0)
    cuts = ([(1, 0)] * EPOCHS, [(7, 0)] * 6, [(0, 1)] * 120, [(0, 2), (1, 0)] * 40, [(0, 7)] * 20)
    for cut in cuts:
        again, table = runs.run(experiment, cut)
        assert again.stopped == whole.stopped, cut[:3]
        np.testing.assert_array_equal(table, rows)
        np.testing.assert_equal(again.state.arrays, whole.state.arrays)


def test_stepping_to_just_before_the_fatal_batch_is_no_divergence() -> None:
    experiment = WILD.change(activation="exponential", learning_rate=100)
    whole = train_chunk(experiment, None, epochs=EPOCHS)
    assert whole.stopped is not None and "epoch 1, at batch 2 of 3" in whole.stopped.message
    before = train_chunk(experiment, None, batches=1)
    assert before.stopped is None and before.state.is_finite
    assert train_chunk(experiment, before.state, batches=1).stopped == whole.stopped


def test_a_penalty_that_explodes_is_told() -> None:
    """w <- w - 2 * rate * penalty * w grows three-fold a step; the outputs stay between -1 and 1."""
    experiment = WILD.change(
        data="moons", activation="tanh", batch_size=0, learning_rate=100,
        regularizer="l2", regularization_rate=0.02,
    )  # fmt: skip
    stopped = train_chunk(experiment, None, epochs=EPOCHS).stopped
    assert stopped is not None
    assert "the penalty on the weights overflowed" in stopped.message
    assert "lower regularisation rate" in stopped.message


def test_remedies_fit_the_run() -> None:
    stopped = train_chunk(WILD.change(learning_rate=3, activation="relu"), None, epochs=EPOCHS).stopped
    assert stopped is not None
    for remedy in ("a learning rate of 0.3", "gradient clipping", "a bounded activation such as tanh"):
        assert remedy in stopped.message
    cured = train_chunk(WILD.change(learning_rate=0.01, activation="tanh"), None, epochs=EPOCHS)
    assert cured.stopped is None


@pytest.mark.usefixtures("without_xla")
def test_last_batch_of_an_epoch_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """With so many batches that not all are measured, a last step into the void must not go unseen.

    All is well up to that batch, and its loss (w x - y)^2 is finite; its gradient 2 (w x - y) x is not.
    """
    experiment = WILD.change(samples=140, batch_size=1, hidden="none", learning_rate=1e-6)
    given = program.tensors(experiment)
    assert len(given.x) > 2 * program.MEASURED_BATCHES
    put(monkeypatch, given, len(given.x) - 1, (3e18, 1e19))
    result = train_chunk(experiment, None, epochs=2)
    assert result.stopped is not None
    assert "epoch 1, at batch 70 of 70: " in result.stopped.message
    assert np.isfinite(result.rows.column("loss")).all()


@pytest.mark.parametrize("xla", [True, False])
def test_the_fatal_batch_is_found_in_shuffled_data(xla: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sample alone overflows: the batch that is named is the one that it is in."""
    monkeypatch.setattr(program, "_programs", {})
    monkeypatch.setattr(program, "uses_xla", lambda experiment: xla)
    experiment = WILD.change(shuffle=True, learning_rate=1e-6, activation="linear")
    given = program.tensors(experiment)
    for seed in range(4):
        other = experiment.change(seed=seed)
        batches = [program.batch_of(other, 0, batch).numpy() for batch in range(3)]
        for sample in (0, 7):
            put(monkeypatch, given, sample, (3e38, 3e38))
            stopped = train_chunk(other, None, epochs=1).stopped
            number = 1 + next(k for k, batch in enumerate(batches) if sample in batch)
            assert stopped is not None
            assert f"epoch 1, at batch {number} of 3: " in stopped.message
            # What would be said if the samples of another batch were looked at, where all is finite.
            assert "the step was too long" not in stopped.message


def put(monkeypatch: pytest.MonkeyPatch, given: program.Tensors, sample: int, x: tuple[float, float]) -> None:
    """Train on `given` data with one sample moved to x."""
    moved = given.x.numpy().copy()
    moved[sample] = x
    given = replace(given, x=tf.constant(moved))
    for module in (program, divergence):
        monkeypatch.setattr(module, "tensors", lambda experiment: given)


@pytest.mark.usefixtures("without_xla")
def test_a_recurrent_layer_that_overflows_is_named_with_its_scale() -> None:
    """Linear, 60 steps, each three times as long: 3^60 is 10^28, and its square no float32."""
    experiment = Experiment(
        data="adding", samples=40, steps=60, hidden="rnn4", activation="linear", recurrent_scale=3,
        batch_size=8, optimizer="sgd", learning_rate=1, epochs=EPOCHS,
    )  # fmt: skip
    stopped = train_chunk(experiment, None, epochs=EPOCHS).stopped
    assert stopped is not None and stopped.reason == "diverged"
    assert stopped.message.startswith("Diverged in epoch 1, at batch ")
    assert "weighted sums of hidden layer 1" not in stopped.message
    assert "a recurrent scale of at most 1" in stopped.message
