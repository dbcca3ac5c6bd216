"""What a network may be shown of a position in the plane or on a line: coordinates, squares, sines..."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnplay.data.dataset import LINE, PLANE, Dataset


@dataclass(frozen=True)
class Feature:
    """`function` takes positions (samples, dimensions) to values (samples,); `formula` is LaTeX."""

    label: str
    formula: str
    inputs: tuple[str, ...]
    function: Callable[[np.ndarray], np.ndarray]


FEATURES: dict[str, Feature] = {
    "x1": Feature("x₁", "x_1", ("x1",), lambda p: p[:, 0]),
    "x2": Feature("x₂", "x_2", ("x2",), lambda p: p[:, 1]),
    "x1sq": Feature("x₁²", "x_1^2", ("x1",), lambda p: p[:, 0] ** 2),
    "x2sq": Feature("x₂²", "x_2^2", ("x2",), lambda p: p[:, 1] ** 2),
    "x1x2": Feature("x₁x₂", "x_1 x_2", ("x1", "x2"), lambda p: p[:, 0] * p[:, 1]),
    "sinx1": Feature("sin x₁", r"\sin x_1", ("x1",), lambda p: np.sin(p[:, 0])),
    "sinx2": Feature("sin x₂", r"\sin x_2", ("x2",), lambda p: np.sin(p[:, 1])),
    "cosx1": Feature("cos x₁", r"\cos x_1", ("x1",), lambda p: np.cos(p[:, 0])),
    "cosx2": Feature("cos x₂", r"\cos x_2", ("x2",), lambda p: np.cos(p[:, 1])),
}


def available(inputs: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the features that these inputs can have; none for tables, which go in as they are."""
    if inputs not in (PLANE, LINE):
        return ()
    return tuple(name for name, feature in FEATURES.items() if set(feature.inputs) <= set(inputs))


def features_for(dataset: Dataset) -> tuple[str, ...]:
    """Names of the features that the dataset can have, in menu order."""
    return available(dataset.inputs)


def choose_features(dataset: Dataset, features: tuple[str, ...]) -> tuple[str, ...]:
    """Of `features` those that the dataset can have; with none left, its inputs; nothing for a table."""
    possible = features_for(dataset)
    chosen = tuple(name for name in features if name in possible)
    return chosen or tuple(name for name in dataset.inputs if name in possible)


def input_names(dataset: Dataset, features: tuple[str, ...]) -> tuple[str, ...]:
    """What each input of the network is: the labels of the features chosen, or the table's columns."""
    return tuple(FEATURES[name].label for name in choose_features(dataset, features)) or dataset.inputs
