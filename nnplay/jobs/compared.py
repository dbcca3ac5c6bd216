"""Numbers of several runs: where two answer differently, where many agree, bands of curves, successes."""

from collections.abc import Sequence

import numpy as np

from nnplay.engine.state import State
from nnplay.experiment import Experiment
from nnplay.jobs.kept import perfect


def scale_of(experiment: Experiment) -> tuple[float, float]:
    """The two ends of a single output: probabilities run from 0 to 1, everything signed from -1 to 1."""
    return (0.0, 1.0) if experiment.pairing.targets == "binary" else (-1.0, 1.0)


def decisions(z: np.ndarray, experiment: Experiment) -> np.ndarray:
    """The class (g, g) that outputs over the plane (outputs, g, g) stand for; -1 where they are no number."""
    tips = sum(scale_of(experiment)) / 2
    classes = z.argmax(axis=0) if len(z) > 1 else (z[0] > tips).astype(int)
    return np.where(np.isfinite(z).all(axis=0), classes, -1)


def signed(z: np.ndarray, experiment: Experiment) -> np.ndarray:
    """A single output over the plane (1, g, g) as (g, g) from -1 to 1: probabilities p as 2 p - 1."""
    low, _ = scale_of(experiment)
    return 2 * z[0] - 1 if low == 0 else z[0]


def share_different(one: np.ndarray, other: np.ndarray) -> float:
    """The share of the places of which two arrays of classes say different things."""
    return float((one != other).mean())


def shares(decided: Sequence[np.ndarray], classes: int) -> np.ndarray:
    """Of several networks' decisions, (g, g) each: which share of them says each class, (classes, g, g)."""
    table = np.stack(decided)
    return np.stack([(table == k).mean(axis=0) for k in range(classes)]).astype(np.float32)


def quartiles(values: np.ndarray, measure: str) -> np.ndarray:
    """Lower quartile, median and upper quartile of the rows, (3, columns), of values (rows, columns).

    Always values that occurred, never between two: between a number and a run that diverged there is
    nothing. NaN, and what a run that ended early has not measured, counts as the worst value of the measure.
    """
    worst = -np.inf if perfect(measure) > 0 else np.inf
    filled = np.where(np.isfinite(values), values, worst)
    return np.asarray(np.quantile(filled, [0.25, 0.5, 0.75], axis=0, method="nearest"), np.float32)


def meets(value: float, target: float, measure: str) -> bool:
    """Whether a value of a measure is at the target or better: high for an accuracy, low for a loss."""
    return value >= target if perfect(measure) > 0 else value <= target


def first_met(values: np.ndarray, epochs: np.ndarray, target: float, measure: str) -> int | None:
    """The first epoch at which the target was met, None if there is none."""
    hits = np.flatnonzero(values >= target if perfect(measure) > 0 else values <= target)
    return int(epochs[hits[0]]) if len(hits) else None


def interval(successes: int, count: int) -> tuple[float, float]:
    """Wilson's interval for a share, at 95 %: where the true rate lies after so many successes of `count`."""
    z = 1.96
    share, spread = successes / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = z * np.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def weights_of(experiment: Experiment, state: State) -> list[np.ndarray]:
    """The weights and biases in a state, layer by layer: its first arrays, as many as the network has."""
    found, left = [], experiment.parameters_estimate
    for array in state.arrays:
        # Between them there may be the seeds of dropout layers, which are whole numbers.
        if left <= 0 or not np.issubdtype(array.dtype, np.floating):
            continue
        found.append(array)
        left -= array.size
    return found


def same_weights(one: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> bool | None:
    """Whether two networks have the very same weights, bit for bit; None where their shapes differ."""
    if [array.shape for array in one] != [array.shape for array in other]:
        return None
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def same_data(one: Experiment, other: Experiment) -> bool:
    """Whether both learn from, and are tested on, the very same numbers."""
    first, second = one.load_data(), other.load_data()
    names = ("x_train", "x_test", "y_train", "y_test")
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in names)
