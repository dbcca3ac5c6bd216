"""A single neuron: what one Keras unit makes of the plane."""

from typing import Any

import numpy as np

from nnplay.catalog import parse_activation
from nnplay.engine.backend import keras, tf
from nnplay.engine.layers import activation

EXTENT = 6.0


def neuron(names: tuple[str, ...], weights: tuple[float, float], bias: float, points: int) -> dict[str, Any]:
    """f(w1 x1 + w2 x2 + b) over the square from -6 to 6: `x` (points,), `z` {name: (x2, x1)}, float32.

    The sum is that of a Keras Dense layer with these weights. A function of a whole layer (softmax) gets a
    second sum, 0, and its first output is shown.
    """
    axis = np.linspace(-EXTENT, EXTENT, points, dtype="float32")
    plane = np.stack([part.ravel() for part in np.meshgrid(axis, axis)], axis=1)
    layer = keras.layers.Dense(1)
    layer.build((None, 2))
    layer.set_weights([np.array(weights, "float32")[:, None], np.array([bias], "float32")])
    sums = layer(tf.constant(plane))
    maps = {}
    for name in names:
        entry, _ = parse_activation(name)
        given = sums if entry.elementwise else tf.concat([sums, tf.zeros_like(sums)], axis=1)
        maps[name] = activation(name)(given).numpy()[:, 0].reshape(points, points)
    return {"x": axis, "z": maps}
