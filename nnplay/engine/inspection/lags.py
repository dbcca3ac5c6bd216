"""How far back a network's answer reaches: its gradient with respect to every earlier input of a sequence."""

from typing import Any

import numpy as np

from nnplay.engine.backend import tf
from nnplay.engine.build import Network
from nnplay.experiment import Experiment

PROBE_SAMPLES = 64


def lags(experiment: Experiment, network: Network) -> dict[str, Any]:
    """`lag` (steps,): 0 is the last step; `gradient` (steps,): of the answer, by the input so long before.

    Root mean square, over the first PROBE_SAMPLES test samples, of |ds/dx(T - lag)|. s = u . z, with z what
    the output layer adds up before its activation (which would fade once it saturates) and u a random unit
    vector for each sample. Unlike the gradient of the loss it does not vanish where everything is learned.
    Data that are no sequences give an empty dict.
    """
    if not experiment.dataset.sequence:
        return {}
    x = experiment.load_data().x_test[:PROBE_SAMPLES]
    direction = np.random.default_rng(experiment.seed).normal(size=(len(x), experiment.pairing.units))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    gradient = np.asarray(network.input_gradient(tf.constant(x), tf.constant(direction, tf.float32)))
    length = np.sqrt(np.mean(np.sum(np.square(gradient, dtype=np.float64), axis=2), axis=0))
    return {"lag": np.arange(len(length)), "gradient": length[::-1].copy()}
