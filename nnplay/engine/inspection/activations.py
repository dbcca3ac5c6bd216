"""How a layer's units behave on a fixed batch: mean, spread, saturation, death."""

from functools import lru_cache
from typing import Any

import numpy as np

from nnplay.catalog import LAYER_KINDS, parse_activation
from nnplay.engine.backend import tf
from nnplay.engine.build import Network
from nnplay.engine.layers import activation
from nnplay.experiment import Experiment

PROBE_SAMPLES = 256
# A unit counts as saturated where its slope is under this share of the function's largest slope on [-3, 3].
SATURATED_BELOW = 0.05
UNKNOWN = (float("nan"), float("nan"))


def activation_statistics(experiment: Experiment, network: Network) -> dict[str, Any]:
    """Statistics on the first PROBE_SAMPLES training samples, each an array, a value a layer with kernels.

    `mean`, `std`: of the outputs after the activation. `saturated`: share of (sample, unit) pairs whose
    slope f'(z) is below 5 % of the function's largest. `dead`: share of units with such a slope of
    exactly 0 on every sample: no gradient passes through them. NaN for functions that are not applied
    element by element (softmax), and for recurrent layers and attention, whose sums are inside. The last
    layer is the output.
    """
    return statistics(experiment, *observed(experiment, network))


def observed(experiment: Experiment, network: Network) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Each layer's sums before, and outputs after, its activation on the first training samples."""
    before, after = network.observe(experiment.load_data().x_train[:PROBE_SAMPLES])
    return [sums.numpy() for sums in before], [outputs.numpy() for outputs in after]


def statistics(experiment: Experiment, before: list[np.ndarray], after: list[np.ndarray]) -> dict[str, Any]:
    """What `activation_statistics` says, from what was observed."""
    places = experiment.kernel_places
    names = (*(experiment.activations[place] for place in places), experiment.pairing.output)
    kinds = [LAYER_KINDS[experiment.layers[place].kind] for place in places]
    hidden = [kind.active and not kind.recurrent for kind in kinds]
    rows = [
        (float(np.mean(out)), float(np.std(out)), *(_flat(name, sums) if shown else UNKNOWN))
        for shown, name, sums, out in zip([*hidden, True], names, before, after, strict=True)
    ]
    mean, std, saturated, dead = np.array(rows, dtype="float32").T
    return {"mean": mean, "std": std, "saturated": saturated, "dead": dead}


def _flat(name: str, sums: np.ndarray) -> tuple[float, float]:
    """Shares of saturated pairs and of dead units, from the sums before the activation (samples, units)."""
    if not parse_activation(name)[0].elementwise:
        return UNKNOWN
    slope = np.abs(slopes(name, sums))
    saturated = float(np.mean(slope < SATURATED_BELOW * largest_slope(name)))
    # A unit of a convolution is there at every pixel.
    return saturated, float(np.mean(np.all(slope == 0, axis=tuple(range(slope.ndim - 1)))))


def slopes(name: str, z: np.ndarray) -> np.ndarray:
    """f'(z) by TensorFlow's gradient tape, the same shape as `z`."""
    given = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(given)
        out = activation(name)(given)
    return np.asarray(tape.gradient(out, given))


@lru_cache
def largest_slope(name: str) -> float:
    largest = float(np.max(np.abs(slopes(name, np.linspace(-3, 3, 601, dtype="float32")))))
    # The step function has slope 0 everywhere: every unit of it is saturated.
    return largest or 1.0
