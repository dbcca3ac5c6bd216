"""The windows of weights that convolutions move over what they are given."""

from typing import Any

import numpy as np

from nnplay.engine.build import Network
from nnplay.experiment import Experiment

# Of a layer with more, the first are sent.
MOST_UNITS, MOST_CHANNELS = 32, 16


def filters(experiment: Experiment, network: Network) -> dict[str, Any]:
    """`places`: which hidden layers are convolutions, from 1; `kernels`: of each, float32 (rows, columns,
    channels, units), of sequences (steps, channels, units): at most MOST_CHANNELS and MOST_UNITS of them.

    A network without any gives empty lists.
    """
    places = [place for place, layer in enumerate(experiment.layers, start=1) if layer.kind == "conv"]
    kernels = [network.model.get_layer(f"hidden_{place}").kernel.numpy() for place in places]
    return {
        "places": places,
        "kernels": [np.ascontiguousarray(each[..., :MOST_CHANNELS, :MOST_UNITS]) for each in kernels],
    }
