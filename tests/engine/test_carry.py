"""Weights kept while something else changes: what goes on, what starts anew, what is refused."""

import numpy as np
import pytest

from nnplay.engine.batches import batch_places, order
from nnplay.engine.chunk import train_chunk
from nnplay.engine.order import order_of
from nnplay.engine.program import batch_of
from nnplay.engine.weights import weights_of
from nnplay.experiment import Experiment

SMALL = Experiment(data="moons", samples=40, hidden="4-3", batch_size=8, epochs=60, optimizer="sgd")
KEPT = {
    "data": {"data": "circle"},
    "activation": {"activation": "relu"},
    "loss": {"loss": "binary_crossentropy"},
    "optimizer": {"optimizer": "adam"},
    "momentum on": {"momentum": 0.9},
    "dropout on": {"dropout": 0.2},
    "batch size under a schedule": {"schedule": "cosine", "batch_size": 4},
}


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("case", KEPT)
def test_the_weights_stay_and_the_run_goes_on(case: str) -> None:
    other = SMALL.change(**KEPT[case])
    assert SMALL.cannot_keep_weights(other) == ""
    state = train_chunk(SMALL, None, batches=2 * SMALL.batches + 1).state
    kept = train_chunk(other, state, made_by=SMALL, views=("weights",))
    assert (kept.state.epoch, kept.state.batch) == (2, 0)
    for mine, its in zip(weights_of(SMALL, state.arrays), kept.views["weights"]["kernels"], strict=True):
        np.testing.assert_array_equal(mine.kernel, its)
    after = train_chunk(other, kept.state, epochs=2)
    assert after.rows.column("epoch").tolist() == [3, 4] and np.isfinite(after.rows.values).all()


@pytest.mark.usefixtures("without_xla")
def test_the_memory_of_the_same_optimizer_stays() -> None:
    adam = SMALL.change(optimizer="adam")
    state = train_chunk(adam, None, epochs=3).state
    kept = train_chunk(adam.change(activation="relu"), state, made_by=adam).state
    # All but the sums over an epoch, which are 0 between two.
    for mine, its in zip(state.arrays, kept.arrays, strict=True):
        np.testing.assert_array_equal(mine, its)
    fresh = train_chunk(adam.change(optimizer="rmsprop"), state, made_by=adam).state
    assert not any(array.any() for array in fresh.arrays[6:] if array.shape == (4, 3))


def test_why_weights_cannot_be_kept_is_a_sentence() -> None:
    for fields, said in (
        ({"hidden": "5-3"}, "other layers"),
        ({"data": "plane", "loss": "mse"}, "not measured alike"),
        ({"features": ("x1",)}, "1 numbers instead of 2"),
        ({"data": "blobs", "classes": 4, "loss": "mse"}, "4 outputs instead of 1"),
    ):
        assert said in SMALL.cannot_keep_weights(SMALL.change(**fields)), fields
    state = train_chunk(SMALL, None).state
    with pytest.raises(ValueError, match="do not fit the other network"):
        train_chunk(SMALL.change(hidden="5-3"), state, made_by=SMALL)


@pytest.mark.parametrize("shuffle", [True, False])
def test_the_server_knows_which_samples_are_in_a_batch(shuffle: bool) -> None:
    experiment = SMALL.change(shuffle=shuffle, seed=2**31 - 1)
    for epoch in (0, 1, 99_999):
        for batch in range(experiment.batches):
            there = batch_of(experiment, epoch, batch).numpy()
            np.testing.assert_array_equal(batch_places(experiment, epoch, batch), there)
    import tensorflow as tf

    np.testing.assert_array_equal(order(5000, 7, 3), order_of(5000, tf.constant(7), tf.constant(3)).numpy())
