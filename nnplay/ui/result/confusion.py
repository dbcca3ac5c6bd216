"""Which classes are taken for which."""

from typing import Any

import numpy as np

from nnplay.data.scores import confusion_counts
from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.tables import confusion
from nnplay.ui.result.answers import DIVERGED, classes_of, finite, part
from nnplay.ui.result.view import Look, ResultView, revision


def fits(experiment: Experiment) -> bool:
    """Classes to confuse."""
    return experiment.task != "regression"


def counted(shown: Any, look: Look) -> np.ndarray:
    """The confusion counts of the part of the data that is looked at; 0 while they are not known."""
    classes = shown.origin.load_data().classes
    _, actual, outputs = part(shown, look)
    if outputs is None:
        return np.zeros((classes, classes), int)
    return confusion_counts(actual, classes_of(outputs, shown.origin), classes)


def draw(shown: Any, look: Look) -> Spec:
    names = shown.origin.load_data().target_names
    return confusion(counted(shown, look), names, dark=look.dark, revision=f"{revision(shown)}-confusion")


def words(shown: Any, look: Look) -> str:
    if not finite(shown):
        return DIVERGED
    names, counts = shown.origin.load_data().target_names, counted(shown, look)
    right, total, name = int(np.trace(counts)), int(counts.sum()), part(shown, look)[0]
    told = f"{right:,} of {total:,} {name} samples are right ({right / total:.1%})."
    off = counts - np.diag(np.diag(counts))
    if off.any():
        row, col = np.unravel_index(off.argmax(), off.shape)
        told += f" Most often {names[row]} is taken for {names[col]}: {off[row, col]:,} times."
    return told.replace("%", "\u00a0%")


CONFUSION = ResultView(
    name="confusion",
    label="Confusion",
    about="How many samples of each class (row) were taken for which class (column).",
    fits=fits,
    needs=("predictions",),
    switches=("of_training",),
    draw=draw,
    words=words,
)
