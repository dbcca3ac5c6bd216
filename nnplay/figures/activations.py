"""Activations compared: curves, signals by layer, races, and what a single neuron makes of the plane.

A function has the same colour and dash in every figure of every page, whatever it is compared with.
"""

from collections.abc import Mapping, Sequence
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
    traces = [_line(name, _interrupted(x, y, breaks[name]), dark=dark) for name, y in values.items()]
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


def by_layer(
    measured: Mapping[str, np.ndarray],
    title: str,
    *,
    theory: Mapping[str, np.ndarray] | None = None,
    log: bool = False,
    share: bool = False,
    dark: bool = False,
    revision: str = "layers",
) -> Spec:
    """A quantity (layers,) of each function against the layer: points measured, dashes `theory`."""
    traces = []
    for name, values in (theory or {}).items():
        traces.append(
            {
                **_line(name, (_layers(values), drawable(values, positive=log)), dark=dark),
                "name": f"{label(name)}, theory",
                "line": {"width": 1.5, "dash": "dash", "color": color(name, dark=dark)},
            }
        )
    for name, values in measured.items():
        dots = {"size": 5, "color": color(name, dark=dark)}
        mode = "markers" if theory is not None else "lines+markers"
        line = _line(name, (_layers(values), drawable(values, positive=log)), dark=dark)
        traces.append({**line, "mode": mode, "marker": dots, "opacity": 0.9})
    if theory:
        traces += _key(("measured", "markers"), ("theory", "lines"), dark=dark)
    scale: dict[str, Any] = {"type": "log", "exponentformat": "power"} if log else {"rangemode": "tozero"}
    if share:
        scale = {"range": [-0.02, 1.02], "tickformat": ".0%"}
    return {
        "data": traces,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("layer", dark=dark, showgrid=False, tickformat="d"),
            yaxis=axis(title, dark=dark, **{"tickformat": "~g", **scale}),
            showlegend=bool(theory),
            margin={"l": 62, "r": 10, "t": 26, "b": 44},
        ),
    }


def spread(
    function: str,
    counts: np.ndarray,
    edges: np.ndarray,
    mean: np.ndarray,
    std: np.ndarray,
    *,
    dark: bool = False,
    revision: str = "spread",
) -> Spec:
    """How the outputs of each layer are distributed: `counts` (layers, bins) between `edges` (bins + 1,).

    The darker, the more of the layer's outputs lie there, against the fullest bin of that layer; on a square
    root scale, so that thin tails are seen. Lines: mean, and mean plus and minus one deviation.
    """
    colors = palette(dark)
    layers = _layers(mean)
    share = counts / np.maximum(counts.max(axis=1, keepdims=True), 1)
    centers = (edges[1:] + edges[:-1]) / 2
    ink = color(function, dark=dark)
    cells = {
        "type": "heatmap",
        "x": layers,
        "y": centers.astype(np.float32),
        "z": np.sqrt(share).T.astype(np.float32),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [(0.0, _clear(ink, 0.0)), (1.0, _clear(ink, 0.85))],
        "showscale": False,
        "hoverinfo": "skip",
    }
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": layers,
            "y": drawable(values),
            "line": {"width": width, "color": colors.ink, "dash": dash},
            "hovertemplate": "layer %{x}: " + what + " %{y:.3g}<extra></extra>",
            "showlegend": False,
        }
        for what, values, width, dash in (
            ("mean", mean, 1.5, "solid"),
            ("mean + deviation", mean + std, 1, "dot"),
            ("mean − deviation", mean - std, 1, "dot"),
        )
    ]
    return {
        "data": [cells, *lines],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("layer", dark=dark, showgrid=False, tickformat="d"),
            yaxis=axis("output", dark=dark, tickformat="~g", range=[float(edges[0]), float(edges[-1])]),
            title=_title(label(function), dark=dark),
            margin={"l": 50, "r": 8, "t": 34, "b": 40},
        ),
    }


