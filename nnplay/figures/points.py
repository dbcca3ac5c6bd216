"""Data points as scatter traces: training points filled, test points as rings."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.figures.palette import SHAPES, ColorScale, palette, points_scale

SIZE = 7
Trace = dict[str, Any]


def class_points(
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray] | None,
    names: Sequence[str],
    *,
    dark: bool,
) -> list[Trace]:
    """`(positions (n, 2), labels (n,) int)`, one colour and shape a class; `names` in label order."""
    colors = palette(dark)
    fills = [colors.classes[k % len(colors.classes)] for k in range(len(names))]
    # Beyond six classes colours come again, with the next shape.
    shapes = [SHAPES[(k + k // len(SHAPES)) % len(SHAPES)] for k in range(len(names))]
    positions, labels = train
    traces: list[Trace] = []
    for k, name in enumerate(names):
        symbol, size = shapes[k]
        marker = {"size": size, "color": fills[k], "symbol": symbol, "line": _outline(colors.ground)}
        traces.append(_scatter(positions[labels == k], name, marker, f"{name}, train"))
    if test is not None:
        positions, labels = test
        rings = _rings(labels.astype(np.float32), (0, max(1, len(names) - 1)), _steps(fills), dark=dark)
        symbols, sizes = np.array(shapes, np.float32).T
        rings |= {"symbol": symbols.astype(np.uint8)[labels], "size": sizes[labels]}
        traces += _test(positions, rings, dark=dark)
    return traces


def value_points(
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray] | None,
    limits: tuple[float, float],
    *,
    dark: bool,
) -> list[Trace]:
    """`(positions (n, 2), targets (n,))` coloured by target on the signed scale over `limits`."""
    colors = palette(dark)
    low, high = limits
    positions, targets = train
    scale = points_scale(colors)
    fill = {"color": _float32(targets), "colorscale": scale, "cmin": low, "cmax": high}
    marker = {"size": SIZE, **fill, "line": _outline(colors.muted)}
    traces = [_scatter(positions, "train", marker, "train, target %{marker.color:.3f}")]
    if test is not None:
        rings = _rings(_float32(test[1]), limits, scale, dark=dark)
        traces += _test(test[0], rings, dark=dark)
    return traces


def plain_points(positions: np.ndarray, name: str, *, dark: bool) -> Trace:
    """Positions (n, 2) in the quiet colour of training points, or as rings if `name` is "test"."""
    colors = palette(dark)
    if name == "test":
        marker = {"size": SIZE - 1, "color": colors.ground, "line": {"width": 1.5, "color": colors.ink}}
    else:
        marker = {"size": SIZE - 1, "color": colors.muted, "line": _outline(colors.ground)}
    return _scatter(positions, name, marker, name)


def marks(positions: np.ndarray, name: str, *, dark: bool) -> Trace:
    """A cross on each of the positions (n, 2). They may be others at each tick, and more or fewer."""
    marker = {
        "size": 9,
        "symbol": "x-thin",
        "color": palette(dark).ink,
        "line": {"width": 1.6, "color": palette(dark).ink},
    }
    # Never empty: plotly.js leaves out a trace without points, and then nothing could be drawn into it.
    kept = np.concatenate([np.full((1, 2), np.nan), positions])
    return _scatter(kept, name, marker, "") | {"meta": "marks", "hoverinfo": "skip", "showlegend": False}


def picked_point(position: np.ndarray, *, dark: bool) -> Trace:
    """The point (2,) that somebody asks about."""
    colors = palette(dark)
    marker = {
        "size": 15,
        "symbol": "star",
        "color": colors.ink,
        "line": {"width": 1.5, "color": colors.ground},
    }
    return _scatter(position[None], "your sample", marker, "your sample") | {"showlegend": False}


def ringed(positions: np.ndarray, *, dark: bool) -> Trace:
    """Rings around the samples of a batch, at their positions (n, 2)."""
    line = {"width": 2.5, "color": palette(dark).ink}
    marker = {"size": SIZE + 6, "symbol": "circle-open", "color": palette(dark).ink, "line": line}
    return _scatter(positions, "this batch", marker, "this batch") | {
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _scatter(positions: np.ndarray, name: str, marker: Trace, hover: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": _float32(positions[:, 0]),
        "y": _float32(positions[:, 1]),
        "name": name,
        "marker": marker,
        "hovertemplate": f"(%{{x:.2f}}, %{{y:.2f}})<extra>{hover}</extra>",
    }


def _test(positions: np.ndarray, rings: Trace, *, dark: bool) -> list[Trace]:
    """The rings, and a legend entry of its own, which would otherwise take the colour of the first point."""
    shown = {"size": SIZE, "color": palette(dark).ground, "line": {"width": 2, "color": palette(dark).muted}}
    key = _scatter(np.full((1, 2), np.nan), "test", shown, "") | {"legendgroup": "test"}
    return [_scatter(positions, "test", rings, "test") | {"legendgroup": "test", "showlegend": False}, key]


def _rings(values: np.ndarray, limits: tuple[float, float], scale: ColorScale, *, dark: bool) -> Trace:
    line = {"width": 2, "color": values, "colorscale": scale, "cmin": limits[0], "cmax": limits[1]}
    # Plotly makes points half transparent as soon as their sizes differ.
    return {"size": SIZE, "opacity": 1, "color": palette(dark).ground, "line": line}


def _outline(color: str) -> Trace:
    return {"width": 0.8, "color": color}


def _steps(fills: Sequence[str]) -> ColorScale:
    """A scale whose stop k, counted over the classes, is exactly the colour of class k."""
    last = max(1, len(fills) - 1)
    return (
        [(k / last, fill) for k, fill in enumerate(fills)]
        if len(fills) > 1
        else [(0.0, fills[0]), (1.0, fills[0])]
    )


def _float32(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=np.float32)
