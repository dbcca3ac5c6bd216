"""Two classes at every threshold: the ROC curve, and precision against recall."""

from typing import Any

import numpy as np

from nnplay.data.scores import precision_recall_curve, roc_curve
from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.scores import ranking
from nnplay.ui.result.answers import DIVERGED, finite, part
from nnplay.ui.result.view import Look, ResultView, revision

# Until there is something to draw.
UNKNOWN = np.full(2, np.nan)


def fits(experiment: Experiment) -> bool:
    """Two classes."""
    return experiment.task == "binary"


def draw_roc(shown: Any, look: Look) -> Spec:
    _, actual, outputs = part(shown, look)
    x, y = (UNKNOWN, UNKNOWN) if outputs is None else roc_curve(actual, outputs[:, 0])[:2]
    return ranking(
        x, y, titles=("false positive rate", "true positive rate"), nothing=((0, 0), (1, 1)),
        dark=look.dark, revision=f"{revision(shown)}-roc",
    )  # fmt: skip


def roc_in_words(shown: Any, look: Look) -> str:
    if not finite(shown):
        return DIVERGED
    name, actual, outputs = part(shown, look)
    assert outputs is not None
    first, second = shown.origin.load_data().target_names
    return (
        f"Area under the curve (AUC) {roc_curve(actual, outputs[:, 0])[2]:.3f} on the {name} samples: "
        f"the chance that a sample of {second} gets a higher output than one of {first}."
    )


def draw_precision(shown: Any, look: Look) -> Spec:
    _, actual, outputs = part(shown, look)
    x, y = (UNKNOWN, UNKNOWN) if outputs is None else precision_recall_curve(actual, outputs[:, 0])[:2]
    share = float(np.mean(actual))
    return ranking(
        x, y, titles=("recall", "precision"), nothing=((0, share), (1, share)),
        dark=look.dark, revision=f"{revision(shown)}-precision",
    )  # fmt: skip


def precision_in_words(shown: Any, look: Look) -> str:
    if not finite(shown):
        return DIVERGED
    name, actual, outputs = part(shown, look)
    assert outputs is not None
    second = shown.origin.load_data().target_names[1]
    average = precision_recall_curve(actual, outputs[:, 0])[2]
    return (
        f"Average precision {average:.3f} on the {name} samples. Guessing has {np.mean(actual):.3f}, "
        f"the share of {second}."
    )


ROC = ResultView(
    name="roc",
    label="ROC",
    about="Every threshold on the output: how many of one class are found, how many of the other mistaken.",
    fits=fits,
    needs=("predictions",),
    switches=("of_training",),
    draw=draw_roc,
    words=roc_in_words,
)

PRECISION = ResultView(
    name="precision",
    label="Precision–recall",
    about="Every threshold on the output: the more samples are found, the fewer of those found are right.",
    fits=fits,
    needs=("predictions",),
    switches=("of_training",),
    draw=draw_precision,
    words=precision_in_words,
)
