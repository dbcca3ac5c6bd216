"""What the predictions of real values miss."""

from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.residuals import residual_histogram, residuals_along
from nnplay.ui.result import line
from nnplay.ui.result.answers import DIVERGED, column, finite
from nnplay.ui.result.view import Look, ResultView, revision


def fits(experiment: Experiment) -> bool:
    """Real-valued targets."""
    return experiment.task == "regression"


def draw(shown: Any, look: Look) -> Spec:
    split = shown.origin.load_data()
    train, test = (_residuals(shown, name) for name in ("train", "test"))
    how: dict[str, Any] = {"dark": look.dark, "revision": f"{revision(shown)}-residuals"}
    if line.fits(shown.origin):
        return residuals_along(
            (split.positions_train, train), (split.positions_test, test) if look.test else None, **how
        )
    return residual_histogram(train, test if look.test else None, target=split.target_names[0], **how)


def words(shown: Any, look: Look) -> str:
    if not finite(shown):
        return DIVERGED
    test = _residuals(shown, "test")
    bias, largest = float(test.mean()), float(test[np.abs(test).argmax()])
    return (
        f"Test samples: on average the target is {abs(bias):.3g} {'above' if bias > 0 else 'below'} "
        f"the prediction; half of them miss by less than {np.median(np.abs(test)):.3g}, "
        f"the worst by {abs(largest):.3g}."
    )


def _residuals(shown: Any, name: str) -> np.ndarray:
    split = shown.origin.load_data()
    actual = split.y_train if name == "train" else split.y_test
    outputs = (shown.views.get("predictions") or {}).get(name)
    return np.asarray(actual - column(outputs, len(actual)))


RESIDUALS = ResultView(
    name="residuals",
    label="Residuals",
    about="Target minus prediction. A pattern in it is something the network has not learned yet.",
    fits=fits,
    needs=("predictions",),
    switches=("test",),
    draw=draw,
    words=words,
)
