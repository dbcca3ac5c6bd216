"""Training and test data of one experiment: made, shuffled, thinned out, cut in two, encoded."""

from dataclasses import dataclass
from math import floor

import numpy as np

from nnplay.data.dataset import FEWEST_PER_CLASS, Dataset, Task, class_count, target_names, task_of
from nnplay.data.datasets import find
from nnplay.data.encoder import Encoder, fit_encoder
from nnplay.data.features import FEATURES, choose_features, input_names
from nnplay.data.noise import stream
from nnplay.registry import look_up

ATTEMPTS = 1000
USUAL_STEPS = 20


@dataclass(frozen=True, eq=False)
class Split:
    """Positions float32 (samples, dimensions) as drawn; x float32 (samples, inputs) as the network gets them.

    Of sequences both are (samples, steps, inputs).
    y is int32 (samples,) class indices, or float32 (samples,) real targets when `classes` is 0.
    The arrays are read-only.
    x_train equals encoder(positions_train), bit for bit; the same for test.
    """

    task: Task
    classes: int
    positions_train: np.ndarray
    positions_test: np.ndarray
    x_train: np.ndarray
    x_test: np.ndarray
    y_train: np.ndarray
    y_test: np.ndarray
    encoder: Encoder
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    standardized: bool

    def __post_init__(self) -> None:
        # Callers cache splits and share them.
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.flags.writeable = False


def load(
    name: str,
    *,
    samples: int | None = None,
    label_noise: float = 0.0,
    position_noise: float = 0.0,
    imbalance: float = 0.0,
    classes: int = 2,
    test_fraction: float = 0.5,
    features: tuple[str, ...] = (),
    standardize: bool | None = None,
    steps: int = USUAL_STEPS,
    seed: int = 0,
) -> Split:
    """Make the dataset called `name` and split it; the same arguments give the same arrays, bit for bit.

    samples: None is the dataset's default, for a table all rows. Fewer than four a class become four a class.
    label_noise, position_noise: 0..0.5; what they do is said by the dataset.
    imbalance: 0..0.9, the share of the samples of every class but class 0 that is thrown away (class 0 keeps
        all, no class falls below two), so there are fewer samples in all. Nothing happens in regression.
    classes: counts only where the dataset lets one choose.
    test_fraction: the first floor(n * (1 - test_fraction)) of the n shuffled samples are for training. Where
        that would leave a part without some class, or empty, one of each class is moved there.
    features: names from FEATURES. Those the data cannot have are left out; with none left, its inputs go in.
    standardize: None is the dataset's own habit. Mean and deviation are those of the training part.
    steps: length of a sequence, 2 or more; nothing to other data.
    seed: 0 or more. Positions, labels, shifts and the shuffle have streams of their own, so that a noise
        changes only what its sentence says (a handful of samples may have to be made afresh).

    Raises UnknownName for an unknown dataset or feature, ValueError for a number of classes out of range.
    """
    dataset = find(name)
    for feature in features:
        look_up(FEATURES, feature, "feature")
    classes = class_count(dataset, classes)
    positions, targets, _ = make_points(dataset, samples, label_noise, position_noise, classes, steps, seed)

    train, test = cut(targets, classes, imbalance, test_fraction, seed)
    positions = positions.astype(np.float32)
    targets = targets.astype(np.int32 if classes else np.float32)

    standardized = dataset.standardize if standardize is None else standardize
    # Cut once: where nothing is encoded, the network gets these very arrays, and large data are there once.
    of_train, of_test = positions[train], positions[test]
    encoder = fit_encoder(choose_features(dataset, features), of_train, standardize=standardized)

    return Split(
        task=task_of(dataset, classes),
        classes=classes,
        positions_train=of_train,
        positions_test=of_test,
        x_train=encoder(of_train),
        x_test=encoder(of_test),
        y_train=targets[train],
        y_test=targets[test],
        encoder=encoder,
        input_names=input_names(dataset, features),
        target_names=target_names(dataset, classes),
        standardized=standardized,
    )


def make_points(
    dataset: Dataset,
    samples: int | None,
    label_noise: float,
    position_noise: float,
    classes: int,
    steps: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray, int]:
    """Positions and targets, made again and again if need be, until every class has two samples; and the seed
    that gave them.

    The first attempt is good enough at any usual size; eight points of `xor` may well miss a class.
    """
    # A table without a wish is asked for more rows than any has.
    wanted = samples or dataset.samples or 10**9
    wanted = max(wanted, FEWEST_PER_CLASS * max(classes, 1))
    length = {"steps": steps} if dataset.sequence else {}
    for attempt in range(ATTEMPTS):
        # Far from any seed that a person would choose next.
        tried = seed + attempt * 2**32
        positions, targets = dataset.make(
            wanted,
            seed=tried,
            label_noise=label_noise,
            position_noise=position_noise,
            classes=classes,
            **length,
        )
        if classes == 0 or np.bincount(targets, minlength=classes).min() >= 2:
            return positions, targets, tried
    raise RuntimeError(
        f"Dataset {dataset.name!r} made {ATTEMPTS} times, never with two samples of all {classes} classes."
    )


def cut(
    targets: np.ndarray, classes: int, imbalance: float, test_fraction: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Indices for training and for testing, shuffled; those that `imbalance` throws away are in neither."""
    order = stream(seed, "split").permutation(len(targets))
    members = [order[targets[order] == label] for label in range(classes)]
    members[1:] = [rows[: max(2, round(len(rows) * (1 - imbalance)))] for rows in members[1:]]
    if classes:
        order = order[np.isin(order, np.concatenate(members))]

    # Rounded first: 500 * (1 - 0.9) is 49.99999999999999, and means 50.
    training = floor(round(len(order) * (1 - test_fraction), 6))
    fewest = max(classes, 1)
    training = min(max(training, fewest), len(order) - fewest)

    parts = targets[order[:training]], targets[order[training:]]
    if any(len(np.unique(part)) < classes for part in parts):
        # One of each class to the front and one to the end: then any cut between leaves all in both.
        front, back = [rows[0] for rows in members], [rows[-1] for rows in members]
        order = np.concatenate([front, order[~np.isin(order, front + back)], back])
    return order[:training], order[training:]
