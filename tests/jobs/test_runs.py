"""Runs, on executors worked by hand: no timing, no processes."""

from dataclasses import replace

import numpy as np
import pytest
from fake_engine import Bench, Experiment, train, whole
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.jobs.run import WORDS, Status


def assert_whole(run) -> None:
    """The history is that of an uninterrupted run as far as it got, without gap or repetition."""
    assert len(run.history) == run.epoch
    if run.epoch:
        np.testing.assert_array_equal(run.history.values, whole(run.experiment)[: run.epoch])
    last = train(run.experiment, None, epochs=run.epoch, batches=0).state
    if run.state.batch == 0:
        np.testing.assert_array_equal(run.state.arrays[0], last.arrays[0])


def test_from_ready_to_finished():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=1000))
    assert run.status == Status("ready") and bench.runs.get(run.id) is run
    bench.runs.prepare(run)
    assert run.status == Status("preparing")
    bench.work()
    assert run.status == Status("ready") and run.state.epoch == 0 and run.snapshots.epochs == [0]
    bench.runs.play(run)
    assert run.status == Status("running")
    bench.work()
    assert run.status == Status("finished") and run.epoch == 1000
    assert_whole(run)
    assert all(run.status.word in WORDS for run in [run])
    bench.runs.play(run)
    assert bench.work() == 0 and run.status == Status("finished")


def test_play_without_prepare():
    bench = Bench()
    run = bench.runs.create(Experiment())
    bench.runs.play(run)
    assert run.status == Status("preparing")
    bench.work()
    assert run.status == Status("finished")
    assert_whole(run)


def test_ids_cannot_be_guessed():
    bench = Bench()
    ids = {bench.runs.create(Experiment()).id for _ in range(50)}
    assert len(ids) == 50 and min(map(len, ids)) >= 20
    assert bench.runs.get("nonsense") is None


def test_pause_in_the_middle_of_a_chunk_keeps_it():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=10_000))
    bench.runs.play(run)
    bench.work(4)
    assert run.flight
    before = run.epoch
    bench.runs.pause(run)
    assert run.status == Status("paused")
    bench.work()
    assert run.epoch > before and not run.flight and run.status == Status("paused")
    assert_whole(run)
    bench.runs.play(run)
    bench.work()
    assert_whole(run)


def test_at_most_one_chunk_under_way():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=10_000))
    for _ in range(5):
        bench.runs.prepare(run)
        bench.runs.play(run)
        bench.runs.pause(run)
        bench.runs.reset(run)
        bench.runs.step(run)
        bench.runs.watch(run)
        bench.runs.play(run)
        assert len(bench.hands[0].tasks) == 1


def test_steps_by_epoch_and_by_batch():
    bench = Bench()
    run = bench.runs.create(Experiment(batches=5))
    bench.runs.step(run)
    bench.work()
    assert (run.state.epoch, run.state.batch) == (1, 0) and run.status == Status("paused")
    bench.runs.step(run, batches=1)
    bench.runs.step(run, batches=2)
    bench.work()
    assert (run.state.epoch, run.state.batch) == (1, 3)
    bench.runs.step(run, epochs=4)
    bench.work()
    assert (run.state.epoch, run.state.batch) == (5, 0)
    assert_whole(run)
    bench.runs.step(run, batches=7)
    bench.work()
    assert (run.state.epoch, run.state.batch) == (6, 2)
    bench.runs.step(run, epochs=10_000)
    bench.work()
    assert run.status == Status("finished")
    assert_whole(run)
    bench.runs.step(run)
    assert bench.work() == 0


def test_a_step_while_running_pauses():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=10_000))
    bench.runs.play(run)
    bench.work(4)
    under_way = run.epoch + run.flight.work.epochs
    bench.runs.step(run)
    bench.work()
    # The chunk under way ended first; one of its epochs counts as the step only if it was asked for after it.
    assert run.status == Status("paused") and run.epoch in (under_way, under_way + 1)
    assert_whole(run)


