"""The output over a single input: the curve of the network over the data."""

from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.curve1d import curve1d
from nnplay.ui.result.answers import fit_in_words
from nnplay.ui.result.view import Look, ResultView, revision


def fits(experiment: Experiment) -> bool:
    """One input, and a range of it to show."""
    return len(experiment.dataset.inputs) == 1 and experiment.dataset.extent is not None


def draw(shown: Any, look: Look) -> Spec:
    split = shown.origin.load_data()
    view = shown.views.get("curve") or {}
    x = view.get("x", np.array(shown.origin.dataset.extent, np.float32))
    y = view["y"][0] if "y" in view else np.full(len(x), np.nan, np.float32)
    spec = curve1d(
        x, y, train=(split.positions_train, split.y_train),
        test=(split.positions_test, split.y_test) if look.test else None,
        picked=_picked(look), dark=look.dark, revision=revision(shown),
    )  # fmt: skip
    spec["layout"]["meta"] = "pick"
    return spec


def words(shown: Any, look: Look) -> str:
    return fit_in_words(shown)


def _picked(look: Look) -> np.ndarray | None:
    if look.sample is None or not look.answer:
        return None
    return np.array([look.sample[0], look.answer["layers"][-1][0]], np.float32)


LINE = ResultView(
    name="line",
    label="Curve",
    about="The network's answer for every value of the input. Click a place to predict it.",
    fits=fits,
    needs=("curve", "predictions"),
    switches=("test",),
    draw=draw,
    words=words,
)
