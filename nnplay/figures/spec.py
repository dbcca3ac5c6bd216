"""A figure as the plain dict plotly.js draws: the layout all share, its bytes, its validated form."""

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from nnplay.figures.palette import palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Spec = dict[str, Any]
"""`{"data": [traces], "layout": {...}}`; big arrays are numpy arrays, never lists."""

TYPED = {np.dtype(name): name for name in ("f4", "f8", "i4", "i2", "i1", "u1")}


def axis(title: str, *, dark: bool, **more: Any) -> dict[str, Any]:
    """A thin, labelled axis. `more` overrides."""
    colors = palette(dark)
    return {
        "title": {"text": title, "font": {"size": 13, "color": colors.ink}, "standoff": 8},
        "zeroline": False,
        "showline": True,
        "linecolor": colors.axis,
        "linewidth": 1,
        "gridcolor": colors.grid,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": colors.axis,
        "tickfont": {"size": 12, "color": colors.muted},
        **more,
    }


def layout(
    *, dark: bool, xaxis: dict[str, Any], yaxis: dict[str, Any], revision: str, **more: Any
) -> dict[str, Any]:
    """The layout every figure starts from: transparent ground, small margins, a legend above the plot.

    Zoom and hidden traces survive new data as long as `revision` stays the same (plotly's `uirevision`),
    and as long as an axis range that is given explicitly does not change: for a range that follows the data
    use autorange.
    """
    colors = palette(dark)
    return {
        # An empty template: the page's own theme must not be mixed in, and plotly's default is not sent.
        "template": {"data": {}, "layout": {}},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12, "color": colors.ink},
        "margin": {"l": 60, "r": 14, "t": 30, "b": 46},
        "legend": {
            "orientation": "h",
            # On the left: the mode bar appears on the right.
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "bgcolor": "rgba(0,0,0,0)",
            "font": {"size": 12, "color": colors.ink},
        },
        "hoverlabel": {
            "bgcolor": colors.ground,
            "bordercolor": colors.axis,
            "font": {"size": 12, "color": colors.ink},
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colors.axis, "activecolor": colors.ink},
        "hovermode": "closest",
        "uirevision": revision,
        "xaxis": xaxis,
        "yaxis": yaxis,
        **more,
    }


def note(text: str, *, dark: bool) -> dict[str, Any]:
    """A quiet sentence in the middle of a plot that has nothing to show yet."""
    return {
        "text": text,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "font": {"size": 13, "color": palette(dark).muted},
    }


def level(value: float, text: str, *, dark: bool, anchor: str = "bottom") -> dict[str, Any]:
    """A shape: the dotted line at this value of y, named at its right end, above it or below it ("top")."""
    color = palette(dark).muted
    named = {"text": text, "textposition": "end", "yanchor": anchor, "padding": 2}
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value,
        "line": {"width": 1, "dash": "dot", "color": color},
        "label": {**named, "font": {"size": 11, "color": color}},
    }  # fmt: skip


def ideal(x: np.ndarray, y: np.ndarray, name: str, *, dark: bool) -> dict[str, Any]:
    """A trace: the dotted line on which all points would lie if the network were right."""
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": x, "y": y,
        "line": {"width": 1, "dash": "dot", "color": palette(dark).muted}, "hoverinfo": "skip",
    }  # fmt: skip


def plain(text: str) -> str:
    """Never read as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def drawable(values: np.ndarray, *, positive: bool = False) -> np.ndarray:
    """`values` (n,) as float32, NaN (a gap) for what is not finite or, with `positive`, not above 0."""
    values = values.ravel().astype(np.float32)
    kept = np.isfinite(values) & ((values > 0) if positive else True)
    return np.where(kept, values, np.float32(np.nan))


def powers(low: float, high: float) -> list[float]:
    """At most seven whole numbers from high to low: ticks of a logarithmic colour scale."""
    every = max(1, int(np.ceil((high - low) / 6)))
    return [float(power) for power in np.arange(high, low - 1e-9, -every)]


def power_of_ten(exponent: float) -> str:
    """10 to this power, as Plotly writes it."""
    return f"10<sup>{round(exponent)}</sup>".replace("-", "−")


def encode(spec: Spec) -> bytes:
    """The figure as JSON in UTF-8, arrays as base64 typed arrays (which, unlike JSON numbers, carry NaN).

    An array that occurs again (the same object) is `{"again": n}`, the n-th array of the figure.
    Raises ValueError for a NaN or infinity outside an array: the browser could not read it.
    """
    seen: dict[int, int] = {}

    def typed(value: Any) -> Any:
        if isinstance(value, np.generic):
            return value.item()
        if id(value) in seen:
            return {"again": seen[id(value)]}
        seen[id(value)] = len(seen)
        return _typed_array(value)

    return json.dumps(spec, default=typed, allow_nan=False, separators=(",", ":")).encode()


def as_figure(spec: Spec) -> "Figure":
    """The same figure as a `plotly.graph_objects.Figure`, checked by plotly property by property."""
    from plotly.graph_objects import Figure

    return Figure(spec)


def _typed_array(value: Any) -> Any:
    if not isinstance(value, np.ndarray) or value.dtype not in TYPED:
        known = ", ".join(map(str, TYPED))
        raise TypeError(f"A figure holds arrays of {known} and plain values, not {type(value).__name__}.")
    data = base64.b64encode(value.tobytes()).decode()
    typed: dict[str, Any] = {"dtype": TYPED[value.dtype], "bdata": data}
    return typed if value.ndim == 1 else typed | {"shape": ",".join(map(str, value.shape))}
