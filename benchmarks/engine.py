"""Our engine beside `model.fit` with validation data, on the same experiments and the same Keras objects.

Each side has a process of its own, started the way people start it: `model.fit` with TensorFlow's default
threads, ours with one. The two take turns, and the ratio is the median over the rounds.
"""

import time
from statistics import median
from typing import Any

from loky import ProcessPoolExecutor

from nnplay.experiment import Experiment, make

EXPERIMENTS: dict[str, dict[str, Any]] = {
    "circle 2-4-2-1": {"data": "circle", "hidden": "4-2"},
    "spiral 2-8-8-1": {"data": "spiral", "hidden": "8-8"},
    "spiral 7-8x6-1": {
        "data": "spiral",
        "hidden": "8-8-8-8-8-8",
        "features": ("x1", "x2", "x1sq", "x2sq", "x1x2", "sinx1", "sinx2"),
    },
    "dense 784-128-10": {
        "data": "digits28",
        "hidden": "128",
        "activation": "relu",
        "loss": "sparse_categorical_crossentropy",
        "learning_rate": 0.001,
        "batch_size": 32,
        "test_fraction": 0.2,
    },
}
ROUNDS = 5
SECONDS_A_TURN = 1.0


def measure(experiments: dict[str, dict[str, Any]] = EXPERIMENTS) -> dict[str, Any]:
    """Epochs per second of both sides and their ratio, for each of `experiments`."""
    report = {}
    usual = {"NNPLAY_THREADS": "0"}  # TensorFlow's own choice
    with ProcessPoolExecutor(1, env=usual) as theirs, ProcessPoolExecutor(1) as ours:
        for name, settings in experiments.items():
            experiment = make({**settings, "epochs": 100_000})
            theirs.submit(fit_epochs, experiment, 2).result()  # tracing and compiling are not counted
            ours.submit(our_epochs, experiment, 2).result()
            rounds = []
            for _ in range(ROUNDS):
                fit_rate = _rate(theirs, fit_epochs, experiment)
                our_rate = _rate(ours, our_epochs, experiment)
                rounds.append((fit_rate, our_rate, our_rate / fit_rate))
            report[name] = dict(
                zip(
                    ("fit", "nnplay", "ratio"),
                    (median(column) for column in zip(*rounds, strict=True)),
                    strict=True,
                )
            )
    return {"unit": "epochs/s, medians", "rounds": ROUNDS, "experiments": report}


def _rate(executor: Any, side: Any, experiment: Experiment) -> float:
    """Epochs per second over about SECONDS_A_TURN."""
    epochs, seconds = 1, 0.0
    while seconds < SECONDS_A_TURN / 2:
        if seconds:
            epochs = max(epochs + 1, min(int(epochs * SECONDS_A_TURN / seconds), epochs * 100))
        seconds = executor.submit(side, experiment, epochs).result()
    return epochs / seconds


_fitted: dict[str, Any] = {}


def fit_epochs(experiment: Experiment, epochs: int) -> float:
    """Seconds that `model.fit` takes, with its own loop, on a model compiled before."""
    from nnplay.data import encode_targets
    from nnplay.engine.build import build

    split, targets = experiment.load_data(), experiment.pairing.targets
    y, y_test = (encode_targets(part, targets, split.classes) for part in (split.y_train, split.y_test))
    key = experiment.to_link()
    if key not in _fitted:
        network = build(experiment, 1)
        network.model.compile(optimizer=network.optimizer, loss=network.loss, metrics=list(network.metrics))
        _fitted[key] = network.model
    start = time.perf_counter()
    _fitted[key].fit(
        split.x_train,
        y,
        batch_size=experiment.batch_size,
        epochs=epochs,
        validation_data=(split.x_test, y_test),
        verbose=0,
    )
    return time.perf_counter() - start


def our_epochs(experiment: Experiment, epochs: int) -> float:
    """Seconds of the same in chunks of up to 100: state in and out, all measurements, a map of the plane."""
    from nnplay.engine.chunk import train_chunk

    state = train_chunk(experiment, None).state
    start, left = time.perf_counter(), epochs
    while left:
        piece = min(left, 100)
        state = train_chunk(experiment, state, epochs=piece, views=("boundary",)).state
        left -= piece
    return time.perf_counter() - start


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    lines = [f"{'epochs per second':<20} {'model.fit':>10} {'nnplay':>10} {'ratio':>8}"]
    for name, row in report["experiments"].items():
        lines.append(f"{name:<20} {row['fit']:>10,.1f} {row['nnplay']:>10,.0f} {row['ratio']:>7.1f}x")
    return "\n".join(lines)
