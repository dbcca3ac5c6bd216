"""Cutting into training and test data: sizes, classes and imbalance, at extremes too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.data import DATASETS, load

# Tables are read anew at each load: few examples for them, in a test of their own.
DRAWN = [name for name, dataset in DATASETS.items() if dataset.samples]
TABLES = [name for name in DATASETS if name not in DRAWN]


def assert_complete(split):
    for y in (split.y_train, split.y_test):
        assert len(y) > 0
        if split.classes:
            assert set(np.unique(y)) == set(range(split.classes))


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(DRAWN),
    samples=st.integers(1, 40),
    label_noise=st.sampled_from([0.0, 0.25, 0.5]),
    imbalance=st.sampled_from([0.0, 0.5, 0.9]),
    test_fraction=st.sampled_from([0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0]),
    classes=st.integers(2, 6),
    seed=st.integers(0, 2**31),
)
def test_both_parts_always_have_every_class(**arguments):
    assert_complete(load(**arguments))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("samples, test_fraction", [(1, 0.5), (10, 0.9), (60, 0.01), (None, 0.99)])
def test_both_parts_of_a_table_have_every_class(name, samples, test_fraction):
    assert_complete(load(name, samples=samples, test_fraction=test_fraction, label_noise=0.5, imbalance=0.9))


@pytest.mark.parametrize("percent", range(10, 91, 10))
@pytest.mark.parametrize("samples", [333, 500])
def test_training_part_is_the_floor_of_its_share(samples, percent):
    split = load("plane", samples=samples, test_fraction=1 - percent / 100)
    assert len(split.y_train) == samples * percent // 100
    split = load("circle", samples=samples, test_fraction=(100 - percent) / 100)
    assert len(split.y_train) == samples * percent // 100


def test_moving_the_cut_keeps_the_order():
    early, late = load("xor", test_fraction=0.7), load("xor", test_fraction=0.3)
    count = len(early.y_train)
    np.testing.assert_array_equal(early.positions_train, late.positions_train[:count])


def test_parts_share_no_sample():
    split = load("gauss")
    together = np.concatenate([split.positions_train, split.positions_test])
    assert len(np.unique(together, axis=0)) == 500


@pytest.mark.parametrize("imbalance", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("name, classes", [("gauss", 2), ("arms", 5)])
def test_imbalance_thins_out_every_class_but_the_first(name, classes, imbalance):
    split = load(name, samples=100 * classes, classes=classes, imbalance=imbalance)
    counts = np.bincount(np.concatenate([split.y_train, split.y_test]))
    np.testing.assert_array_equal(counts, [100] + [round(100 * (1 - imbalance))] * (classes - 1))


def test_imbalance_leaves_points_where_they_are():
    whole, thin = load("circle"), load("circle", imbalance=0.6)
    everything = {tuple(p) for p in np.concatenate([whole.positions_train, whole.positions_test])}
    assert {tuple(p) for p in np.concatenate([thin.positions_train, thin.positions_test])} < everything


def test_imbalance_is_nothing_to_regression():
    np.testing.assert_array_equal(load("sine").x_train, load("sine", imbalance=0.9).x_train)


def test_samples_are_what_was_asked_for():
    for name in DRAWN:
        split = load(name, samples=101)
        assert len(split.y_train) + len(split.y_test) == 101
    assert len(load("iris", samples=90).y_train) == 45
    assert len(load("iris", samples=5000).y_train) == 75
