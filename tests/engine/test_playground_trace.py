"""TensorFlow Playground's own numbers, taken from a run of its source, reproduced by our Keras objects.

Its loss is half the squared error, so `mse` with half its learning rate takes the same steps. It updates
the weights at each second sample; what is left over at the end of an epoch is carried into the next one's
first update, where the weights are still the same. So five samples in batches of two are the batches below.
"""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from nnplay.engine import program
from nnplay.engine.build import Network, build
from nnplay.engine.chunk import initial_state
from nnplay.experiment import Experiment

X = np.array([[1, 2], [-1, 0.5], [2, -1], [-0.5, -2], [0.3, 0.7]], "float32")
Y = np.array([[1], [-1], [-1], [1], [1]], "float32")
WEIGHTS = (
    np.array([[0.1, 0.3, -0.5], [-0.2, 0.4, 0.25]], "float32"),
    np.full(3, 0.1, "float32"),
    np.array([[0.2], [-0.4], [0.6]], "float32"),
    np.full(1, 0.1, "float32"),
)
LEARNING_RATE = 0.3
LOSSES = (0.5280697381, 0.4758466955, 0.4552836666, 0.4467950323, 0.4404100417, 0.4341391666)
FIRST, NEXT, SECOND = [0, 1], [4, 0, 1], [2, 3]

EXPERIMENT = Experiment(
    data="moons", samples=8, hidden="3", activation="tanh", loss="mse", optimizer="sgd",
    learning_rate=LEARNING_RATE / 2, batch_size=0, shuffle=False, initializer="playground",
)  # fmt: skip


def network() -> Network:
    """Our network with the trace's weights."""
    made = build(EXPERIMENT, 1)
    made.model.set_weights(WEIGHTS)
    return made


def half_mse(made: Network) -> float:
    """The mean loss as TensorFlow Playground shows it."""
    return float(made.loss(Y, made.model(X))) / 2


def test_trace_by_our_keras_objects() -> None:
    made = network()
    losses = [half_mse(made)]
    for epoch in range(5):
        for batch in (NEXT if epoch else FIRST, SECOND):
            with tf.GradientTape() as tape:
                loss = made.loss(Y[batch], made.model(X[batch], training=True))
            variables = made.model.trainable_variables
            made.optimizer.apply(tape.gradient(loss, variables), variables)
        losses.append(half_mse(made))
    np.testing.assert_allclose(losses, LOSSES, atol=1e-5)


def test_trace_by_the_compiled_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fused epoch itself: programs for two and for three samples, given those of the trace."""
    programs = {
        count: program.compile_program(EXPERIMENT.change(test_fraction=1 - count / 8)) for count in (2, 3)
    }
    made = programs[2].network
    state = initial_state(EXPERIMENT, programs[2])
    # The model's variables come first in a state.
    state = replace(state, arrays=(*WEIGHTS, *state.arrays[len(WEIGHTS) :]))
    losses = [half_mse(network())]
    for epoch in range(5):
        for batch in (NEXT if epoch else FIRST, SECOND):
            # Eight samples in all is what the programs were made for; those to test on do not matter.
            rest = 8 - len(batch)
            data = X[batch], Y[batch], np.resize(X, (rest, 2)), np.resize(Y, (rest, 1))
            given = program.Tensors(*(tf.constant(array) for array in data))
            monkeypatch.setattr(program, "tensors", lambda experiment, given=given: given)
            state, _ = program.advance(programs[len(batch)], EXPERIMENT, state, end_epoch=state.epoch + 1)
        made.write(state.arrays)
        losses.append(half_mse(made))
    np.testing.assert_allclose(losses, LOSSES, atol=1e-5)


def test_gradients_of_a_single_sample() -> None:
    made = network()
    with tf.GradientTape() as tape:
        output = made.model(X[:1], training=True)
        loss = made.loss(Y[:1], output) / 2
    gradients = tape.gradient(loss, made.model.trainable_variables)
    assert float(output[0, 0]) == pytest.approx(-0.2099663172, abs=1e-6)
    expected = (
        np.array(
            [(-0.2223130601, -0.4446261203), (0.1411173693, 0.2822347386), (-0.6870806117, -1.3741612233)]
        ).T,
        np.array([-0.2223130601, 0.1411173693, -0.6870806117]),  # the input x1 is 1: as for its weight
        np.array([[0.2282890163], [-0.9642248581], [-0.1152783865]]),
        np.array([-1.1566239184]),
    )
    for gradient, truth in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(gradient, truth, atol=1e-5)


def test_playground_initial_weights() -> None:
    made = build(EXPERIMENT.change(hidden="512"), 1)
    for layer in made.weight_layers:
        kernel = layer.kernel.numpy()
        assert -0.5 <= kernel.min() < -0.45 and 0.45 < kernel.max() <= 0.5
        assert (layer.bias.numpy() == np.float32(0.1)).all()