def test_slow_epochs_are_trained_by_batches():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=6, batches=40, seconds=0.03))
    bench.runs.play(run)
    works = []
    while bench.work(1):
        works += [run.flight.work] if run.flight else []
    assert run.status == Status("finished")
    assert_whole(run)
    assert [work for work in works if work.batches]
    assert all(work.batches * 0.03 <= 0.1 for work in works)


def test_thirty_runs_take_turns():
    bench = Bench(lanes=2)
    everyone = [bench.runs.create(Experiment(epochs=10**6, name=str(i))) for i in range(30)]
    for run in everyone:
        bench.runs.play(run)
    for round in range(2, 12):
        for hand in bench.hands:
            assert hand.work(15) == 15
            counts = [hand.log.count(name) for name in set(hand.log)]
            assert counts == [round - 1] * 15
    assert {len(hand.tasks) for hand in bench.hands} == {15}


def test_shared_lane_shorter_chunks():
    bench = Bench()
    everyone = [bench.runs.create(Experiment(epochs=10**6)) for _ in range(10)]
    for run in everyone:
        bench.runs.play(run)
    bench.work(300)
    assert all(run.flight.work.epochs * 0.005 <= 0.04 for run in everyone)


def test_prepared_runs_keep_their_lane_and_new_ones_spread():
    bench = Bench(lanes=2)
    everyone = [bench.runs.create(Experiment(epochs=10**6)) for _ in range(6)]
    for run in everyone:
        bench.runs.prepare(run)
    bench.work()
    assert [run.lane for run in everyone] == [0, 1, 0, 1, 0, 1]
    bench.runs.play(everyone[0])
    bench.runs.play(everyone[2])
    assert everyone[2].lane == 0
    # Two more on lane 0 than on lane 1: now the move is worth a compile.
    bench.runs.play(everyone[4])
    assert everyone[4].lane == 1 and everyone[4].status == Status("preparing")
    bench.work(3)
    assert everyone[4].status == Status("running")


def test_queue_has_places_and_moves_up():
    bench = Bench(max_runs=2)
    a, b, c, d, e = everyone = [bench.runs.create(Experiment(epochs=10**6)) for _ in range(5)]
    for run in everyone:
        bench.runs.prepare(run)
    bench.work()
    for run in everyone:
        bench.runs.play(run)
        bench.runs.play(run)
    assert [run.status.place for run in everyone] == [0, 0, 1, 2, 3]
    assert c.status == Status("waiting", place=1)
    bench.runs.pause(d)
    assert [run.status.place for run in everyone] == [0, 0, 1, 0, 2]
    bench.runs.pause(a)
    assert c.status == Status("running") and e.status.place == 1
    bench.runs.free(b)
    assert e.status == Status("running")
    bench.runs.play(d)
    assert d.status.place == 1
    bench.runs.reset(e)
    assert d.status == Status("running")


def test_a_place_is_free_when_a_run_ends():
    bench = Bench(max_runs=1)
    runs = [
        bench.runs.create(experiment)
        for experiment in (Experiment(), Experiment(fail_at=3), Experiment(diverge_at=5), Experiment())
    ]
    for run in runs:
        bench.runs.play(run)
    bench.work()
    assert [run.status.word for run in runs] == ["finished", "failed", "diverged", "finished"]
    assert_whole(runs[3])


def test_an_error_fails_its_run_alone_in_one_sentence():
    bench = Bench()
    bad, good = bench.runs.create(Experiment(fail_at=7)), bench.runs.create(Experiment())
    bench.runs.play(bad)
    bench.runs.play(good)
    bench.work()
    assert bad.status == Status("failed", "RuntimeError: the weights") and not bad.speed
    assert good.status == Status("finished")
    bench.runs.reset(bad, Experiment())
    bench.runs.play(bad)
    bench.work()
    assert bad.status == Status("finished")
    assert_whole(bad)


def test_divergence_is_said():
    bench = Bench()
    run = bench.runs.create(Experiment(diverge_at=5))
    bench.runs.play(run)
    bench.work()
    assert run.status == Status("diverged", "The loss is no number any more.") and run.epoch == 5


def test_an_engine_that_does_not_train_is_no_endless_loop():
    bench = Bench(train=lambda experiment, state, **_: train(experiment, state))
    run = bench.runs.create(Experiment())
    bench.runs.play(run)
    assert bench.work() == 2
    assert run.status.word == "failed"


