"""What is made of a person's columns: which to predict, as what, which go in; and the dataset of them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnplay.data.dataset import EXTENT, FEWEST_PER_CLASS, LINE, PLANE, Dataset
from nnplay.data.datasets import OWN
from nnplay.data.noise import FLIPPED, SHAKEN
from nnplay.data.own.columns import Column, looks_like_classes
from nnplay.data.own.fault import BadTable, quoted
from nnplay.data.own.fixed import Fixed
from nnplay.data.tables import SHIFTED_COLUMNS, TableMaker

FEWEST_ROWS = 10
MOST_CLASSES = 20
MOST_INPUTS = 200
USUAL_TARGETS = ("target", "label", "class", "y", "species", "outcome", "output")
# The plane that a plot shows goes to 6: the points fill it to 5, as TensorFlow Playground's do.
REACH = 5.0


@dataclass(frozen=True)
class Recipe:
    """`target`: the column to predict, as `task`. `inputs`: the columns that go in, in their order."""

    target: str
    task: Literal["classes", "regression"]
    inputs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Made:
    """`dataset`: as those of the registry. `notes`: what was done. `balance`: rows of each class."""

    dataset: Dataset
    notes: tuple[str, ...]
    balance: dict[str, int]


def guess(columns: Sequence[Column]) -> Recipe:
    """A column called like a target, or else the last one that can be; all other usable columns go in.

    Raises `BadTable` where no column can be predicted, or none would be left to go in.
    """
    usable = [column for column in columns if column.usable]
    if not usable:
        reasons = "; ".join(f"{quoted(column.name)} {column.reason}" for column in columns[:3])
        raise BadTable(
            f"No column can be learned from: {reasons}. Give columns of numbers or a few categories."
        )
    named = [column for column in usable if column.name.strip().lower() in USUAL_TARGETS]
    target = (named or usable)[-1]
    inputs = tuple(column.name for column in usable if column is not target)
    if not inputs:
        raise BadTable(
            f"Only column {quoted(target.name)} can be used, and a network needs something to predict it "
            "from. "
            "Give at least one more column of numbers or of a few categories."
        )
    return Recipe(target.name, "classes" if looks_like_classes(target) else "regression", inputs)


def make(columns: Sequence[Column], recipe: Recipe, title: str) -> Made:
    """The dataset, called `title` in the menu. Raises `BadTable`.

    Rows without a target are left out. A missing number becomes its column's median, a missing category one
    of its own. A category of two is one input (0, 1), of more one input each. A single number, or two, are
    stretched to the line or the plane that a plot shows; others are standardised, as those of tables are.
    """
    by_name = {column.name: column for column in columns}
    unknown = [name for name in (recipe.target, *recipe.inputs) if name not in by_name]
    if unknown:
        known = ", ".join(quoted(name) for name in by_name)
        raise BadTable(f"There is no column {quoted(unknown[0])}. Columns: {known}.")
    if recipe.target in recipe.inputs:
        raise BadTable(
            f"Column {quoted(recipe.target)} is to be predicted and cannot go in as well. Take it out of "
            "the inputs."
        )
    if not recipe.inputs:
        raise BadTable("No column goes in. Choose at least one.")
    target, inputs = by_name[recipe.target], [by_name[name] for name in recipe.inputs]
    for column in (target, *inputs):
        if not column.usable:
            raise BadTable(f"Column {quoted(column.name)} {column.reason}. Choose another.")
    rows = ~np.isnan(target.values)
    notes = []
    if lost := int((~rows).sum()):
        notes.append(f"{lost} {'row' if lost == 1 else 'rows'} without {quoted(target.name)} left out.")
    if recipe.task == "classes":
        labels, names, rows, more = _classes(target, rows)
        balance = {name: int((labels == place).sum()) for place, name in enumerate(names)}
        notes += more
    else:
        labels, names, more = _real(target, rows)
        balance = {}
        notes += more
    if (count := int(rows.sum())) < FEWEST_ROWS:
        raise BadTable(f"Only {count} rows can be used; at least {FEWEST_ROWS} are needed. Give more.")
    positions, input_names, more = _inputs(inputs, rows)
    notes += more
    numbers = all(column.kind == "number" for column in inputs)
    shown = {1: LINE, 2: PLANE}.get(len(inputs)) if numbers else None
    if shown:
        positions = _stretched(positions)
        lows_highs = ", ".join(
            f"{name} ({np.nanmin(column.values[rows]):.4g} to {np.nanmax(column.values[rows]):.4g})"
            for name, column in zip(input_names, inputs, strict=True)
        )
        notes.append(f"{' and '.join(shown)}: {lows_highs}, each stretched to -{REACH:g} to {REACH:g}.")
    dataset = Dataset(
        name=f"{OWN}-{secrets.token_hex(8)}",
        label=title,
        about=f"Your own table: {count:,} rows.",
        task=recipe.task,
        inputs=shown or input_names,
        make=TableMaker(Fixed(positions, labels)),
        samples=None,
        classes=len(names) if recipe.task == "classes" else 0,
        label_noise=FLIPPED if recipe.task == "classes" else SHAKEN,
        position_noise=SHIFTED_COLUMNS,
        standardize=not shown,
        extent=EXTENT if shown else None,
        targets=names,
    )
    return Made(dataset, tuple(notes), balance)


def _classes(target: Column, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...], np.ndarray, list[str]]:
    """Class of each row that stays, the classes' names, the rows that stay, and what was done."""
    values, counts = np.unique(target.values[rows], return_counts=True)
    name_of = {
        value: target.categories[int(value)] if target.categories else f"{value:.6g}"
        for value in values.tolist()
    }
    kept = [
        value
        for value, count in zip(values.tolist(), counts.tolist(), strict=True)
        if count >= FEWEST_PER_CLASS
    ]
    rare = [name_of[value] for value in values.tolist() if value not in kept]
    if len(kept) < 2:
        raise BadTable(
            f"Column {quoted(target.name)} has {len(kept) or 'no'} "
            f"{'class' if len(kept) == 1 else 'classes'} with "
            f"at least {FEWEST_PER_CLASS} rows; two are needed. Choose another column to predict, or "
            "regression."
        )
    if len(kept) > MOST_CLASSES:
        raise BadTable(
            f"Column {quoted(target.name)} has {len(kept)} classes; at most {MOST_CLASSES} can be told "
            "apart here. "
            "Choose another column, or regression."
        )
    rows = rows & np.isin(target.values, kept)
    labels = np.searchsorted(kept, target.values[rows]).astype(np.int64)
    notes = []
    if rare:
        listed = ", ".join(quoted(name) for name in rare[:5]) + (" …" if len(rare) > 5 else "")
        notes.append(f"Classes of fewer than {FEWEST_PER_CLASS} rows left out: {listed}.")
    return labels, tuple(name_of[value] for value in kept), rows, notes


