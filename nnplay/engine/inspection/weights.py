"""The weights themselves."""

from typing import Any

import numpy as np

from nnplay.engine.build import Network
from nnplay.experiment import Experiment


def weights(_: Experiment, network: Network) -> dict[str, Any]:
    """`kernels`, a list of (inputs, units), and `biases`, a list of (units,), first = nearest the input.

    A recurrent layer has the columns (and biases) of all its gates side by side, a GRU two rows of biases;
    `recurrent_kernels` are its weights from one step to the next, (units, columns), (0, 0) for a dense layer.
    A convolution's kernel is (window..., inputs, units). Attention and layers that read both ways have
    several kernels, of which the first is given, and no one bias: (0,).
    """
    none = np.zeros((0, 0), np.float32)
    return {
        "kernels": [network.kernels_of(layer)[0].numpy() for layer in network.weight_layers],
        "recurrent_kernels": [
            layer.recurrent_kernel.numpy() if hasattr(layer, "recurrent_kernel") else none
            for layer in network.weight_layers
        ],
        "biases": [
            layer.bias.numpy() if hasattr(layer, "bias") else np.zeros(0, np.float32)
            for layer in network.weight_layers
        ],
    }
