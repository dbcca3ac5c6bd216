"""The output over the plane of the data: a decision boundary, or a fitted surface."""

from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.boundary import boundary
from nnplay.ui.result.answers import limits
from nnplay.ui.result.view import Look, ResultView, revision


def fits(experiment: Experiment) -> bool:
    """Two inputs, and a range of them to show."""
    return len(experiment.dataset.inputs) == 2 and experiment.dataset.extent is not None


def draw(shown: Any, look: Look) -> Spec:
    experiment, split = shown.origin, shown.origin.load_data()
    view = shown.views.get("boundary") or {}
    z = view.get("z", np.zeros((max(1, experiment.pairing.units), 2, 2), np.float32))
    axis = view.get("x", np.array(experiment.dataset.extent, np.float32))
    return boundary(
        axis, axis, z if split.task == "multiclass" else z[0],
        task=split.task, train=(split.positions_train, split.y_train),
        test=(split.positions_test, split.y_test) if look.test else None,
        names=split.target_names, limits=limits(experiment), dark=look.dark, revision=revision(shown),
    )  # fmt: skip


PLANE = ResultView(
    name="plane",
    label="Map",
    about="The network's answer at every point of the plane, with the samples on it.",
    fits=fits,
    needs=("boundary",),
    draw=draw,
)
