"""Which classes are taken for which."""

from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.tables import confusion
from nnplay.ui.result.answers import classes_of
from nnplay.ui.result.view import Look, ResultView, revision


def fits(experiment: Experiment) -> bool:
    """Classes to confuse."""
    return experiment.task != "regression"


def draw(shown: Any, look: Look) -> Spec:
    split = shown.origin.load_data()
    view = shown.views.get("predictions") or {}
    counts = np.zeros((split.classes, split.classes), int)
    if "test" in view:
        np.add.at(counts, (split.y_test, classes_of(view["test"], shown.origin)), 1)
    return confusion(counts, split.target_names, dark=look.dark, revision=revision(shown))


CONFUSION = ResultView(
    name="confusion",
    label="Confusion",
    about="How many samples of each class (row) were taken for which class (column).",
    fits=fits,
    needs=("predictions",),
    draw=draw,
)
