"""Moments against published numbers, closed forms and SciPy's adaptive quadrature."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from nnplay.catalog import ACTIVATIONS
from nnplay.engine.laboratory.moments import LEAST, MOST, integrals, moments, table

ELEMENTWISE = [name for name, entry in ACTIVATIONS.items() if entry.elementwise]
# Under N(0, 1): E f, E f^2, E f'^2.
PUBLISHED = {
    "relu": (0.398942, 0.5, 0.5),
    "tanh": (0, 0.394294, 0.464403),
    "sigmoid": (0.5, 0.293379, 0.044836),
    "softsign": (0, 0.183014, 0.227671),
    "elu": (0.160521, 0.644945, 0.668102),
    "gelu": (0.282095, 0.425221, 0.455851),
    "silu": (0.206621, 0.355776, 0.379482),
    "softplus": (0.806059, 0.921246, 0.293379),
    "mish": (0.240404, 0.452342, 0.479084),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_moments(name):
    found = moments(name, 1.0)
    np.testing.assert_allclose([found["f"], found["f2"], found["slope2"]], PUBLISHED[name], atol=1e-6)


def test_selu_keeps_mean_0_and_variance_1():
    found = moments("selu", 1.0)
    assert found["f"] == pytest.approx(0, abs=1e-7) and found["f2"] == pytest.approx(1, abs=1e-7)


@pytest.mark.parametrize("q", [1e-8, 1e-3, 0.7, 30.0, 1e8])
def test_closed_forms_at_any_variance(q):
    closed = {
        "linear": (0, q, 1),
        "relu": (np.sqrt(q / 2 / np.pi), q / 2, 0.5),
        "leaky_relu~0.1": (0.9 * np.sqrt(q / 2 / np.pi), 1.01 * q / 2, 1.01 / 2),
        "step": (0.5, 0.5, 0),
    }
    for name, expected in closed.items():
        found = moments(name, q)
        np.testing.assert_allclose(
            [found["f"], found["f2"], found["slope2"]], expected, rtol=1e-8, atol=1e-12 * np.sqrt(q)
        )
    if q < 5:
        assert moments("exponential", q)["f2"] == pytest.approx(np.exp(2 * q), rel=1e-10)


@pytest.mark.parametrize("q", [1e-6, 0.02, 1.0, 50.0, 1e6])
@pytest.mark.parametrize(
    ("name", "function", "slope", "breaks"),
    [
        ("tanh", np.tanh, lambda x: 1 - np.tanh(x) ** 2, [-3, 3]),
        ("softsign", lambda x: x / (1 + abs(x)), lambda x: (1 + abs(x)) ** -2, [0]),
        ("hard_tanh", lambda x: np.clip(x, -1, 1), lambda x: float(abs(x) < 1), [-1, 1]),
        ("soft_shrink", lambda x: np.sign(x) * max(abs(x) - 0.5, 0),
         lambda x: float(abs(x) > 0.5), [-0.5, 0.5]),
        ("hard_shrink", lambda x: x * (abs(x) > 0.5), lambda x: float(abs(x) > 0.5), [-0.5, 0.5]),
    ],
)  # fmt: skip
def test_adaptive_quadrature_agrees(name, function, slope, breaks, q):
    spread = np.sqrt(q)
    ends = sorted({-10 * spread, 0.0, 10 * spread, *(b for b in breaks if abs(b) < 10 * spread)})
    ends = sorted({*ends, *(e for e in (-40.0, 40.0) if abs(e) < 10 * spread)})

    def expected(of):
        def weighed(x):
            return of(x) * np.exp(-x * x / 2 / q) / spread / np.sqrt(2 * np.pi)

        return sum(quad(weighed, *pair, epsabs=0, epsrel=1e-9, limit=200)[0] for pair in pairwise(ends))

    found = moments(name, q)
    assert found["f2"] == pytest.approx(expected(lambda x: function(x) ** 2), rel=1e-7, abs=1e-15)
    assert found["slope2"] == pytest.approx(expected(lambda x: slope(x) ** 2), rel=1e-7, abs=1e-15)


@pytest.mark.parametrize("name", [*ELEMENTWISE, "elu~0.5"])
def test_the_table_agrees_with_the_quadrature(name):
    most = 4.0 if name == "exponential" else MOST
    q = np.exp(np.random.default_rng(0).uniform(np.log(LEAST), np.log(most), 60))
    for looked_up, exact, unit in zip(table(name).at(q), integrals(name, q), (np.sqrt(q), q, 1), strict=True):
        np.testing.assert_allclose(looked_up / unit, exact / unit, rtol=5e-5, atol=1e-6)


def test_beyond_the_table_it_goes_on():
    _, f2, slope2 = table("relu").at(np.array([0.0, 1e-30, 1e30, np.inf]))
    np.testing.assert_allclose(f2, [0, 5e-31, 5e29, np.inf])
    np.testing.assert_allclose(slope2, 0.5)
    np.testing.assert_allclose(table("sigmoid").at(1e-30)[1], 0.25, rtol=1e-6)
