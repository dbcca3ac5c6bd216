"""The figures of a sweep from its outcomes."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.experiment import SETTINGS
from nnplay.figures import Spec
from nnplay.figures.sweep import Brushed, Scale, heat, inside, of_numbers, of_values, parallel
from nnplay.sweep import Outcome, Plan, Sweep
from nnplay.sweep.outcome import last_loss, quantile
from nnplay.ui.page import is_dark
from nnplay.ui.wording import in_sentence, value_in_words

# Of a setting that is drawn from a range the map shows at most so many equal parts.
PARTS = 5
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


def scales_of(plan: Plan, trained: Sequence[Outcome]) -> list[Scale]:
    """The axes of the parallel coordinates: the settings, the test loss, the test metric."""
    scales = []
    for name, values in plan.over.items():
        if name in plan.ranges:
            numbers = np.array([outcome.combination.values[name] for outcome in trained], np.float64)
            scales.append(of_numbers(label_of(name), numbers, log=plan.ranges[name].log))
            continue
        places = np.array([values.index(outcome.combination.values[name]) for outcome in trained], np.float32)
        scales.append(of_values(label_of(name), places, [word(name, value) for value in values]))
    losses = np.array([last_loss(outcome) for outcome in trained], np.float64)
    scales.append(of_numbers("Test loss", losses, log=True))
    tasks = [outcome.combination.experiment.task for outcome in trained if outcome.combination.experiment]
    if len(set(tasks)) == 1:
        metric = catalog.METRICS[tasks[0]][0]
        scores = np.array([value(outcome, f"val_{metric}") for outcome in trained], np.float64)
        scales.append(of_numbers(f"Test {in_sentence(catalog.METRIC_ENTRIES[metric].label)}", scores))
    return scales


def narrowed(plan: Plan, outcomes: Sequence[Outcome], brushed: Brushed) -> list[Outcome]:
    """The runs within all that was brushed; all of them, untrained ones too, where nothing was."""
    if not brushed:
        return list(outcomes)
    trained = [outcome for outcome in outcomes if outcome.trained]
    kept = inside(scales_of(plan, trained), brushed)
    return [outcome for outcome, is_kept in zip(trained, kept, strict=True) if is_kept]


def parallel_figure(plan: Plan, outcomes: Sequence[Outcome], brushed: Brushed, id: str) -> Spec:
    """All trained runs across their settings, to test loss and test metric."""
    trained = [outcome for outcome in outcomes if outcome.trained]
    losses = np.array([last_loss(outcome) for outcome in trained], np.float64)
    names = [
        f"run {outcome.number}: {outcome.combination.label}, seed {outcome.seed}<br>test loss {loss:.4g}"
        for outcome, loss in zip(trained, losses, strict=True)
    ]
    scales = scales_of(plan, trained)
    return parallel(scales, losses, names, brushed=brushed, dark=is_dark(), revision=id)


def heat_figure(plan: Plan, outcomes: Sequence[Outcome], shown: tuple[str, str, str], id: str) -> Spec:
    """The median of a measure by two settings, over seeds and all other settings; `shown` are their names."""
    across, up, measure = shown
    x, y = (_values(plan, name) for name in (across, up))
    cells: dict[tuple[int, int], list[float]] = {}
    for outcome in outcomes:
        if outcome.trained:
            place = (_place(plan, outcome, up, y), _place(plan, outcome, across, x))
            cells.setdefault(place, []).append(value(outcome, measure))
    names_x, names_y = _words(plan, across, x), _words(plan, up, y)
    medians = np.full((len(names_y), len(names_x)), np.nan)
    counts = np.zeros(medians.shape)
    for (row, column), values in cells.items():
        medians[row, column] = quantile(values, 0.5)
        counts[row, column] = len(values)
    return heat(
        medians,
        (label_of(across), names_x),
        (label_of(up), names_y),
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
    """The values of a setting, of a range its parts: the least and the greatest number of each."""
    if name in plan.ranges:
        return plan.ranges[name].parts(PARTS)
    if name != "seed" or name in plan.over:
        return list(plan.over[name])
    return [(plan.base.seed + turn) % 2**31 for turn in range(plan.seeds)]


def _words(plan: Plan, name: str, values: list[Any]) -> list[str]:
    if name in plan.ranges:
        return [
            word(name, low) if low == high else f"{word(name, low)} to {word(name, high)}"
            for low, high in values
        ]
    return [word(name, value) for value in values]


def _place(plan: Plan, outcome: Outcome, name: str, values: list[Any]) -> int:
    """Which of the values a run has, or in which part of a range its value is."""
    value = outcome.combination.values.get(name, outcome.seed)
    if name in plan.ranges:
        return max(bisect_right([low for low, _ in values], value) - 1, 0)
    return values.index(value)
