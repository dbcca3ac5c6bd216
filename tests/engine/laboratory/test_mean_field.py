"""Mean-field theory against exact cases, and against its maps iterated by another quadrature."""

import numpy as np
import pytest

from nnplay.catalog import ACTIVATIONS
from nnplay.engine.laboratory.correlation import correlations
from nnplay.engine.laboratory.mean_field import mean_field
from nnplay.engine.laboratory.phase_diagram import critical_line, phase_diagram

ELEMENTWISE = [name for name, entry in ACTIVATIONS.items() if entry.elementwise]
# The trapezoidal rule, which for smooth functions of a normal variable is exact.
Z = np.linspace(-9, 9, 361)
WEIGHT = np.exp(-(Z**2) / 2) / np.exp(-(Z**2) / 2).sum()
FUNCTIONS = {
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
    "softplus": (lambda x: np.log1p(np.exp(x)), lambda x: 1 / (1 + np.exp(-x))),
}


def test_relu_is_critical_exactly_at_he():
    found = mean_field("relu", np.sqrt(2.0), 0.0)
    assert found["phase"] == "critical" and found["chi"] == pytest.approx(1, abs=1e-12)
    assert found["q"] == 1 and found["depth_scale_c"] == np.inf
    assert mean_field("relu", np.sqrt(1.99), 0.0)["phase"] == "ordered"
    assert mean_field("relu", np.sqrt(2.01), 0.0)["phase"] == "unbounded"
    assert mean_field("relu", np.sqrt(2.0), 0.1)["phase"] == "unbounded"
    w, b = critical_line("relu")
    np.testing.assert_allclose([*w, *b], [np.sqrt(2), 0], atol=1e-12)
    # Below it the fixed point is known: q = w q / 2 + b.
    assert mean_field("relu", 1.0, 0.5)["q"] == pytest.approx(0.5, rel=1e-9)


def test_leaky_relu_is_critical_where_its_slopes_say():
    assert mean_field("leaky_relu~0.1", np.sqrt(2 / 1.01), 0.0)["phase"] == "critical"


def test_linear_and_tanh_are_critical_at_one():
    assert mean_field("linear", 1.0, 0.0)["phase"] == "critical"
    tanh = mean_field("tanh", 1.0, 0.0)
    assert tanh["phase"] == "critical" and tanh["q"] == 0
    assert mean_field("tanh", 0.9, 0.0)["chi"] == pytest.approx(0.81, abs=1e-6)
    assert mean_field("tanh", 1.1, 0.0)["phase"] == "chaotic"


def test_selu_has_its_fixed_point_at_one():
    found = mean_field("selu", 1.0, 0.0)
    assert found["q"] == pytest.approx(1, abs=1e-7) and 0 < found["depth_scale_q"] < 10
    assert mean_field("selu", 1.0, 0.01)["q"] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("w", "b"), [(0.8, 0.2), (1.3, 0.1), (2.5, 0.4)])
def test_the_maps_iterated_by_another_quadrature_lead_there(name, w, b):
    f, slope = FUNCTIONS[name]
    found = mean_field(name, w, b)
    if name == "softplus" and w > 1.4:
        assert found["phase"] == "unbounded"
        return
    q = 1.0
    for _ in range(3000):
        q = w**2 * WEIGHT @ f(np.sqrt(q) * Z) ** 2 + b**2
    assert found["q"] == pytest.approx(q, rel=1e-5)
    chi = w**2 * WEIGHT @ slope(np.sqrt(q) * Z) ** 2
    assert found["chi"] == pytest.approx(chi, rel=1e-5)
    assert found["phase"] == ("ordered" if chi < 1 else "chaotic")

    # Two inputs: the correlation of their sums, from 0.3, by a grid of two dimensions.
    def two(c, of):
        u, v = np.sqrt(q) * Z[:, None], np.sqrt(q) * (c * Z[:, None] + np.sqrt(1 - c * c) * Z[None, :])
        return WEIGHT @ (of(u) * of(v)) @ WEIGHT

    c = 0.3
    for _ in range(400):
        c = min(1.0, (w**2 * two(c, f) + b**2) / q)
    assert found["c"] == pytest.approx(c, abs=1e-4)
    assert found["depth_scale_c"] == pytest.approx(-1 / np.log(w**2 * two(c, slope)), rel=2e-3)
    # A disturbed variance comes back at the rate of its depth scale.
    away = [q * 1.001]
    for _ in range(3):
        away.append(w**2 * WEIGHT @ f(np.sqrt(away[-1]) * Z) ** 2 + b**2)
    rate = (away[2] - q) / (away[1] - q)
    assert found["depth_scale_q"] == pytest.approx(-1 / np.log(abs(rate)), rel=0.01)


def test_two_inputs_go_as_the_arc_cosine_kernel_says():
    # ReLU under He's weights (Cho and Saul 2009), whatever the variance is.
    found = correlations("relu", 2.0, 0.0, np.full(12, 3.0), np.array([0.0, 0.9, 1.0]))
    c = np.array([0.0, 0.9, 1.0])
    for row in found:
        np.testing.assert_allclose(row, c, atol=2e-4)
        c = (np.sqrt(1 - c**2) + (np.pi - np.arccos(c)) * c) / np.pi
    # Linear layers keep what is alike; of no variance or too much there is nothing to say.
    np.testing.assert_allclose(correlations("linear", 1.0, 0.0, np.ones(5), c[:1]), c[0])
    known = correlations("tanh", 1.0, 0.1, np.array([1.0, np.inf, 1.0]), c)
    assert np.isfinite(known[:1]).all() and np.isnan(known[2:]).all()


def test_functions_of_a_whole_layer_are_refused():
    with pytest.raises(ValueError, match="Softmax is one of a whole layer"):
        mean_field("softmax", 1.0, 0.0)


def test_no_weights_leave_the_biases():
    found = mean_field("tanh", 0.0, 0.5)
    assert found["q"] == pytest.approx(0.25) and found["chi"] == 0 and found["phase"] == "ordered"


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_diagram_agrees_with_the_points(name):
    found = phase_diagram(name, (0.1, 4.0, 7), (0.0, 2.0, 5))
    assert found["chi"].shape == found["q"].shape == (5, 7)
    for row, b in enumerate(found["sigma_b"]):
        for column, w in enumerate(found["sigma_w"]):
            if (row + column) % 3 == 0:
                point = mean_field(name, float(w), float(b))
                assert found["q"][row, column] == pytest.approx(point["q"], 1e-3, 1e-6, nan_ok=True)
                assert found["chi"][row, column] == pytest.approx(point["chi"], 1e-3, 1e-6, nan_ok=True)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_critical_line_is_where_chi_is_one(name):
    found = phase_diagram(name, (0.1, 4.0, 3), (0.0, 2.0, 3))
    w, b = found["critical_w"], found["critical_b"]
    assert ((w >= 0.1) & (w <= 4) & (b >= 0) & (b <= 2)).all()
    for at in range(0, len(w), max(1, len(w) // 6)):
        assert mean_field(name, float(w[at]), float(b[at]))["chi"] == pytest.approx(1, abs=2e-3)


def test_tanh_has_order_on_the_left_of_its_line_and_chaos_on_the_right():
    found = phase_diagram("tanh", (0.1, 4.0, 40), (0.0, 1.9, 20))
    edge = np.interp(found["sigma_b"], found["critical_b"], found["critical_w"])
    left = found["sigma_w"][None, :] < edge[:, None]
    assert (found["chi"][left] < 1 + 5e-3).all() and (found["chi"][~left] > 1 - 5e-3).all()
    assert len(found["critical_w"]) > 50
