"""Pace: chunks of about the right length, whatever an epoch costs."""

import pytest

from nnplay.engine.state import ROW_CAPACITY, State
from nnplay.jobs.pace import Pace, chunk_seconds, learned, next_work, smoothed


def run_for(batch_seconds: float, batches: int, chunks: int = 60, target: float = 0.1):
    """Drive a pace against an engine of constant speed; return the works and seconds of all chunks."""
    pace, state, done = Pace(), State(()), []
    for _ in range(chunks):
        work = next_work(pace, target, 10**9, batches)
        at = state.epoch * batches + state.batch
        after = (state.epoch + work.epochs) * batches if work.epochs else at + work.batches
        # As the engine: a chunk by batches ends with the epoch.
        if work.batches:
            after = min(after, (state.epoch + 1) * batches)
        seconds = (after - at) * batch_seconds
        moved = State((), *divmod(after, batches))
        pace = learned(pace, state, moved, seconds)
        state = moved
        done.append((work, seconds))
    return done


@pytest.mark.parametrize("epoch_seconds", [1e-7, 1e-5, 0.0004, 0.003, 0.03, 0.15])
def test_quick_epochs_come_in_chunks_of_the_asked_length(epoch_seconds):
    done = run_for(epoch_seconds / 25, 25)
    assert done[0][0].batches == done[1][0].epochs == 1
    assert all(work.batches == 0 and 1 <= work.epochs <= ROW_CAPACITY for work, _ in done[1:])
    assert all(seconds <= max(0.1, epoch_seconds) * 1.001 for _, seconds in done)
    assert done[-1][1] >= 0.09 or done[-1][0].epochs in (ROW_CAPACITY, 1)


@pytest.mark.parametrize("batch_seconds", [0.002, 0.02, 0.09, 0.5])
def test_slow_epochs_are_cut_into_batches(batch_seconds):
    done = run_for(batch_seconds, 300)
    assert done[0][0].batches == 1
    assert all(work.batches and not work.epochs for work, _ in done)
    assert all(seconds <= max(0.1, batch_seconds) * 1.001 for _, seconds in done)


def test_epochs_that_became_quick_are_whole_again():
    pace = Pace(epoch_seconds=1.0)
    assert next_work(pace, 0.1, 9, 300).batches == 1
    pace = learned(pace, State((), 4, 0), State((), 4, 6), 0.03)
    assert next_work(pace, 0.1, 9, 300).batches == 20
    pace = learned(pace, State((), 4, 6), State((), 5, 0), 0.02)
    assert next_work(pace, 0.1, 9, 300).epochs == 2


def test_never_past_the_last_epoch():
    assert next_work(Pace(epoch_seconds=0.001, epochs=500), 0.1, 3, 10).epochs == 3


def test_a_first_wrong_measurement_does_no_harm():
    assert next_work(Pace(epoch_seconds=0.0, epochs=1), 0.1, 10_000, 10).epochs <= 8


def test_shared_lanes_have_shorter_chunks():
    assert chunk_seconds(0.1, 1) == chunk_seconds(0.1, 4) == 0.1
    assert chunk_seconds(0.1, 10) == pytest.approx(0.04)
    assert chunk_seconds(0.1, 1000) == 0.02


def test_speed_settles_on_the_rate():
    speed = smoothed(0.0, 10, 0.1)
    assert speed == pytest.approx(100)
    for _ in range(100):
        speed = smoothed(speed, 5, 0.1)
    assert speed == pytest.approx(50, rel=0.05)
