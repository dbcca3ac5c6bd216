"""How an activation looks in every figure of every page: its colour, its dash, its name."""

from typing import Any

import numpy as np

from nnplay.catalog import ACTIVATIONS, parse_activation
from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, drawable, layout, note

# Ten colours, then the same ones dashed, then dotted: enough for a catalogue of forty.
LIGHT = (
    "#1072b8", "#ee8422", "#0a9d92", "#7c8491", "#9c3f55", "#c79a00", "#5b2a86", "#4f8a10", "#d1478f",
    "#3a3f4a",
)  # fmt: skip
DARK = (
    "#4ea6e6", "#ff9d45", "#1fd6ae", "#98a1ad", "#d0708f", "#ffdf48", "#b58be8", "#9ccc55", "#ff86c2",
    "#eef2f6",
)  # fmt: skip
DASHES = ("solid", "dash", "dot", "dashdot")

Curve = tuple[np.ndarray, np.ndarray]
"""Places (n,) and values (n,)."""


def color(function: str, *, dark: bool) -> str:
    """The colour of a function, written in the catalogue's notation."""
    place = list(ACTIVATIONS).index(parse_activation(function)[0].name)
    # Shifted from one ten to the next: softplus and the exponential are not to look like tanh.
    return (DARK if dark else LIGHT)[(place + 3 * (place // len(LIGHT))) % len(LIGHT)]


def label(function: str) -> str:
    """Its name as people read it, with the parameter if that is not the usual one."""
    entry, parameters = parse_activation(function)
    value = next(iter(parameters.values()), None)
    changed = parameters != dict(entry.parameters)
    return f"{entry.label} {value:g}" if changed else entry.label


def trace(name: str, curve: Curve, *, dark: bool) -> dict[str, Any]:
    place = list(ACTIVATIONS).index(parse_activation(name)[0].name)
    x, y = curve
    return {
        "type": "scatter",
        "mode": "lines",
        "name": label(name),
        "x": x.astype(np.float32),
        "y": drawable(np.asarray(y)),
        "line": {
            "width": 2,
            "color": color(name, dark=dark),
            "dash": DASHES[place // len(LIGHT) % len(DASHES)],
            "simplify": False,
        },
        "hovertemplate": "(%{x:.4~g}, %{y:.4~g})<extra>" + label(name) + "</extra>",
        "showlegend": False,
    }


def clear(color: str, share: float) -> str:
    """`#rrggbb` as a colour of which only `share` is seen."""
    red, green, blue = (int(color[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def heading(text: str, *, dark: bool) -> dict[str, Any]:
    font = {"size": 13, "color": palette(dark).ink}
    return {"text": text, "font": font, "x": 0.5, "xanchor": "center", "y": 0.98, "yanchor": "top"}


def measuring(name: str = "", *, dark: bool = False) -> Spec:
    """The place of a figure whose numbers are still being measured."""
    hidden = {"visible": False}
    figure = layout(
        dark=dark,
        revision="measuring",
        xaxis=axis("", dark=dark, **hidden),
        yaxis=axis("", dark=dark, **hidden),
        annotations=[note("measuring…", dark=dark)],
    )
    if name:
        figure["title"] = heading(name, dark=dark)
    return {"data": [], "layout": figure}
