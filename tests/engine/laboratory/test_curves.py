"""Curves against Keras in float32, finite differences, and the published maxima and minima."""

import numpy as np
import pytest

from nnplay.catalog import ACTIVATIONS
from nnplay.engine.backend import tf
from nnplay.engine.build import activation
from nnplay.engine.laboratory.curves import curves, kinks, probe

ELEMENTWISE = [name for name, entry in ACTIVATIONS.items() if entry.elementwise]
WITH_PARAMETERS = ["leaky_relu~0.1", "elu~0.5", "soft_shrink~1.25", "threshold~0.3"]


@pytest.mark.parametrize("name", [*ELEMENTWISE, *WITH_PARAMETERS])
def test_values_are_keras_and_slopes_are_derivatives(name):
    found = curves((name,), -6.0, 6.0, 1201)
    x, f, slope = found["x"], found["f"][name], found["slope"][name]
    assert x.shape == f.shape == slope.shape == (1201,) and x[0] == -6 and x[-1] == 6
    np.testing.assert_allclose(f, activation(name)(tf.constant(x, tf.float32)).numpy(), 1e-5, 1e-6)
    # Within a step of a kink the two sides of a central difference are on different pieces.
    # (Exactly at 0 Keras's CELU has the slope 2: its two pieces are added up there.)
    smooth = np.abs(x[:, None] - found["kinks"][name]).min(axis=1, initial=np.inf) > 0.011
    smooth &= (x != 0) | (name != "celu")
    near = curves((name,), -6.0 - 1e-6, 6.0 - 1e-6, 1201)["f"][name]
    far = curves((name,), -6.0 + 1e-6, 6.0 + 1e-6, 1201)["f"][name]
    np.testing.assert_allclose(slope[smooth], ((far - near) / 2e-6)[smooth], 1e-5, 1e-6)


def test_softmax_is_the_first_output_of_a_pair():
    found = curves(("softmax",), -4.0, 4.0, 9)
    sigmoid = 1 / (1 + np.exp(-found["x"]))
    np.testing.assert_allclose(found["f"]["softmax"], sigmoid)
    np.testing.assert_allclose(found["slope"]["softmax"], sigmoid * (1 - sigmoid))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_probe_is_a_point_of_the_curve(name):
    found = curves((name,), -2.0, 2.0, 3)
    for place in range(3):
        at = probe((name,), float(found["x"][place]))[name]
        assert at == (found["f"][name][place], found["slope"][name][place])


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("relu", [0]), ("leaky_relu~0.1", [0]), ("relu6", [0, 6]), ("hard_tanh", [-1, 1]),
        ("hard_sigmoid", [-3, 3]), ("hard_silu", [-3, 3]), ("soft_shrink", [-0.5, 0.5]),
        ("soft_shrink~0.01", [-0.01, 0.01]), ("threshold~0.3", [0.3]), ("step", [0]), ("selu", [0]),
        ("elu~0.5", [0]), ("elu", []), ("tanh", []), ("gelu", []), ("exponential", []), ("linear", []),
    ],
)  # fmt: skip
def test_kinks_are_where_value_or_slope_jumps(name, places):
    np.testing.assert_allclose(kinks(name), places, atol=1e-9)


def test_only_kinks_in_range_are_given():
    assert curves(("relu6",), 1.0, 5.0, 3)["kinks"]["relu6"].size == 0


def test_published_maxima_and_minima():
    found = curves(("sigmoid", "tanh", "silu", "gelu", "mish"), -3.0, 3.0, 60_001)
    assert found["slope"]["sigmoid"].max() == pytest.approx(1 / 4, abs=1e-12)
    assert found["slope"]["tanh"].max() == pytest.approx(1, abs=1e-12)
    for name, least, place in (
        ("silu", -0.278465, -1.278465),
        ("gelu", -0.169971, -0.751792),
        ("mish", -0.308843, -1.192431),
    ):
        f = found["f"][name]
        assert f.min() == pytest.approx(least, abs=1e-6)
        assert found["x"][f.argmin()] == pytest.approx(place, abs=1e-4)


def test_an_unknown_name_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match=r"Unknown activation 'reluu'\. Did you mean 'relu'"):
        curves(("reluu",), -1.0, 1.0, 3)
