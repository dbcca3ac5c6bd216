"""Runs that leave the rails: where they stop, and what is said about it, against numpy."""

from itertools import product

import numpy as np
import numpy_descent
import plain_keras
import pytest
import runs

from nnplay.engine import program
from nnplay.engine.chunk import train_chunk
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


def test_last_batch_of_an_epoch_is_watched() -> None:
    """With so many batches that not all are measured, a last step into the void must not go unseen.

    The rows are in order up to the last batch: that one's gradient alone is not finite.
    """
    experiment = WILD.change(samples=140, batch_size=1, hidden="none", learning_rate=1e-6, data="plane")
    start = train_chunk(experiment, None)
    compiled = program.compile_program(experiment)
    assert compiled.batches == 70
    given = program.tensors(experiment)
    x = given.x.numpy().copy()
    # (w x - y)^2 is finite, its gradient 2 (w x - y) x is not.
    x[-1] = 3e18, 1e19
    _, table = compiled.run(list(start.state.arrays), x, given.y, given.x_test, given.y_test, 0, 0, 1, 0, 1)
    row = dict(zip(compiled.columns, table.numpy()[0], strict=True))
    assert np.isfinite(row["loss"])
    assert not np.isfinite(row["grad_1"])
