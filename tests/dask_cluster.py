"""A Dask cluster as somebody has it: a scheduler and workers in processes of their own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a Dask scheduler in a process of its own, without workers."""
    file = tmp_path / "scheduler.json"
    command = ["distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1"]
    process = dask([*command, "--scheduler-file", str(file)])
    try:
        late = time.monotonic() + 60
        while not (file.exists() and file.read_text().endswith("}")):
            assert process.poll() is None and time.monotonic() < late
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"]
    finally:
        stop(process)


def stop(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()


def dask(command: list[str]) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "-1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment, **quiet)


def started_worker(stack: ExitStack, scheduler: str) -> subprocess.Popen:
    """A worker of the cluster, in a process of its own."""
    command = ["distributed.cli.dask_worker", scheduler, "--nthreads", "1", "--no-dashboard"]
    worker = dask([*command, "--no-nanny", "--host", "127.0.0.1"])
    stack.callback(stop, worker)
    return worker


def wait_for_workers(scheduler: str, count: int) -> None:
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)
