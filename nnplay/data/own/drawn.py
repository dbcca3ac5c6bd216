"""Points that a person drew into the plane, as a dataset."""

import math
import secrets
from collections import Counter
from collections.abc import Sequence

import numpy as np

from nnplay.data.dataset import EXTENT, FEWEST_PER_CLASS, PLANE, Dataset
from nnplay.data.datasets import OWN
from nnplay.data.noise import FLIPPED
from nnplay.data.own.fault import BadTable
from nnplay.data.own.fixed import Fixed
from nnplay.data.own.recipe import FEWEST_ROWS, Made
from nnplay.data.tables import SHIFTED_COLUMNS, TableMaker

MOST_POINTS = 1000
MOST_CLASSES = 6


def read_points(given: object) -> list[tuple[float, float, int]]:
    """Points (x1, x2, class) as the browser sends them. Raises `BadTable`."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise BadTable("Points are a list of x1, x2 and class.")
    if len(given) > MOST_POINTS:
        raise BadTable(f"There are {len(given):,} points; at most {MOST_POINTS:,} can be used. Erase some.")
    return [_point(place, point) for place, point in enumerate(given, 1)]


def _point(place: int, point: object) -> tuple[float, float, int]:
    if isinstance(point, Sequence) and len(point) == 3 and all(_is_number(value) for value in point):
        x1, x2, label = point
        inside = all(EXTENT[0] <= x <= EXTENT[1] for x in (x1, x2))
        if inside and label == int(label) and 0 <= label < MOST_CLASSES:
            return float(x1), float(x2), int(label)
    raise BadTable(
        f"Point {place} is not within the plane: x1 and x2 lie from {EXTENT[0]:g} to {EXTENT[1]:g}, "
        "classes are "
        f"0 to {MOST_CLASSES - 1}. Erase it."
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def make_drawn(points: Sequence[tuple[float, float, int]]) -> Made:
    """The dataset of drawn points. Raises `BadTable`, which says how many of which class are wanting."""
    counts = Counter(label for _, _, label in points)
    few = [label + 1 for label, count in sorted(counts.items()) if count < FEWEST_PER_CLASS]
    if len(counts) < 2:
        raise BadTable("Draw points of two classes at least: choose the other colour, and click again.")
    if few:
        raise BadTable(
            f"Class {few[0]} has {counts[few[0] - 1]} of the {FEWEST_PER_CLASS} points that a class "
            "needs at least."
        )
    if len(points) < FEWEST_ROWS:
        raise BadTable(f"There are {len(points)} points; at least {FEWEST_ROWS} are needed.")
    present = sorted(counts)
    positions = np.array([[x1, x2] for x1, x2, _ in points])
    labels = np.array([present.index(label) for _, _, label in points], dtype=np.int64)
    names = tuple(f"class {label + 1}" for label in present)
    dataset = Dataset(
        name=f"{OWN}-{secrets.token_hex(8)}",
        label="Your data: drawn",
        about=f"{len(points):,} points that you drew.",
        task="classes",
        inputs=PLANE,
        make=TableMaker(Fixed(positions, labels)),
        samples=None,
        classes=len(present),
        label_noise=FLIPPED,
        position_noise=SHIFTED_COLUMNS,
        extent=EXTENT,
        targets=names,
    )
    return Made(dataset, (), {name: counts[label] for name, label in zip(names, present, strict=True)})
