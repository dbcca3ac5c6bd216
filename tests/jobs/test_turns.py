"""Who trains when: one chunk a run, fair turns on a lane, a queue when all places are taken."""

from fake_engine import Bench, Experiment, assert_whole

from nnplay.jobs.run import Status


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


def test_how_many_are_going_is_known():
    bench = Bench(max_runs=2)
    runs = [bench.runs.create(Experiment()) for _ in range(4)]
    assert bench.runs.going == 0
    for run in runs[:3]:
        bench.runs.play(run)
    bench.runs.step(runs[3])
    # Two play, one waits for a place, one takes a step.
    assert bench.runs.going == 3
    bench.runs.pause(runs[0])
    bench.work()
    assert bench.runs.going == 0
