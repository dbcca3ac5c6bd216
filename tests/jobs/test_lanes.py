"""Lanes: the order of the warm-up, and the life of workers, on executors worked by hand."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from fake_engine import Bench, Experiment, Hand, train, wait_for, whole

from nnplay.jobs.lanes import Lanes
from nnplay.jobs.runs import Runs
from nnplay.jobs.settings import Settings

# Whether the default is compiled, before and after: in a process of its own, since a program stays for good.
REHEARSED = """
from nnplay.engine.program import is_compiled
from nnplay.experiment import DEFAULT
from nnplay.jobs.work import rehearse
before = is_compiled(DEFAULT)
rehearse()
print(before, is_compiled(DEFAULT))
"""


def test_warm_up_one_after_the_other_and_after_what_waited():
    bench = Bench(lanes=3)
    bench.lanes.start()
    assert len(bench.hands) == 1 and bench.lanes.open == 1
    early = bench.runs.create(Experiment())
    bench.runs.prepare(early)
    late = [bench.runs.create(Experiment()) for _ in range(3)]
    assert early.lane == 0
    bench.hands[0].work()
    # Warm, but the first visitor's run comes before the next worker.
    assert early.state is None and len(bench.hands) == 1
    bench.hands[0].work()
    assert early.state is not None and len(bench.hands) == 1
    bench.hands[0].work()
    assert len(bench.hands) == 2 and bench.lanes.open == 2
    bench.hands[1].work(2)
    assert len(bench.hands) == 3 and bench.lanes.open == 3
    for run in late:
        bench.runs.prepare(run)
    assert sorted(run.lane for run in late) == [0, 1, 2]


def test_a_worker_for_which_nothing_waits_rehearses():
    done, hands = [], [Hand(), Hand()]
    made = iter(hands)
    lanes = Lanes(
        2, lambda: next(made), warm=partial(done.append, "warm"), rehearse=partial(done.append, "rehearsed")
    )
    lanes.start()
    lanes.submit(0, done.append, "waited")
    hands[0].work(3)
    assert done == ["warm", "waited", "warm"] and lanes.open == 2
    hands[1].work(2)
    assert done[3:] == ["warm", "rehearsed"]


def test_after_a_rehearsal_the_first_visit_needs_no_compiling():
    first = subprocess.run([sys.executable, "-c", REHEARSED], capture_output=True, text=True, check=True)
    assert first.stdout.split() == ["False", "True"]


def test_a_warm_up_that_fails_keeps_no_lane_shut():
    bench = Bench(lanes=2)
    bench.lanes.start()
    bench.hands[0].kill()
    bench.hands[1].work()
    assert bench.lanes.open == 2
    run = bench.runs.create(Experiment())
    bench.runs.play(run)
    bench.work()
    assert run.status.word == "finished"


def test_closed_lanes_take_nothing():
    bench = Bench()
    with bench.runs as runs:
        run = runs.create(Experiment())
        runs.step(run)
        bench.work()
    assert bench.hands[0].ended
    runs.play(run)
    assert run.failure == ""
    with pytest.raises(RuntimeError, match="closed"):
        bench.lanes.submit(0, print)


def test_while_python_ends_tasks_are_cancelled_and_nothing_is_raised():
    pool = ThreadPoolExecutor(1)
    lanes = Lanes(2, lambda: pool)
    lanes.submit(0, max, 1, 2)[1].result()
    # What Ctrl-C comes to: the executor takes no more, and nobody has closed the lanes.
    pool.shutdown()
    for lane in (0, 1, 0):
        assert lanes.submit(lane, max, 1, 2)[1].cancelled()
    lanes.start()


def test_only_one_heir_and_none_for_a_worker_that_has_left():
    bench = Bench()
    worker, _ = bench.lanes.submit(0, max, 1, 2)
    bench.clock.now += 100
    bench.lanes.renew(0, worker)
    bench.lanes.renew(0, worker)
    assert len(bench.hands) == 2
    bench.hands[1].work()
    bench.lanes.renew(0, worker)
    assert len(bench.hands) == 2


def test_an_heir_that_fails_leaves_the_lane_as_it_is():
    bench = Bench()
    worker, _ = bench.lanes.submit(0, max, 1, 2)
    bench.clock.now += 100
    bench.lanes.renew(0, worker)
    bench.hands[1].kill()
    assert bench.lanes.submit(0, max, 1, 2)[0] is worker


def test_a_busy_worker_is_not_given_back():
    bench = Bench()
    bench.lanes.submit(0, max, 1, 2)
    bench.clock.now += 1000
    bench.lanes.give_back(60)
    assert not bench.hands[0].ended
    bench.work()
    bench.lanes.give_back(60)
    assert not bench.hands[0].ended
    bench.clock.now += 61
    bench.lanes.give_back(60)
    assert bench.hands[0].ended


def test_any_executor_will_do():
    lanes = Lanes(2, lambda: ThreadPoolExecutor(1))
    with Runs(Settings(2), lanes, train, tidy_every=0.01) as runs:
        everyone = [runs.create(Experiment(epochs=400, rate=0.9 - i / 100)) for i in range(8)]
        for run in everyone:
            runs.play(run)
        wait_for(lambda: all(run.over for run in everyone))
        for run in everyone:
            assert run.history.values.tolist() == whole(run.experiment).tolist()


def test_a_speed_limit_holds():
    lanes = Lanes(1, lambda: ThreadPoolExecutor(1))
    with Runs(Settings(1), lanes, train) as runs:
        run = runs.create(Experiment(epochs=10**6))
        run.limit = 50
        runs.play(run)
        begun = time.monotonic()
        wait_for(lambda: run.epoch >= 25)
        took = time.monotonic() - begun
        assert took > 0.35 and run.epoch <= 60
        run.limit = None
        runs.pause(run)
        assert run.history.values.tolist() == whole(run.experiment.change(epochs=run.epoch)).tolist()
