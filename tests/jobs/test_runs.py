"""Runs, on executors worked by hand: no timing, no processes."""

from dataclasses import replace

import pytest
from fake_engine import Bench, Experiment, assert_whole, train
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.jobs.run import WORDS, Status


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


def test_views_that_take_long_are_made_by_themselves_and_leave_most_of_the_time_to_training():
    bench = None

    def slow(experiment, state, *, views=(), **counts):
        bench.clock.now += 2.0 if views else 0.3
        return replace(train(experiment, state, views=views, **counts), views_seconds=2.0 if views else 0.0)

    bench = Bench(train=slow)
    run = bench.runs.create(Experiment(epochs=10_000, batches=40, seconds=0.3))
    run.want(("map",))
    bench.runs.play(run)
    bench.work(1)
    began, works = bench.clock.now, []
    while len(works) < 200:
        works.append(run.flight.work)
        bench.work(1)
    assert all(not (work.views and work.trains) for work in works)
    spent = 2.0 * sum(bool(work.views) for work in works)
    assert 0.2 < spent / (bench.clock.now - began) < 0.4
    # Paused, the last ones are made of the present state.
    bench.runs.pause(run)
    bench.work()
    assert run.views_at == (run.state.epoch, run.state.batch)


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
