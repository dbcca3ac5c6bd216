"""Precision, recall and F1 of every class."""

from typing import Any

import numpy as np

from nnplay.data.scores import class_scores
from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.scores import score_table
from nnplay.ui.result.answers import DIVERGED, finite, part
from nnplay.ui.result.confusion import counted
from nnplay.ui.result.view import Look, ResultView, revision


def fits(experiment: Experiment) -> bool:
    """Classes."""
    return experiment.task != "regression"


def draw(shown: Any, look: Look) -> Spec:
    found = class_scores(counted(shown, look))
    table = np.stack([found.precision, found.recall, found.f1], axis=1)
    names = shown.origin.load_data().target_names
    return score_table(table, found.support, names, dark=look.dark, revision=f"{revision(shown)}-scores")


def words(shown: Any, look: Look) -> str:
    if not finite(shown):
        return DIVERGED
    found, names = class_scores(counted(shown, look)), shown.origin.load_data().target_names
    name = part(shown, look)[0]
    told = f"Of the {name} samples. Mean F1 over the classes: {np.nanmean(found.f1):.3f}."
    missing = [label for label, value in zip(names, found.precision, strict=True) if np.isnan(value)]
    if missing:
        told += f" Never predicted, so without precision: {', '.join(missing)}."
    return told


SCORES = ResultView(
    name="scores",
    label="Scores",
    about="Precision: the share right of what was taken for a class. Recall: the share of it found.",
    fits=fits,
    needs=("predictions",),
    switches=("of_training",),
    draw=draw,
    words=words,
)
