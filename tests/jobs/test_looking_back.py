"""A run's past: looked at, gone on from, with the very numbers of a run that was never stopped."""

import numpy as np
import pytest
from fake_engine import Bench, Experiment, assert_whole, train, whole

from nnplay.jobs import Moment
from nnplay.jobs.run import Status

VIEWS = ("map",)


def played(bench: Bench, epochs: int = 300, **fields):
    """A run that was played to its end."""
    run = bench.runs.create(Experiment(epochs=epochs, **fields))
    run.want(VIEWS)
    bench.runs.prepare(run)
    bench.work()
    bench.runs.play(run)
    bench.work()
    assert run.epoch == epochs
    return run


@pytest.mark.parametrize("epoch", [0, 1, 137, 299])
def test_an_earlier_epoch_is_reached_again_whether_kept_or_not(epoch):
    bench = Bench()
    run = played(bench)
    bench.runs.look(run, epoch)
    assert run.arriving and run.shown is run
    bench.work()
    shown = run.shown
    assert isinstance(shown, Moment) and not run.arriving and shown.epoch == epoch
    assert shown.views["map"][:2] == (epoch, 0)
    assert shown.state.arrays[0] == train(run.experiment, None, epochs=epoch).state.arrays[0]
    assert shown.history is run.history and len(shown.history) == 300
    # A second look costs nothing, and the way back is free.
    bench.runs.look(run, None)
    assert run.shown is run
    bench.runs.look(run, epoch)
    assert run.shown.epoch == epoch and bench.work() == 0


@pytest.mark.parametrize("epoch", [0, 1, 137, 299])
def test_going_on_from_the_past_gives_the_same_history(epoch):
    bench = Bench()
    run = played(bench)
    bench.runs.look(run, epoch)
    bench.work()
    bench.runs.step(run, epochs=2)
    assert run.looking is None and run.epoch == epoch and len(run.history) == epoch
    bench.work()
    assert run.epoch == min(epoch + 2, 300) and run.status.word in ("paused", "finished")
    bench.runs.play(run)
    bench.work()
    assert run.status == Status("finished")
    assert_whole(run)


def test_a_play_before_the_moment_is_reached_waits_for_it():
    bench = Bench()
    run = played(bench)
    bench.runs.look(run, 200)
    bench.runs.play(run)
    assert run.epoch == 300
    bench.work()
    assert run.status == Status("finished") and run.looking is None
    assert_whole(run)


def test_looking_pauses_and_what_is_under_way_still_counts():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=100_000))
    run.want(VIEWS)
    bench.runs.play(run)
    bench.work(8)
    assert run.flight and run.going
    bench.runs.look(run, 1)
    assert not run.going
    before = run.epoch
    bench.work()
    assert run.epoch > before and run.shown.epoch == 1
    bench.runs.play(run)
    bench.work(30)
    bench.runs.pause(run)
    bench.work()
    np.testing.assert_array_equal(run.history.values, whole(Experiment(epochs=run.epoch)))


def test_a_chunk_under_way_when_the_past_becomes_the_present_no_longer_counts():
    bench = Bench()
    run = played(bench)
    for epoch in (5, 6):
        bench.runs.look(run, epoch)
        bench.work()
    bench.runs.look(run, 123)
    assert run.flight
    bench.runs.look(run, 5)
    bench.runs.play(run)
    bench.work()
    assert_whole(run)


def test_changes_on_the_way_are_made_where_they_were_made():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=200))
    run.want(VIEWS)
    faster, fastest = run.experiment.change(rate=0.95), run.experiment.change(rate=0.97)
    bench.runs.step(run, epochs=20)
    bench.work()
    bench.runs.step(run, epochs=0, batches=3)
    bench.work()
    bench.runs.change(run, faster)
    bench.runs.step(run, epochs=0, batches=4)
    bench.work()
    bench.runs.change(run, fastest)
    bench.runs.play(run)
    bench.work()
    assert [(change.epoch, change.batch) for change in run.changes] == [(20, 3), (21, 2)]
    # Of the states kept only the first is left: all else has to be trained again.
    run.snapshots._states[1:] = []
    once = run.history.values.copy()
    for epoch, experiment in ((20, run.origin), (21, faster), (150, fastest)):
        bench.runs.look(run, epoch)
        bench.work()
        assert run.shown.epoch == epoch and run.shown.experiment == experiment
        assert np.float32(run.shown.state.arrays[0][0]) == once[epoch - 1, 1]
    bench.runs.look(run, 21)
    bench.runs.play(run)
    bench.work()
    # From epoch 21 on by the settings of now, and that is noted.
    assert [(change.epoch, change.batch, change.experiment) for change in run.changes] == [
        (20, 3, faster),
        (21, 0, fastest),
    ]


