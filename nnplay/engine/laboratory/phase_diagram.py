"""Order and chaos over the plane of weight and bias scales, by mean-field theory."""

from functools import lru_cache

import numpy as np

from nnplay.engine.laboratory.mean_field import chi_at, fixed_point, refuse_layers
from nnplay.engine.laboratory.moments import ENTRIES, LEAST, table

# How near 1 chi must be at the fixed point that a point of the critical line leads to.
NEAR = 1e-3
# Points of the line for one entry of the table, and what counts as 0 beside q, as the table is not exact.
FINER = 8
SAME = 1e-7


def phase_diagram(
    activation: str, sigma_w: tuple[float, float, int], sigma_b: tuple[float, float, int]
) -> dict[str, np.ndarray]:
    """Each scale given as (lowest, highest, how many). `sigma_w` (n,), `sigma_b` (m,); `chi`, `q` (m, n).

    `q` is the variance that the sums approach from 1, NaN where they grow without bound; `chi` the factor of
    the squared gradient per layer there, and for unbounded sums at the largest q computed. `critical_w`,
    `critical_b` (k,): the line chi = 1 within the ranges, in the order of rising q. A single point for ReLU.
    Raises `ValueError` for functions of a whole layer.
    """
    refuse_layers(activation)
    known = table(activation)
    w, b = (np.linspace(low, high, count) for low, high, count in (sigma_w, sigma_b))
    w2, b2 = np.meshgrid(w**2, b**2)
    q = fixed_point(known, w2, b2)
    line_w, line_b = critical_line(activation)
    shown = (w[0] <= line_w) & (line_w <= w[-1]) & (b[0] <= line_b) & (line_b <= b[-1])
    return {
        "sigma_w": w,
        "sigma_b": b,
        "chi": chi_at(known, w2, q),
        "q": q,
        "critical_w": line_w[shown],
        "critical_b": line_b[shown],
    }


@lru_cache(maxsize=128)
def critical_line(activation: str) -> tuple[np.ndarray, np.ndarray]:
    """sigma_w and sigma_b with chi = 1: for each q, w^2 = 1 / E f'^2 and b^2 = q - w^2 E f^2, if >= 0.

    Only points where the variance, from 1 on, gets to a q with chi = 1: there can be other fixed points.
    """
    known = table(activation)
    q = np.geomspace(known.q[0], known.q[-1], FINER * (ENTRIES - 1) + 1)
    with np.errstate(all="ignore"):
        _, f2, slope2 = known.at(q)
        w2 = 1 / slope2
        b2 = q - w2 * f2
        b2[np.abs(b2) < SAME * q] = 0
    sound = np.isfinite(w2) & np.isfinite(b2) & (b2 >= 0)
    w2, b2 = w2[sound], b2[sound]
    # Neighbours closer than a line is thick are one point; so is all of ReLU's line.
    _, kept = np.unique(np.round(np.sqrt([w2, b2]), 4), axis=1, return_index=True)
    w2, b2 = w2[np.sort(kept)], b2[np.sort(kept)]
    q = fixed_point(known, w2, b2)
    theirs = np.abs(chi_at(known, w2, q) - 1) < NEAR
    # An unstable fixed point is reached only if it happens to be 1.
    steepness = w2 * (known.at(q * 1.001)[1] - known.at(q * 0.999)[1]) / (0.002 * np.maximum(q, LEAST))
    theirs &= steepness < 1 + NEAR
    return np.sqrt(w2[theirs]), np.sqrt(b2[theirs])
