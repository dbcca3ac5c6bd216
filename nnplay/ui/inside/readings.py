"""What was measured of the layers of a run, as arrays: from its history, and from its record."""

from typing import Any

import numpy as np

from nnplay.figures.inside import MOST_LINES, columns_of_map
from nnplay.jobs import Run
from nnplay.jobs.record import VIEW, Measurement
from nnplay.ui import server, visit

CURVE_POINTS = 600


def run_of(shown: Any) -> Run:
    """The run that `shown` is a look at: itself, if it is the run."""
    return server.runs().get(shown.id) or visit.run()


def layer_count(shown: Any) -> int:
    """How many layers have weights, the output among them."""
    columns = sum(name.startswith("grad_") for name in shown.history.names)
    return columns or len(shown.origin.kernel_places) + 1


def layer_names(count: int) -> list[str]:
    """The layers as people count them."""
    return [f"layer {place}" for place in range(1, count)] + ["output"]


def norms(shown: Any, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Epochs (e,) and a measure of the history, "grad" or "update", of each layer, (e, layers), thinned."""
    count = layer_count(shown)
    names = tuple(f"{kind}_{place}" for place in range(1, count + 1))
    if not len(shown.history):
        return np.zeros(0, np.float32), np.zeros((0, count), np.float32)
    if count <= MOST_LINES:
        epochs, values = shown.history.curve(names, CURVE_POINTS)
        return epochs, values
    rows = shown.history.values
    rows = rows[columns_of_map(len(rows))]
    places = [shown.history.names.index(name) for name in names]
    return rows[:, 0], rows[:, places]


def norms_at(shown: Any, kind: str) -> tuple[int, np.ndarray]:
    """The measure of each layer, (layers,), in the last epoch up to the one on show, and that epoch's number.

    Before the first: 0, and NaN.
    """
    count, rows = layer_count(shown), shown.history.values
    # While it goes on, the newest row may be older or newer than the state: what is there is taken.
    place = int(np.searchsorted(rows[:, 0], shown.epoch, side="right")) - 1 if len(rows) else -1
    if place < 0:
        return 0, np.full(count, np.nan)
    first = shown.history.names.index(f"{kind}_1")
    return int(rows[place, 0]), np.asarray(rows[place, first : first + count], float)


def measurements(shown: Any) -> list[Measurement]:
    """What the run's record holds, and what was measured last if that is later."""
    record = run_of(shown).record
    kept, latest = record.kept, record.latest
    if latest and not latest.batch and (not kept or latest.epoch > kept[-1].epoch):
        return [*kept, latest]
    return kept


def series(measured: list[Measurement], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Epochs (m,) and one measure at each, (m, layers, ...)."""
    epochs = np.array([one.epoch for one in measured], np.float32)
    return epochs, np.stack([one.values[name] for one in measured])


def present(shown: Any) -> Measurement | None:
    """The measurement of what is shown, or the last one before it; None when there is none yet."""
    run = run_of(shown)
    if shown is run:
        return run.record.latest
    if VIEW in shown.views:
        return Measurement(shown.epoch, 0, shown.views[VIEW])
    return run.record.at_or_before(shown.epoch)
