"""A batch pushed through a deep random network and its gradient brought back, measured layer by layer.

The layers are Keras's own, called one after the other, with the initial weights that the same settings give
in the playground. One layer object serves all places, each time with the weights of that place: building a
hundred layers would take ten times as long as using them.
"""

from collections.abc import Callable
from functools import lru_cache
from inspect import signature
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.engine.backend import keras, tf
from nnplay.engine.inspection.activations import SATURATED_BELOW, largest_slope, slopes
from nnplay.engine.laboratory.correlation import correlations
from nnplay.engine.laboratory.mean_field import predict
from nnplay.engine.layers import activation as function
from nnplay.engine.layers import initializers
from nnplay.experiment import make
from nnplay.laboratories.size import LARGEST, needed, refusal

# Pairs of inputs whose way is compared, and how alike they are at the start.
PAIRS = 32
STARTS = {"unlike": 0.0, "alike": 0.9}


def propagate(
    activation: str,
    depth: int,
    width: int,
    samples: int,
    initializer: str,
    sigma_w: float,
    sigma_b: float,
    normalization: str,
    residual: bool,
    seed: int,
    bins: int,
) -> dict[str, Any]:
    """Measure `depth` hidden layers of `width` units each, on `samples` random inputs.

    Inputs: `width` numbers, in random directions, with mean square 1. Each layer computes the sums
    z = W h + b, normalised if asked, and passes h' = f(z) on, or h' = h + f(z) with `residual`. `initializer`
    is of the catalogue; "gaussian" draws W from N(0, sigma_w^2 / inputs) and b from N(0, sigma_b^2), the
    others do not use the two. Loss: half the mean squared error of a linear output with weights
    N(0, 1 / width), for targets that lie 1 below or above it, at random; so the gradient that enters is the
    same whatever the signal. Normalisation works as in training.

    Per layer, (depth,) float64, the first nearest the input: `mean`, `std` of what the layer passes on,
    `pre_variance` the mean of z^2, `dead` the share of units with slope 0 for all inputs, `saturated` the
    share of slopes under 5 % of the function's largest, `gradient` the norm of dLoss/dW, `delta` the root
    mean square of dLoss/dz of a sample's own loss. `unlike`, `alike`: how much the sums of two samples are
    correlated, z · z' over their lengths, for pairs of inputs with correlation 0 and 0.9 (`STARTS`); NaN
    with batch normalisation, which mixes samples. `counts` (depth, bins): histogram of what each layer
    passes on, with the common `edges` (bins + 1,); what lies beyond is counted in the bins at the ends.
    Theory for infinite width: `predicted_q`, `predicted_unlike`, `predicted_alike` from the first layer's
    measured ones on, `predicted_delta` and `predicted_gradient` from the last layer's back. NaN where there
    is no theory here: for functions of a whole layer, weights not drawn at random, going back with batch
    normalisation, and for correlations with normalisation or residual connections.
    Raises `ValueError` for settings that are refused and for networks that are too large.
    """
    entry, _ = catalog.parse_activation(activation)
    sums = width * entry.units_factor
    if sentence := refusal(depth, width, samples, entry.units_factor):
        raise ValueError(sentence)
    rng = np.random.default_rng([seed, 0])
    x = rng.standard_normal((samples, width))
    x /= np.sqrt(np.mean(x**2, axis=1, keepdims=True))
    readout = tf.constant(rng.standard_normal((width, 1)) / np.sqrt(width), tf.float32)
    errors = tf.constant(_errors(samples, rng), tf.float32)

    weights = _weights(initializer, sigma_w, sigma_b, seed, depth, width, sums)
    if needed(depth, width, samples, entry.units_factor) > LARGEST / 4:
        _weights.cache_clear()
    kernels = [kernel for kernel, _ in weights]
    dense = _dense(width, sums)
    normalize = _normalization(normalization, sums)
    f = function(activation)
    before, after = [], []
    with tf.GradientTape() as tape:
        tape.watch(kernels)
        h = tf.constant(x, tf.float32)
        for kernel, bias in weights:
            z = normalize(dense.stateless_call([kernel, bias], [], h)[0])
            h = h + f(z) if residual else f(z)
            before.append(z)
            after.append(h)
        # What half the mean squared error gives for targets at y - errors; written so that nothing
        # cancels when y has grown very large.
        loss = tf.reduce_mean(errors * (h @ readout))
    deltas, gradients = tape.gradient(loss, [before, kernels], unconnected_gradients="zero")
    found = {
        "mean": _each(after, np.mean),
        "std": _each(after, np.std),
        "pre_variance": _each(before, _mean_square),
        "gradient": np.sqrt(_each(gradients, lambda values: np.sum(values**2))),
        # The mean over the samples has divided each one's own gradient by their number.
        "delta": samples * np.sqrt(_each(deltas, _mean_square)),
    }
    found["dead"], found["saturated"] = _flat(activation, before)
    found["edges"], found["counts"] = _histograms(after, bins)
    unknown = np.full(depth, np.nan)
    found |= dict.fromkeys(STARTS, unknown)
    if normalization != "batch":
        h = tf.constant(np.concatenate([_partners(x, start, seed) for start in STARTS.values()]), tf.float32)
        pairs = np.empty((depth, len(STARTS)))
        for layer, ((kernel, bias), others) in enumerate(zip(weights, before, strict=True)):
            z = normalize(dense.stateless_call([kernel, bias], [], h)[0])
            h = h + f(z) if residual else f(z)
            pairs[layer] = [_correlation(others.numpy(), part) for part in np.split(z.numpy(), len(STARTS))]
        found |= dict(zip(STARTS, pairs.T, strict=True))
    theory = dict.fromkeys(("predicted_q", "predicted_delta", "predicted_gradient"), unknown)
    theory |= {f"predicted_{name}": unknown for name in STARTS}
    initial = catalog.INITIALIZERS[initializer]
    if entry.elementwise and initial.random:
        w2 = width * float(np.mean(_each(kernels, _mean_square)))
        b2 = float(np.mean(_each([bias for _, bias in weights], _mean_square)))
        if initial.scaled:
            w2, b2 = sigma_w**2, sigma_b**2
        theory |= predict(activation, w2, b2, normalization=normalization, residual=residual, measured=found)
        if normalization == "none" and not residual:
            first = np.array([found[name][0] for name in STARTS])
            lines = correlations(activation, w2, b2, theory["predicted_q"], first)
            theory |= {f"predicted_{name}": line for name, line in zip(STARTS, lines.T, strict=True)}
    return found | theory


