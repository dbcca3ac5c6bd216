"""A single sample on its way through the network: what goes in, and what each layer makes of it."""

from typing import Any

from nnplay.data.projection import principal_plane
from nnplay.data.sample import BadSample, read_sample
from nnplay.engine.build import Network
from nnplay.engine.inspection.projection import has_projection
from nnplay.experiment import Experiment


def sample(experiment: Experiment, network: Network, written: str) -> dict[str, Any]:
    """`inputs`: after features and standardisation, the shape of one sample; `layers`: a list of each layer's
    output for it, (units,) or (steps, units), the network's own output last. `projected` (2,): where it lies
    in the view `projection`, of data that have one. All float32.

    `written`: the sample's position, by `nnplay.data.sample.write_sample`. One of other data (the run may
    have got other data since it was asked for) gives an empty dict.
    """
    split = experiment.load_data()
    try:
        x = split.encoder(read_sample(split, written)[None])
    except BadSample:
        return {}
    _, after = network.observe(x)
    found = {"inputs": x[0], "layers": [layer.numpy()[0] for layer in after]}
    return found | ({"projected": principal_plane(split).down(x)[0]} if has_projection(experiment) else {})
