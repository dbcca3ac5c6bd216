"""The formulas and sources of the datasets that TensorFlow Playground does not have."""

import math

import numpy as np
import pytest
import sklearn.datasets

from nnplay.data import DATASETS, load
from nnplay.data.curves import polynomial, sawtooth, sinc, sine, step
from nnplay.data.noise import flip
from nnplay.data.signals import signal, templates
from nnplay.data.tables import TABLES, digits, digits28


def made(name, samples=600, label_noise=0.0, position_noise=0.0, classes=2, seed=3):
    return DATASETS[name].make(
        samples, seed=seed, label_noise=label_noise, position_noise=position_noise, classes=classes
    )


def test_rings_follow_the_radius():
    positions, labels = made("rings", classes=3)
    np.testing.assert_array_equal(labels, np.floor(np.hypot(*positions.T) * 3 / 5))


def test_checkerboard_changes_colour_with_every_step_of_three():
    positions, labels = made("checkerboard")
    expected = [(math.floor(x / 3) + math.floor(y / 3)) % 2 for x, y in positions]
    np.testing.assert_array_equal(labels, expected)


def test_moons_lie_on_half_circles_of_radius_three():
    positions, labels = made("moons")
    for label, centre in ((0, (-1.5, -0.75)), (1, (1.5, 0.75))):
        arc = positions[labels == label] - centre
        np.testing.assert_allclose(np.hypot(*arc.T), 3)
        assert (arc[:, 1] * (1, -1)[label] >= -1e-9).all()


@pytest.mark.parametrize("classes", range(2, 7))
def test_blobs_are_centred_evenly_on_a_circle(classes):
    positions, labels = made("blobs", 12_000, classes=classes)
    centres = np.array([positions[labels == label].mean(axis=0) for label in range(classes)])
    np.testing.assert_allclose(np.hypot(*centres.T), 3.5, atol=0.1)
    np.testing.assert_allclose(centres.sum(axis=0), 0, atol=0.3)
    np.testing.assert_allclose(positions[labels == 0].var(axis=0), 0.5, rtol=0.1)


@pytest.mark.parametrize("classes", range(2, 7))
def test_arms_are_turned_copies_of_each_other(classes):
    positions, labels = made("arms", 120 * classes, classes=classes)
    turn = 2 * math.pi / classes
    # A clockwise turn, since angles are counted from the x2 axis.
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    for label in range(classes):
        following = positions[labels == (label + 1) % classes]
        np.testing.assert_allclose(positions[labels == label] @ rotation, following, atol=1e-9)


@pytest.mark.parametrize(
    "height, x, y",
    [
        (sine, [0, math.pi / 2, -math.pi / 2], [0, 1, -1]),
        (step, [-0.1, 0, 0.1], [-1, -1, 1]),
        (sinc, [0, math.pi, math.pi / 2, -2.0], [1, 0, 2 / math.pi, math.sin(2) / 2]),
        (sawtooth, [-4, -2, -1e-12, 0, 1, 2, 3], [-1, 0, 1, -1, -0.5, 0, 0.5]),
        (polynomial, [-6, -3, 0, 3, 6], [-1, 1, 0, -1, 1]),
    ],
)
def test_curves_at_known_places(height, x, y):
    np.testing.assert_allclose(height(np.array(x, dtype=float)), y, atol=1e-9)


@pytest.mark.parametrize("name", [name for name in TABLES if hasattr(sklearn.datasets, f"load_{name}")])
def test_tables_agree_with_scikit_learn(name):
    theirs, ours = getattr(sklearn.datasets, f"load_{name}")(), TABLES[name]
    positions, targets = made(name, samples=10_000, classes=ours.classes)
    assert positions.shape == theirs.data.shape
    for their_name, our_name in zip(theirs.feature_names, ours.inputs, strict=True):
        assert their_name.replace("_", " ").removeprefix("pixel ") in our_name
    if ours.classes:
        assert len(ours.targets) == len(theirs.target_names)
        np.testing.assert_array_equal(np.bincount(targets), np.bincount(theirs.target))
        for their_name, our_name in zip(theirs.target_names, ours.targets, strict=True):
            # scikit-learn calls the three grapes class_0 to class_2.
            assert str(their_name) in (our_name, *(f"class_{index}" for index in range(3)))


def test_stretched_digits_are_scipys_linear_interpolation_of_the_small_ones():
    from scipy.ndimage import map_coordinates

    small, labels = digits()
    large, same_labels = digits28()
    np.testing.assert_array_equal(labels, same_labels)
    places = (np.arange(28) + 0.5) * 8 / 28 - 0.5
    grid = np.meshgrid(places, places, indexing="ij")
    for row in (0, 500, 1796):
        theirs = map_coordinates(small[row].reshape(8, 8), grid, order=1, mode="nearest")
        np.testing.assert_allclose(large[row].reshape(28, 28), theirs, atol=1e-12)


