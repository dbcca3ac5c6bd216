"""What a worker does for a sweep: a run is trained on for about so many seconds.

A task is a plain record, and so is what comes back: it may have come over a network. Nothing here imports
Keras before it is called.
"""

import os
import threading
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from nnplay import __version__
from nnplay import data as datasets
from nnplay.engine.state import State
from nnplay.experiment import Experiment
from nnplay.jobs.pace import Pace, learned, next_work

# A worker of a cluster may have several threads; Keras builds one model at a time.
_LOCK = threading.Lock()
# How long an epoch takes, by program: what one run has learned the next one knows.
_paces: dict[str, Pace] = {}


def task(experiment: Experiment, state: State | None, seconds: float) -> dict[str, Any]:
    """What is sent: the experiment as JSON, the state's arrays and counts, how long to train.

    A visitor's own data are in no JSON; the record itself goes then, to processes of this machine only.
    """
    own = datasets.is_own(experiment.data)
    return {
        "version": __version__,
        "experiment": experiment if own else experiment.to_json(),
        "state": None if state is None else dict(vars(state)),
        "seconds": seconds,
    }


def versions() -> dict[str, str]:
    """What the numbers depend on: the same versions give the same ones on the same kind of machine."""
    found = {"nnplay": __version__, "numpy": version("numpy"), "keras": version("keras")}
    for name in ("tensorflow-cpu", "tensorflow"):
        with suppress(PackageNotFoundError):
            found["tensorflow"] = version(name)
    return found


def train_piece(task: dict[str, Any]) -> dict[str, Any]:
    """Train the run of a task on; the numbers do not depend on how long that is.

    Returns `state` (as a record), `names` and `rows` (epochs, columns) of the epochs finished, `stop`
    (reason, message) or None, `over`, `seconds` of training alone, `compile_seconds` (0 where the program was
    there), `memory` in bytes, and `worker`, its process id. Raises `ValueError` for a task that it cannot
    take.
    """
    if task.get("version") != __version__:
        raise ValueError(
            f"This worker has nnplay {__version__}, the sweep is of {task.get('version')!r}. "
            "Give both the same."
        )
    with _LOCK:
        return _train(task)


def _train(task: dict[str, Any]) -> dict[str, Any]:
    import psutil

    from nnplay.engine.chunk import train_chunk
    from nnplay.engine.program import is_compiled

    given = task["experiment"]
    experiment = given if isinstance(given, Experiment) else Experiment.from_json(given)
    state = None if task["state"] is None else State(**task["state"])
    clock, compiled = time.perf_counter(), 0.0
    if not is_compiled(experiment):
        # By itself, so that the time of the compiler is not taken for time of training.
        state = train_chunk(experiment, state).state
        compiled = time.perf_counter() - clock
    key, end = experiment.program_key(), time.perf_counter() + task["seconds"]
    pace, seconds, stop = _paces.get(key, Pace()), 0.0, None
    tables: list[np.ndarray] = []
    names: tuple[str, ...] = ("epoch",)
    done = state.epoch if state else 0
    while done < experiment.epochs and not stop:
        left = end - time.perf_counter()
        if tables and left <= 0:
            break
        work = next_work(pace, max(left, 0.0), experiment.epochs - done, experiment.batches)
        result = train_chunk(experiment, state, epochs=work.epochs, batches=work.batches)
        before = state or State(())
        pace = _paces[key] = learned(pace, before, result.state, result.seconds)
        state, stop, names = result.state, result.stopped, result.rows.names
        tables.append(result.rows.values)
        seconds += result.seconds
        done = state.epoch
    return {
        "state": dict(vars(state)) if state else None,
        "names": names,
        "rows": np.concatenate(tables) if tables else np.empty((0, 1), np.float32),
        "stop": (stop.reason, stop.message) if stop else None,
        "over": bool(stop) or done >= experiment.epochs,
        "seconds": seconds,
        "compile_seconds": compiled,
        "memory": psutil.Process().memory_info().rss,
        "worker": os.getpid(),
    }