def test_a_result_from_before_a_reset_does_not_count():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=10_000, name="old"))
    bench.runs.play(run)
    bench.work(5)
    assert run.flight
    bench.runs.reset(run, Experiment(epochs=50, rate=0.5, name="new"))
    assert run.epoch == 0 and len(run.history) == 0 and run.state is None
    bench.work()
    assert run.epoch == 0 and run.status == Status("ready")
    bench.runs.play(run)
    bench.work()
    assert_whole(run)


def test_a_change_before_the_first_state_starts_over():
    bench = Bench()
    run = bench.runs.create(Experiment(name="old"))
    run.want(("map",))
    bench.runs.prepare(run)
    bench.runs.change(run, Experiment(name="new"))
    bench.work()
    assert bench.hands[0].log == ["old", "new"]
    assert run.views["map"][2] == "new" and run.changes == [] and run.origin.name == "new"


def test_a_freed_run_is_gone():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=10_000))
    bench.runs.play(run)
    bench.work(3)
    epoch = run.epoch
    bench.runs.free(run)
    assert bench.runs.get(run.id) is None
    bench.work()
    assert run.epoch == epoch
    for act in (bench.runs.play, bench.runs.step, bench.runs.prepare, bench.runs.watch, bench.runs.pause):
        act(run)
    assert bench.work() == 0


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


def test_views_when_wanted_at_most_so_often_and_the_last_always():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=100_000))
    run.want(("map",))
    bench.runs.prepare(run)
    bench.work()
    assert run.views["map"][:2] == (0, 0) and run.views_at == (0, 0)
    bench.runs.play(run)
    asked = 0
    for _ in range(100):
        bench.clock.now += 0.02
        asked += bool(run.flight.work.views)
        bench.work(1)
    assert 12 <= asked <= 14
    bench.runs.pause(run)
    bench.work()
    assert run.views_at == (run.epoch, 0) and run.views["map"][:2] == (run.epoch, 0)
    assert not run.stale and bench.work() == 0
    bench.runs.play(run)
    bench.work()
    assert run.status == Status("finished") and run.views_at == (100_000, 0)


def test_views_are_rarer_on_a_lane_that_many_share():
    asked = []

    def noting(experiment, state, *, views=(), **counts):
        asked.append(bool(views))
        return train(experiment, state, views=views, **counts)

    bench = Bench(train=noting)
    for _ in range(16):
        run = bench.runs.create(Experiment(epochs=10**6))
        run.want(("map",))
        bench.runs.play(run)
    bench.work(32)
    asked.clear()
    for _ in range(320):
        bench.clock.now += 0.02
        bench.work(1)
    # A turn of all takes 0.32 s, and 0.6 s pass between the views of one: about every second chunk has some.
    assert 130 <= sum(asked) <= 160


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


def test_new_wishes_of_a_paused_run_are_met_at_the_next_tick():
    bench = Bench()
    run = bench.runs.create(Experiment())
    bench.runs.step(run, epochs=3)
    bench.work()
    assert run.views == {}
    run.want(("map", "neurons"))
    assert bench.work() == 0
    bench.runs.watch(run)
    assert bench.work() == 1
    assert set(run.views) == {"map", "neurons"} and run.epoch == 3
    bench.runs.watch(run)
    assert bench.work() == 0
    bench.runs.change(run, Experiment(name="other"))
    assert bench.work() == 1 and run.views["map"][2] == "other"


def test_a_view_the_engine_does_not_know_is_asked_for_once():
    def blind(experiment, state, *, views=(), **counts):
        return train(experiment, state, **counts)

    bench = Bench(train=blind)
    run = bench.runs.create(Experiment())
    run.want(("map",))
    bench.runs.prepare(run)
    assert bench.work() == 1


