"""Every loss with every output it goes with, and every activation, trained for a few epochs."""

import numpy as np
import pytest
import tensorflow as tf

from nnplay.catalog import ACTIVATIONS, INITIALIZERS, LOSSES
from nnplay.catalog.losses import Pair
from nnplay.data import DATASETS
from nnplay.engine import program
from nnplay.engine.build import activation
from nnplay.engine.chunk import train_chunk
from nnplay.engine.state import ChunkResult
from nnplay.experiment import Experiment

# SGD: traced in two thirds of Adam's time; `test_parity` has every optimizer.
SMALL = Experiment(data="moons", samples=40, hidden="4", batch_size=10, learning_rate=0.01, optimizer="sgd")
DATA = {"binary": "moons", "multiclass": "blobs", "regression": "plane"}
UNIT_TARGETS = next(name for name, dataset in DATASETS.items() if dataset.unit_targets)
PAIRS = [(loss.name, fit) for loss in LOSSES.values() for fit in loss.pairs]


def assert_trains(experiment: Experiment) -> ChunkResult:
    result = train_chunk(experiment, None, epochs=3)
    assert result.stopped is None
    assert np.isfinite(result.rows.values).all()
    assert all(np.isfinite(array).all() for array in result.state.arrays)
    assert result.rows.column("grad_1").min() > 0, "nothing is learned"
    return result


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_under_xla(loss: str) -> None:
    fit = LOSSES[loss].pairs[0]
    experiment = SMALL.change(data=DATA[fit.task], loss=loss)
    assert program.uses_xla(experiment)
    assert experiment.pairing.output == fit.output
    assert_trains(experiment)


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize(("loss", "fit"), PAIRS, ids=[f"{loss}-{p.task}-{p.output}" for loss, p in PAIRS])
def test_every_loss_with_every_output(loss: str, fit: Pair) -> None:
    data = UNIT_TARGETS if fit.unit_targets else DATA[fit.task]
    experiment = SMALL.change(data=data, loss=loss, output=fit.output)
    assert experiment.pairing.targets == fit.targets
    assert_trains(experiment)


def without_gradient(name: str) -> bool:
    """Whether nothing below this activation can learn: known of the catalogue's own step alone."""
    return not ACTIVATIONS[name].keras


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if not without_gradient(name)])
def test_every_activation(activation: str) -> None:
    assert_trains(SMALL.change(activation=activation))


def test_every_activation_under_xla() -> None:
    """One XLA program with the values and slopes of all of them, against TensorFlow's own kernels."""
    # Not at 0, where those with a kink may take the slope of either side.
    x = tf.constant(np.linspace(-6, 6, 48, dtype="float32")[:, None] + np.float32([0, 0.01]))

    def values_and_slopes(x: tf.Tensor) -> dict[str, tuple[tf.Tensor, tf.Tensor]]:
        found = {}
        for name in ACTIVATIONS:
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = activation(name)(x)
            found[name] = (y, tape.gradient(y, x))
        return found

    xla, plain = tf.function(values_and_slopes, jit_compile=True)(x), values_and_slopes(x)
    for name in ACTIVATIONS:
        for one, other in zip(xla[name], plain[name], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if without_gradient(name)])
def test_no_gradient_gets_through_a_step(activation: str) -> None:
    """Exactly none: the layers below keep every bit of their weights, while those above learn."""
    experiment = SMALL.change(hidden="4-3-2", activation=f"tanh-{activation}-tanh", optimizer="adam")
    start = train_chunk(experiment, None, views=("weights",))
    result = train_chunk(experiment, start.state, epochs=3, views=("weights",))
    for k in (1, 2):
        assert not result.rows.column(f"grad_{k}").any()
        assert not result.rows.column(f"update_{k}").any()
        for part in ("kernels", "biases"):
            np.testing.assert_array_equal(
                result.views["weights"][part][k - 1], start.views["weights"][part][k - 1]
            )
    for k in (3, 4):
        assert result.rows.column(f"grad_{k}").all()
        assert (result.views["weights"]["kernels"][k - 1] != start.views["weights"]["kernels"][k - 1]).any()


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_every_initializer(initializer: str) -> None:
    """One program for all; the same seed draws the same weights, another seed others."""
    experiment = SMALL.change(initializer=initializer)
    first, again, other = (
        train_chunk(e, None, views=("weights",)).views["weights"]
        for e in (experiment, experiment, experiment.change(seed=2))
    )
    np.testing.assert_equal(first, again)
    assert np.array_equal(first["kernels"][0], other["kernels"][0]) != INITIALIZERS[initializer].random
    assert all((bias == np.float32(INITIALIZERS[initializer].bias)).all() for bias in first["biases"])
    result = train_chunk(experiment, None, epochs=3)
    assert np.isfinite(result.rows.values[:, 1:3]).all()


@pytest.mark.usefixtures("without_xla")
def test_a_deeper_network_starts_with_the_same_first_layers() -> None:
    shallow, deep = (
        train_chunk(SMALL.change(hidden=hidden), None, views=("weights",)).views["weights"]["kernels"]
        for hidden in ("4-3", "4-3-2")
    )
    for place in (0, 1):
        np.testing.assert_array_equal(shallow[place], deep[place])


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("data", DATASETS)
def test_every_dataset(data: str) -> None:
    assert_trains(SMALL.change(data=data, loss="mse", samples=60))
