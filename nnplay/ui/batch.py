"""The batch trained last, in slow motion and after single steps: its samples ringed in the result."""

from typing import Any

import numpy as np

from nnplay.engine.batches import batch_places
from nnplay.figures import Spec
from nnplay.figures.points import ringed
from nnplay.jobs import Run


def last_batch(shown: Any) -> tuple[int, np.ndarray] | None:
    """Number of the batch, from 1, and the places of its samples; None where whole epochs go by."""
    state = shown.state
    if not isinstance(shown, Run) or state is None:
        return None
    stepped = state.batch > 0 and not shown.going
    if not (stepped or shown.batch_limit) or (state.epoch, state.batch) == (0, 0):
        return None
    experiment = shown.trained
    epoch, batch = (state.epoch, state.batch) if state.batch else (state.epoch - 1, experiment.batches)
    return batch, batch_places(experiment, epoch, batch - 1)


def with_batch(spec: Spec, shown: Any, *, dark: bool) -> Spec:
    """The figure of a result over a plane or a line with the samples of the batch ringed."""
    found = last_batch(shown)
    if found is None or shown.origin.dataset.extent is None:
        return spec
    split = shown.origin.load_data()
    points = split.positions_train[found[1]]
    if points.shape[1] == 1:
        points = np.column_stack([points[:, 0], split.y_train[found[1]]])
    return spec | {"data": [*spec["data"], ringed(points, dark=dark)]}


def batch_in_words(shown: Any) -> str:
    """Which batch it was, as a sentence; "" where whole epochs go by."""
    found = last_batch(shown)
    if found is None:
        return ""
    number, places = found
    samples = "its only sample" if len(places) == 1 else f"its {len(places)} samples"
    ringed = f", {samples} ringed" if shown.origin.dataset.extent is not None else f": {len(places)} samples"
    return f"Batch {number} of {shown.trained.batches}{ringed}."
