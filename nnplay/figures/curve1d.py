"""A function of one input, fitted: the curve of the network over the data."""

import numpy as np

from nnplay.figures.palette import palette
from nnplay.figures.points import picked_point, plain_points
from nnplay.figures.spec import Spec, axis, drawable, layout


def curve1d(
    x: np.ndarray,
    y: np.ndarray,
    *,
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray] | None = None,
    picked: np.ndarray | None = None,
    dark: bool = False,
    revision: str = "curve1d",
) -> Spec:
    """The network's output `y` (g,) at `x` (g,), over points `(inputs (n,) or (n, 1), targets (n,))`.

    `picked` (2,): an input that somebody asks about, and the network's answer.
    """
    groups = [("train", train), *([("test", test)] if test is not None else [])]
    points = [
        plain_points(np.column_stack([xs.ravel(), ys.ravel()]), name, dark=dark) for name, (xs, ys) in groups
    ]
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "network",
        "x": x.ravel().astype(np.float32),
        "y": drawable(y),
        "line": {"width": 2.5, "color": palette(dark).classes[1]},
        "hovertemplate": "(%{x:.2f}, %{y:.3f})<extra>network</extra>",
    }
    asked = [] if picked is None else [picked_point(picked, dark=dark)]
    return {
        "data": [*points, line, *asked],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("<i>x</i><sub>1</sub>", dark=dark, range=[float(x.min()), float(x.max())]),
            yaxis=axis("<i>y</i>", dark=dark, tickformat="~g"),
        ),
    }
