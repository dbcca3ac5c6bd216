"""A visitor's own dataset as plain parts, a description in JSON's types and two arrays; and back, checked."""

import secrets
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnplay.data.dataset import EXTENT, FEWEST_PER_CLASS, LINE, PLANE, Dataset
from nnplay.data.datasets import OWN
from nnplay.data.noise import FLIPPED, SHAKEN
from nnplay.data.own.fault import BadTable
from nnplay.data.own.fixed import Fixed
from nnplay.data.own.recipe import FEWEST_ROWS, MOST_CLASSES, MOST_INPUTS
from nnplay.data.own.sheet import MOST_ROWS
from nnplay.data.tables import SHIFTED_COLUMNS, TableMaker

MOST_WORDS = 300


def parts_of(dataset: Dataset) -> tuple[dict[str, Any], tuple[np.ndarray, np.ndarray]]:
    """The words of an own dataset, and its positions (rows, inputs) and targets (rows,)."""
    assert isinstance(dataset.make, TableMaker) and isinstance(dataset.make.read, Fixed)
    fixed = dataset.make.read
    words = {
        "label": dataset.label,
        "about": dataset.about,
        "task": dataset.task,
        "inputs": list(dataset.inputs),
        "targets": list(dataset.targets),
        "shown": dataset.extent is not None,
    }
    return words, (np.asarray(fixed.positions, np.float64), np.asarray(fixed.labels))


def from_parts(words: object, arrays: tuple[np.ndarray, ...]) -> Dataset:
    """The dataset of such parts, under a new name. They are untrusted: raises `BadTable`."""
    if not isinstance(words, Mapping) or len(arrays) != 2:
        raise BadTable("The data lack their description, or their two arrays of inputs and targets.")
    positions, targets = arrays
    label, about = (_words(words.get(name), name) for name in ("label", "about"))
    inputs, names = (_names(words.get(name), name) for name in ("inputs", "targets"))
    task, shown = words.get("task"), words.get("shown")
    if task not in ("classes", "regression") or not isinstance(shown, bool):
        raise BadTable("The data do not say whether they are of classes or of numbers.")
    if positions.ndim != 2 or positions.shape[1] != len(inputs) or not 1 <= len(inputs) <= MOST_INPUTS:
        raise BadTable(f"The data are to have a column for each of 1 to {MOST_INPUTS} inputs.")
    rows = len(positions)
    if targets.shape != (rows,) or not FEWEST_ROWS <= rows <= MOST_ROWS:
        raise BadTable(f"The data are to have {FEWEST_ROWS} to {MOST_ROWS:,} rows, each with a target.")
    if positions.dtype.kind not in "fiu" or not np.isfinite(positions).all():
        raise BadTable("The inputs of the data are to be finite numbers.")
    if shown != (inputs in (PLANE, LINE)) or (shown and np.abs(positions).max() > EXTENT[1]):
        raise BadTable(
            "Data on a plane or a line, and no others, have the inputs x1 and x2, "
            f"from {EXTENT[0]:g} to {EXTENT[1]:g}."
        )
    targets = _classes(targets, len(names)) if task == "classes" else _numbers(targets, len(names))
    return Dataset(
        name=f"{OWN}-{secrets.token_hex(8)}",
        label=label,
        about=about,
        task=task,
        inputs=inputs,
        make=TableMaker(Fixed(positions.astype(np.float64), targets)),
        samples=None,
        classes=len(names) if task == "classes" else 0,
        label_noise=FLIPPED if task == "classes" else SHAKEN,
        position_noise=SHIFTED_COLUMNS,
        standardize=not shown,
        extent=EXTENT if shown else None,
        targets=names,
    )


def _classes(targets: np.ndarray, count: int) -> np.ndarray:
    """int64 classes 0, 1, ... of which each has enough rows."""
    if not 2 <= count <= MOST_CLASSES:
        raise BadTable(f"The data are to have 2 to {MOST_CLASSES} classes.")
    if targets.dtype.kind not in "iu" or targets.min() < 0 or targets.max() >= count:
        raise BadTable(f"The classes of the data are to be whole numbers from 0 to {count - 1}.")
    if np.bincount(targets.astype(np.int64), minlength=count).min() < FEWEST_PER_CLASS:
        raise BadTable(f"Every class of the data needs at least {FEWEST_PER_CLASS} rows.")
    return targets.astype(np.int64)


def _numbers(targets: np.ndarray, count: int) -> np.ndarray:
    if count != 1 or targets.dtype.kind not in "fiu" or not np.isfinite(targets).all():
        raise BadTable("The targets of the data are to be finite numbers, under one name.")
    return targets.astype(np.float64)


def _words(text: object, what: str) -> str:
    if not isinstance(text, str):
        raise BadTable(f"The {what} of the data is to be a text.")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:MOST_WORDS])


def _names(given: object, what: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_INPUTS:
        raise BadTable(f"The data are to name 1 to {MOST_INPUTS} {what}.")
    return tuple(_words(name, what) for name in given)