@lru_cache(maxsize=8)
def _dense(inputs: int, units: int) -> keras.layers.Dense:
    """A layer that is given its weights with each call."""
    layer = keras.layers.Dense(units, kernel_initializer="zeros")
    layer.build((None, inputs))
    return layer


# The activations that are compared share their weights, so those drawn last are kept.
@lru_cache(maxsize=2)
def _weights(
    initializer: str, sigma_w: float, sigma_b: float, seed: int, depth: int, inputs: int, units: int
) -> list[tuple[Any, Any]]:
    """Kernel (inputs, units) and bias (units,) of each layer: the initial weights of such an experiment."""
    experiment = make({"initializer": initializer, "sigma_w": sigma_w, "sigma_b": sigma_b, "seed": seed})
    drawn = [initializers(experiment, 1000 * seed + place) for place in range(1, depth + 1)]
    return [(kernel((inputs, units)), bias((units,))) for kernel, bias in drawn]


def _normalization(name: str, units: int) -> Callable[[Any], Any]:
    """As a function of the sums, (samples, units), with the statistics of this batch."""
    entry = catalog.NORMALIZATIONS[name]
    if not entry.keras:
        return lambda z: z
    layer = getattr(keras.layers, entry.keras)()
    layer.build((None, units))
    # Scale 1, shift 0; moving averages are not used in training.
    trainable = [variable.value for variable in layer.trainable_variables]
    others = [variable.value for variable in layer.non_trainable_variables]
    # Layer normalisation is the same in training and has no such argument.
    mode = {"training": True} if "training" in signature(layer.call).parameters else {}
    return lambda z: layer.stateless_call(trainable, others, z, **mode)[0]


