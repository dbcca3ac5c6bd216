"""Signals through a random network: a quantity against the layer, and how the outputs of each spread."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnplay.figures.activations.looks import clear, color, heading, label, trace
from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, drawable, layout

# Of the pairs of samples, by their start.
SYMBOLS = ("circle", "circle-open", "square", "square-open")


def by_layer(
    measured: Mapping[str, np.ndarray],
    title: str,
    *,
    layers: int,
    theory: Mapping[str, np.ndarray] | None = None,
    log: bool = False,
    share: bool = False,
    dark: bool = False,
    revision: str = "layers",
) -> Spec:
    """A quantity (layers,) of each function against the layer: points measured, dashes `theory`."""
    traces = [_theory(name, values, log=log, dark=dark) for name, values in (theory or {}).items()]
    mode = "markers" if theory is not None else "lines+markers"
    for name, values in measured.items():
        traces.append(_measured(name, values, mode=mode, log=log, dark=dark))
    if theory:
        traces += _key(("measured", "markers"), ("theory", "lines"), dark=dark)
    scale: dict[str, Any] = {"type": "log", "exponentformat": "power"} if log else {"rangemode": "tozero"}
    if share:
        scale = {"range": [-0.02, 1.02], "tickformat": ".0%"}
    return _against_layer(traces, title, layers, legend=bool(theory), dark=dark, revision=revision, **scale)


def by_pair(
    measured: Mapping[str, Mapping[str, np.ndarray]],
    theory: Mapping[str, Mapping[str, np.ndarray]],
    title: str,
    *,
    layers: int,
    dark: bool = False,
    revision: str = "pairs",
) -> Spec:
    """The correlation of two samples against the layer, from several starts.

    `measured[start][function]` (layers,): a symbol for each start; dashed lines: `theory`, alike.
    """
    traces = []
    for (start, several), symbol in zip(measured.items(), SYMBOLS, strict=False):
        for name, values in several.items():
            traces.append(_theory(name, theory[start][name], dark=dark))
            traces.append(_measured(name, values, symbol=symbol, dark=dark))
    traces += _key(*((start, "markers") for start in measured), ("theory", "lines"), dark=dark)
    for entry, symbol in zip(traces[-1 - len(measured) :], SYMBOLS, strict=False):
        entry["marker"] |= {"symbol": symbol}
    return _against_layer(
        traces, title, layers, legend=True, dark=dark, revision=revision, range=[-0.25, 1.05]
    )


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
    layers = _numbers(mean)
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
        "colorscale": [(0.0, clear(ink, 0.0)), (1.0, clear(ink, 0.85))],
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
            title=heading(label(function), dark=dark),
            margin={"l": 50, "r": 8, "t": 34, "b": 40},
        ),
    }


def _measured(
    name: str,
    values: np.ndarray,
    *,
    mode: str = "markers",
    symbol: str = "circle",
    log: bool = False,
    dark: bool,
) -> dict[str, Any]:
    """A point a layer."""
    marker = {"size": 5 if len(values) <= 30 else 4, "color": color(name, dark=dark), "symbol": symbol}
    line = trace(name, (_numbers(values), drawable(values, positive=log)), dark=dark)
    return line | {"mode": mode, "marker": marker, "opacity": 0.9}


def _theory(name: str, values: np.ndarray, *, log: bool = False, dark: bool) -> dict[str, Any]:
    """A dashed line."""
    line = trace(name, (_numbers(values), drawable(values, positive=log)), dark=dark)
    dashed = {"width": 1.5, "dash": "dash", "color": color(name, dark=dark)}
    return line | {"name": f"{label(name)}, theory", "line": dashed}


def _against_layer(
    traces: list[dict[str, Any]],
    title: str,
    layers: int,
    *,
    legend: bool,
    dark: bool,
    revision: str,
    **scale: Any,
) -> Spec:
    return {
        "data": traces,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("layer", dark=dark, showgrid=False, tickformat="d", range=[0, layers + 1]),
            yaxis=axis(title, dark=dark, **{"tickformat": "~g", **scale}),
            showlegend=legend,
            margin={"l": 62, "r": 10, "t": 26, "b": 44},
        ),
    }


def _numbers(values: np.ndarray) -> np.ndarray:
    return np.arange(1, len(values) + 1, dtype=np.float32)


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
