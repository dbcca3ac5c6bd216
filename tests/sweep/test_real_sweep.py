"""Sweeps on the real engine in real workers: the numbers of single runs, bit for bit."""

import time
from contextlib import ExitStack

import numpy as np
import psutil
import pytest
from dask_cluster import scheduler, started_worker, wait_for_workers

from nnplay.experiment import make
from nnplay.jobs import Settings
from nnplay.sweep import Sweep, Sweeps, make_plan, open_here
from nnplay.sweep.cluster import NoCluster, OnWorker, open_cluster

__all__ = ["scheduler"]
BASE = make({"data": "plane", "samples": 60, "epochs": 700, "optimizer": "sgd", "hidden": "8"})
# Two programs; with the last rate relu diverges.
PLAN = make_plan(BASE, {"activation": ["tanh", "relu"], "learning_rate": ["0.05", "100"]}, seeds=2)


@pytest.fixture(scope="module")
def alone() -> dict[int, dict[str, np.ndarray]]:
    """What each run of the plan measures when it is trained by itself, by number: columns of its epochs."""
    from nnplay.engine.fit import run

    found = {}
    for trial in PLAN.trials:
        results, _ = run(trial.experiment)
        rows = np.concatenate([result.rows.values for result in results if len(result.rows.values)])
        found[trial.number] = dict(zip(results[-1].rows.names, rows.T, strict=True))
        found[trial.number]["stopped"] = results[-1].stopped
    return found


def follow(sweeps: Sweeps, sweep: Sweep, until, seconds: float = 240.0) -> None:
    late = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < late and not sweep.fault, (sweep.done, sweep.fault)
        sweeps.wait(0.1)


def assert_same(sweep: Sweep, alone: dict) -> None:
    assert sorted(outcome.number for outcome in sweep.outcomes) == sorted(alone)
    for outcome in sweep.outcomes:
        columns = alone[outcome.number]
        stop = columns["stopped"]
        assert outcome.epochs == len(columns["epoch"]) and outcome.seconds > 0
        assert (outcome.end, outcome.message) == ((stop.reason, stop.message) if stop else ("finished", ""))
        for name, value in outcome.final.items():
            np.testing.assert_array_equal(np.float32(value), columns[name][-1])
            finite = [number for number in columns[name] if np.isfinite(number)]
            if finite:
                best = max(finite) if name.endswith("r2") else min(finite)
                assert np.float32(outcome.best[name]) == best
        kept = outcome.curve[:, 0].astype(int) - 1
        np.testing.assert_array_equal(outcome.curve[:, 2], columns["val_loss"][kept])
    assert {outcome.end for outcome in sweep.outcomes} == {"finished", "diverged"}


def test_a_sweep_has_the_numbers_of_single_runs_though_its_workers_are_killed(alone):
    with open_here(Settings(workers=2)) as sweeps:
        sweep = sweeps.start(PLAN)
        follow(sweeps, sweep, lambda: sweep.done >= 1)
        for child in psutil.Process().children(recursive=True):
            line = " ".join(child.cmdline())
            if "loky" in line and "resource_tracker" not in line:
                child.kill()
        follow(sweeps, sweep, lambda: sweep.over)
        assert_same(sweep, alone)


def test_what_a_client_that_has_closed_by_itself_had_is_given_up_all_the_same():
    from distributed.client import ClosedClientError

    class Closed:
        def cancel(self, *_, **__) -> None:
            raise ClosedClientError("Client is closed. Can't send cancel-keys message.")

    executor = OnWorker(Closed(), None)
    executor.shutdown(cancel_futures=True)
    assert executor.ended


def test_a_cluster_gives_the_same_numbers_though_its_workers_are_killed(alone, scheduler):
    with pytest.raises(NoCluster, match="has no workers"):
        open_cluster(scheduler, Settings(workers=1))
    with ExitStack() as stack:
        first, second = (started_worker(stack, scheduler) for _ in range(2))
        wait_for_workers(scheduler, 2)
        with open_cluster(scheduler, Settings(workers=1)) as sweeps:
            assert sweeps.lanes.count == 2
            sweep = sweeps.start(PLAN)
            follow(sweeps, sweep, lambda: sweep.done >= 1)
            first.kill()
            follow(sweeps, sweep, lambda: sweep.done >= 2)
            assert not sweep.over
            # Now nobody is left, until another one comes.
            second.kill()
            second.wait()
            started_worker(stack, scheduler)
            follow(sweeps, sweep, lambda: sweep.over)
            assert_same(sweep, alone)
