"""The output over the plane of the data: a decision boundary, or a fitted surface."""

from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.boundary import boundary
from nnplay.ui.result.answers import fit_in_words, limits, mistakes_in_words, output_name, wrong
from nnplay.ui.result.view import Look, ResultView, revision


def fits(experiment: Experiment) -> bool:
    """Two inputs, and a range of them to show."""
    return len(experiment.dataset.inputs) == 2 and experiment.dataset.extent is not None


def draw(shown: Any, look: Look) -> Spec:
    experiment, split = shown.origin, shown.origin.load_data()
    view = shown.views.get("boundary") or {}
    z = view.get("z", np.zeros((max(1, experiment.pairing.units), 2, 2), np.float32))
    axis = view.get("x", np.array(experiment.dataset.extent, np.float32))
    spec = boundary(
        axis, axis, z if split.task == "multiclass" else z[0],
        task=split.task, train=(split.positions_train, split.y_train),
        test=(split.positions_test, split.y_test) if look.test else None,
        wrong=_misclassified(shown, look) if split.classes else None,
        picked=look.sample, discrete=look.discrete and split.classes > 0, output=output_name(experiment),
        names=split.target_names, limits=limits(experiment), dark=look.dark, revision=revision(shown),
    )  # fmt: skip
    spec["layout"]["meta"] = "pick"
    return spec


def words(shown: Any, look: Look) -> str:
    return fit_in_words(shown) if shown.origin.task == "regression" else mistakes_in_words(shown)


def _misclassified(shown: Any, look: Look) -> np.ndarray:
    split = shown.origin.load_data()
    groups = [split.positions_train[wrong(shown, "train")]]
    if look.test:
        groups.append(split.positions_test[wrong(shown, "test")])
    return np.concatenate(groups)


PLANE = ResultView(
    name="plane",
    label="Map",
    about="The network's answer at every point of the plane. Click a point to predict it.",
    fits=fits,
    needs=("boundary", "predictions"),
    switches=("test", "discrete"),
    draw=draw,
    words=words,
)
