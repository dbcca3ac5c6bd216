"""All views of the result, in the order of the chooser: the first that fits is the usual one."""

from nnplay.experiment import Experiment
from nnplay.ui.result.confusion import CONFUSION
from nnplay.ui.result.line import LINE
from nnplay.ui.result.plane import PLANE
from nnplay.ui.result.predicted import PREDICTED
from nnplay.ui.result.view import ResultView

RESULT_VIEWS: dict[str, ResultView] = {view.name: view for view in (PLANE, LINE, PREDICTED, CONFUSION)}


def fitting(experiment: Experiment) -> dict[str, ResultView]:
    """The views that fit this experiment's data; there is always one."""
    return {name: view for name, view in RESULT_VIEWS.items() if view.fits(experiment)}
