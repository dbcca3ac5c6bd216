"""What is to be reached: conditions such as "test loss at most 0.05", checked on the rows of a run.

Written `test_loss:max:0.05,neurons:max:4`: a measure, `max` (at most) or `min` (at least), a number. All hold
at the same epoch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnplay.catalog import METRICS
from nnplay.experiment import Experiment
from nnplay.experiment.error import show
from nnplay.experiment.links import write_value
from nnplay.experiment.numerals import REAL
from nnplay.registry import look_up

COMPARISONS = {"max": "at most", "min": "at least"}
MOST_CONDITIONS = 6


@dataclass(frozen=True)
class Measure:
    """One number of a run. `column`: its name in the history, "" where it is `count`ed on the experiment.

    `needs`: the metric that the task must have, or "loss". `usual`: the comparison that one mostly wants.
    """

    name: str
    label: str
    low: float
    high: float
    usual: str
    column: str = ""
    needs: str = ""
    count: Callable[[Experiment], int] | None = None


def _neurons(experiment: Experiment) -> int:
    return sum(layer.units for layer in experiment.layers)


_LIST = (
    Measure("test_loss", "test loss", 0, 1e6, "max", "val_loss", "loss"),
    Measure("loss", "training loss", 0, 1e6, "max", "loss", "loss"),
    Measure("test_accuracy", "test accuracy", 0, 1, "min", "val_accuracy", "accuracy"),
    Measure("accuracy", "training accuracy", 0, 1, "min", "accuracy", "accuracy"),
    Measure("test_r2", "test R²", -1000, 1, "min", "val_r2", "r2"),
    Measure("r2", "training R²", -1000, 1, "min", "r2", "r2"),
    Measure("test_rmse", "test RMSE", 0, 1e6, "max", "val_rmse", "rmse"),
    Measure("neurons", "hidden neurons", 0, 1e5, "max", count=_neurons),
    Measure("layers", "hidden layers", 0, 1000, "max", count=lambda experiment: len(experiment.layers)),
    Measure("weights", "weights", 1, 1e7, "max", count=lambda experiment: experiment.parameters_estimate),
    Measure("epochs", "epochs", 1, 1e5, "max", "epoch"),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _LIST}


@dataclass(frozen=True)
class Condition:
    """A measure's name, "max" or "min", and the number."""

    measure: str
    comparison: str
    value: float

    def __str__(self) -> str:
        return f"{self.measure}:{self.comparison}:{write_value(self.value)}"

    @property
    def words(self) -> str:
        """ "test loss at most 0.05"."""
        return f"{MEASURES[self.measure].label} {COMPARISONS[self.comparison]} {number(self.value)}"


def number(value: float, digits: int = 6) -> str:
    """A number of a goal, or measured for one, as people write it."""
    return f"{value:,.0f}" if value.is_integer() and abs(value) >= 1000 else f"{value:.{digits}g}"


def fitting(experiment: Experiment) -> dict[str, Measure]:
    """The measures that a run of this experiment has."""
    there = ("", "loss", *METRICS[experiment.task])
    return {name: measure for name, measure in MEASURES.items() if measure.needs in there}


def parse_goal(text: str) -> tuple[Condition, ...]:
    """The conditions in a text. Raises ValueError with a sentence."""
    parts = text.split(",") if text else []
    if len(parts) > MOST_CONDITIONS:
        raise ValueError(f"A goal may have {MOST_CONDITIONS} conditions; this has {len(parts)}. Remove some.")
    found = tuple(_condition(part) for part in parts)
    for place, condition in enumerate(found):
        if (condition.measure, condition.comparison) in [
            (other.measure, other.comparison) for other in found[:place]
        ]:
            raise ValueError(
                f"The goal names {condition.measure}:{condition.comparison} twice. Give it once."
            )
    if found and not any(MEASURES[condition.measure].needs for condition in found):
        raise ValueError(
            "A goal needs something that is learned: a loss, an accuracy, an R² or an RMSE, such as "
            "test_loss:max:0.05."
        )
    return found


def _condition(text: str) -> Condition:
    parts = text.split(":")
    if len(parts) != 3:
        raise ValueError(
            f"A condition of a goal is measure:max:number or measure:min:number, such as test_loss:max:0.05, "
            f"not {show(text)}."
        )
    name, comparison, value = parts
    measure = look_up(MEASURES, name, "measure")
    if comparison not in COMPARISONS:
        raise ValueError(f"A goal compares with max (at most) or min (at least), not {show(comparison)}.")
    if not REAL.fullmatch(value) or not measure.low <= float(value) <= measure.high:
        raise ValueError(
            f"The goal's {measure.label} ({name}) must be a number from {measure.low:g} to {measure.high:g}, "
            f"not {show(value)}."
        )
    return Condition(name, comparison, float(value) or 0.0)


def format_goal(goal: Sequence[Condition]) -> str:
    """The text that `parse_goal` reads."""
    return ",".join(map(str, goal))


def reached(
    goal: Sequence[Condition], experiment: Experiment, names: Sequence[str], rows: np.ndarray
) -> int | None:
    """The first of the rows (epochs, columns) at which all conditions hold; None where none is."""
    held = np.ones(len(rows), bool)
    for condition in goal:
        measure = MEASURES[condition.measure]
        if measure.count is not None:
            values: np.ndarray = np.full(len(rows), float(measure.count(experiment)))
        elif measure.column in names:
            # The history is float32, and 0.95 of 20 samples is to be 0.95: compared as it is written.
            values = rows[:, list(names).index(measure.column)]
        else:
            return None
        bound = values.dtype.type(condition.value)
        # What is no number fulfils nothing.
        held &= values <= bound if condition.comparison == "max" else values >= bound
    return int(held.argmax()) if held.any() else None


def standing(
    goal: Sequence[Condition], experiment: Experiment, names: Sequence[str], row: Sequence[float]
) -> dict[str, float]:
    """The value of each measure of the goal in this row, where it has one, or counted."""
    found: dict[str, float] = {}
    for condition in goal:
        measure = MEASURES[condition.measure]
        if measure.count is not None:
            found[measure.name] = float(measure.count(experiment))
        elif measure.column in names and len(row):
            found[measure.name] = float(row[list(names).index(measure.column)])
    return found
