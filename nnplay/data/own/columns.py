"""What each column of a sheet is: numbers, categories, or something that nothing can be learned from."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnplay.data.own.fault import BadTable, quoted
from nnplay.data.own.sheet import Sheet, is_missing, number

# A column with a larger share of numbers is one of numbers, and other cells in it are faults.
MOSTLY = 0.8
MOST_CATEGORIES = 20
# Numbers with at most so many different values, all whole, are taken for classes.
FEW_NUMBERS = 10
# A column with a larger share of cells without a value says too little.
MOST_MISSING = 0.5

Kind = Literal["number", "category", "text", "constant", "empty"]


@dataclass(frozen=True, eq=False)
class Column:
    """`values`: float64 (rows,), NaN where missing; of categories the place in `categories`.

    `kind` "text" has too many different values to be categories; "constant" and "empty" say what they are.
    """

    name: str
    kind: Kind
    values: np.ndarray
    categories: tuple[str, ...]
    missing: int

    @property
    def usable(self) -> bool:
        """Whether something can be learned from it, or be learned to tell it."""
        return self.kind in ("number", "category")

    @property
    def reason(self) -> str:
        """Why it is left out; "" where it is not."""
        if self.kind == "text":
            return f"has more than {MOST_CATEGORIES} different texts"
        if self.kind == "constant":
            return "is the same everywhere"
        if self.kind == "empty":
            return "is empty in more than half of the rows"
        return ""


def columns_of(sheet: Sheet) -> tuple[Column, ...]:
    """The columns with their values. Raises `BadTable` naming the row and the column of the first fault."""
    return tuple(
        _column(sheet, name, [row[place] for row in sheet.rows]) for place, name in enumerate(sheet.header)
    )


def looks_like_classes(column: Column) -> bool:
    """Whether a column, as the target, is one of classes: categories, or a few whole numbers."""
    if column.kind == "category":
        return True
    values = column.values[~np.isnan(column.values)]
    return bool((values == np.round(values)).all()) and len(np.unique(values)) <= FEW_NUMBERS


def _column(sheet: Sheet, name: str, cells: list[str]) -> Column:
    read = [None if is_missing(cell) else number(cell, decimal_comma=sheet.decimal_comma) for cell in cells]
    absent = [is_missing(cell) for cell in cells]
    given = len(cells) - sum(absent)
    numbers = sum(value is not None for value in read)
    if given and numbers > MOSTLY * given:
        for line, cell, value, gone in zip(sheet.lines, cells, read, absent, strict=True):
            _check_number(line, name, cell, value, gone)
        values = np.array([math.nan if value is None else value for value in read])
        categories: tuple[str, ...] = ()
        different = len(np.unique(values[~np.isnan(values)]))
    else:
        counts = Counter(cell for cell, gone in zip(cells, absent, strict=True) if not gone)
        categories, different = tuple(sorted(counts)), len(counts)
        place = {text: float(index) for index, text in enumerate(categories)}
        values = np.array([place.get(cell, math.nan) for cell in cells])
    missing = sum(absent)
    if missing > MOST_MISSING * len(cells):
        kind: Kind = "empty"
    elif different < 2:
        kind = "constant"
    elif categories:
        kind = "category" if different <= MOST_CATEGORIES else "text"
    else:
        kind = "number"
    return Column(name, kind, values, categories if kind == "category" else (), missing)


def _check_number(line: int, name: str, cell: str, value: float | None, gone: bool) -> None:
    where = f"Row {line}, column {quoted(name)}"
    if gone:
        return
    if value is None:
        raise BadTable(
            f"{where}: {quoted(cell)} is no number, though nearly all of the column are. Correct it, or "
            "leave "
            "the cell empty for a missing value."
        )
    if math.isinf(value) or abs(value) > 1e30:
        raise BadTable(
            f"{where}: {quoted(cell)} is too large to calculate with. Correct it, or leave it empty."
        )
