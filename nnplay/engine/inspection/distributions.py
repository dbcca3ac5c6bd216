"""How the weights and the outputs of every layer are spread, in so few numbers that a run can keep many."""

from typing import Any

import numpy as np

from nnplay.engine.build import Network
from nnplay.engine.inspection.activations import observed, statistics
from nnplay.experiment import Experiment

# Steps of 2.5 %: the median, the quartiles, 5 % and 95 % are among them.
QUANTILES = 41
# Of more outputs than that, a long sequence's, those of the first samples are taken.
MOST_OUTPUTS = 65_536


def distributions(experiment: Experiment, network: Network) -> dict[str, Any]:
    """Of every layer with weights, the output last: quantiles at equal steps from 0 to 1, and statistics.

    `weights` (layers, QUANTILES), `weights_mean`, `weights_std` (layers,): of its kernels, biases left out.
    `outputs` (layers, QUANTILES): after the activation, on the probe samples; `mean`, `std`, `saturated`,
    `dead` (layers,) as in `activation_statistics`. `shapes`: of kernels and biases, in words. NaN where a
    number is not finite or not defined.
    """
    before, after = observed(experiment, network)
    kernels = [
        np.concatenate([kernel.numpy().ravel() for kernel in network.kernels_of(layer)])
        for layer in network.weight_layers
    ]
    with np.errstate(all="ignore"):
        # What has diverged has neither.
        means = np.array([kernel.mean() for kernel in kernels], np.float32)
        spreads = np.array([kernel.std() for kernel in kernels], np.float32)
        rest = statistics(experiment, before, after)
    return {
        "weights": np.stack([quantiles(kernel) for kernel in kernels]),
        "weights_mean": means,
        "weights_std": spreads,
        "outputs": np.stack([quantiles(_first(outputs)) for outputs in after]),
        **rest,
        "shapes": tuple(
            " + ".join(" × ".join(map(str, v.shape)) for v in layer.trainable_variables)
            for layer in network.weight_layers
        ),
    }


def quantiles(values: np.ndarray) -> np.ndarray:
    """(QUANTILES,) float32, linear between two values as numpy does it; NaN if one value is not finite."""
    if not np.isfinite(values).all():
        return np.full(QUANTILES, np.nan, np.float32)
    return np.quantile(values, np.linspace(0, 1, QUANTILES)).astype(np.float32)


def _first(outputs: np.ndarray) -> np.ndarray:
    return outputs[: max(1, MOST_OUTPUTS // max(1, outputs[0].size))]
