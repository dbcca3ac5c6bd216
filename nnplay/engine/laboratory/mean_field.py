"""Mean-field theory of wide random networks: what becomes of signals and gradients through depth.

Weights N(0, sigma_w^2 / inputs), biases N(0, sigma_b^2). The variance of the sums goes from layer to layer by
q' = sigma_w^2 E f(x)^2 + sigma_b^2, x ~ N(0, q); the mean square of gradients, going back, by the factor
chi = sigma_w^2 E f'(x)^2. Below chi = 1, in the ordered phase, all inputs end up alike and gradients vanish;
above, in the chaotic phase, neighbours part and gradients explode. Sources: Poole et al. 2016 (Exponential
expressivity in deep neural networks through transient chaos), Schoenholz et al. 2017 (Deep information
propagation).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnplay.catalog import parse_activation
from nnplay.engine.laboratory.correlation import squares
from nnplay.engine.laboratory.moments import LEAST, MOST, Moments, integrals, moments, table

# Within so much of 1 a squared gradient changes by less than the factor e in 1000 layers: critical for any
# network here.
CRITICAL = 1e-3
# What counts as equal when variances of neighbouring layers are compared.
SAME = 1e-9
ROUNDING = 1e-14
# For derivatives by q, a share of q.
STEP = 1e-4
# Of Keras's normalising layers.
EPSILON = 1e-3


def mean_field(activation: str, sigma_w: float, sigma_b: float) -> dict[str, Any]:
    """What a network of this kind, infinitely wide and deep, does to signals whose sums start at variance 1.

    `q`: the variance of the sums that the layers approach, NaN if it grows beyond all bounds. `chi`: factor
    of the squared gradient per layer there. `c`: the correlation that two different inputs approach.
    `depth_scale_q`, `depth_scale_c`: layers over which the distance from these two shrinks by e; infinite
    at criticality, NaN without a q. `phase`: "ordered", "chaotic", "critical", or "unbounded" without a q.
    Raises `ValueError` for functions of a whole layer.
    """
    refuse_layers(activation)
    known = table(activation)
    w2, b2 = sigma_w**2, sigma_b**2
    q = float(fixed_point(known, w2, b2))
    if not np.isfinite(q):
        unknown = dict.fromkeys(("q", "c", "depth_scale_q", "depth_scale_c"), np.nan)
        return {**unknown, "chi": chi_at(known, w2, q), "phase": "unbounded"}
    q = _polished(activation, w2, b2, q)
    # A variance of 0 is approached from above: its neighbourhood is what counts.
    near = max(q, LEAST)
    low, high = integrals(activation, near * np.array([1 - STEP, 1 + STEP]))[1]
    chi = w2 * moments(activation, near)["slope2"]
    c, slope = _correlation(activation, w2, b2, near, chi)
    return {
        "q": q,
        "chi": chi,
        "c": c,
        "depth_scale_q": _depth_scale(w2 * float(high - low) / (2 * STEP * near)),
        "depth_scale_c": _depth_scale(slope),
        "phase": phase(q, chi),
    }


def chi_at(known: Moments, w2: float | np.ndarray, q: float | np.ndarray) -> Any:
    """chi for sums of variance `q`; for NaN, sums without bound, at the largest of the table."""
    slope2 = known.at(np.where(np.isfinite(q), q, MOST))[2]
    with np.errstate(invalid="ignore"):
        chi = np.where(np.asarray(w2) > 0, w2 * slope2, 0.0)
    return chi if chi.shape else float(chi)


def refuse_layers(activation: str) -> None:
    """Raise `ValueError` for a function that does not treat each unit alone."""
    entry, _ = parse_activation(activation)
    if not entry.elementwise:
        raise ValueError(
            f"Mean-field theory is about functions of one number; {entry.label} is one of a whole layer. "
            "Choose another activation."
        )


def phase(q: float, chi: float) -> str:
    """The word for a fixed point `q` and its `chi`."""
    if not np.isfinite(q):
        return "unbounded"
    if abs(chi - 1) <= CRITICAL:
        return "critical"
    return "ordered" if chi < 1 else "chaotic"


def fixed_point(known: Moments, w2: float | np.ndarray, b2: float | np.ndarray) -> np.ndarray:
    """The q that the variance approaches from 1, of the shape of `w2` and `b2`; 0, or NaN beyond the table.

    `w2`, `b2`: sigma_w^2 and sigma_b^2. The next variance is compared with this one at every entry of the
    table, and the first crossing from 1 in the direction of the change is bisected.
    """
    w2, b2 = np.broadcast_arrays(np.asarray(w2, "float64"), np.asarray(b2, "float64"))
    shape = w2.shape
    w2, b2 = w2.reshape(-1, 1), b2.reshape(-1, 1)
    start, last = len(known.q) // 2, len(known.q) - 1
    with np.errstate(over="ignore", invalid="ignore"):
        growth = (np.where(w2 > 0, w2 * known.f2, 0) + b2) / known.q - 1
    rises, falls = growth[:, start] > SAME, growth[:, start] < -SAME
    ends = np.where(rises[:, None], growth <= ROUNDING, growth >= -ROUNDING)
    after = start + ends[:, start:].argmax(1)
    before = start - ends[:, start::-1].argmax(1)
    stays = np.where(rises, ends[:, start:].any(1), ends[:, start::-1].any(1))
    low = known.q[np.clip(np.where(rises, after - 1, before), 0, last)]
    high = known.q[np.clip(np.where(rises, after, before + 1), 0, last)]
    for _ in range(50):
        middle = np.sqrt(low * high)
        next_q = np.where(w2[:, 0] > 0, w2[:, 0] * known.at(middle)[1], 0) + b2[:, 0]
        low, high = np.where(next_q > middle, middle, low), np.where(next_q > middle, high, middle)
    found = np.where(stays, np.sqrt(low * high), np.where(rises, np.nan, 0.0))
    # Where 1 already is a fixed point there is nothing to look for.
    return np.where(rises | falls, found, 1.0).reshape(shape)


def _polished(activation: str, w2: float, b2: float, q: float) -> float:
    """The fixed point by the quadrature itself, from the table's `q`: Newton's steps while they help."""
    for _ in range(8):
        if q <= LEAST:
            break
        low, here, high = w2 * integrals(activation, q * np.array([1 - STEP, 1, 1 + STEP]))[1] + b2
        flatness = 1 - (high - low) / (2 * STEP * q)
        if abs(here - q) <= SAME * q or abs(here - q) > 0.01 * q * abs(flatness):
            break
        q += float(here - q) / float(flatness)
    return q


def _correlation(activation: str, w2: float, b2: float, q: float, chi: float) -> tuple[float, float]:
    """The correlation c that two inputs approach, and the factor of the distance from it per layer."""
    if chi <= 1 + SAME:
        return 1.0, chi
    weights = squares(activation, np.array([q]))[0]
    powers = np.arange(len(weights))
    low, high = 0.0, 1.0 - 1e-9
    for _ in range(60):
        c = (low + high) / 2
        grows = (w2 * (weights * c**powers).sum() + b2) / q > c
        low, high = (c, high) if grows else (low, c)
    # An odd function without biases keeps uncorrelated inputs uncorrelated.
    c = 0.0 if high < 1e-9 else (low + high) / 2
    return c, w2 / q * float((weights[1:] * powers[1:] * c ** powers[:-1]).sum())


def _depth_scale(factor: float) -> float:
    """Layers over which a distance that shrinks by `factor` a layer shrinks by e."""
    factor = abs(factor)
    if factor >= 1 - 1e-6:
        return float("inf")
    return 0.0 if factor == 0 else float(-1 / np.log(factor))


def predict(
    activation: str,
    w2: float,
    b2: float,
    *,
    normalization: str,
    residual: bool,
    measured: Mapping[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """`predicted_q`, `predicted_delta`, `predicted_gradient` (layers,) for the network of `propagate`.

    Forward from the first layer's `measured` pre_variance; back from the last layer's delta and gradient.
    Inputs with mean square 1 and mean 0.
    """
    known, depth = table(activation), len(measured["delta"])
    passed, mean = np.ones(depth + 1), 0.0  # mean square of what each layer is given
    q, widened, slope2 = np.empty(depth), np.ones(depth), np.empty(depth)
    with np.errstate(all="ignore"):
        for layer in range(depth):
            sums = w2 * passed[layer] + b2 if layer else measured["pre_variance"][0]
            if normalization == "layer" and layer:
                # Keras adds EPSILON to the variance that it divides by.
                widened[layer] = 1 / (sums + EPSILON)
                sums *= widened[layer]
            elif normalization == "layer":
                widened[layer] = 1 / (w2 * passed[0] + b2 + EPSILON)
            elif normalization == "batch":
                sums = 1.0
            q[layer] = sums
            f, f2, slope2[layer] = (float(moment) for moment in known.at(sums))
            passed[layer + 1] = f2 + (passed[layer] + 2 * mean * f if residual else 0)
            mean = f + (mean if residual else 0)
        delta2 = np.full(depth, np.nan)
        delta2[-1] = measured["delta"][-1] ** 2
        arriving = delta2[-1] / slope2[-1]
        for layer in range(depth - 2, -1, -1):
            back = w2 * widened[layer + 1] * delta2[layer + 1]
            arriving = back + (arriving if residual else 0)
            delta2[layer] = np.nan if normalization == "batch" else arriving * slope2[layer]
        share = np.sqrt(delta2 / delta2[-1] * passed[:-1] / passed[-2])
        return {
            "predicted_q": q,
            "predicted_delta": np.sqrt(delta2),
            "predicted_gradient": measured["gradient"][-1] * share,
        }
