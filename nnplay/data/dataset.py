"""What a dataset is: a maker of positions and targets, with the words and numbers that a page needs."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

# Positions float64 (samples, dimensions), of sequences (samples, steps, dimensions); targets (samples,):
# int64 classes or float64 real values.
Points = tuple[np.ndarray, np.ndarray]

# make(samples, *, seed, label_noise, position_noise, classes) -> Points; of sequences with `steps` as well.
# Rows come in no promised order.
Maker = Callable[..., Points]

# `load` asks for at least this many samples a class: half may change class (label noise 0.5), and
# one must be left for training and one for testing.
FEWEST_PER_CLASS = 4

Task = Literal["binary", "multiclass", "regression"]

PLANE = ("x1", "x2")
LINE = ("x1",)
EXTENT = (-6.0, 6.0)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One entry of the menu.

    `samples` is the default count; None means a table of fixed size, of which a smaller count takes a part.
    `classes` is fixed, or (fewest, most) to choose from, or 0 for regression.
    `label_noise` and `position_noise` say what that noise (0..0.5) does here; "" means that it does nothing.
    `unit_targets` marks regression targets in [0, 1], on which a cross-entropy may be used.
    `extent` is the range of every input that a plot shows; None where there is no plane or line to show.
    `targets` names the classes (where one may choose, the first of them count), or the one real target; empty
    means the names `target_names` makes up.
    `layout`: how the inputs of a sample lie where they are more than a list: (rows, columns, channels) of an
    image, (steps, channels) of a signal.
    `sequence`: a sample is a sequence of `steps` (which one may choose) times the inputs, with one target.
    `goes_on`: where the target is the value that comes next, what comes after values (steps,): so many more.
    """

    name: str
    label: str
    about: str
    task: Literal["classes", "regression"]
    inputs: tuple[str, ...]
    make: Maker
    samples: int | None
    classes: int | tuple[int, int]
    label_noise: str
    position_noise: str
    unit_targets: bool = False
    standardize: bool = False
    extent: tuple[float, float] | None = None
    targets: tuple[str, ...] = ()
    sequence: bool = False
    layout: tuple[int, ...] = ()
    goes_on: Callable[[np.ndarray, int], np.ndarray] | None = None

    @property
    def picture(self) -> tuple[int, int] | None:
        """Rows and columns, where the inputs are the pixels of a picture, row by row."""
        if not self.inputs[0].startswith("pixel "):
            return None
        side = math.isqrt(len(self.inputs))
        return side, side

    @property
    def takes_features(self) -> bool:
        """Whether features are made from the inputs; a table's columns go in as they are."""
        return self.inputs in (PLANE, LINE)


def class_count(dataset: Dataset, wanted: int) -> int:
    """The number of classes: the dataset's own where that is fixed, else `wanted`.

    Raises ValueError when `wanted` is outside the range to choose from.
    """
    if isinstance(dataset.classes, int):
        return dataset.classes
    fewest, most = dataset.classes
    if not fewest <= wanted <= most:
        raise ValueError(
            f"Dataset {dataset.name!r} cannot have {wanted} classes. Choose a number from {fewest} to {most}."
        )
    return wanted


def task_of(dataset: Dataset, classes: int) -> Task:
    """What kind of answer the network gives, when `classes` are wanted where one may choose."""
    count = class_count(dataset, classes)
    return "regression" if count == 0 else "binary" if count == 2 else "multiclass"


def target_names(dataset: Dataset, classes: int) -> tuple[str, ...]:
    """Names of the classes, index by index; for regression the one name of the target."""
    count = class_count(dataset, classes)
    if dataset.targets:
        return dataset.targets[: max(count, 1)]
    made_up = {0: ("y",), 2: ("-1", "+1")}
    return made_up.get(count) or tuple(f"class {index}" for index in range(count))
