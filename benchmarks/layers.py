"""Convolutional, recurrent and attention networks: our engine beside `model.fit`, and how long Pause waits.

Epochs per second as in `engine`. Then each network trains as it does in the app, in chunks that the pace
cuts; the longest of them, views included, is what Pause may have to wait for.
"""

import time
from typing import Any

from loky import ProcessPoolExecutor

from benchmarks import engine
from nnplay.experiment import Experiment, make

CLASSES = {"loss": "sparse_categorical_crossentropy", "activation": "relu", "learning_rate": 0.001}
DIGITS = {**CLASSES, "data": "digits", "samples": 1797, "test_fraction": 0.2, "batch_size": 32}
SIGNALS = {**CLASSES, "data": "mnist1d", "samples": 2000, "test_fraction": 0.2, "batch_size": 32}
LARGE = "conv32k3-pool2-conv64k3-pool2-flatten-64"

EXPERIMENTS: dict[str, dict[str, Any]] = {
    "conv, 8x8": {**DIGITS, "hidden": "conv8k3-pool2-flatten-16"},
    "conv, 28x28": {**DIGITS, "data": "digits28", "hidden": LARGE},
    "lstm, rows of 8x8": {**DIGITS, "hidden": "rows-lstm16", "activation": "tanh"},
    "gru, rows of 8x8": {**DIGITS, "hidden": "rows-gru16", "activation": "tanh"},
    "attention, rows": {**DIGITS, "hidden": "rows-16-position-attention2h-mean"},
    "conv, signals": {**SIGNALS, "hidden": "conv8k5-pool2-conv8k5-max"},
    "gru, signals": {**SIGNALS, "hidden": "gru6", "activation": "tanh"},
    "batch norm, 8x8": {**DIGITS, "hidden": "32:batchnorm-32:batchnorm"},
}
SECONDS = 5.0


def measure() -> dict[str, Any]:
    """The report of `engine`, with the longest wait and the worker's memory for each network."""
    report = engine.measure(EXPERIMENTS)
    with ProcessPoolExecutor(1) as worker:
        for name, settings in EXPERIMENTS.items():
            experiment = make({**settings, "epochs": 100_000})
            row = report["experiments"][name]
            row["longest"], row["memory"] = worker.submit(longest_chunk, experiment).result()
    return report


def longest_chunk(experiment: Experiment) -> tuple[float, float]:
    """Seconds of the longest chunk in about SECONDS of training, and this process's memory in MB after it.

    The first call, which compiles, is not counted: the page says "preparing" then, and Pause holds at once.
    """
    from nnplay.engine.chunk import train_chunk
    from nnplay.jobs.pace import Pace, learned, next_work
    from nnplay.jobs.plan import SLOW_VIEWS

    wanted = ("predictions", "activations")
    result = train_chunk(experiment, None, views=wanted)
    pace, longest, slow, began = Pace(), 0.0, False, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        state = result.state
        work = next_work(pace, 0.1, 100, experiment.batches)
        # As in the app: a chunk by batches ends with the epoch.
        batches = min(work.batches, experiment.batches - state.batch)
        slow = slow or result.views_seconds > SLOW_VIEWS
        # Those are made by themselves, which Pause does not wait for.
        views = () if slow else wanted
        start = time.perf_counter()
        result = train_chunk(experiment, state, epochs=work.epochs, batches=batches, views=views)
        longest = max(longest, time.perf_counter() - start)
        pace = learned(pace, state, result.state, result.seconds)
    return longest, result.memory / 1e6


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    first, *lines = engine.table(report).splitlines()
    rows = report["experiments"].values()
    ends = [f"{row['longest']:>9.2f} s {row['memory']:>7.0f} MB" for row in rows]
    return "\n".join(
        [first + "   longest chunk", *(line + end for line, end in zip(lines, ends, strict=True))]
    )