def test_the_lease_suspends_and_a_tick_takes_up_again():
    bench = Bench(lease_seconds=10, free_seconds=100, max_runs=1)
    run, waiting = bench.runs.create(Experiment(epochs=5000)), bench.runs.create(Experiment())
    bench.runs.play(run)
    bench.runs.play(waiting)
    bench.work(5)
    bench.clock.now += 9
    bench.runs.watch(waiting)
    bench.runs.tidy()
    assert run.status.word == "running"
    bench.clock.now += 2
    bench.runs.tidy()
    assert run.status == Status("abandoned")
    # Its place went to the one that waited, whose page ticks; it lines up again when its own does.
    assert waiting.playing
    bench.work(1)
    bench.runs.watch(run)
    assert run.status == Status("waiting", place=1)
    bench.work()
    assert waiting.status == run.status == Status("finished")
    assert_whole(run)


def test_a_tick_does_not_start_what_a_person_paused():
    bench = Bench(lease_seconds=10, free_seconds=100)
    run = bench.runs.create(Experiment(epochs=10**6))
    bench.runs.play(run)
    bench.work(3)
    bench.runs.pause(run)
    bench.work()
    bench.clock.now += 50
    bench.runs.tidy()
    assert run.status == Status("paused")
    bench.runs.watch(run)
    assert run.status == Status("paused") and bench.work() == 0


def test_long_unwatched_runs_are_forgotten():
    bench = Bench(lease_seconds=10, free_seconds=100)
    run = bench.runs.create(Experiment(epochs=10**6))
    bench.runs.play(run)
    bench.work(3)
    for _ in range(111):
        bench.clock.now += 1
        bench.runs.tidy()
    assert bench.runs.get(run.id) is None and run.freed


def test_leaving_suspends_but_forgets_no_sooner():
    bench = Bench(lease_seconds=10, free_seconds=100)
    run = bench.runs.create(Experiment(epochs=10**6))
    bench.runs.play(run)
    bench.runs.leave(run)
    bench.runs.tidy()
    assert run.status == Status("abandoned")
    bench.clock.now += 90
    bench.runs.tidy()
    bench.runs.watch(run)
    assert run.playing and bench.runs.get(run.id) is run


def test_idle_workers_are_given_back_and_come_again():
    bench = Bench(idle_seconds=60)
    run = bench.runs.create(Experiment())
    bench.runs.step(run)
    bench.work()
    bench.clock.now += 61
    bench.runs.tidy()
    assert bench.hands[0].ended
    bench.runs.play(run)
    assert run.status == Status("preparing") and len(bench.hands) == 2
    bench.work()
    assert_whole(run)


def test_a_killed_worker_costs_nothing():
    bench = Bench()
    runs = [bench.runs.create(Experiment(epochs=3_000, rate=0.9 - i / 100)) for i in range(5)]
    for run in runs:
        bench.runs.play(run)
    bench.work(50)
    epochs = [run.epoch for run in runs]
    bench.hands[0].kill()
    assert [run.epoch for run in runs] == epochs and len(bench.hands) == 2
    assert {run.status.word for run in runs} == {"preparing"}
    bench.work()
    for run, epoch in zip(runs, epochs, strict=True):
        assert run.status == Status("finished")
        assert run.notes == [f"The worker was replaced at epoch {epoch}; training went on from there."]
        assert_whole(run)


def test_a_worker_that_died_idle_is_noticed_at_the_next_chunk():
    bench = Bench()
    run = bench.runs.create(Experiment())
    bench.runs.step(run)
    bench.work()
    bench.hands[0].kill()
    bench.runs.play(run)
    bench.work()
    assert run.status == Status("finished")
    assert run.notes == ["The worker was replaced at epoch 1; training went on from there."]
    assert_whole(run)


def test_a_deadly_run_fails_and_the_others_do_not():
    bench = Bench()
    runs = [bench.runs.create(Experiment(name=str(i))) for i in range(6)]
    for run in runs:
        bench.runs.play(run)
    bench.work(9)
    deadly = runs[2]
    for _ in range(5):
        hand = bench.hands[-1]
        while hand.tasks and hand.tasks[0][2][0] is not deadly.experiment:
            hand.work()
        if hand.tasks:
            hand.kill()
        if deadly.failure:
            break
    bench.work()
    assert len(bench.hands) == 4
    assert deadly.status.word == "failed" and "3 times" in deadly.status.message
    for run in runs:
        if run is not deadly:
            assert run.status == Status("finished") and len(run.notes) == 3
            assert_whole(run)


