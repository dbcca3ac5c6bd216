"""For data with no plane to draw: predictions against truth, and which classes are taken for which."""

from collections.abc import Sequence

import numpy as np

from nnplay.figures.palette import palette
from nnplay.figures.points import plain_points
from nnplay.figures.spec import Spec, axis, drawable, ideal, layout

MOST_NAMED = 12
"""Counts are written into the cells up to this many classes; more would not fit."""
MOST_SHARED = 4
"""Shares as well, up to so many."""


def predicted_actual(
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray] | None = None,
    *,
    target: str = "target",
    dark: bool = False,
    revision: str = "predicted",
) -> Spec:
    """Points `(actual (n,), predicted (n,))`, right on the dotted line; `target` is a name with its unit."""
    groups = [("train", train), *([("test", test)] if test is not None else [])]
    points = [
        plain_points(np.column_stack([actual.ravel(), drawable(predicted)]), name, dark=dark)
        for name, (actual, predicted) in groups
    ]
    actual = np.concatenate([pair[0].ravel() for _, pair in groups])
    ends = np.array([actual.min(), actual.max()], np.float32) if actual.size else np.array([0, 1], np.float32)
    right = ideal(ends, ends, "predicted = actual", dark=dark)
    return {
        "data": [right, *points],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis(f"actual {target}", dark=dark, tickformat="~g"),
            yaxis=axis(f"predicted {target}", dark=dark, tickformat="~g"),
        ),
    }


def confusion(
    counts: np.ndarray, names: Sequence[str], *, dark: bool = False, revision: str = "confusion"
) -> Spec:
    """`counts` (k, k): how many samples of the class of the row were taken for the class of the column.

    Cells are coloured by their share of the row, so that a rare class is read as easily as a common one.
    """
    colors = palette(dark)
    total = counts.sum(axis=1, keepdims=True)
    places = np.arange(len(names), dtype=np.float32)
    ticks = {
        "tickvals": places,
        "ticktext": list(names),
        "showgrid": False,
        "constrain": "domain",
        "ticks": "",
    }
    cells = {
        "type": "heatmap",
        "x": places,
        "y": places,
        "z": (counts / np.maximum(total, 1)).astype(np.float32),
        "zmin": 0,
        "zmax": 1,
        "colorscale": colors.sequential,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "text": counts.astype(np.int32),
        "hovertemplate": "%{y} taken for %{x}: %{text} (%{z:.0%})<extra></extra>",
    }
    if len(names) <= MOST_NAMED:
        shares = "<br>%{z:.0%}" if len(names) <= MOST_SHARED else ""
        cells |= {"texttemplate": f"%{{text}}{shares}", "textfont": {"size": 12}}
    return {
        "data": [cells],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("predicted class", dark=dark, **ticks),
            yaxis=axis(
                "actual class", dark=dark, autorange="reversed", scaleanchor="x", automargin=True, **ticks
            ),
            margin={"l": 60, "r": 14, "t": 14, "b": 60},
        ),
    }
