"""The weights themselves."""

from typing import Any

from nnplay.engine.build import Network
from nnplay.experiment import Experiment


def weights(_: Experiment, network: Network) -> dict[str, Any]:
    """`kernels`, a list of (inputs, units), and `biases`, a list of (units,), first = nearest the input."""
    return {
        "kernels": [layer.kernel.numpy() for layer in network.weight_layers],
        "biases": [layer.bias.numpy() for layer in network.weight_layers],
    }
