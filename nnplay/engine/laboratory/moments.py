"""What an activation does to a normal variable: E f, E f^2 and E f'^2, by quadrature of Keras's own function.

The sums of a wide random layer are normal with some variance q, so these three numbers say what the layer
does to signals and gradients. The quadrature is Gauss's, of `NODES` points on each of many short panels. The
panels end at the kinks of the function, across which no Gauss rule converges; some are laid out on the scale
of the normal density and some on that of the function, so that it is exact for very small and very large q.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from nnplay.engine.laboratory.curves import kinks, values_and_slopes

NODES = 8
# Panel ends in standard deviations, and in the function's own units.
_DENSITY_ENDS = np.linspace(-12, 12, 49)
_TAIL = 8 * 1.6 ** np.arange(27)
_FUNCTION_ENDS = np.concatenate([-_TAIL[::-1], np.linspace(-7.5, 7.5, 31), _TAIL])
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(NODES)

# The table of `Moments`: variances on a logarithmic scale with 1 in its middle.
LEAST, MOST = 1e-8, 1e8
ENTRIES = 385
_HUGE = 690.0  # logarithms of larger numbers are cut off


def moments(activation: str, q: float) -> dict[str, float]:
    """`f`, `f2` and `slope2`: E f(x), E f(x)^2 and E f'(x)^2 for normal x with mean 0 and variance `q`."""
    f, f2, slope2 = integrals(activation, np.array([q]))
    return {"f": float(f[0]), "f2": float(f2[0]), "slope2": float(slope2[0])}


def integrals(activation: str, q: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """E f, E f^2 and E f'^2 for each variance of `q` (n,), each (n,). Overflow gives infinity."""
    x, density = nodes(activation, q)
    f, slope = values_and_slopes(activation, x)
    with np.errstate(over="ignore"):
        # A panel of width 0 must not turn an infinite value into no number at all.
        f, slope = np.where(density > 0, f, 0), np.where(density > 0, slope, 0)
        return (f * density).sum(1), (f**2 * density).sum(1), (slope**2 * density).sum(1)


def nodes(activation: str, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points x and weights for expectations under N(0, q), both (n, points)."""
    spread = np.sqrt(np.asarray(q, "float64"))[:, None]
    own = np.concatenate([_FUNCTION_ENDS, kinks(activation)])
    # An end beyond the density's makes a panel of width 0, which adds nothing.
    ends = np.concatenate([_DENSITY_ENDS * spread, np.clip(own, -12 * spread, 12 * spread)], axis=1)
    ends.sort(axis=1)
    middle, half = (ends[:, 1:] + ends[:, :-1]) / 2, (ends[:, 1:] - ends[:, :-1]) / 2
    x = (middle[:, :, None] + half[:, :, None] * _POINTS).reshape(len(spread), -1)
    weight = (half[:, :, None] * _WEIGHTS).reshape(len(spread), -1)
    return x, weight * np.exp(-((x / spread) ** 2) / 2) / (np.sqrt(2 * np.pi) * spread)


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of one function for any q, read off a table: `f`, `f2`, `slope2` at variances `q`, (entries,).

    Between the entries f / sqrt(q) and the logarithms of f2 / q and slope2 are cubics in log q: right to
    1e-6, for functions with jumps to 5e-5.
    """

    q: np.ndarray
    f: np.ndarray
    f2: np.ndarray
    slope2: np.ndarray

    def at(self, q: float | np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """E f, E f^2 and E f'^2, each of the shape of `q`. Beyond the table they go on as they end there."""
        q = np.asarray(q, "float64")
        inside = np.clip(q, LEAST, MOST)
        place = np.log(inside / LEAST) / np.log(MOST / LEAST) * (ENTRIES - 1)
        first = np.clip(np.nan_to_num(place).astype(int) - 1, 0, ENTRIES - 4)
        near, weights = first[..., None] + np.arange(4), _cubic(place - first)
        f, f2, slope2 = ((column[near] * weights).sum(-1) for column in self._columns)
        # A function that is 0 at 0 vanishes in proportion, another one keeps its value there.
        with np.errstate(over="ignore"):
            goes_on = np.maximum(q, LEAST) if self._offset else q
            return f * np.sqrt(goes_on), _power(f2) * goes_on, _power(slope2)

    @cached_property
    def _columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        with np.errstate(divide="ignore"):
            logs = (np.log(self.f2 / self.q), np.log(self.slope2))
        f = np.clip(self.f / np.sqrt(self.q), -1e300, 1e300)
        return f, *(np.clip(log, -_HUGE, _HUGE) for log in logs)

    @cached_property
    def _offset(self) -> bool:
        share = self.f2 / self.q
        return bool(share[0] > 2 * share[ENTRIES // 16])


def _power(logarithm: np.ndarray) -> np.ndarray:
    """e to this power; 0 and infinity where a logarithm of the table was cut off."""
    cut = np.where(logarithm > _HUGE - 1, np.inf, np.where(logarithm < 1 - _HUGE, -np.inf, logarithm))
    return np.exp(cut)


def _cubic(t: np.ndarray) -> np.ndarray:
    """Weights of four neighbours at 0, 1, 2, 3 for a cubic through them at `t`, (..., 4)."""
    a, b, c, d = t, t - 1, t - 2, t - 3
    return np.stack([-b * c * d / 6, a * c * d / 2, -a * b * d / 2, a * b * c / 6], axis=-1)


@lru_cache(maxsize=128)
def table(activation: str) -> Moments:
    """The moments of this function, from LEAST to MOST; some 30 ms the first time."""
    q = np.geomspace(LEAST, MOST, ENTRIES)
    # In pieces, so that no array is larger than some 5 MB.
    columns = zip(*(integrals(activation, part) for part in np.array_split(q, 8)), strict=True)
    return Moments(q, *(np.concatenate(column) for column in columns))
