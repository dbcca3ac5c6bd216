"""One sample on its way through a network: a strip of cells for what goes in and for each layer's output."""

from collections.abc import Sequence

import numpy as np

from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, layout

# Values are written into the cells of a layer with up to so many units.
MOST_WRITTEN = 8
# Of the distance between two strips.
THICK = 0.74


def layer_strips(
    layers: Sequence[np.ndarray],
    names: Sequence[str],
    *,
    units: Sequence[Sequence[str]],
    dark: bool = False,
    revision: str = "strips",
) -> Spec:
    """`layers`: (units,), or (steps, units) drawn with the steps from left to right, the input first.

    Each strip spans the whole width, blue for negative and orange for positive, as strong as the share of
    the largest in that layer; the scale of each is beside its name. `units`: what a layer's units are called;
    () for nothing.
    """
    colors = palette(dark)
    traces, labels = [], []
    for place, (values, name, called) in enumerate(zip(layers, names, units, strict=True)):
        cells = values[None] if values.ndim == 1 else values.reshape(len(values), -1).T
        rows, columns = cells.shape
        known = np.abs(cells[np.isfinite(cells)])
        largest = float(known.max()) if known.size else 0.0
        written = columns <= MOST_WRITTEN and rows == 1
        named = written and len(called) == columns
        traces.append(
            {
                "type": "heatmap",
                "x": np.linspace(0, 1, columns + 1, dtype=np.float32),
                "y": (place + THICK * np.linspace(-0.5, 0.5, rows + 1)).astype(np.float32),
                "z": cells.astype(np.float32),
                "zmin": -(largest or 1.0),
                "zmax": largest or 1.0,
                "colorscale": colors.diverging,
                "showscale": False,
                "xgap": 1 if columns <= 64 else 0,
                "hovertemplate": f"{name}: %{{z:.4g}}<extra></extra>",
                **({"texttemplate": "%{z:.3g}", "textfont": {"size": 11}} if written else {}),
                **({"texttemplate": "%{text}<br>%{z:.3g}", "text": [list(called)]} if named else {}),
            }
        )
        labels.append(f"{name}<br>±{largest:.3g}")
    bare = {"showgrid": False, "ticks": ""}
    return {
        "data": traces,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis(
                "units, first to last (of a sequence: steps)", dark=dark, showticklabels=False,
                fixedrange=True, range=[0, 1], **bare,
            ),
            yaxis=axis(
                "layer, and its scale", dark=dark, tickvals=np.arange(len(layers), dtype=np.float32),
                ticktext=labels, range=[len(layers) - 0.5, -0.5], fixedrange=True, automargin=True, **bare,
            ),
            margin={"l": 60, "r": 10, "t": 8, "b": 34},
        ),
    }  # fmt: skip
