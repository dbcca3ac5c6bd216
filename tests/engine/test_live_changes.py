"""Settings changed in the middle of a run: what carries on, and what is refused."""

from dataclasses import replace

import numpy as np
import plain_keras
import pytest

from nnplay.engine import program
from nnplay.engine.chunk import train_chunk
from nnplay.experiment import SETTINGS, Experiment

SMALL = Experiment(
    data="moons", samples=40, position_noise=0.2, hidden="4-3", batch_size=8, shuffle=False, epochs=60
)


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_learning_rate_needs_no_new_program_and_does_what_keras_does(optimizer: str) -> None:
    slow = SMALL.change(optimizer=optimizer, learning_rate=0.01)
    start = train_chunk(slow, None, views=("weights",))
    first = train_chunk(slow, start.state, epochs=5)
    programs = len(program._programs)
    fast = slow.change(learning_rate=0.1)
    second = train_chunk(fast, first.state, epochs=5)
    assert len(program._programs) == programs and not second.compiled
    assert second.rows.column("lr").tolist() == [np.float32(0.1)] * 5

    plain = plain_keras.compiled(slow, start.views["weights"])
    before = plain_keras.fit(plain, slow, 5)
    plain.optimizer.learning_rate = 0.1
    after = plain_keras.fit(plain, slow, 5)
    assert plain_keras.largest_difference(before, first.rows) < 1e-6
    assert plain_keras.largest_difference(after, second.rows) < 1e-6


def test_learning_rate_changes_under_a_schedule_too() -> None:
    experiment = SMALL.change(schedule="cosine")
    first = train_chunk(experiment, None, epochs=5)
    slow = train_chunk(experiment, first.state, epochs=5)
    fast = train_chunk(experiment.change(learning_rate=0.1), first.state, epochs=5)
    assert not fast.compiled
    np.testing.assert_allclose(fast.rows.column("lr"), 10 * slow.rows.column("lr"), rtol=1e-6)


def test_batch_size_changed_within_an_epoch_starts_that_epoch_again() -> None:
    """The row of the epoch is then the one that `fit` gives from the weights at the change."""
    experiment = SMALL.change(optimizer="sgd", learning_rate=0.1)
    middle = train_chunk(experiment, None, batches=2 * 3 + 2, views=("weights",))
    assert (middle.state.epoch, middle.state.batch) == (2, 2)
    other = experiment.change(batch_size=5)
    after = train_chunk(other, middle.state, epochs=1)
    assert (after.state.epoch, after.state.batch) == (3, 0)
    assert after.rows.column("epoch").tolist() == [3]
    plain = plain_keras.compiled(other, middle.views["weights"])
    assert plain_keras.largest_difference(plain_keras.fit(plain, other, 1), after.rows) < 1e-6


def test_batch_size_changed_between_epochs_changes_nothing_else() -> None:
    first = train_chunk(SMALL, None, epochs=2)
    other = SMALL.change(batch_size=5)
    after = train_chunk(other, first.state)
    np.testing.assert_equal(after.state.arrays, first.state.arrays)
    assert after.state == replace(first.state, batch_size=5, arrays=after.state.arrays)


WORDS = {"schedule": "exponential", "clip": "norm0.1", "regularizer": "l2"}


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if setting.live])
def test_every_live_setting_is_taken_over(name: str) -> None:
    """The run goes on with its weights and its epoch; a change that matters at once is seen at once."""
    experiment = SMALL.change(optimizer="sgd", momentum=0.9, regularizer="l1")
    state = train_chunk(experiment, None, epochs=2).state
    now = getattr(experiment, name)
    value = WORDS.get(
        name, not now if isinstance(now, bool) else now * 2 or (100 if name == "patience" else 1e-6)
    )
    changed = train_chunk(experiment.change(**{name: value}), state, epochs=2)
    same = train_chunk(experiment, state, epochs=2)
    assert changed.rows.column("epoch").tolist() == [3, 4]
    assert np.isfinite(changed.rows.values).all()
    later = name in ("epochs", "target_loss", "patience")
    assert np.array_equal(changed.rows.values, same.rows.values) == later


@pytest.mark.parametrize(
    "changes", [{"hidden": "5-3"}, {"hidden": "4"}, {"optimizer": "sgd"}, {"normalization": "batch"}]
)
def test_state_of_another_network_is_refused(changes: dict[str, str]) -> None:
    state = train_chunk(SMALL, None).state
    with pytest.raises(ValueError, match=r"another network or optimizer\. Reset the run"):
        train_chunk(SMALL.change(**changes), state, epochs=1)


def test_unknown_view_is_named() -> None:
    with pytest.raises(ValueError, match=r"Unknown view 'boundry'\. Did you mean 'boundary'"):
        train_chunk(SMALL, None, views=("boundry",))
