"""A run that nobody watches rests, and in the end is forgotten; idle workers are given back."""

from fake_engine import Bench, Experiment, assert_whole

from nnplay.jobs.run import Status


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
