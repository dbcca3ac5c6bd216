"""The record of a run: never too much, from the first on, in whatever order it comes; the past filled in."""

from typing import Any

import numpy as np
from fake_engine import Bench, Experiment
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.jobs.record import VIEW, Measurement, Record


def measurement(epoch: int, batch: int = 0, floats: int = 10) -> Measurement:
    return Measurement(epoch, batch, {"weights": np.full(floats, epoch, np.float32)})


@given(st.lists(st.integers(0, 3000), max_size=300), st.integers(2, 32))
@settings(max_examples=80, deadline=None)
def test_bounded_in_order_and_from_the_first(epochs, limit):
    record = Record(limit)
    for epoch in epochs:
        wanted = record.wanted([epoch]) == [epoch]
        known = epoch in [kept.epoch for kept in record.kept]
        record.add(measurement(epoch))
        kept = [kept.epoch for kept in record.kept]
        assert len(kept) <= limit and kept == sorted(set(kept))
        assert kept[0] <= min(epochs[: epochs.index(epoch) + 1], default=0)
        # What is wanted is kept, unless there were too many; what is kept is not wanted again.
        assert not (wanted and known) and record.wanted(kept) == []
    gaps = np.diff([kept.epoch for kept in record.kept])
    # A new beginning may come close to the old one.
    assert (gaps[1:] >= record.spacing / 2).all() or len(gaps) < 2


def test_bytes_are_bounded_and_half_epochs_are_only_the_latest():
    record = Record(max_bytes=40 * 20)
    for epoch in range(300):
        record.take(epoch, 0, measurement(epoch).values, now=float(epoch))
        assert sum(kept.nbytes for kept in record.kept) <= 40 * 20
    record.take(300, 2, measurement(300).values, now=300.0)
    assert record.kept[0].epoch == 0 and record.kept[-1].epoch < 300
    assert record.latest and (record.latest.epoch, record.latest.batch, record.latest_at) == (300, 2, 300.0)
    assert record.at_or_before(299) is record.kept[-1] and record.at_or_before(-1) is None


def test_what_is_measured_again_at_the_same_place_replaces_it():
    record = Record()
    record.add(measurement(3))
    again = measurement(3)
    record.add(again)
    assert record.kept == [again]


def look(log: list[int]):
    def looked(experiment: Any, states: Any, views: Any) -> list[dict[str, Any]]:
        assert views == (VIEW,)
        log.extend(state.epoch for state in states)
        return [{VIEW: {"weights": state.arrays[0]}} for state in states]

    return looked


def test_the_past_is_filled_in_from_the_kept_states():
    log: list[int] = []
    bench = Bench(look=look(log))
    run = bench.runs.create(Experiment(epochs=500))
    bench.runs.play(run)
    bench.work()
    assert not run.record.kept
    for _ in range(20):
        bench.runs.look_back(run)
        # One look at a time, however often a page asks.
        bench.runs.look_back(run)
        bench.work()
    assert [kept.epoch for kept in run.record.kept] == run.snapshots.epochs
    for kept in run.record.kept:
        state = run.snapshots.at_or_before(kept.epoch)
        assert kept.values["weights"] is state.arrays[0]
    assert sorted(log) == run.snapshots.epochs
    bench.runs.reset(run)
    assert not run.record.kept and run.record.latest is None


def test_a_look_that_fails_is_not_repeated_and_a_lost_worker_is():
    log: list[int] = []

    def fails(experiment: Any, states: Any, views: Any) -> list[dict[str, Any]]:
        log.append(len(states))
        raise ValueError("no such view")

    bench = Bench(look=fails)
    run = bench.runs.create(Experiment(epochs=20))
    bench.runs.play(run)
    bench.work()
    for _ in range(3):
        bench.runs.look_back(run)
        bench.work()
    assert len(log) == 1 and not run.failure
    bench.runs.reset(run)
    bench.work()
    bench.runs.look_back(run)
    bench.hands[-1].kill()
    bench.runs.look_back(run)
    bench.work()
    assert len(log) == 2


def test_a_look_from_before_a_reset_is_not_taken():
    bench = Bench(look=look([]))
    run = bench.runs.create(Experiment(epochs=20))
    bench.runs.play(run)
    bench.work()
    bench.runs.look_back(run)
    bench.runs.reset(run)
    bench.work()
    assert not run.record.kept
