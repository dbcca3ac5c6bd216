"""A single neuron: its output over the plane, and the line where its weighted sum is 0."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.figures.activations.looks import heading, label
from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, layout


def neuron(
    function: str,
    x: np.ndarray,
    z: np.ndarray,
    weights: tuple[float, float],
    bias: float,
    *,
    dark: bool = False,
    revision: str = "neuron",
) -> Spec:
    """The output `z` (g, g) of one neuron over the plane, `z[i, j]` at x2 = `x[i]`, x1 = `x[j]`.

    The line is where its weighted sum is 0; the colours run over what this function makes here.
    """
    colors = palette(dark)
    finite = z[np.isfinite(z)]
    largest = float(np.abs(finite).max()) if finite.size else 1.0
    surface = {
        "type": "heatmap",
        "x": x.astype(np.float32),
        "y": x.astype(np.float32),
        "z": z.astype(np.float32),
        "zmin": -(largest or 1.0),
        "zmax": largest or 1.0,
        "zsmooth": "fast",
        "colorscale": colors.diverging,
        "showscale": False,
        "hovertemplate": "%{z:.3g}<br>(%{x:.2f}, %{y:.2f})<extra></extra>",
    }
    span = f"{_short(finite.min())} … {_short(finite.max())}" if finite.size else ""
    tile = _tile(f"{label(function)}  <span style='color:{colors.muted}'>{span}</span>", x, dark, revision)
    tile["shapes"] = _zero_line(weights, bias, float(x[-1]), dark=dark)
    return {"data": [surface], "layout": tile}


def _tile(title: str, x: np.ndarray, dark: bool, revision: str) -> dict[str, Any]:
    ends = [float(x[0]), float(x[-1])]
    bare = {
        "range": ends, "constrain": "domain", "showticklabels": False, "ticks": "", "showgrid": False,
        "showline": False, "title_standoff": 2,
    }  # fmt: skip
    return layout(
        dark=dark,
        revision=revision,
        xaxis=axis("<i>x</i><sub>1</sub>", dark=dark, **bare),
        yaxis=axis("<i>x</i><sub>2</sub>", dark=dark, scaleanchor="x", **bare),
        title=heading(title, dark=dark),
        margin={"l": 22, "r": 2, "t": 30, "b": 24},
    )


def _short(value: float) -> str:
    return (f"{value:.3g}" if abs(value) >= 0.005 else "0").replace("-", "−")


def _zero_line(weights: Sequence[float], bias: float, reach: float, *, dark: bool) -> list[dict[str, Any]]:
    """The line w1 x1 + w2 x2 + b = 0 and, from it, an arrow's worth of direction: where the sum grows."""
    w1, w2 = weights
    length = float(np.hypot(w1, w2))
    if length == 0:
        return []
    along = np.array([-w2, w1]) / length * 4 * reach
    middle = -bias * np.array([w1, w2]) / length**2
    (x0, y0), (x1, y1) = middle - along, middle + along
    line = {"width": 1.5, "color": palette(dark).ink, "dash": "dot"}
    return [
        {"type": "line", "x0": float(x0), "y0": float(y0), "x1": float(x1), "y1": float(y1), "line": line}
    ]
