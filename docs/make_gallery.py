"""Measures the gallery's examples for their cards: `python docs/make_gallery.py`, or some of them by name.

It trains the first variant of each, and keeps what came of it in nnplay/examples/measured.json.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from nnplay.data import Split
from nnplay.engine.chunk import train_chunk
from nnplay.engine.fit import run
from nnplay.examples import EXAMPLES, Example, Outcome, in_words
from nnplay.examples.measured import FILE, Measured, all_measured, pack, write

MAP_SIDE, LINE_POINTS, POINTS = 64, 60, 70


def measure(example: Example) -> Measured:
    """Train the first variant, and keep what its card shows."""
    variant = example.variants[0]
    experiment = variant.experiment
    results, _ = run(experiment)
    rows = np.concatenate([result.rows.values for result in results])
    outcome = Outcome(experiment, results[0].rows.names, rows, results[-1].stopped)
    view = {"map": "boundary", "confusion": "predictions"}.get(example.picture)
    shown = train_chunk(experiment, results[-1].state, views=(view,)).views[view] if view else {}
    split = experiment.load_data()
    return Measured(
        link=experiment.to_link(),
        words=in_words(variant, outcome),
        holds=variant.holds(outcome),
        epochs=outcome.epochs,
        lines={} if view else lines(example, outcome),
        grid=pack(plane(experiment, shown) if view == "boundary" else confusion(split, shown))
        if view
        else "",
        points=points(split, *experiment.dataset.extent) if view == "boundary" else [],
    )


def lines(example: Example, outcome: Outcome) -> dict[str, list[float | None]]:
    """The curves of the card, by name."""
    if example.picture == "gradients":
        count = len(outcome.gradients)
        names = {f"layer {k}" if k < count else "output": f"grad_{k}" for k in range(1, count + 1)}
    else:
        kind = "loss" if "loss" in example.picture else outcome.metric
        names = {"training": kind, "test": f"val_{kind}"}
    places = np.unique(np.linspace(0, len(outcome.values) - 1, LINE_POINTS).round().astype(int))
    return {name: [rounded(v) for v in outcome.column(column)[places]] for name, column in names.items()}


def rounded(value: float) -> float | None:
    """Four digits; None for what is no number."""
    return float(f"{value:.4g}") if np.isfinite(value) else None


def plane(experiment, shown: dict) -> np.ndarray:
    """The output over the plane, from 0 to 1."""
    z = shown["z"][0]
    return (z + 1) / 2 if experiment.pairing.targets == "signs" or experiment.task == "regression" else z


def confusion(split: Split, shown: dict) -> np.ndarray:
    """Of the test samples of each class (rows), the share taken for each."""
    counts = np.zeros((split.classes, split.classes))
    np.add.at(counts, (split.y_test, shown["test"].argmax(axis=1)), 1)
    return counts / counts.sum(axis=1, keepdims=True)


def points(split: Split, low: float, high: float) -> list[list[float]]:
    """Some training samples: places from 0 to 1, and class."""
    places = (split.positions_train[:POINTS] - low) / (high - low)
    return [
        [round(float(x), 3), round(float(y), 3), int(c)]
        for (x, y), c in zip(places, split.y_train, strict=False)
    ]


def main(names: list[str]) -> None:
    """Measure these, or all."""
    known = all_measured() if FILE.exists() else {}
    for name in names or EXAMPLES:
        known[name] = measure(EXAMPLES[name])
        print(f"{name:<12} {'holds' if known[name].holds else 'FAILS'}  {known[name].words}", flush=True)
        write({name: known[name] for name in EXAMPLES if name in known})


if __name__ == "__main__":
    main(sys.argv[1:])
