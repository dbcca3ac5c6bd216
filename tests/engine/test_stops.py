"""Stop conditions and our callbacks: in the engine, in any cut, and in plain `model.fit`."""

import keras
import numpy as np
import plain_keras
import pytest
import runs

from nnplay.engine.callbacks import NaNGuard, Record, StopConditions
from nnplay.engine.chunk import train_chunk
from nnplay.experiment import Experiment

EPOCHS = 60
# The test loss falls, rises for four epochs, falls again, and at last rises for good.
SETTLING = Experiment(
    data="moons", samples=60, position_noise=0.4, label_noise=0.3, hidden="8", batch_size=10,
    shuffle=False, learning_rate=0.02, seed=3, epochs=EPOCHS,
)  # fmt: skip
CUTS = {
    "whole": [(EPOCHS, 0)],
    "ones": [(1, 0)] * EPOCHS,
    "sevens": [(7, 0)] * 9,
    "batches": [(0, 1)] * 3 * EPOCHS,
}


@pytest.fixture(scope="module")
def val_loss() -> np.ndarray:
    """Of a run without conditions."""
    return train_chunk(SETTLING, None, epochs=EPOCHS).rows.column("val_loss")


@pytest.mark.parametrize("patience", [1, 3, 6])
def test_patience_stops_where_keras_does(patience: int, val_loss: np.ndarray) -> None:
    keras_stops = keras.callbacks.EarlyStopping("val_loss", patience=patience, mode="min")
    model = keras.Sequential()
    model.stop_training = False
    keras_stops.set_model(model)
    keras_stops.on_train_begin()
    for epoch, loss in enumerate(val_loss):
        keras_stops.on_epoch_end(epoch, {"val_loss": float(loss)})
        if model.stop_training:
            break
    assert keras_stops.stopped_epoch, "the run is too short to test anything"
    for cuts in CUTS.values():
        result, rows = runs.run(SETTLING.change(patience=patience), cuts)
        assert result.stopped is not None
        assert (result.stopped.reason, result.stopped.epoch) == ("patience", keras_stops.stopped_epoch + 1)
        assert (result.state.epoch, result.state.batch) == (result.stopped.epoch, 0)
        assert rows[:, 0].tolist() == list(range(1, result.stopped.epoch + 1))
        assert result.state.best == pytest.approx(val_loss[: len(rows)].min())
        assert f"{patience} epochs" in result.stopped.message


def test_target_stops_at_the_first_epoch_that_reaches_it(val_loss: np.ndarray) -> None:
    target = float(val_loss[:10].min()) + 0.01
    first = int(np.flatnonzero(val_loss <= target)[0]) + 1
    assert first > 2
    outcomes = set()
    for cuts in CUTS.values():
        result, rows = runs.run(SETTLING.change(target_loss=target), cuts)
        assert result.stopped is not None
        assert (result.stopped.reason, result.stopped.epoch, len(rows)) == ("target", first, first)
        outcomes.add(runs.digest(result, rows))
    assert len(outcomes) == 1


def test_stopped_state_is_that_of_its_epoch() -> None:
    """A chunk that ran past the stop is taken back: the arrays are those of a run of just so many epochs."""
    result = train_chunk(SETTLING.change(patience=3), None, epochs=EPOCHS, views=("weights",))
    assert result.stopped is not None and result.stopped.epoch < EPOCHS
    straight = train_chunk(SETTLING, None, epochs=result.stopped.epoch, views=("weights",))
    np.testing.assert_equal(result.state.arrays, straight.state.arrays)
    np.testing.assert_equal(result.views, straight.views)


def test_no_condition_no_stop() -> None:
    assert train_chunk(SETTLING, None, epochs=EPOCHS).stopped is None


def test_callbacks_work_with_fit() -> None:
    start = train_chunk(SETTLING, None, views=("weights",))
    plain = plain_keras.compiled(SETTLING, start.views["weights"])
    record, stops = Record(), StopConditions(patience=3)
    x, y, x_test, y_test = plain_keras.data(SETTLING)
    history = plain.fit(
        x, y, batch_size=10, epochs=EPOCHS, shuffle=False, verbose=0,
        validation_data=(x_test, y_test), callbacks=[record, NaNGuard(), stops],
    )  # fmt: skip
    ours = train_chunk(SETTLING.change(patience=3), None, epochs=EPOCHS)
    assert ours.stopped is not None and stops.stop == ours.stopped
    assert record.epochs == list(range(1, ours.stopped.epoch + 1))
    assert [logs["loss"] for logs in record.logs] == history.history["loss"]


def test_nan_guard_works_with_fit() -> None:
    wild = SETTLING.change(
        optimizer="sgd", learning_rate=100, activation="relu", output="linear", data="plane"
    )
    start = train_chunk(wild, None, views=("weights",))
    plain = plain_keras.compiled(wild, start.views["weights"])
    guard = NaNGuard()
    losses = plain_keras.fit(plain, wild, 20, callbacks=[guard])["loss"]
    ours = train_chunk(wild, None, epochs=EPOCHS).stopped
    assert guard.stop is not None and ours is not None
    assert guard.stop.epoch == ours.epoch == len(losses)
    assert np.isfinite(losses[:-1]).all() and not np.isfinite(losses[-1])
