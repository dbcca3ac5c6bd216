"""Workers that die, that kill, or that have grown too large: no run loses anything."""

from fake_engine import Bench, Experiment, assert_whole

from nnplay.jobs.run import Status


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


def test_no_worker_to_be_had_is_said():
    bench = Bench()

    def none():
        raise OSError("no processes left")

    bench.lanes._make = none
    run = bench.runs.create(Experiment())
    bench.runs.play(run)
    assert run.status == Status("failed", "No worker could be started. OSError: no processes left")
