"""A run of 100,000 epochs: what is kept of it, how large that is, and what it costs to draw."""

import gc
import time
from typing import Any

import numpy as np
import psutil

from nnplay.engine.state import Rows
from nnplay.experiment import make
from nnplay.figures.curves import loss_curves
from nnplay.figures.spec import encode
from nnplay.jobs import open_runs
from nnplay.jobs.history import History

EPOCHS = 100_000
NETWORK = {"data": "circle", "hidden": "4-2", "samples": 100, "batch_size": 0, "epochs": EPOCHS}
# Columns of a network so deep that its history is thinned: two a layer.
DEEP_LAYERS = 20
DRAWINGS = 50


def measure() -> dict[str, Any]:
    """The run, watched as a page watches it; megabytes of the server and its worker, seconds to draw."""
    server = psutil.Process()
    report: dict[str, Any] = {"epochs": EPOCHS}
    with open_runs() as runs:
        run = runs.create(make(NETWORK))
        run.want(("boundary",))
        runs.prepare(run)
        _until(runs, run, lambda run: run.state is not None)
        runs.run_to(run, 1000)
        _until(runs, run, lambda run: not run.going and not run.flight)
        report["server after 1,000 epochs, MB"] = _megabytes(server)
        report["worker after 1,000 epochs, MB"] = _worker(server)
        start = time.perf_counter()
        runs.play(run)
        _until(runs, run, lambda run: run.over and not run.flight)
        report["seconds of training"] = time.perf_counter() - start
        report["server after all, MB"] = _megabytes(server)
        report["worker after all, MB"] = _worker(server)
        report["states kept"] = len(run.snapshots)
        report["states, MB"] = run.snapshots.nbytes / 1e6
        report |= _history(run.history, "")
        start = time.perf_counter()
        runs.look(run, EPOCHS // 2 + 1)
        _until(runs, run, lambda run: not run.arriving)
        report["seconds to an epoch between two states"] = time.perf_counter() - start
    report |= _history(_deep(), f", {DEEP_LAYERS} layers")
    return report


def _history(history: History, of: str) -> dict[str, float]:
    start = time.perf_counter()
    for _ in range(DRAWINGS):
        epochs, values = history.curve(("loss", "val_loss"), 600)
        size = len(encode(loss_curves(epochs, values[:, 0], values[:, 1])))
    return {
        f"rows of the history{of}": len(history),
        f"columns{of}": len(history.names),
        f"history, MB{of}": history.values.nbytes / 1e6,
        f"widest gap between two rows, epochs{of}": float(np.diff(history.column("epoch")).max()),
        f"ms to draw a curve{of}": 1000 * (time.perf_counter() - start) / DRAWINGS,
        f"kB of a curve{of}": size / 1000,
    }


def _deep() -> History:
    """The history of a deep network, of random numbers: as many, and as large."""
    names = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "lr")
    names += tuple(f"{kind}_{k}" for kind in ("grad", "update") for k in range(DEEP_LAYERS + 1))
    random, history = np.random.default_rng(1), History()
    for first in range(1, EPOCHS, 500):
        values = random.random((500, len(names)), np.float32)
        values[:, 0] = np.arange(first, first + 500)
        history.append(Rows(names, values))
    return history


def _until(runs: Any, run: Any, done: Any) -> None:
    while not done(run):
        runs.watch(run)
        time.sleep(0.02)
    if run.failure:
        raise RuntimeError(run.failure)


def _megabytes(process: psutil.Process) -> float:
    gc.collect()
    return float(process.memory_info().rss / 1e6)


def _worker(server: psutil.Process) -> float:
    """Of the largest worker."""
    return max((child.memory_info().rss / 1e6 for child in server.children(recursive=True)), default=0.0)


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    return "\n".join(f"{name:<75} {value:,.6g}" for name, value in report.items())
