"""Looking at a model: model in, arrays out. `VIEWS` names what a page may ask of a chunk of training."""

from collections.abc import Callable, Sequence
from typing import Any

from nnplay.engine.build import Network
from nnplay.engine.inspection.activations import activation_statistics
from nnplay.engine.inspection.baseline import baseline
from nnplay.engine.inspection.distributions import distributions
from nnplay.engine.inspection.divergence import explain_divergence
from nnplay.engine.inspection.evaluation import evaluation
from nnplay.engine.inspection.lags import lags
from nnplay.engine.inspection.plane import boundary, curve, neurons
from nnplay.engine.inspection.predictions import predictions
from nnplay.engine.inspection.weights import weights
from nnplay.experiment import Experiment
from nnplay.registry import look_up

__all__ = ["VIEWS", "explain_divergence", "look"]

VIEWS: dict[str, Callable[[Experiment, Network], dict[str, Any]]] = {
    "boundary": boundary,
    "curve": curve,
    "neurons": neurons,
    "predictions": predictions,
    "activations": activation_statistics,
    "weights": weights,
    "distributions": distributions,
    "lags": lags,
    "evaluation": evaluation,
    "baseline": baseline,
}


def look(experiment: Experiment, network: Network, views: Sequence[str]) -> dict[str, Any]:
    """The views asked for, of the model as it is now. Raises `UnknownName` for a view that is not there."""
    return {name: look_up(VIEWS, name, "view")(experiment, network) for name in views}
