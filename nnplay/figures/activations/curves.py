"""Activation functions and their slopes, with a probe on the input axis."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnplay.figures.activations.looks import Curve, color, trace
from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, layout


def curves(
    x: np.ndarray,
    values: Mapping[str, np.ndarray],
    title: str,
    *,
    breaks: Mapping[str, np.ndarray],
    probe: tuple[float, Mapping[str, float]] | None = None,
    limits: tuple[float, float],
    dark: bool = False,
    revision: str = "curves",
) -> Spec:
    """Functions of `x` (p,), each `values[name]` (p,), drawn no further than `limits`.

    `breaks[name]`, (k,): where the curve is interrupted, since it jumps there. `probe`: a place on the input
    axis and the value of each function there, a line with a point on each.
    """
    colors = palette(dark)
    low, high = limits
    traces = [trace(name, _interrupted(x, y, breaks[name]), dark=dark) for name, y in values.items()]
    shapes = []
    if probe is not None:
        place, found = probe
        shapes.append(_upright(place, dark=dark))
        shown = {name: value for name, value in found.items() if np.isfinite(value)}
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": np.full(len(shown), place, np.float32),
                "y": np.array(list(shown.values()), np.float32),
                "marker": {
                    "size": 8,
                    "color": [color(name, dark=dark) for name in shown],
                    "line": {"width": 1.5, "color": colors.ground},
                },
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    zero = {"zeroline": True, "zerolinecolor": colors.axis, "zerolinewidth": 1, "showline": False}
    return {
        "data": traces,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("input <i>x</i>", dark=dark, range=[float(x[0]), float(x[-1])], **zero),
            yaxis=axis(
                title, dark=dark, tickformat="~g", autorangeoptions={"clipmin": low, "clipmax": high}, **zero
            ),
            showlegend=False,
            margin={"l": 56, "r": 10, "t": 12, "b": 46},
            shapes=shapes,
        ),
    }


def _interrupted(x: np.ndarray, y: np.ndarray, breaks: np.ndarray) -> Curve:
    """The curve with a gap at each break; every sixth point of it, which is as fine as can be seen."""
    kept = np.zeros(len(x), bool)
    kept[::6] = kept[-1] = True
    for place in np.searchsorted(x, breaks):
        kept[max(0, place - 2) : place + 3] = True
    # What it is at the very break belongs to one side only.
    kept &= ~np.isin(np.round(x, 6), np.round(breaks, 6))
    places = np.searchsorted(x[kept], breaks)
    return np.insert(x[kept], places, breaks), np.insert(y[kept], places, np.nan)


def _upright(place: float, *, dark: bool) -> dict[str, Any]:
    line = {"width": 1, "color": palette(dark).muted}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": place, "x1": place, "line": line}