@pytest.mark.parametrize("name", TABLES)
def test_a_small_part_of_a_table_has_all_classes_and_no_row_twice(name):
    rows, targets = made(name, samples=50, classes=TABLES[name].classes)
    assert len(np.unique(np.column_stack([rows, targets]), axis=0)) >= 49  # iris has one flower twice
    if TABLES[name].classes:
        assert (np.bincount(targets, minlength=TABLES[name].classes) >= 4).all()


def test_digits_are_pixels_from_0_to_1_and_stay_so():
    split = load("digits")
    assert split.x_train.min() == 0 and split.x_train.max() == 1
    assert not split.standardized


def test_diabetes_target_has_mean_0_and_deviation_1():
    split = load("diabetes")
    targets = np.concatenate([split.y_train, split.y_test])
    assert targets.mean() == pytest.approx(0, abs=1e-6)
    assert targets.std() == pytest.approx(1, abs=1e-6)


def test_tutorial_sets_have_the_tutorials_shapes():
    one, four = load("random_targets", test_fraction=0.2), load("random_labels", test_fraction=0.2)
    assert one.x_train.shape == (80, 20) and one.task == "regression"
    assert four.x_train.shape == (800, 2) and four.task == "binary"
    for split in (one, four):
        assert split.x_train.min() >= 0 and split.x_train.max() <= 1


@pytest.mark.parametrize("classes", [2, 3, 6])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.29, 0.5])
def test_flip_changes_an_exact_share_to_all_other_classes(classes, share):
    labels = np.repeat(np.arange(classes), 100)
    flipped = flip(labels, share, classes=classes, seed=0)
    for label in range(classes):
        others = flipped[labels == label]
        assert np.sum(others != label) == round(100 * share)
        if share == 0.5:
            assert len(np.unique(others)) == classes
    smaller = flip(labels, share / 2, classes=classes, seed=0)
    assert ((smaller == labels) | (smaller == flipped)).all()


def test_the_four_points_of_xor():
    positions, labels = made("corners", 40)
    points, counts = np.unique(np.column_stack([positions, labels]), axis=0, return_counts=True)
    assert points.tolist() == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]] and set(counts) == {10}
    split = load("corners", seed=1)
    assert len(np.unique(split.positions_train, axis=0)) == len(np.unique(split.positions_test, axis=0)) == 4


def test_clouds_have_a_deviation_of_one_about_middles_in_the_same_distance():
    positions, labels = made("clouds", 20_000, classes=10)
    assert positions.shape == (20_000, 10)
    for label in range(10):
        cloud = positions[labels == label]
        assert np.linalg.norm(cloud.mean(axis=0)) == pytest.approx(4, abs=0.15)
        np.testing.assert_allclose(cloud.std(axis=0), 1, atol=0.08)


def test_mnist1d_has_the_published_strokes_and_sizes():
    # Of the package: whitened, then started at 0; each from the second point of its list.
    strokes = templates()
    np.testing.assert_allclose(strokes.std(axis=1), 1 / 6)
    np.testing.assert_array_equal(strokes[:, 0], 0)
    # The first two strokes are almost each other's mirror image, six and eight start alike.
    assert np.corrcoef(strokes[0], strokes[6])[0, 1] < -0.9 and (strokes[6, 1] < 0) and strokes[8, 2] < 0
    positions, labels = made("mnist1d", 500)
    assert positions.shape == (500, 40) and np.bincount(labels).tolist() == [50] * 10
    assert positions.mean() == pytest.approx(0, abs=1e-9) and positions.std() == pytest.approx(1)
    # Another seed draws other shifts, and every sample its own.
    assert not np.allclose(positions, made("mnist1d", 500, seed=4)[0])
    assert len(np.unique(positions.round(9), axis=0)) == 500


def test_a_signal_without_chance_is_the_stroke_itself():
    class Still:
        """Draws the middle of everything: no scale, no shift, no noise, no shear."""

        def random(self):
            return 0.5

        def integers(self, n):
            return 0

        def normal(self, size):
            return np.zeros(size)

    found = signal(templates()[3], Still())
    # Twelve points and 48 zeros, by 72 and then 40 points: a fifth of the way holds the stroke.
    assert np.abs(found[12:]).max() < 1e-7
    places = np.linspace(0, 59, 40)
    np.testing.assert_allclose(found[:7], np.interp(places, np.arange(12), templates()[3])[:7], atol=0.05)
