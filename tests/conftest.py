"""What all tests share: compiled programs, and Python's garbage collector kept off the compiler's objects."""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest
from loky import ProcessPoolExecutor
from small_images import write_small_images

from nnplay.jobs import Runs, Settings
from nnplay.jobs.lanes import WORKER_ENVIRONMENT, Lanes

# Of all processes of a test run, the servers and workers that tests start included.
if "NNPLAY_PROGRAMS" not in os.environ:
    os.environ["NNPLAY_PROGRAMS"] = tempfile.mkdtemp(prefix="nnplay-tests-")
    atexit.register(shutil.rmtree, os.environ["NNPLAY_PROGRAMS"], ignore_errors=True)

# Small files in the format of MNIST's and Fashion-MNIST's: no test downloads anything.
if "NNPLAY_TEST_IMAGES" not in os.environ:
    os.environ["NNPLAY_TEST_IMAGES"] = os.environ["KERAS_HOME"] = tempfile.mkdtemp(prefix="nnplay-images-")
    atexit.register(shutil.rmtree, os.environ["KERAS_HOME"], ignore_errors=True)
    write_small_images(Path(os.environ["KERAS_HOME"], "datasets"))

# Tracing a program makes hundreds of thousands of objects, all of them kept; looking through them again and
# again takes longer than the tracing (a quarter of the time of the engine's tests).
gc.set_threshold(50_000, 20, 100)


PLAIN_PROGRAMS: dict[str, Any] = {}


@pytest.fixture
def without_xla(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs as TensorFlow alone runs them: compiled in less than half of the time that XLA takes.

    For tests where the compiler is beside the point; `test_parity` holds the two against each other. They
    share their programs, which TensorFlow never frees.
    """
    from nnplay.engine import program

    monkeypatch.setattr(program, "_programs", PLAIN_PROGRAMS)
    monkeypatch.setattr(program, "uses_xla", lambda experiment: False)


@pytest.fixture(scope="session")
def one_server() -> Iterator[Runs]:
    """The runs of the server that all visits without a browser share. Its one worker starts once, compiles
    once what many tests train, and mostly without XLA; the browser's tests have a server as it is."""
    # Only where pages are visited: this takes Streamlit.
    from nnplay.ui import server

    with (
        Runs(Settings(workers=1, memory_mb=1500), Lanes(1, plain_executor)) as runs,
        pytest.MonkeyPatch.context() as patch,
    ):
        runs.lanes.start()
        patch.setattr(server, "runs", lambda: runs)
        yield runs


def plain_executor() -> Executor:
    """A worker as a server has it, but with XLA for recurrent networks alone, where it pays at once."""

    # By value: a worker cannot import this file.
    def start(server: int) -> None:
        from nnplay.engine import program
        from nnplay.jobs.work import start_worker

        start_worker(server)
        rule = program.uses_xla
        program.uses_xla = lambda experiment: experiment.recurrent and rule(experiment)

    start.__module__ = "__main__"
    return ProcessPoolExecutor(
        max_workers=1, initializer=start, initargs=(os.getpid(),), env=WORKER_ENVIRONMENT
    )


@pytest.fixture(scope="module", autouse=True)
def set_aside() -> Iterator[None]:
    """After each module: what has survived will stay, so it is not looked through again."""
    yield
    gc.collect()
    gc.freeze()
