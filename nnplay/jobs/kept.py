"""Kept runs: what is left of a run that somebody wants to compare with others, without a worker or a place.

The curves are thinned and the pictures measured once, from the state it was kept in. What draws a run's
result draws a kept one as well: it has `id`, `origin` and `views`.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.engine.state import Rows
from nnplay.experiment import SETTINGS, Experiment
from nnplay.jobs.moment import Moment
from nnplay.jobs.run import Run
from nnplay.jobs.runs import Runs

# Of one visit. A run of two classes in the plane is about 40 kB, one of ten classes of images a few hundred.
MOST_KEPT = 16
MOST_BYTES = 4_000_000
CURVE_POINTS = 600


class NotKept(ValueError):
    """A run that cannot be kept; the message says why, and what to do."""


@dataclass(eq=False)
class Kept:
    """A run as it was at the end of an epoch.

    `number`: from 1, within a visit. `experiment`: the settings in force at its end, `origin`: those whose
    data and network it has. `word`: how it stood (`jobs.WORDS`). `changed`: whether a person changed
    something on its way, so that the settings alone do not give it again. `rows`: its curves, at most about
    CURVE_POINTS rows of what was measured. `final`: the last values, `best`: the best ones and their epochs,
    by the columns' names. `views`: the engine's views of its end, once measured; `problem`: why they are not.
    `drawn`: whether it takes part in the pictures.
    """

    number: int
    name: str
    experiment: Experiment
    origin: Experiment
    epoch: int
    word: str
    changed: bool
    rows: Rows
    final: dict[str, float]
    best: dict[str, tuple[float, int]]
    views: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    drawn: bool = True
    measured: Future | None = None

    @property
    def id(self) -> str:
        """Tells it from other runs in one visit."""
        return f"kept{self.number}"

    @property
    def nbytes(self) -> int:
        """About so many bytes of the server's memory."""
        arrays = [array for view in self.views.values() for array in view.values()]
        return self.rows.values.nbytes + sum(getattr(array, "nbytes", 0) for array in arrays)

    def collect(self) -> bool:
        """Take the views if they have come since; whether there is nothing to wait for any more."""
        if self.measured is None:
            return True
        if not self.measured.done():
            return False
        future, self.measured = self.measured, None
        error = None if future.cancelled() else future.exception()
        if error or future.cancelled():
            self.problem = "Its pictures could not be measured. Keep the run again to try once more."
        else:
            self.views = future.result()[0]
        return True


def keep(runs: Runs, shown: Run | Moment, number: int, before: Sequence[Kept] = ()) -> Kept:
    """Keep what is shown, beside those kept `before`; its views are measured by a worker meanwhile.

    Raises `NotKept` where nothing is trained yet, or there is no room.
    """
    state = shown.state
    history = shown.history.until(state.epoch) if state else shown.history
    if state is None or not len(history):
        raise NotKept("There is nothing to keep yet. Train the network for an epoch or more first.")
    if len(before) >= MOST_KEPT:
        raise NotKept(f"{MOST_KEPT} runs are kept, and that is all there is room for. Remove one first.")
    if sum(kept.nbytes for kept in before) >= MOST_BYTES:
        raise NotKept("The kept runs take all the memory that they may have. Remove one first.")
    measures = measures_of(shown.origin)
    epochs, values = history.curve(measures, CURVE_POINTS)
    return Kept(
        number=number,
        name=f"Run {number}",
        experiment=shown.experiment,
        origin=shown.origin,
        epoch=state.epoch,
        word=shown.status.word if isinstance(shown, Run) else "paused",
        changed=bool(shown.changes),
        rows=Rows(("epoch", *measures), np.column_stack([epochs, values]).astype(np.float32)),
        final={name: float(history.column(name)[-1]) for name in measures},
        best={name: best(history.column(name), history.column("epoch"), name) for name in measures},
        measured=runs.measure(shown.experiment, state, views_of(shown.origin), near=shown.id),
    )


def measures_of(experiment: Experiment) -> tuple[str, ...]:
    """The columns of a history that are compared: loss and metrics, of training and of test samples."""
    names = ("loss", *catalog.METRICS[experiment.task])
    return tuple(prefix + name for name in names for prefix in ("", "val_"))


def views_of(experiment: Experiment) -> tuple[str, ...]:
    """What is measured of a run's end: its answers for the samples and, if it has one, over the plane."""
    dataset = experiment.dataset
    inputs = len(dataset.inputs) if dataset.extent is not None else 0
    return (*{1: ("curve",), 2: ("boundary",)}.get(inputs, ()), "predictions")


def perfect(measure: str) -> float:
    """The value of a measure when all is right: 0 for a loss."""
    entry = catalog.METRIC_ENTRIES.get(measure.removeprefix("val_"))
    return entry.best if entry else 0.0


def best(values: np.ndarray, epochs: np.ndarray, measure: str) -> tuple[float, int]:
    """The value (epochs,) that is nearest to the perfect one, and its first epoch; NaN and 0 without any."""
    away = np.where(np.isfinite(values), np.abs(values - perfect(measure)), np.inf)
    place = int(away.argmin()) if len(away) else 0
    if not len(away) or not np.isfinite(away[place]):
        return float("nan"), 0
    return float(values[place]), int(epochs[place])


def differing(experiments: Sequence[Experiment]) -> tuple[str, ...]:
    """The settings that are not the same in all of these, in the order of `SETTINGS`."""
    return tuple(name for name in SETTINGS if len({getattr(each, name) for each in experiments}) > 1)
