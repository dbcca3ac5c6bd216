"""Runs on real worker processes: killed, too large, orphaned, closed. The fake engine, so no TensorFlow."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

import pytest
from fake_engine import Experiment, no_warm_up, train, wait_for, whole

from nnplay.jobs.lanes import Lanes, loky_executor
from nnplay.jobs.runs import Runs
from nnplay.jobs.settings import Settings

ROOT = Path(__file__).parents[2]


def processes(lanes: int = 1, memory_mb: int = 10_000, youngest: float = 0.0) -> Runs:
    made = Lanes(lanes, partial(loky_executor, 60.0), warm=no_warm_up, youngest=youngest)
    return Runs(Settings(lanes, memory_mb=memory_mb, chunk_ms=20), made, train)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not collected by its parent counts as ended."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def worker_of(run) -> int:
    return run.views["pid"][3]


@pytest.mark.parametrize("lanes", [1, 2])
def test_kill_9_in_mid_run_leaves_no_trace_in_the_history(lanes):
    with processes(lanes) as runs:
        everyone = [
            runs.create(Experiment(epochs=900, rate=0.9 - i / 50, seconds=1e-4, sleep=True)) for i in range(4)
        ]
        for run in everyone:
            run.want(("pid",))
            runs.play(run)
        for at in (200, 500):
            wait_for(lambda at=at: all(run.epoch > at for run in everyone) and everyone[0].views)
            pid = worker_of(everyone[0])
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: all(run.over for run in everyone))
        for run in everyone:
            assert run.status.word == "finished"
            assert run.history.values.tolist() == whole(run.experiment).tolist()
        assert everyone[0].notes


def test_an_experiment_that_kills_its_worker_fails_and_its_neighbour_does_not():
    with processes() as runs:
        deadly, good = runs.create(Experiment(kill_at=5)), runs.create(Experiment(epochs=2000))
        runs.play(good)
        runs.play(deadly)
        wait_for(lambda: deadly.over and good.over)
        assert deadly.status.word == "failed" and good.status.word == "finished"
        assert good.history.values.tolist() == whole(good.experiment).tolist()


def test_a_worker_over_its_budget_is_replaced_while_the_run_goes_on():
    with processes(memory_mb=500) as runs:
        run = runs.create(Experiment(epochs=3000, seconds=1e-4, sleep=True, memory=600_000_000))
        run.want(("pid",))
        runs.play(run)
        pids = set()

        def over():
            pids.update([worker_of(run)] if run.views else [])
            return run.over

        wait_for(over)
        assert len(pids) >= 2 and not run.notes
        assert run.history.values.tolist() == whole(run.experiment).tolist()
        wait_for(lambda: sum(map(alive, pids)) <= 2, 10)


def test_close_ends_the_processes_even_in_a_long_chunk():
    runs = processes()
    run = runs.create(Experiment(seconds=60, sleep=True))
    run.want(("pid",))
    runs.prepare(run)
    wait_for(lambda: run.views)
    runs.play(run)
    time.sleep(0.2)
    begun = time.monotonic()
    runs.close()
    assert time.monotonic() - begun < 5 and not alive(worker_of(run))


SERVER = """
    import os, sys, time
    sys.path[:0] = {paths!r}
    from fake_engine import Experiment, wait_for
    from test_processes import processes, worker_of
    runs = processes(2)
    everyone = [runs.create(Experiment(epochs=10**6, seconds=1e-4, sleep=True)) for _ in range(4)]
    for run in everyone:
        run.want(("pid",))
        runs.play(run)
    wait_for(lambda: all(run.views and run.epoch for run in everyone))
    print(*sorted(set(map(worker_of, everyone))), flush=True)
    if sys.argv[1:] != ["exit"]:
        time.sleep(60)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, "exit"])
def test_workers_do_not_outlive_the_server(end):
    script = textwrap.dedent(SERVER).format(paths=[str(ROOT), str(Path(__file__).parent)])
    server = subprocess.Popen(
        [sys.executable, "-c", script, *([end] if end == "exit" else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts its background jobs deaf to Ctrl-C, and these tests may be one.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    pids = [int(pid) for pid in server.stdout.readline().split()]
    assert len(pids) == 2
    if end != "exit":
        assert all(map(alive, pids))
        os.kill(server.pid, end)
    server.communicate(timeout=60)
    wait_for(lambda: not any(map(alive, pids)), 10)


def test_the_server_needs_neither_keras_nor_streamlit_nor_plotly():
    script = (
        "import sys, nnplay.jobs; "
        "print({name for name in ('keras', 'tensorflow', 'streamlit', 'plotly', 'sklearn', 'pandas') "
        "if name in sys.modules})"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "set()"
