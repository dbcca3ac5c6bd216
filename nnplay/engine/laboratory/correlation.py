"""Two inputs on their way through a wide random network: theory of how alike their sums are by layer.

The correlation goes from layer to layer by c' = (sigma_w^2 E f(x) f(y) + sigma_b^2) / q', with x and y
normal, of variance q and correlation c (Poole et al. 2016). E f(x) f(y) is the sum of a_n^2 c^n, with the
Hermite coefficients a_n of f at that variance.
"""

import numpy as np

from nnplay.engine.laboratory.curves import values_and_slopes
from nnplay.engine.laboratory.moments import nodes

# Terms of the Hermite series.
TERMS = 128


def squares(activation: str, q: np.ndarray) -> np.ndarray:
    """The a_n^2 of the function for each variance of `q` (k,), (k, TERMS + 1).

    What the first TERMS leave of E f^2 is taken to be in the one after them.
    """
    x, density = nodes(activation, q)
    f, _ = values_and_slopes(activation, x)
    # A panel of width 0 must not turn an infinite value into no number at all.
    f = np.where(density > 0, f, 0)
    z = x / np.sqrt(q)[:, None]
    weighted = f * density
    before, now = np.zeros_like(z), np.ones_like(z)
    found = np.empty((len(q), TERMS + 1))
    for n in range(TERMS):
        found[:, n] = (weighted * now).sum(axis=1) ** 2
        before, now = now, (z * now - np.sqrt(n) * before) / np.sqrt(n + 1)
    found[:, TERMS] = np.maximum(0.0, (weighted * f).sum(axis=1) - found[:, :TERMS].sum(axis=1))
    return found


def correlations(activation: str, w2: float, b2: float, q: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The correlation of the sums in each layer, (layers, pairs), from that in the `first` one, (pairs,).

    `w2`, `b2`: sigma_w^2 and sigma_b^2; `q` (layers,): the variance of the sums. NaN from a layer on whose
    variance is 0 or overflows.
    """
    powers = np.arange(TERMS + 1)
    found = np.full((len(q), len(first)), np.nan)
    found[0] = first
    known = np.cumprod(np.isfinite(q) & (q > 0)).astype(bool)
    # Where the variance has settled the map is the same in every layer.
    distinct, place = np.unique(q[known], return_inverse=True)
    with np.errstate(all="ignore"):
        weights = squares(activation, distinct)[place] if len(distinct) else np.empty((0, TERMS + 1))
        for layer in range(1, min(len(q), len(weights) + 1)):
            mixed = (weights[layer - 1] * found[layer - 1][:, None] ** powers).sum(axis=1)
            found[layer] = (w2 * mixed + b2) / (w2 * weights[layer - 1].sum() + b2)
    return found
