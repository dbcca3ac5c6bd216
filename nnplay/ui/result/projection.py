"""A table's samples in the plane in which they differ most, over what the network answers in that plane."""

from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.boundary import boundary
from nnplay.ui.result.answers import limits, mistakes_in_words, output_name, wrong
from nnplay.ui.result.view import Look, ResultView, revision

UNKNOWN = np.zeros((0, 2), np.float32)


def fits(experiment: Experiment) -> bool:
    """Classes in a table."""
    dataset = experiment.dataset
    return dataset.extent is None and not dataset.sequence and experiment.task != "regression"


def draw(shown: Any, look: Look) -> Spec:
    experiment, split = shown.origin, shown.origin.load_data()
    view = shown.views.get("projection") or {}
    axis = view.get("x", np.array([-1, 1], np.float32))
    z = view.get("z", np.zeros((experiment.pairing.units, 2, 2), np.float32))
    train, test = view.get("train", UNKNOWN), view.get("test", UNKNOWN)
    mistaken = [train[wrong(shown, "train")] if len(train) else UNKNOWN]
    if look.test and len(test):
        mistaken.append(test[wrong(shown, "test")])
    return boundary(
        axis, axis, z if split.task == "multiclass" else z[0], task=split.task,
        train=(train, split.y_train[: len(train)]),
        test=(test, split.y_test[: len(test)]) if look.test else None,
        wrong=np.concatenate(mistaken), picked=(look.answer or {}).get("projected"),
        discrete=look.discrete, output=output_name(experiment), names=split.target_names,
        limits=limits(experiment), titles=_titles(view), dark=look.dark, revision=revision(shown),
    )  # fmt: skip


def words(shown: Any, look: Look) -> str:
    share = 100 * float(shown.views["projection"]["shares"].sum())
    return f"{mistakes_in_words(shown)} The plane holds {share:.0f}\u00a0% of the variance."


def _titles(view: dict[str, Any]) -> tuple[str, str]:
    if "shares" not in view:
        return "component 1", "component 2"
    first, second = (
        f"component {k} ({share:.0%} of the variance)".replace("%", "\u00a0%")
        for k, share in enumerate(view["shares"].tolist(), start=1)
    )
    return first, second


PROJECTION = ResultView(
    name="projection",
    label="PCA plane",
    about="The answer on the plane in which the samples differ most: a slice through their mean.",
    fits=fits,
    needs=("projection", "predictions"),
    switches=("test", "discrete"),
    draw=draw,
    words=words,
)
