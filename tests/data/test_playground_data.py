"""TensorFlow Playground's formulas, checked on the points and against plain loops."""

import math

import numpy as np
import pytest

from nnplay.data import DATASETS, load
from nnplay.data.noise import stream


def made(name, samples=500, label_noise=0.0, position_noise=0.0, classes=2, seed=3):
    return DATASETS[name].make(
        samples, seed=seed, label_noise=label_noise, position_noise=position_noise, classes=classes
    )


def test_circle():
    positions, labels = made("circle", 2000)
    radius = np.hypot(*positions.T)
    np.testing.assert_array_equal(labels, radius < 2.5)
    assert labels.sum() == 1000
    assert radius[labels == 0].min() >= 3.5 and radius.max() <= 5
    # r, not the area, is uniform: mean radius 1.25 inside, 4.25 outside (standard errors 0.023 and 0.014).
    assert radius[labels == 1].mean() == pytest.approx(1.25, abs=0.1)
    assert radius[labels == 0].mean() == pytest.approx(4.25, abs=0.06)


def test_xor():
    positions, labels = made("xor", 2000)
    np.testing.assert_array_equal(labels, positions[:, 0] * positions[:, 1] >= 0)
    assert np.abs(positions).min() >= 0.3 and 5 < np.abs(positions).max() <= 5.3
    assert np.abs(positions).mean() == pytest.approx(2.8, abs=0.1)


@pytest.mark.parametrize("name, reach", [("circle", 5), ("xor", 5), ("plane", 6), ("gaussians", 6)])
def test_label_noise_asks_at_a_place_nearby(name, reach):
    """The target under noise is the rule at p + noise * U(-reach, reach), drawn from the stream of labels."""
    rule = {
        "circle": lambda x, y: float(math.sqrt(x * x + y * y) < 2.5),
        "xor": lambda x, y: float(x * y >= 0),
        "plane": lambda x, y: (x + y) / 10,
        "gaussians": hill,
    }[name]
    positions, targets = made(name, 300, label_noise=0.3)
    away = 0.3 * stream(3, "labels").uniform(-reach, reach, (300, 2))
    expected = [rule(x + dx, y + dy) for (x, y), (dx, dy) in zip(positions, away, strict=True)]
    np.testing.assert_allclose(targets, expected, atol=1e-12)


def hill(x, y):
    """As in the original: of the six, the value largest in magnitude."""
    centres = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
    values = [sign * min(max(1 - math.sqrt((x - a) ** 2 + (y - b) ** 2) / 2, 0), 1) for a, b, sign in centres]
    return max(values, key=abs)


@pytest.mark.parametrize("noise, variance", [(0.0, 0.5), (0.1, 1.2), (0.5, 4.0)])
def test_gauss(noise, variance):
    positions, labels = made("gauss", 20_000, position_noise=noise)
    assert labels.sum() == 10_000
    for label, centre in ((1, 2), (0, -2)):
        cloud = positions[labels == label]
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=0.1)
        np.testing.assert_allclose(cloud.var(axis=0), variance, rtol=0.06)
        assert abs(np.corrcoef(cloud.T)[0, 1]) < 0.04


@pytest.mark.parametrize("name", ["spiral", "arms"])
def test_spiral(name):
    positions, labels = made(name, 500)
    for label, start in ((1, 0.0), (0, math.pi)):
        expected = []
        for i in range(250):
            r, t = i / 250 * 5, 1.75 * i / 250 * 2 * math.pi + start
            expected.append((r * math.sin(t), r * math.cos(t)))
        np.testing.assert_allclose(positions[labels == label], expected, atol=1e-12)


def test_spiral_noise_is_uniform_up_to_the_noise():
    away = made("spiral", 4000, position_noise=0.5)[0] - made("spiral", 4000)[0]
    assert 0.49 < np.abs(away).max() <= 0.5
    assert away.std() == pytest.approx(0.5 / math.sqrt(3), rel=0.05)


def test_plane():
    positions, targets = made("plane", 1200)
    np.testing.assert_allclose(targets, (positions[:, 0] + positions[:, 1]) / 10)
    assert 5.9 < np.abs(positions).max() <= 6


def test_gaussians():
    positions, targets = made("gaussians", 1200)
    np.testing.assert_allclose(targets, [hill(x, y) for x, y in positions], atol=1e-12)


def test_gaussians_at_and_around_the_centres():
    from nnplay.data.surfaces import gaussians

    places = [(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5), (1, 2.5), (0, 0), (2, 2.5)]
    np.testing.assert_allclose(gaussians(np.array(places)), [1, -1, 1, -1, 1, -1, -0.5, 0, 0], atol=1e-12)


@pytest.mark.parametrize("name, count", [("circle", 500), ("xor", 500), ("gauss", 500), ("spiral", 500)])
def test_classification_counts(name, count):
    split = load(name)
    assert len(split.y_train) == len(split.y_test) == count // 2
    assert split.target_names == ("-1", "+1")


@pytest.mark.parametrize("name", ["plane", "gaussians"])
def test_regression_counts(name):
    split = load(name)
    assert len(split.y_train) == len(split.y_test) == 600
