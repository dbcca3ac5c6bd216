"""What every dataset promises, whatever it is."""

import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest

from nnplay.data import DATASETS, FEATURES, USUAL_STEPS, class_count, load, task_of
from nnplay.registry import UnknownName

# Large enough that no class is ever missing by chance, small enough to be quick.
SAMPLES = 120
every_dataset = pytest.mark.parametrize("name", DATASETS)


def arrays(split):
    return [value for value in vars(split).values() if isinstance(value, np.ndarray)]


def points(name, **settings):
    """All positions and targets of a split, in the order of the shuffle."""
    split = load(name, **{"samples": SAMPLES, **settings})
    return (
        np.concatenate([split.positions_train, split.positions_test]),
        np.concatenate([split.y_train, split.y_test]),
    )


@every_dataset
def test_entry_is_complete(name):
    dataset = DATASETS[name]
    assert dataset.name == name
    assert dataset.label and dataset.about.endswith(".")
    assert len(set(dataset.inputs)) == len(dataset.inputs) > 0
    for sentence in (dataset.label_noise, dataset.position_noise):
        assert sentence == "" or sentence.endswith(".")
    assert (dataset.task == "regression") == (dataset.classes == 0)
    assert (dataset.extent is not None) == dataset.takes_features


@every_dataset
@pytest.mark.parametrize(
    "settings", [{}, {"samples": 77, "label_noise": 0.3, "position_noise": 0.2, "seed": 5}]
)
def test_same_arguments_same_bits(name, settings):
    first, second = load(name, **settings), load(name, **settings)
    for one, other in zip(arrays(first), arrays(second), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    assert first.encoder == second.encoder


@every_dataset
def test_another_seed_gives_other_points(name):
    assert not np.array_equal(points(name, seed=1)[0], points(name, seed=2)[0])


@every_dataset
@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("standardize", [None, True, False])
def test_shapes_types_and_finite_values(name, noise, standardize):
    dataset = DATASETS[name]
    split = load(name, label_noise=noise, position_noise=noise, standardize=standardize)
    for positions, x, y in (
        (split.positions_train, split.x_train, split.y_train),
        (split.positions_test, split.x_test, split.y_test),
    ):
        steps = (USUAL_STEPS,) if dataset.sequence else ()
        assert positions.shape == (len(y), *steps, len(dataset.inputs))
        assert x.shape == (len(y), *steps, len(split.input_names))
        assert y.shape == (len(y),)
        assert positions.dtype == x.dtype == np.float32
        assert y.dtype == (np.float32 if dataset.task == "regression" else np.int32)
        np.testing.assert_array_equal(x, split.encoder(positions))
    for array in arrays(split):
        assert np.isfinite(array).all()
        assert not array.flags.writeable
    if dataset.samples:
        assert len(split.y_train) + len(split.y_test) == dataset.samples


@every_dataset
def test_task_and_names_follow_the_classes(name):
    dataset = DATASETS[name]
    fewest, most = (dataset.classes,) * 2 if isinstance(dataset.classes, int) else dataset.classes
    for classes in range(fewest, most + 1):
        split = load(name, samples=SAMPLES, classes=max(classes, 2))
        assert split.classes == class_count(dataset, max(classes, 2)) == classes
        assert split.task == task_of(dataset, max(classes, 2))
        assert len(set(split.target_names)) == len(split.target_names) == max(classes, 1)
        if classes:
            assert set(np.unique(split.y_train)) == set(range(classes))


@every_dataset
def test_targets_are_of_a_size_that_trains(name):
    dataset = DATASETS[name]
    targets = points(name, samples=None)[1]
    if dataset.task == "regression":
        assert np.abs(targets).max() < 3 and targets.std() > 0.1
    if dataset.unit_targets:
        targets = points(name, label_noise=0.5)[1]
        assert targets.min() >= 0 and targets.max() <= 1


@every_dataset
def test_plane_shown_holds_the_points(name):
    dataset = DATASETS[name]
    if dataset.extent:
        low, high = dataset.extent
        positions = points(name, samples=None)[0]
        # Normal clouds have tails.
        assert np.mean((low <= positions) & (positions <= high)) > 0.99


@every_dataset
def test_label_noise_moves_no_point(name):
    calm, noisy = points(name), points(name, label_noise=0.4)
    np.testing.assert_array_equal(calm[0], noisy[0])
    assert np.array_equal(calm[1], noisy[1]) == (DATASETS[name].label_noise == "")


@every_dataset
def test_position_noise_changes_no_label(name):
    calm, noisy = points(name, label_noise=0.2), points(name, label_noise=0.2, position_noise=0.4)
    np.testing.assert_array_equal(calm[1], noisy[1])
    assert np.array_equal(calm[0], noisy[0]) == (DATASETS[name].position_noise == "")


@every_dataset
def test_noise_grows_along_its_own_direction(name):
    still, some, more = (points(name, position_noise=noise)[0] for noise in (0.0, 0.1, 0.4))
    assert np.abs(some - still).max() <= np.abs(more - still).max()
    np.testing.assert_array_equal(np.sign(some - still), np.sign(more - still))


@every_dataset
def test_moderate_label_noise_leaves_most_labels(name):
    dataset = DATASETS[name]
    calm, noisy = points(name, samples=400)[1], points(name, samples=400, label_noise=0.2)[1]
    if dataset.task == "classes" and dataset.label_noise:
        assert 0.02 < np.mean(calm != noisy) < 0.25


@every_dataset
@pytest.mark.parametrize("feature", FEATURES)
def test_any_feature_may_be_asked_of_any_dataset(name, feature):
    split = load(name, samples=SAMPLES, features=(feature,))
    assert split.x_train.shape[-1] == len(split.input_names) >= 1


def test_unknown_names_are_explained():
    near = next(iter(DATASETS))
    with pytest.raises(UnknownName, match=f"Unknown dataset '{near}x'. Did you mean '{near}'"):
        load(near + "x")
    with pytest.raises(UnknownName, match="Unknown feature 'x9'"):
        load(near, features=("x9",))


@every_dataset
def test_number_of_classes_out_of_range_is_explained(name):
    if not isinstance(DATASETS[name].classes, int):
        with pytest.raises(ValueError, match=r"cannot have 7 classes\. Choose a number from 2 to 6"):
            load(name, classes=7)


def test_a_worker_on_a_spiral_imports_nothing_heavy():
    heavy = {"sklearn", "pandas", "scipy", "keras", "tensorflow"}
    code = f"import sys, nnplay.data; nnplay.data.load('spiral'); print({heavy} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def test_every_split_field_is_filled():
    split = load(next(iter(DATASETS)))
    assert all(getattr(split, field.name) is not None for field in fields(split))
