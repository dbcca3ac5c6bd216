"""One sample on its way through all hidden layers, those without weights among them: feature maps, states."""

from typing import Any

import numpy as np

from nnplay.data.sample import BadSample, read_sample
from nnplay.engine.build import Network
from nnplay.experiment import Experiment

# More channels of an image than that are not sent: nobody looks at them one by one.
MOST_MAPS = 32


def flow(experiment: Experiment, network: Network, written: str) -> dict[str, Any]:
    """`inputs`: the sample as the network gets it, (inputs,) or (steps, inputs). `layers`: a list of what
    each hidden layer hands on: (units,), (steps, units), or (rows, columns, maps), of maps the first
    MOST_MAPS. `output` (outputs,). All float32.

    `written`: the sample's position, by `nnplay.data.sample.write_sample`; one of other data gives {}.
    """
    x = asked(experiment, written)
    if x is None:
        return {}
    _, made, output = network.follow(x)
    layers = [each.numpy()[0] for each in made]
    return {
        "inputs": x[0],
        "layers": [each[..., :MOST_MAPS] if each.ndim == 3 else each for each in layers],
        "output": output.numpy()[0],
    }


def asked(experiment: Experiment, written: str) -> np.ndarray | None:
    """The sample as the network gets it, in a batch of its own; None for one of other data.

    The run may have got other data since it was asked for.
    """
    split = experiment.load_data()
    try:
        return split.encoder(read_sample(split, written)[None])
    except BadSample:
        return None
