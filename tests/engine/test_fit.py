"""`fit`: any Keras callback is told what `model.fit` would tell it, and what it changes counts."""

import numpy as np
import pytest

from nnplay.engine.backend import keras
from nnplay.engine.build import build
from nnplay.engine.chunk import train_chunk
from nnplay.engine.fit import fit, run
from nnplay.engine.program import tensors
from nnplay.experiment import DEFAULT, Experiment

QUICK = DEFAULT.change(data="circle", hidden="4", samples=60, shuffle=False, epochs=12, learning_rate=0.05)


def keras_fit(experiment: Experiment, callbacks: list) -> keras.callbacks.History:
    """The same by Keras's own loop."""
    data = tensors(experiment)
    network = build(experiment, 3)
    network.model.compile(optimizer=network.optimizer, loss=network.loss, metrics=list(network.metrics))
    return network.model.fit(
        data.x, data.y, batch_size=experiment.batch_size, epochs=experiment.epochs, shuffle=False,
        validation_data=(data.x_test, data.y_test), callbacks=callbacks, verbose=0,
    )  # fmt: skip


def test_the_history_is_that_of_the_chunks():
    state = train_chunk(QUICK, None).state
    rows = train_chunk(QUICK, state, epochs=12).rows
    _, history = fit(QUICK)
    for name in ("loss", "val_loss", "accuracy", "val_accuracy", "grad_1"):
        np.testing.assert_array_equal(np.float32(history.history[name]), rows.column(name))


def test_early_stopping_stops_where_it_stops_keras():
    def stopper():
        return keras.callbacks.EarlyStopping(
            "val_loss", min_delta=0.01, patience=2, restore_best_weights=True
        )

    ours, history = fit(QUICK.change(epochs=60), [stopper()])
    theirs = keras_fit(QUICK.change(epochs=60), [stopper()])
    assert len(history.epoch) == len(theirs.epoch) < 60
    for one, other in zip(ours.get_weights(), theirs.model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize(
    "callback",
    [
        lambda: keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.8),
        lambda: keras.callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=1.0),
    ],
    ids=["LearningRateScheduler", "ReduceLROnPlateau"],
)
def test_a_callback_that_changes_the_learning_rate_counts(callback):
    _, ours = fit(QUICK, [callback()])
    theirs = keras_fit(QUICK, [callback()])
    np.testing.assert_allclose(ours.history["loss"], theirs.history["loss"], atol=1e-5)
    np.testing.assert_allclose(ours.history["val_loss"], theirs.history["val_loss"], atol=1e-5)


def test_a_callback_that_listens_to_batches_hears_each():
    told = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: batches.append(batch),
        on_epoch_end=lambda epoch, logs: epochs.append(epoch),
    )
    batches, epochs = [], []
    _, history = fit(QUICK, [told])
    assert epochs == list(range(12)) and batches == [0, 1, 2] * 12
    _, plain = fit(QUICK)
    assert history.history == plain.history


def test_run_reports_progress_to_the_end():
    seen = []
    results, first = run(QUICK, lambda done, total, loss: seen.append((done, total)))
    assert seen[-1] == (12, 12) and [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert sum(len(result.rows.values) for result in results) == 12 and first > 0