def _errors(samples: int, rng: np.random.Generator) -> np.ndarray:
    """+1 or -1 for each sample in random order, (samples, 1), with a sum of about the root of their number.

    That is the sum that independent signs have on average; with it, the gradients of samples that have
    become alike add up to the same size as those of samples that are not.
    """
    errors = np.where(np.arange(samples) < (samples + np.sqrt(samples)) / 2, 1.0, -1.0)
    return rng.permutation(errors)[:, None]


def _each(layers: list[Any], measure: Callable[[np.ndarray], Any]) -> np.ndarray:
    """`measure` of each layer's values in float64, whose squares neither overflow nor vanish, (layers,)."""
    with np.errstate(all="ignore"):  # infinities are measured like other numbers
        return np.array([measure(layer.numpy().astype("float64")) for layer in layers])


def _partners(x: np.ndarray, correlation: float, seed: int) -> np.ndarray:
    """For each of the first PAIRS inputs another one, as long and with this correlation, (pairs, width)."""
    ours = x[:PAIRS]
    across = np.random.default_rng([seed, 1]).standard_normal(ours.shape)
    across -= ours * (across * ours).sum(axis=1, keepdims=True) / (ours**2).sum(axis=1, keepdims=True)
    across *= np.sqrt((ours**2).sum(axis=1, keepdims=True) / (across**2).sum(axis=1, keepdims=True))
    return np.asarray(correlation * ours + np.sqrt(1 - correlation**2) * across)


def _correlation(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Of the sums of all pairs together: mean product over the root of the mean squares."""
    a, b = ours[: len(theirs)].astype("float64"), theirs.astype("float64")
    with np.errstate(all="ignore"):
        return float(np.mean(a * b) / np.sqrt(np.mean(a**2) * np.mean(b**2)))


def _mean_square(values: np.ndarray) -> float:
    return float(np.mean(values**2))


def _flat(activation: str, sums: list[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Share of dead units and of saturated slopes of each layer, (layers,) both."""
    if not catalog.parse_activation(activation)[0].elementwise:
        return np.full(len(sums), np.nan), np.full(len(sums), np.nan)
    least = SATURATED_BELOW * largest_slope(activation)
    dead, saturated = [], []
    # Several layers at a time: a call for each would take longer than the work.
    together = max(1, 500_000 // max(1, int(np.prod(sums[0].shape))))
    for first in range(0, len(sums), together):
        slope = np.abs(slopes(activation, np.stack(sums[first : first + together])))
        dead.append(np.mean(np.all(slope == 0, axis=1), axis=1))
        saturated.append(np.mean(slope < least, axis=(1, 2)))
    return np.concatenate(dead), np.concatenate(saturated)


def _histograms(layers: list[Any], bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Common edges (bins + 1,) and counts (layers, bins); values that are no numbers are not counted."""
    some = np.concatenate([layer.numpy().ravel()[:: max(1, layer.shape[0] // 16)] for layer in layers])
    some = some[np.isfinite(some)].astype("float64")
    low, high = np.quantile(some, [0.002, 0.998]) if len(some) else (0.0, 0.0)
    if high - low < 1e-6 * max(abs(low), abs(high), 1e-6):
        low, high = low - 0.5, high + 0.5
    counts = []
    for layer in layers:
        values = layer.numpy().ravel()
        values = values[np.isfinite(values)]
        with np.errstate(over="ignore"):
            places = np.clip((values - low) * (bins / (high - low)), 0, bins - 1).astype(np.intp)
        counts.append(np.bincount(places, minlength=bins))
    return np.linspace(low, high, bins + 1), np.array(counts)