def test_an_error_on_the_way_is_said_and_the_lost_worker_replaced():
    bench = Bench()
    run = played(bench)
    bench.runs.look(run, 130)
    bench.hands[-1].kill()
    bench.work()
    assert run.shown.epoch == 130 and run.status == Status("finished")


# ---- branches, run to an epoch, slow motion, weights kept


def test_a_branch_keeps_the_curve_and_goes_on_from_where_one_looks():
    bench = Bench()
    run = played(bench)
    once = run.history.values.copy()
    bench.runs.look(run, 100)
    bench.work()
    bench.runs.branch(run)
    assert run.looking is None and run.epoch == 100 and not run.going
    (branch,) = run.branches
    assert branch.epoch == 100 and branch.rows.column("epoch")[-1] == 300
    bench.runs.change(run, run.experiment.change(rate=0.95))
    bench.runs.play(run)
    bench.work()
    np.testing.assert_array_equal(run.history.values[:100], once[:100])
    assert (run.history.values[100:, 1] != once[100:, 1]).any()
    assert [(change.epoch, change.batch) for change in run.changes] == [(100, 0)]
    # They survive a reset, are bounded, and go when asked to.
    bench.runs.reset(run)
    bench.work()
    for _ in range(6):
        bench.runs.step(run)
        bench.work()
        bench.runs.branch(run)
    assert [kept.number for kept in run.branches] == [4, 5, 6, 7]
    bench.runs.forget_branch(run, 5)
    assert [kept.number for kept in run.branches] == [4, 6, 7]


def test_run_to_an_epoch_ends_on_it():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=1000))
    for epoch in (37, 38, 500):
        bench.runs.run_to(run, epoch)
        assert run.going
        bench.work()
        assert run.epoch == epoch and run.status == Status("paused") and run.until is None
    bench.runs.run_to(run, 20)
    assert not run.going
    bench.runs.look(run, 20)
    bench.work()
    bench.runs.run_to(run, 30)
    bench.work()
    assert run.epoch == 30
    assert_whole(run)
    bench.runs.run_to(run, 5000)
    bench.work()
    assert run.status == Status("finished")


def test_slow_motion_trains_single_batches_in_time():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=50))
    run.want(VIEWS)
    bench.runs.prepare(run)
    bench.work()
    run.batch_limit = 2.0
    bench.runs.play(run)
    seen = []
    for _ in range(12):
        bench.work()
        seen.append((run.state.epoch, run.state.batch))
        assert run.views["map"][:2] == seen[-1]
        bench.clock.now += 0.5
        bench.runs.watch(run)
    assert seen == [divmod(count, 5) for count in range(1, 13)]
    run.batch_limit = None
    bench.runs.watch(run)
    bench.work()
    assert_whole(run)


def test_weights_are_kept_for_another_experiment_and_that_is_a_part_of_the_past():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=200, name="old"))
    run.want(VIEWS)
    bench.runs.step(run, epochs=20)
    bench.work()
    bench.runs.step(run, epochs=0, batches=3)
    bench.work()
    old, other, generation = run.origin, run.experiment.change(name="other", rate=0.95), run.generation
    before = run.state.arrays
    bench.runs.keep(run, other)
    bench.work()
    assert (run.origin, run.experiment) == (other, other) and run.generation > generation
    assert run.state.arrays == before and (run.epoch, run.state.batch) == (20, 0) and run.set_by_hand is False
    assert [(change.epoch, change.batch, change.kept) for change in run.changes] == [(20, 3, True)]
    bench.runs.play(run)
    bench.work()
    once = run.history.values.copy()
    # Trained again from the first state, over the change.
    run.snapshots._states[1:] = []
    bench.runs.look(run, 150)
    bench.work()
    assert (run.shown.origin, run.shown.generation) == (other, run.generation)
    assert np.float32(run.shown.state.arrays[0][0]) == once[149, 1]
    bench.runs.look(run, 12)
    bench.work()
    assert (run.shown.origin, run.shown.views["map"][2]) == (old, "old")
    assert run.shown.generation != run.generation
    bench.runs.go_back(run)
    assert run.origin == run.experiment == old and not run.changes
    bench.runs.play(run)
    bench.work()
    assert_whole(run)


def test_weights_that_do_not_fit_leave_the_run_as_it_is():
    def refusing(experiment, state, *, made_by=None, **others):
        if made_by:
            raise ValueError("These weights do not fit.")
        return train(experiment, state, **others)

    bench = Bench(train=refusing)
    run = bench.runs.create(Experiment(epochs=20))
    bench.runs.step(run)
    bench.work()
    bench.runs.keep(run, run.experiment.change(name="other"))
    bench.work()
    assert run.notes == ["These weights do not fit."] and run.next is None and run.experiment.name == ""
    bench.runs.play(run)
    bench.work()
    assert_whole(run)
