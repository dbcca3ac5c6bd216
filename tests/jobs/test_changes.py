"""Settings changed while a run is there: noted where they take effect."""

from dataclasses import replace

import numpy as np
from fake_engine import Bench, Experiment, assert_whole, train

from nnplay.jobs.run import Status


def test_a_live_change_is_noted_where_it_takes_effect():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=5_000))
    bench.runs.play(run)
    bench.work(5)
    slower, slowest = run.experiment.change(rate=0.8), run.experiment.change(rate=0.7)
    bench.runs.change(run, slower)
    assert run.changes == []
    bench.work(1)
    at = run.changes[0].epoch
    assert len(run.changes) == 1 and run.changes[0].experiment is slower and at == run.epoch
    bench.runs.pause(run)
    bench.runs.change(run, slowest)
    bench.runs.change(run, slower)
    bench.runs.change(run, slowest)
    bench.runs.play(run)
    bench.work()
    assert [change.experiment for change in run.changes] == [slower, slowest]
    # The whole run can be made again from its origin and its changes.
    state, rows = None, []
    ends = [*(change.epoch for change in run.changes), 5_000]
    for experiment, end in zip([run.origin, slower, slowest], ends, strict=True):
        result = train(experiment, state, epochs=end - (state.epoch if state else 0))
        state, rows = result.state, [*rows, result.rows.values]
    np.testing.assert_array_equal(run.history.values, np.concatenate(rows))


def test_more_epochs_for_a_finished_run():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=10))
    bench.runs.play(run)
    bench.work()
    bench.runs.change(run, Experiment(epochs=30))
    assert run.status == Status("paused")
    bench.runs.play(run)
    bench.work()
    assert run.status == Status("finished") and run.epoch == 30
    assert_whole(run)


def test_fewer_epochs_than_are_done_end_a_waiting_run():
    bench = Bench(max_runs=1)
    first, second = (bench.runs.create(Experiment(epochs=1000)) for _ in range(2))
    bench.runs.step(second, epochs=20)
    bench.work()
    bench.runs.play(first)
    bench.runs.play(second)
    bench.runs.change(second, Experiment(epochs=10))
    assert second.status == Status("finished")
    bench.work()
    assert first.status == second.status == Status("finished")


def test_another_batch_size_in_the_middle_of_an_epoch_counts_as_progress():
    def restarting(experiment, state, *, batches=0, **others):
        if state and batches and state.batch_size != 7:
            state = replace(state, batch=0, batch_size=7)
        return train(experiment, state, batches=batches, **others)

    bench = Bench(train=restarting)
    run = bench.runs.create(Experiment(batches=30))
    bench.runs.step(run, batches=3)
    bench.work()
    run.state = replace(run.state, batch_size=5)
    bench.runs.step(run, batches=3)
    bench.work()
    assert run.state.batch == 3 and run.status == Status("paused")


def test_a_change_before_the_first_state_starts_over():
    bench = Bench()
    run = bench.runs.create(Experiment(name="old"))
    run.want(("map",))
    bench.runs.prepare(run)
    bench.runs.change(run, Experiment(name="new"))
    bench.work()
    assert bench.hands[0].log == ["old", "new"]
    assert run.views["map"][2] == "new" and run.changes == [] and run.origin.name == "new"
