"""The figures of a sweep from its outcomes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.experiment import SETTINGS
from nnplay.figures import Spec
from nnplay.figures.sweep import heat, of_numbers, of_values, parallel
from nnplay.sweep import Outcome, Plan, Sweep
from nnplay.sweep.outcome import last_loss, quantile
from nnplay.ui.page import is_dark
from nnplay.ui.wording import in_sentence, value_in_words

MEASURES = {
    "val_loss": "Test loss",
    "loss": "Training loss",
    **{f"val_{name}": f"Test {in_sentence(entry.label)}" for name, entry in catalog.METRIC_ENTRIES.items()},
}


def label_of(name: str) -> str:
    """The name of an axis."""
    return SETTINGS[name].label


def measures_of(sweep: Sweep) -> list[str]:
    """What all runs of a sweep are measured by."""
    tasks = {combination.experiment.task for combination in sweep.plan.combinations if combination.experiment}
    metrics = [
        name for name in catalog.METRIC_ENTRIES if all(name in catalog.METRICS[task] for task in tasks)
    ]
    return ["val_loss", "loss", *(f"val_{name}" for name in metrics if tasks)]


def value(outcome: Outcome, measure: str) -> float:
    """What a run came to: infinite for one that diverged, NaN where it was not measured."""
    if outcome.end == "diverged":
        return float("inf")
    found = outcome.final.get(measure, float("nan"))
    return found if np.isfinite(found) else float("inf")


def parallel_figure(plan: Plan, outcomes: Sequence[Outcome], id: str) -> Spec:
    """All trained runs across their settings, to test loss and test metric."""
    trained = [outcome for outcome in outcomes if outcome.trained]
    scales = []
    for name, values in plan.over.items():
        places = np.array([values.index(outcome.combination.values[name]) for outcome in trained], np.float32)
        scales.append(of_values(label_of(name), places, [word(name, value) for value in values]))
    losses = np.array([last_loss(outcome) for outcome in trained], np.float64)
    scales.append(of_numbers("Test loss", losses, log=True))
    tasks = [outcome.combination.experiment.task for outcome in trained if outcome.combination.experiment]
    if len(set(tasks)) == 1:
        metric = catalog.METRICS[tasks[0]][0]
        scores = np.array([value(outcome, f"val_{metric}") for outcome in trained], np.float64)
        scales.append(of_numbers(f"Test {in_sentence(catalog.METRIC_ENTRIES[metric].label)}", scores))
    names = [
        f"run {outcome.number}: {outcome.combination.label}, seed {outcome.seed}<br>test loss {loss:.4g}"
        for outcome, loss in zip(trained, losses, strict=True)
    ]
    return parallel(scales, losses, names, dark=is_dark(), revision=id)


def heat_figure(plan: Plan, outcomes: Sequence[Outcome], shown: tuple[str, str, str], id: str) -> Spec:
    """The median of a measure by two settings, over seeds and all other settings; `shown` are their names."""
    across, up, measure = shown
    x, y = (_values(plan, name) for name in (across, up))
    cells: dict[tuple[int, int], list[float]] = {}
    for outcome in outcomes:
        if outcome.trained:
            place = (y.index(_value(outcome, up)), x.index(_value(outcome, across)))
            cells.setdefault(place, []).append(value(outcome, measure))
    medians = np.full((len(y), len(x)), np.nan)
    counts = np.zeros((len(y), len(x)))
    for (row, column), values in cells.items():
        medians[row, column] = quantile(values, 0.5)
        counts[row, column] = len(values)
    return heat(
        medians,
        (label_of(across), [word(across, value) for value in x]),
        (label_of(up), [word(up, value) for value in y]),
        measure=in_sentence(MEASURES[measure]),
        log=measure.endswith("loss"),
        more_is_better=measure in ("val_accuracy", "val_r2"),
        counts=counts,
        dark=is_dark(),
        revision=f"{id}-{across}-{up}-{measure}",
    )


def word(name: str, value: Any) -> str:
    """A value on an axis."""
    return value_in_words(name, value)


def _values(plan: Plan, name: str) -> list[Any]:
    if name != "seed" or name in plan.over:
        return list(plan.over[name])
    return [(plan.base.seed + turn) % 2**31 for turn in range(plan.seeds)]


def _value(outcome: Outcome, name: str) -> Any:
    return outcome.combination.values.get(name, outcome.seed)
