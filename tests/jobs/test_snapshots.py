"""Snapshots: never too many, the first always, evenly spread."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.engine.state import State
from nnplay.jobs.snapshots import Snapshots


def state(epoch: int, batch: int = 0, floats: int = 10) -> State:
    return State((np.full(floats, epoch, np.float64),), epoch, batch)


@given(st.lists(st.integers(1, 60), max_size=400), st.integers(2, 64))
@settings(max_examples=80, deadline=None)
def test_bounded_spread_and_from_the_first(steps, limit):
    kept, epoch, seen = Snapshots(limit), 0, [0]
    kept.add(state(0))
    for step in steps:
        epoch += step
        seen.append(epoch)
        kept.add(state(epoch))
        assert len(kept) <= limit
    assert kept.epochs[0] == 0
    gaps = np.diff(kept.epochs)
    assert (gaps >= kept.spacing).all()
    # No hole larger than two spacings and a chunk, at the end as well.
    assert (np.diff([*kept.epochs, epoch]) <= 2 * kept.spacing + 60).all()
    for asked in range(0, epoch + 2, max(1, epoch // 20)):
        found = kept.at_or_before(asked)
        assert found.epoch == max(e for e in kept.epochs if e <= asked)
        assert (found.arrays[0] == found.epoch).all()


def test_half_finished_epochs_are_not_kept():
    kept = Snapshots()
    kept.add(state(0))
    kept.add(state(3, batch=2))
    assert kept.epochs == [0]


def test_bytes_are_bounded_and_the_first_stays():
    kept = Snapshots(max_bytes=80 * 20)
    for epoch in range(500):
        kept.add(state(epoch))
        assert kept.nbytes <= 80 * 20
    assert kept.epochs[0] == 0 and len(kept) >= 10


def test_a_state_larger_than_all_is_kept_at_epoch_0_only():
    kept = Snapshots(max_bytes=100)
    for epoch in range(50):
        kept.add(state(epoch, floats=1000))
    assert kept.epochs == [0]


def test_nothing_before_the_first():
    kept = Snapshots()
    assert kept.at_or_before(5) is None
    kept.add(state(10))
    assert kept.at_or_before(9) is None
    assert kept.at_or_before(10).epoch == 10
