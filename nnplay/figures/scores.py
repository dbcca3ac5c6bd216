"""How good a classifier is, class by class and over all its thresholds."""

from collections.abc import Sequence

import numpy as np

from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, drawable, layout

MEASURES = ("precision", "recall", "F1")


def score_table(
    scores: np.ndarray,
    support: np.ndarray,
    names: Sequence[str],
    *,
    dark: bool = False,
    revision: str = "scores",
) -> Spec:
    """`scores` (classes, 3): precision, recall and F1 of each class, coloured by value; NaN stays empty.

    `support` (classes,): the samples of the class, written beside its name.
    """
    places = np.arange(len(names), dtype=np.float32)
    labels = [f"{name} ({count:,})" for name, count in zip(names, support.tolist(), strict=True)]
    cells = {
        "type": "heatmap",
        "x": np.arange(3, dtype=np.float32),
        "y": places,
        "z": scores.astype(np.float32),
        "zmin": 0,
        "zmax": 1,
        "colorscale": palette(dark).sequential,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "texttemplate": "%{z:.3f}",
        "textfont": {"size": 12},
        "hovertemplate": "%{y}<br>%{x} %{z:.4f}<extra></extra>",
    }
    ticks = {"showgrid": False, "ticks": ""}
    return {
        "data": [cells],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("measure", dark=dark, tickvals=[0, 1, 2], ticktext=list(MEASURES), **ticks),
            yaxis=axis(
                "class (samples)", dark=dark, tickvals=places, ticktext=labels, autorange="reversed",
                automargin=True, **ticks,
            ),
            margin={"l": 60, "r": 14, "t": 14, "b": 50},
        ),
    }  # fmt: skip


def ranking(
    x: np.ndarray,
    y: np.ndarray,
    *,
    titles: tuple[str, str],
    nothing: tuple[tuple[float, float], tuple[float, float]],
    dark: bool = False,
    revision: str = "ranking",
) -> Spec:
    """A curve (n,), (n,) over all thresholds, both axes 0..1; `nothing`: the two ends of guessing's line."""
    colors = palette(dark)
    curve = {
        "type": "scatter",
        "mode": "lines",
        "name": "network",
        "x": drawable(x),
        "y": drawable(y),
        "line": {"width": 2.5, "color": colors.classes[1]},
        "hovertemplate": f"{titles[0]} %{{x:.3f}}<br>{titles[1]} %{{y:.3f}}<extra></extra>",
    }
    start, end = np.array(nothing, np.float32).T
    guessing = {
        "type": "scatter",
        "mode": "lines",
        "name": "guessing",
        "x": start,
        "y": end,
        "line": {"width": 1, "dash": "dot", "color": colors.muted},
        "hoverinfo": "skip",
    }
    shown = {"range": [-0.02, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    return {
        "data": [guessing, curve],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis(titles[0], dark=dark, **shown),
            yaxis=axis(titles[1], dark=dark, **shown),
        ),
    }
