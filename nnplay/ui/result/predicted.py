"""Predictions against the truth, for real-valued targets."""

from typing import Any

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.tables import predicted_actual
from nnplay.ui.result.answers import column, fit_in_words
from nnplay.ui.result.view import Look, ResultView, revision


def fits(experiment: Experiment) -> bool:
    """Real-valued targets."""
    return experiment.task == "regression"


def draw(shown: Any, look: Look) -> Spec:
    split = shown.origin.load_data()
    view = shown.views.get("predictions") or {}
    return predicted_actual(
        (split.y_train, column(view.get("train"), len(split.y_train))),
        (split.y_test, column(view.get("test"), len(split.y_test))) if look.test else None,
        target=split.target_names[0], dark=look.dark, revision=revision(shown),
    )  # fmt: skip


def words(shown: Any, look: Look) -> str:
    return fit_in_words(shown)


PREDICTED = ResultView(
    name="predicted",
    label="Predicted",
    about="Each sample's prediction against its true value: the closer to the line, the better.",
    fits=fits,
    needs=("predictions",),
    switches=("test",),
    draw=draw,
    words=words,
)