def race(
    progress: Mapping[str, Curve],
    *,
    bands: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]] | None = None,
    title: str,
    target: float,
    epochs: int,
    dark: bool = False,
    revision: str = "race",
) -> Spec:
    """The loss of every racer against the epoch, logarithmic; the dotted line is the target.

    `bands`: over repeated races, each function's epochs and the least and greatest loss between which the
    middle half of the races lies, all (n,).
    """
    colors = palette(dark)
    traces = []
    for name, (x, low, high) in (bands or {}).items():
        fill = {"fill": "tonexty", "fillcolor": _clear(color(name, dark=dark), 0.15)}
        for bound, more in ((low, {}), (high, fill)):
            traces.append(
                {
                    **_line(name, (x, drawable(bound, positive=True)), dark=dark),
                    "line": {"width": 0},
                    "hoverinfo": "skip",
                    "hovertemplate": None,
                    **more,
                }
            )
    traces += [_line(name, (x, drawable(y, positive=True)), dark=dark) for name, (x, y) in progress.items()]
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=axis("epoch", dark=dark, showgrid=False, range=[0, epochs]),
        yaxis=axis(title, dark=dark, type="log", tickformat="~g", dtick="D2"),
        showlegend=False,
        margin={"l": 62, "r": 10, "t": 12, "b": 46},
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": target,
                "y1": target,
                "line": {"width": 1, "dash": "dot", "color": colors.muted},
                "label": {
                    "text": "target",
                    "textposition": "end",
                    "yanchor": "bottom",
                    "font": {"size": 11, "color": colors.muted},
                },
            }
        ],
    )
    if not any(len(x) for x, _ in progress.values()):
        figure["yaxis"] |= {"range": [-2, 0.3]}
    return {"data": traces, "layout": figure}


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


def as_tile(spec: Spec, function: str) -> Spec:
    """A figure as a small multiple: no axes, legends or scales, only the picture under a function's name."""
    bare = {"visible": False}
    dark = spec["layout"]["font"]["color"] == palette(True).ink
    data = [trace | {"showlegend": False} for trace in spec["data"]]
    data = [trace | {"showscale": False} if trace["type"] == "heatmap" else trace for trace in data]
    for trace in data:
        trace.pop("colorbar", None)
        if trace["type"] == "scatter" and "markers" in trace.get("mode", ""):
            trace["marker"] = trace["marker"] | {"size": 3.5, "line": {"width": 0}}
        elif trace["type"] == "scatter":
            trace["line"] = trace["line"] | {"color": color(function, dark=dark)}
    return {
        "data": data,
        "layout": spec["layout"]
        | {
            "xaxis": spec["layout"]["xaxis"] | bare,
            "yaxis": spec["layout"]["yaxis"] | bare,
            "showlegend": False,
            "margin": {"l": 2, "r": 2, "t": 30, "b": 2},
            "title": _title(label(function), dark=dark),
        },
    }


def measuring(spec_height_title: str = "", *, dark: bool = False) -> Spec:
    """The place of a figure whose numbers are still being measured."""
    hidden = {"visible": False}
    figure = layout(
        dark=dark,
        revision="measuring",
        xaxis=axis("", dark=dark, **hidden),
        yaxis=axis("", dark=dark, **hidden),
        annotations=[note("measuring…", dark=dark)],
    )
    if spec_height_title:
        figure["title"] = _title(spec_height_title, dark=dark)
    return {"data": [], "layout": figure}


# ---- parts


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


def _line(name: str, curve: Curve, *, dark: bool) -> dict[str, Any]:
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


def _short(value: float) -> str:
    return (f"{value:.3g}" if abs(value) >= 0.005 else "0").replace("-", "−")


def _layers(values: np.ndarray) -> np.ndarray:
    return np.arange(1, len(values) + 1, dtype=np.float32)


def _clear(color: str, share: float) -> str:
    """`#rrggbb` as a colour of which only `share` is seen."""
    red, green, blue = (int(color[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def _key(*entries: tuple[str, str], dark: bool) -> list[dict[str, Any]]:
    """Legend entries in grey that say what points and lines stand for."""
    nothing = np.full(1, np.nan, np.float32)
    muted = palette(dark).muted
    return [
        {
            "type": "scatter",
            "mode": mode,
            "name": name,
            "x": nothing,
            "y": nothing,
            "line": {"width": 1.5, "dash": "dash", "color": muted},
            "marker": {"size": 6, "color": muted},
            "hoverinfo": "skip",
        }
        for name, mode in entries
    ]


def _title(text: str, *, dark: bool) -> dict[str, Any]:
    font = {"size": 13, "color": palette(dark).ink}
    return {"text": text, "font": font, "x": 0.5, "xanchor": "center", "y": 0.98, "yanchor": "top"}


def _upright(place: float, *, dark: bool) -> dict[str, Any]:
    line = {"width": 1, "color": palette(dark).muted}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": place, "x1": place, "line": line}


def _tile(title: str, x: np.ndarray, dark: bool, revision: str) -> dict[str, Any]:
    ends = [float(x[0]), float(x[-1])]
    hidden = {"visible": False, "range": ends, "constrain": "domain"}
    return layout(
        dark=dark,
        revision=revision,
        xaxis=axis("<i>x</i><sub>1</sub>", dark=dark, **hidden),
        yaxis=axis("<i>x</i><sub>2</sub>", dark=dark, scaleanchor="x", **hidden),
        title=_title(title, dark=dark),
        margin={"l": 2, "r": 2, "t": 30, "b": 2},
    )


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
