"""Looking at a model: model in, arrays out. `VIEWS` names what a page may ask of a chunk of training."""

from collections.abc import Callable, Sequence
from typing import Any

from nnplay.engine.build import Network
from nnplay.engine.inspection.activations import activation_statistics
from nnplay.engine.inspection.attention import attention
from nnplay.engine.inspection.baseline import baseline
from nnplay.engine.inspection.distributions import distributions
from nnplay.engine.inspection.divergence import explain_divergence
from nnplay.engine.inspection.evaluation import evaluation
from nnplay.engine.inspection.filters import filters
from nnplay.engine.inspection.flow import flow
from nnplay.engine.inspection.forecast import forecast
from nnplay.engine.inspection.gates import gates
from nnplay.engine.inspection.lags import lags
from nnplay.engine.inspection.occlusion import occlusion
from nnplay.engine.inspection.plane import boundary, curve, neurons
from nnplay.engine.inspection.predictions import predictions
from nnplay.engine.inspection.projection import projection
from nnplay.engine.inspection.sample import sample
from nnplay.engine.inspection.weights import weights
from nnplay.experiment import Experiment
from nnplay.registry import look_up

__all__ = ["VIEWS", "explain_divergence", "look"]

VIEWS: dict[str, Callable[[Experiment, Network], dict[str, Any]]] = {
    "boundary": boundary,
    "curve": curve,
    "neurons": neurons,
    "predictions": predictions,
    "projection": projection,
    "activations": activation_statistics,
    "weights": weights,
    "distributions": distributions,
    "lags": lags,
    "forecast": forecast,
    "filters": filters,
    "evaluation": evaluation,
    "baseline": baseline,
}


# Those that want to be told what to look at: their names go on after a colon, "sample:AAAAPw==".
VIEWS_OF: dict[str, Callable[[Experiment, Network, str], dict[str, Any]]] = {
    "sample": sample,
    "flow": flow,
    "gates": gates,
    "attention": attention,
    "occlusion": occlusion,
}


def look(experiment: Experiment, network: Network, views: Sequence[str]) -> dict[str, Any]:
    """The views asked for, of the model as it is now. Raises `UnknownName` for a view that is not there."""
    return {name: _look(experiment, network, name) for name in views}


def _look(experiment: Experiment, network: Network, view: str) -> dict[str, Any]:
    name, colon, argument = view.partition(":")
    if colon:
        return look_up(VIEWS_OF, name, "view")(experiment, network, argument)
    return look_up(VIEWS, name, "view")(experiment, network)