def test_kills_in_a_row_are_forgiven_after_a_good_chunk():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=1000))
    bench.runs.play(run)
    for _ in range(6):
        bench.work(2)
        bench.hands[-1].kill()
    bench.work()
    assert run.status == Status("finished") and len(run.notes) == 6
    assert_whole(run)


def test_a_large_worker_is_replaced_between_chunks_and_when_the_next_is_warm():
    bench = Bench(memory_mb=500)
    run = bench.runs.create(Experiment(epochs=10**6, memory=600_000_000))
    bench.runs.play(run)
    bench.work(20)
    assert len(bench.hands) == 1  # too young to be replaced
    bench.clock.now += 30
    bench.hands[0].work()
    assert len(bench.hands) == 2
    bench.hands[0].work(10)
    assert len(bench.hands) == 2 and not bench.hands[0].ended
    bench.hands[1].work()
    assert not bench.hands[0].ended  # it has a chunk to finish
    bench.hands[0].work()
    assert bench.hands[0].ended
    for _ in range(20):
        assert bench.hands[1].work() == 1
    assert not run.notes
    assert_whole(run)


def test_a_lane_whose_heir_is_warming_up_and_breaks_goes_on_with_it():
    bench = Bench(memory_mb=500)
    run = bench.runs.create(Experiment(epochs=1000, memory=600_000_000))
    bench.runs.play(run)
    bench.clock.now += 30
    bench.work(2)
    assert len(bench.hands) == 2
    bench.hands[0].kill()
    bench.work()
    assert len(bench.hands) == 2 and run.status == Status("finished")
    assert_whole(run)


def test_speed_is_that_of_the_clock():
    bench = Bench()
    run = bench.runs.create(Experiment(epochs=10**6))
    bench.runs.play(run)
    bench.work(10)
    for _ in range(200):
        before = run.epoch
        bench.work(1)
        bench.clock.now += (run.epoch - before) / 40
    assert run.speed == pytest.approx(40, rel=0.1)
    bench.runs.pause(run)
    assert run.speed == 0
    bench.work()
    bench.clock.now += 1000
    bench.runs.play(run)
    before = run.epoch
    bench.clock.now += run.flight.work.epochs / 40
    bench.work(1)
    assert run.epoch > before and run.speed == pytest.approx(40, rel=0.1)


def test_no_worker_to_be_had_is_said():
    bench = Bench()

    def none():
        raise OSError("no processes left")

    bench.lanes._make = none
    run = bench.runs.create(Experiment())
    bench.runs.play(run)
    assert run.status == Status("failed", "No worker could be started. OSError: no processes left")


ACTS = ("play", "pause", "step", "batch", "work", "work", "work", "kill", "leave", "tick", "tidy", "reset")


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), max_size=80), st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_whatever_people_and_machines_do_the_history_is_that_of_the_experiment(acts, max_runs):
    bench = Bench(lanes=2, max_runs=max_runs, lease_seconds=1, free_seconds=10**9)
    runs = [bench.runs.create(Experiment(epochs=60, rate=0.9 - i / 10)) for i in range(3)]
    for act, i in acts:
        bench.clock.now += 0.1
        run = runs[i]
        if act == "work":
            bench.work(i + 1)
        elif act == "kill" and bench.hands:
            bench.hands[-1].kill()
        elif act in ("play", "pause", "step", "reset", "leave"):
            getattr(bench.runs, act)(run)
        elif act == "batch":
            bench.runs.step(run, batches=2)
        elif act == "tick":
            bench.runs.watch(run)
        elif act == "tidy":
            bench.runs.tidy()
        assert sum(run.playing for run in runs) <= max_runs
        assert sum(len(hand.tasks) for hand in bench.hands) <= 3
        places = sorted(run.place for run in runs if run.place)
        assert places == list(range(1, len(places) + 1))
    for run in runs:
        if run.state and not run.failure:
            assert_whole(run)
        if not run.failure:
            bench.runs.play(run)
    bench.work()
    for run in runs:
        if not run.failure:
            assert run.status == Status("finished")
            assert_whole(run)
