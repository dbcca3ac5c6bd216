"""A picture drawn by hand, as the pictures of a dataset are: of their size, place, and width of stroke.

How large the pictures of the data are drawn, where they lie and how thick their strokes are is measured on
them; a drawing is then drawn again so. MNIST's digits fill 20 of 28 pixels, with their centre of mass in the
middle; scikit-learn's fill all eight.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnplay.data.sample import BadSample
from nnplay.data.split import Split

MOST_STROKES, MOST_POINTS = 60, 3000
# Habits are measured on so many training pictures.
MEASURED = 400
# Fainter pixels are no ink.
FAINT = 0.1
# Each pixel is so many times so many points, which ink covers or does not.
FINE = 4

# Points (points, 2), x to the right and y down, of any unit.
Stroke = np.ndarray


@dataclass(frozen=True)
class Habit:
    """How the pictures of a dataset are drawn, in pixels.

    `size`: the longer side of what is inked (median); `center` (row, column): mean of the centres of mass;
    `pen`: the width of a stroke. `low`, `high`: values of paper and ink.
    """

    size: float
    center: tuple[float, float]
    pen: float
    low: float
    high: float


def check_strokes(message: object) -> list[Stroke]:
    """The strokes of a message from a browser: lists of [x, y] from 0 to 1. Raises `BadSample`."""
    if not isinstance(message, list) or len(message) > MOST_STROKES:
        raise BadSample(f"A drawing is a list of at most {MOST_STROKES} strokes. Clear it and draw again.")
    strokes = []
    for stroke in message:
        points = stroke if isinstance(stroke, list) else []
        good = all(
            isinstance(point, list) and len(point) == 2 and all(_is_share(value) for value in point)
            for point in points
        )
        if not points or not good:
            raise BadSample(
                "A stroke is a list of points [x, y] from 0 to 1. Clear the drawing and draw again."
            )
        strokes.append(np.array(points, float))
    if sum(map(len, strokes)) > MOST_POINTS:
        raise BadSample(f"A drawing has at most {MOST_POINTS:,} points. Clear it and draw again.")
    return strokes


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def habit_of(split: Split, picture: tuple[int, int]) -> Habit:
    """How the training pictures of `picture` (rows, columns) pixels are drawn."""
    values = split.positions_train[:MEASURED].reshape(-1, *picture).astype(float)
    low, high = float(values.min()), float(values.max())
    ink = (values - low) / ((high - low) or 1.0)
    sizes = [
        max(float(np.ptp(part)) + 1 for part in np.nonzero(each > FAINT))
        for each in ink
        if each.max() > FAINT
    ]
    weight = ink.sum(axis=(1, 2)).clip(1e-9)
    rows, columns = (np.arange(side) for side in picture)
    center = (
        float((ink.sum(axis=2) @ rows / weight).mean()),
        float((ink.sum(axis=1) @ columns / weight).mean()),
    )
    return Habit(float(np.median(sizes or [float(max(picture))])), center, stroke_width(ink), low, high)


def stroke_width(ink: np.ndarray) -> float:
    """Mean width of the strokes of pictures (n, rows, columns) from 0 to 1, in pixels.

    A band of length L and width w covers L w and has two edges of length L, along which the ink rises by 1:
    the width is twice the ink over the sum of the gradient's length.
    """
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    down, across = np.diff(padded, axis=1)[:, :, :-1], np.diff(padded, axis=2)[:, :-1]
    edges = float(np.hypot(down, across).sum())
    return float(np.clip(2 * ink.sum() / (edges or 1.0), 1.0, ink.shape[1] / 3))


def drawn_picture(strokes: Sequence[Stroke], picture: tuple[int, int], habit: Habit) -> np.ndarray:
    """The drawing as one of those pictures, (rows * columns,) float32."""
    points = np.concatenate(list(strokes))
    corner, longer = points.min(axis=0), float(np.ptp(points, axis=0).max())
    # A dot stays a dot.
    scale = max(0.0, habit.size - habit.pen) / longer if longer > 0.02 else 0.0
    placed = [(stroke - corner) * scale for stroke in strokes]
    extent = np.ptp(points, axis=0) * scale
    # Once to find its centre of mass, with room around it; then in its place, inside the frame if it can be.
    side = math.ceil(habit.size + habit.pen) + 2
    first = _inked([stroke + habit.pen for stroke in placed], (side, side), habit.pen)
    center = [float(first.sum(axis=axis) @ np.arange(side)) / first.sum() for axis in (0, 1)]
    goal = np.array(habit.center[::-1]) - center + habit.pen
    edge = habit.pen / 2 - 0.5
    room = np.array(picture[::-1]) - 1 - extent - edge
    goal = np.where(room > edge, goal.clip(edge, np.maximum(room, edge)), (edge + room) / 2)
    ink = _inked([stroke + goal for stroke in placed], picture, habit.pen)
    return (habit.low + (habit.high - habit.low) * ink).astype(np.float32).ravel()


def _inked(strokes: Sequence[Stroke], picture: tuple[int, int], pen: float) -> np.ndarray:
    """The share of each pixel that a round pen covers, (rows, columns); the middle of the first is (0, 0)."""
    rows, columns = ((np.arange(side * FINE) + 0.5) / FINE - 0.5 for side in picture)
    covered = np.zeros((len(rows), len(columns)), bool)
    for stroke in strokes:
        ends = stroke[1:] if len(stroke) > 1 else stroke
        for start, end in zip(stroke, ends, strict=False):
            # Around the segment alone: a drawing has hundreds of them.
            near_y, near_x = (
                slice(*np.searchsorted(axis, (min(start[k], end[k]) - pen, max(start[k], end[k]) + pen)))
                for k, axis in ((1, rows), (0, columns))
            )
            y, x = rows[near_y, None], columns[None, near_x]
            along = end - start
            length = float(along @ along) or 1.0
            share = (((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length).clip(0, 1)
            far = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
            covered[near_y, near_x] |= far <= pen / 2
    return covered.reshape(picture[0], FINE, picture[1], FINE).mean(axis=(1, 3))