def _real(target: Column, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...], list[str]]:
    """Target of each row, standardised, its name, and what was done."""
    if target.kind != "number":
        raise BadTable(
            f"Column {quoted(target.name)} holds categories, not numbers: it can be predicted as classes "
            "only."
        )
    values = target.values[rows]
    # The deviation of large numbers that hardly differ is lost in rounding.
    spread = values.std()
    if not spread > 1e-9 * np.abs(values).max():
        raise BadTable(f"Column {quoted(target.name)} is the same everywhere. Choose another one to predict.")
    scale = f"0 is its mean {values.mean():.4g}, 1 its deviation {spread:.4g}"
    note = f"{quoted(target.name)} is standardised: {scale}."
    name = f"{target.name} (standard deviations from the mean)"
    return (values - values.mean()) / spread, (name,), [note]


def _inputs(inputs: list[Column], rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...], list[str]]:
    """Positions float64 (rows, inputs), the inputs' names, and what was done."""
    arrays, names, notes = [], [], []
    for column in inputs:
        values, absent = column.values[rows], np.isnan(column.values[rows])
        gone = int(absent.sum())
        if column.kind == "number":
            if gone == len(values):
                raise BadTable(
                    f"Column {quoted(column.name)} has no value in the rows that stay. Take it out."
                )
            if gone:
                median = float(np.median(values[~absent]))
                values = np.where(absent, median, values)
                notes.append(f"{gone} missing in {quoted(column.name)}: its median, {median:.4g}, stands in.")
            arrays.append(values)
            names.append(column.name)
            continue
        options = list(enumerate(column.categories))
        if gone:
            notes.append(f"{gone} missing in {quoted(column.name)}: a category of its own.")
        if len(options) == 2 and not gone:
            options = options[1:]
        for place, text in options:
            arrays.append((values == place).astype(float))
            names.append(f"{column.name} = {text}")
        if gone:
            arrays.append(absent.astype(float))
            names.append(f"{column.name} missing")
    if len(arrays) > MOST_INPUTS:
        raise BadTable(
            f"With one input a category the network would have {len(arrays)} inputs; at most "
            f"{MOST_INPUTS} are "
            "allowed. Leave out columns with many categories."
        )
    return np.column_stack(arrays), tuple(names), notes


def _stretched(positions: np.ndarray) -> np.ndarray:
    """Each column to -REACH..REACH."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    # A column that is the same in all rows that stay lies in the middle.
    width = np.where(high > low, high - low, 1.0)
    return np.where(high > low, (positions - low) / width * 2 * REACH - REACH, 0.0)
