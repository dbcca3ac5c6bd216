"""What a prediction of a real value misses: target minus prediction, along an input or counted."""

import numpy as np

from nnplay.figures.palette import palette
from nnplay.figures.points import plain_points
from nnplay.figures.spec import Spec, axis, drawable, ideal, layout

Group = tuple[np.ndarray, np.ndarray]
BINS = 24


def residuals_along(
    train: Group, test: Group | None = None, *, dark: bool = False, revision: str = "residuals"
) -> Spec:
    """Points `(inputs (n,) or (n, 1), residuals (n,))` around the line where nothing is missed."""
    groups = [("train", train), *([("test", test)] if test is not None else [])]
    points = [
        plain_points(np.column_stack([x.ravel(), drawable(missed)]), name, dark=dark)
        for name, (x, missed) in groups
    ]
    x = np.concatenate([inputs.ravel() for _, (inputs, _) in groups])
    ends = np.array([x.min(), x.max()], np.float32)
    right = ideal(ends, np.zeros(2, np.float32), "nothing missed", dark=dark)
    return {
        "data": [right, *points],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("<i>x</i><sub>1</sub>", dark=dark, tickformat="~g"),
            yaxis=axis("target − prediction", dark=dark, tickformat="~g"),
        ),
    }


def residual_histogram(
    train: np.ndarray,
    test: np.ndarray | None = None,
    *,
    target: str = "target",
    dark: bool = False,
    revision: str = "residuals",
) -> Spec:
    """The share of samples, (n,) residuals each, in BINS equal steps around 0 that hold the largest of all.

    Shares, not counts: so training and test samples can be compared, however many there are of each.
    """
    colors = palette(dark)
    groups = [("train", train, colors.axis), *([("test", test, colors.ink)] if test is not None else [])]
    known = [values[np.isfinite(values)] for _, values, _ in groups]
    reach = max((float(np.abs(values).max()) for values in known if values.size), default=1.0) or 1.0
    edges = np.linspace(-reach, reach, BINS + 1)
    middle = ((edges[1:] + edges[:-1]) / 2).astype(np.float32)
    bars = []
    for (name, _, color), values in zip(groups, known, strict=True):
        share = np.histogram(values, edges)[0] / max(1, values.size)
        look = (
            {"marker": {"color": color, "line": {"width": 0}}}
            if name == "train"
            else {"marker": {"color": "rgba(0,0,0,0)", "line": {"width": 1.5, "color": color}}}
        )
        bars.append(
            {
                "type": "bar",
                "name": name,
                "x": middle,
                "y": share.astype(np.float32),
                "width": float(edges[1] - edges[0]),
                "hovertemplate": "%{x:.3g}: %{y:.1%}<extra>" + name + "</extra>",
                **look,
            }
        )
    return {
        "data": bars,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis(f"actual − predicted {target}", dark=dark, tickformat="~g"),
            yaxis=axis("share of samples", dark=dark, tickformat=".0%", rangemode="tozero"),
            barmode="overlay",
            bargap=0,
        ),
    }
