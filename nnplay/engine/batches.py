"""Which samples are in which batch: `order_of` in numpy, so that the server can tell without Keras."""

from typing import Any

import numpy as np


def order(samples: int, seed: int, epoch: int) -> np.ndarray:
    """Places of the samples, (samples,), in the order in which this epoch (from 0) takes them: `order_of`."""
    key = _hash(np.array([epoch], np.uint32) + _hash(np.array([seed], np.uint32)))
    keys = _hash(_hash(np.arange(samples, dtype=np.uint32)) + key)
    return np.argsort(keys.view(np.int32), kind="stable")


def batch_places(experiment: Any, epoch: int, batch: int) -> np.ndarray:
    """Places, in the training data, of the samples of one batch; both counts from 0."""
    samples = len(experiment.load_data().x_train)
    size = min(experiment.batch_size or samples, samples)
    places = order(samples, experiment.seed, epoch) if experiment.shuffle else np.arange(samples)
    return places[batch * size : (batch + 1) * size]


def _hash(x: np.ndarray) -> np.ndarray:
    """Mix the bits of 32-bit numbers, as in `nnplay.engine.order`; products wrap around."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return x
