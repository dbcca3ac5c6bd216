"""Where self-attention looks: for one sample, how much each step takes from every other, head by head."""

from typing import Any

import numpy as np

from nnplay.engine.build import Network
from nnplay.engine.inspection.flow import asked
from nnplay.experiment import Experiment


def attention(experiment: Experiment, network: Network, written: str) -> dict[str, Any]:
    """`places`: which hidden layers are attention, from 1; `weights`: of each, float32 (heads, steps, steps):
    softmax(Q Kᵀ / sqrt(d)), the row is the step that asks, the column the one it takes from; rows sum to 1.
    `output` (outputs,): of the network.

    `written`: the sample's position, by `nnplay.data.sample.write_sample`; one of other data gives {}.
    (Vaswani 2017, equation 1; d is the size of a head.)
    """
    x = asked(experiment, written)
    if x is None:
        return {}
    given, _, output = network.follow(x)
    places = [place for place, layer in enumerate(experiment.layers, start=1) if layer.kind == "attention"]
    weights = []
    for place in places:
        layer = network.model.get_layer(f"hidden_{place}")
        at = given[place - 1]
        _, scores = layer(at, at, return_attention_scores=True, training=False)
        weights.append(np.asarray(scores)[0])
    return {"places": places, "weights": weights, "output": output.numpy()[0]}
