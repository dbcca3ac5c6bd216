"""The same numbers, bit for bit, whatever happens to a run: on the real engine, in real workers."""

import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from nnplay.experiment import make
from nnplay.jobs import open_runs
from nnplay.jobs.programs import programs_folder
from nnplay.jobs.work import train

EXPERIMENT = make({"data": "circle", "hidden": "4", "samples": 60, "epochs": 400})


def wait_for(run, done, seconds=90.0):
    """Wait as a page does, which renews the run's lease."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, (run.status, run.epoch, run.state and run.state.batch, run.flight)
        time.sleep(0.01)


@pytest.fixture(scope="module")
def undisturbed():
    state = train(EXPERIMENT, None).state
    return train(EXPERIMENT, state, epochs=400)


def test_paused_stepped_killed_and_replaced_a_run_has_the_same_numbers(undisturbed):
    with open_runs() as runs:
        run = runs.create(EXPERIMENT)
        run.limit = 60.0  # slow enough to be disturbed on its way
        runs.play(run)
        wait_for(run, lambda: run.epoch >= 30)
        runs.pause(run)
        wait_for(run, lambda: run.flight is None)
        runs.step(run, epochs=0, batches=1)
        wait_for(run, lambda: run.state.batch == 1)
        runs.step(run, epochs=2)
        wait_for(run, lambda: run.flight is None and not run.going)
        runs.play(run)
        wait_for(run, lambda: run.epoch >= 120)
        for child in psutil.Process().children(recursive=True):
            if "loky" in " ".join(child.cmdline()) and "resource_tracker" not in " ".join(child.cmdline()):
                child.kill()
        run.limit = None
        wait_for(run, lambda: run.over)
        assert run.status.word == "finished"
        assert any("replaced" in note for note in run.notes)
        # The worker that took over read the program of the one that was killed.
        assert list(Path(programs_folder()).iterdir())
        np.testing.assert_array_equal(run.history.values, undisturbed.rows.values)
        for one, other in zip(run.state.arrays, undisturbed.state.arrays, strict=True):
            np.testing.assert_array_equal(one, other)

        # From the past, reached over epochs that are not kept, it goes on as if it had never left it.
        run.want(("boundary",))
        runs.look(run, 137)
        wait_for(run, lambda: not run.arriving)
        there = train(EXPERIMENT, None, epochs=137, views=("boundary",))
        np.testing.assert_array_equal(run.shown.views["boundary"]["z"], there.views["boundary"]["z"])
        runs.play(run)
        wait_for(run, lambda: run.over and not run.flight)
        np.testing.assert_array_equal(run.history.values, undisturbed.rows.values)
        for one, other in zip(run.state.arrays, undisturbed.state.arrays, strict=True):
            np.testing.assert_array_equal(one, other)
        # The very same first weights after a reset.
        runs.reset(run)
        wait_for(run, lambda: run.state is not None)
        for one, other in zip(run.state.arrays, train(EXPERIMENT, None).state.arrays, strict=True):
            np.testing.assert_array_equal(one, other)
