"""Samples that are pictures with what the network says they are, and its surest mistakes."""

from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.pictures import COLUMNS, ROWS, picture_grid
from nnplay.ui.result.answers import DIVERGED, classes_of, confidence_of, finite, in_percent, part
from nnplay.ui.result.view import Look, ResultView, revision

MOST = COLUMNS * ROWS


def fits(experiment: Experiment) -> bool:
    """Pictures of classes."""
    return experiment.dataset.picture is not None and experiment.task != "regression"


def draw_samples(shown: Any, look: Look) -> Spec:
    return _grid(shown, look, np.arange(MOST))


def draw_errors(shown: Any, look: Look) -> Spec:
    return _grid(shown, look, _errors(shown, look)[:MOST])


def samples_in_words(shown: Any, look: Look) -> str:
    if not finite(shown):
        return DIVERGED
    name, actual, _ = part(shown, look)
    wrong = len(_errors(shown, look))
    return (
        f"{len(actual) - wrong:,} of {len(actual):,} {name} samples are right. These are the first "
        f"{min(MOST, len(actual))}, each with the predicted class and the confidence; orange is wrong."
    )


def errors_in_words(shown: Any, look: Look) -> str:
    if not finite(shown):
        return DIVERGED
    name, actual, _ = part(shown, look)
    wrong = len(_errors(shown, look))
    if not wrong:
        return f"None of the {len(actual):,} {name} samples is misclassified."
    return f"{wrong:,} of {len(actual):,} {name} samples are misclassified; the surest mistakes come first."


def _errors(shown: Any, look: Look) -> np.ndarray:
    """Places of the misclassified samples, the most confident first."""
    _, actual, outputs = part(shown, look)
    if outputs is None:
        return np.zeros(0, int)
    places = np.flatnonzero(classes_of(outputs, shown.origin) != actual)
    return np.asarray(places[np.argsort(-confidence_of(outputs, shown.origin)[places], kind="stable")])


def _grid(shown: Any, look: Look, places: np.ndarray) -> Spec:
    experiment, split = shown.origin, shown.origin.load_data()
    name, actual, outputs = part(shown, look)
    places = places[places < len(actual)]
    positions = split.positions_train if look.of_training else split.positions_test
    words, wrong = [""] * len(places), [False] * len(places)
    if outputs is not None:
        said, sure = classes_of(outputs, experiment), confidence_of(outputs, experiment)
        for k, place in enumerate(places.tolist()):
            words[k] = f"{split.target_names[said[place]]} · {in_percent(float(sure[place]), experiment)}"
            wrong[k] = bool(said[place] != actual[place])
            if wrong[k]:
                words[k] = f"is {split.target_names[actual[place]]}<br>{words[k]}"
    return picture_grid(
        positions[places].reshape(-1, *experiment.dataset.picture), words, wrong,
        titles=(f"{name} samples", "pixels"), dark=look.dark, revision=revision(shown),
    )  # fmt: skip


SAMPLES = ResultView(
    name="samples",
    label="Samples",
    about="Samples as the network sees them, with its answers.",
    fits=fits,
    needs=("predictions",),
    switches=("of_training",),
    draw=draw_samples,
    words=samples_in_words,
)

ERRORS = ResultView(
    name="errors",
    label="Errors",
    about="The samples that the network is most sure of, and wrong about.",
    fits=fits,
    needs=("predictions",),
    switches=("of_training",),
    draw=draw_errors,
    words=errors_in_words,
)
