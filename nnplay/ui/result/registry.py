"""All views of the result, in the order of the chooser: the first that fits is the usual one."""

from nnplay.experiment import Experiment
from nnplay.ui.result.confusion import CONFUSION
from nnplay.ui.result.line import LINE
from nnplay.ui.result.pictures import ERRORS, SAMPLES
from nnplay.ui.result.plane import PLANE
from nnplay.ui.result.predicted import PREDICTED
from nnplay.ui.result.projection import PROJECTION
from nnplay.ui.result.ranking import PRECISION, ROC
from nnplay.ui.result.residuals import RESIDUALS
from nnplay.ui.result.scores import SCORES
from nnplay.ui.result.sequences import FORECAST, ORDER, SEQUENCE
from nnplay.ui.result.view import ResultView

RESULT_VIEWS: dict[str, ResultView] = {
    "plane": PLANE,
    "line": LINE,
    "samples": SAMPLES,
    "errors": ERRORS,
    "order": ORDER,
    "sequence": SEQUENCE,
    "forecast": FORECAST,
    "predicted": PREDICTED,
    "residuals": RESIDUALS,
    "confusion": CONFUSION,
    "scores": SCORES,
    "projection": PROJECTION,
    "roc": ROC,
    "precision": PRECISION,
}


def fitting(experiment: Experiment) -> dict[str, ResultView]:
    """The views that fit this experiment's data; there is always one."""
    return {name: view for name, view in RESULT_VIEWS.items() if view.fits(experiment)}
