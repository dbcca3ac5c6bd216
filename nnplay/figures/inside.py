"""The layers of a network over the epochs: a line a layer, or a map where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.figures.curves import room_for
from nnplay.figures.palette import in_order, palette
from nnplay.figures.spec import Spec, axis, drawable, layout, note, power_of_ten, powers

# More layers than that are a map: so many lines nobody tells apart.
MOST_LINES = 8
# Of the epochs of a map at the most, evenly spaced; a run of any length costs the same to show.
MOST_COLUMNS = 160
# Rows of a distribution's map.
BINS = 36
# A gradient of less than that is as good as none, and one colour scale must hold them all.
SMALLEST = 1e-20


@dataclass(frozen=True)
class Panel:
    """One measure of all layers: `values` (epochs, layers), NaN where it is not known.

    `middle`: where a logarithmic colour scale turns from blue to orange, and the middle of the `band`, a rule
    of thumb in words, drawn behind lines. `limits`: of a measure that has some.
    """

    label: str
    values: np.ndarray
    log: bool = False
    limits: tuple[float, float] | None = None
    middle: float | None = None
    band: str = ""


def layer_panels(
    epoch: np.ndarray,
    panels: Sequence[Panel],
    names: Sequence[str],
    *,
    cursor: float | None = None,
    nothing: str = "nothing trained yet",
    dark: bool = False,
    revision: str = "layers",
) -> Spec:
    """Panels one above the other against the epoch (epochs,); `names` of the layers, first to last.

    `cursor`: an epoch that is looked at, a thin upright line.
    """
    colors = palette(dark)
    many = len(names) > MOST_LINES
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    shapes: list[dict[str, Any]] = []
    for place, (panel, domain) in enumerate(zip(panels, _domains(len(panels)), strict=True), start=1):
        y = "y" if place == 1 else f"y{place}"
        if many:
            traces.append(_map(epoch, panel, names, y, domain, dark=dark))
            side = axis(
                "layer" if len(panels) == 1 else f"{panel.label}<br>layer",
                dark=dark, showgrid=False, range=[0.5, len(names) + 0.5],
            )  # fmt: skip
        else:
            for name, color, values in zip(names, in_order(len(names), colors), panel.values.T, strict=True):
                traces.append(_line(name, epoch, values, color, y, log=panel.log, legend=place == 1))
            side = _side(panel, dark=dark)
            if panel.middle:
                shapes.append(_band(panel, y, dark=dark))
        axes["yaxis" + y[1:]] = side | {"domain": domain}
    last = len(panels)
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=_epochs(epoch, many=many, anchor="y" if last == 1 else f"y{last}", dark=dark),
        yaxis=axes.pop("yaxis"),
        **axes,
        hovermode="closest" if many else "x unified",
        showlegend=not many,
        shapes=shapes + _cursor(cursor, dark=dark),
    )
    drawn = any(np.isfinite(panel.values).any() for panel in panels)
    if not drawn:
        figure["xaxis"] |= {"range": [0, 10], "autorange": False}
        figure["annotations"] = [note(nothing, dark=dark)]
    return {"data": traces, "layout": figure}


def distribution_panels(
    epoch: np.ndarray,
    quantiles: np.ndarray,
    names: Sequence[str],
    *,
    label: str,
    cursor: float | None = None,
    nothing: str = "nothing measured yet",
    dark: bool = False,
    revision: str = "distributions",
) -> Spec:
    """How the values of each layer are spread, epoch by epoch: a map of value and epoch, a layer a row.

    `quantiles` (epochs, layers, q) at equal steps from 0 to 1. The map shows the share of the values in
    each of BINS equal bins; the lines are the median, the middle half and the middle 90 %.
    """
    colors = palette(dark)
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    x = epoch.astype(np.float32)
    ok = [
        np.isfinite(quantiles[:, k]).all(axis=1) if len(x) else np.zeros(0, bool) for k in range(len(names))
    ]
    for place, (name, domain) in enumerate(zip(names, _domains(len(names)), strict=True), start=1):
        y = "y" if place == 1 else f"y{place}"
        known = ok[place - 1]
        values = quantiles[:, place - 1][known]
        # The same array where it is the same: sent once.
        at = x if known.all() else x[known]
        if len(values):
            edges = bin_edges(values)
            shares = bin_shares(values, edges)
            traces.append(
                {
                    "type": "heatmap", "xaxis": "x", "yaxis": y, "x": at,
                    "y": ((edges[1:] + edges[:-1]) / 2).astype(np.float32),
                    # The root, in 256 steps: a few per cent are seen as well, and little is sent.
                    "z": np.round(255 * np.sqrt(shares.T)).astype(np.uint8), "zmin": 0, "zmax": 128,
                    "colorscale": colors.sequential, "showscale": False, "hoverinfo": "skip",
                }
            )  # fmt: skip
            middle = values.shape[1] - 1
            for share, text, width, dash in LINES:
                line = {"width": width, "color": colors.ink, "dash": dash}
                traces.append(
                    {
                        "type": "scatter", "mode": "lines" if known.sum() > 1 else "markers", "xaxis": "x",
                        "yaxis": y, "x": at, "y": values[:, round(share * middle)], "name": text,
                        "line": line, "marker": {"size": 4, "color": colors.ink}, "showlegend": place == 1,
                        "legendgroup": text, "hovertemplate": f"{name}, {text} %{{y:.3~g}}<extra></extra>",
                    }
                )  # fmt: skip
                if share != 0.5:
                    mirrored = {**traces[-1], "y": values[:, round((1 - share) * middle)]}
                    traces.append(mirrored | {"showlegend": False})
        axes["yaxis" + y[1:]] = axis(
            name if len(names) > 1 else f"{name}: {label}", dark=dark, showgrid=False, tickformat="~g",
            nticks=4, domain=domain,
        )  # fmt: skip
    last = len(names)
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=_epochs(epoch, many=True, anchor="y" if last == 1 else f"y{last}", dark=dark),
        yaxis=axes.pop("yaxis"),
        **axes,
        hovermode="x",
        shapes=_cursor(cursor, dark=dark),
    )
    if not any(part.any() for part in ok):
        figure["xaxis"] |= {"range": [0, 10], "autorange": False}
        figure["annotations"] = [note(nothing, dark=dark)]
    return {"data": traces, "layout": figure}


# Of a distribution: the share, its words, width and dash of its line; all but the median are drawn twice.
LINES = (
    (0.5, "median", 1.5, "solid"),
    (0.75, "middle half", 1.0, "solid"),
    (0.95, "middle 90 %", 1.0, "dot"),
)


def bin_edges(quantiles: np.ndarray) -> np.ndarray:
    """Edges (BINS + 1,) of equal bins over all values there were; a little beyond, so that none is on one."""
    low, high = float(quantiles.min()), float(quantiles.max())
    margin = 0.02 * (high - low) or max(0.05 * abs(low), 1e-6)
    return np.linspace(low - margin, high + margin, BINS + 1)


def bin_shares(quantiles: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Share of the values in each bin, (epochs, bins), from quantiles (epochs, q) at equal steps from 0 to 1.

    Exact at the quantiles, and linear between two of them.
    """
    shares = np.linspace(0, 1, quantiles.shape[1])
    below = [np.interp(edges, row, shares, left=0, right=1) for row in quantiles.astype(float)]
    return np.diff(below, axis=1)


def columns_of_map(count: int) -> np.ndarray:
    """Every k-th place, k a power of two so that a growing map does not shimmer, and the last."""
    step = 1
    while count > step * MOST_COLUMNS:
        step *= 2
    # Counted from the last: what is newest is always seen.
    return np.arange(count - 1, -1, -step)[::-1] if count else np.arange(0)


def _line(
    name: str, epoch: np.ndarray, values: np.ndarray, color: str, y: str, *, log: bool, legend: bool
) -> dict[str, Any]:
    y_values = drawable(values, positive=log)
    return {
        "type": "scatter",
        "mode": "lines" if np.isfinite(y_values).sum() > 1 else "lines+markers",
        "xaxis": "x",
        "yaxis": y,
        "name": name,
        "legendgroup": name,
        "showlegend": legend,
        "x": epoch.astype(np.float32),
        "y": y_values,
        "line": {"width": 1.75, "color": color},
        "marker": {"size": 5, "color": color},
        "hovertemplate": "%{y:.3~g}",
    }


def _map(
    epoch: np.ndarray, panel: Panel, names: Sequence[str], y: str, domain: list[float], *, dark: bool
) -> dict[str, Any]:
    colors = palette(dark)
    values = panel.values.astype(np.float32)
    scale: dict[str, Any]
    if panel.log:
        known = np.isfinite(values) & (values > 0)
        z = np.full(values.shape, np.nan, np.float32)
        z[known] = np.log10(np.maximum(values[known], SMALLEST))
        low, high = (float(np.nanmin(z)), float(np.nanmax(z))) if known.any() else (-6.0, 0.0)
        if panel.middle:
            # As far to the one side as to the other: the colour in between is the rule of thumb.
            middle = float(np.log10(panel.middle))
            reach = float(np.clip(np.ceil(max(high - middle, middle - low)), 1, 4))
            low, high = middle - reach, middle + reach
        else:
            low, high = float(np.floor(low)), float(max(np.ceil(high), np.floor(low) + 1))
        ticks = powers(low, high)
        scale = {"tickvals": ticks, "ticktext": [power_of_ten(tick) for tick in ticks]}
        hover = "10^%{z:.1f}"
    else:
        z = values
        low, high = panel.limits or (0.0, 1.0)
        scale = {"tickformat": "~g"}
        hover = "%{z:.3~g}"
    return {
        "type": "heatmap", "xaxis": "x", "yaxis": y, "x": epoch.astype(np.float32),
        "y": np.arange(1, len(names) + 1, dtype=np.float32), "z": np.ascontiguousarray(z.T),
        "zmin": low, "zmax": high,
        "colorscale": colors.diverging if panel.middle else colors.sequential,
        "colorbar": {
            "title": {"text": panel.label, "side": "right", "font": {"size": 12}},
            "thickness": 10, "outlinewidth": 0, "len": domain[1] - domain[0],
            "y": (domain[0] + domain[1]) / 2, **scale,
        },
        "hovertemplate": f"epoch %{{x}}<br>layer %{{y}}<br>{hover}<extra></extra>",
    }  # fmt: skip


def _side(panel: Panel, *, dark: bool) -> dict[str, Any]:
    if not panel.log:
        limits = list(panel.limits) if panel.limits else None
        scale: dict[str, Any] = {"range": [limits[0] - 0.02, limits[1] + 0.02]} if limits else {}
        return axis(panel.label, dark=dark, tickformat="~g", **scale)
    values = panel.values[np.isfinite(panel.values) & (panel.values > 0)]
    if not len(values):
        return axis(panel.label, dark=dark, type="log", range=[-4, 0], exponentformat="power", dtick=1)
    low, high = np.log10(max(float(values.min()), SMALLEST)), np.log10(float(values.max()))
    if panel.middle:
        low, high = min(low, np.log10(panel.middle) - 0.7), max(high, np.log10(panel.middle) + 0.7)
    # Whole decades: an axis that is new at every tick would have to be drawn anew at every tick.
    low, high = float(np.floor(low)), float(max(np.ceil(high), np.floor(low) + 1))
    every = max(1, int(np.ceil((high - low) / 6)))
    return axis(panel.label, dark=dark, type="log", range=[low, high], exponentformat="power", dtick=every)


def _band(panel: Panel, y: str, *, dark: bool) -> dict[str, Any]:
    """Where a measure usually is, half a power of ten to either side."""
    colors = palette(dark)
    middle = panel.middle or 1.0
    return {
        "type": "rect", "xref": "paper", "yref": y, "x0": 0, "x1": 1, "layer": "below",
        "y0": middle / 10**0.5, "y1": middle * 10**0.5, "fillcolor": colors.grid, "line": {"width": 0},
        "label": {
            "text": panel.band, "textposition": "top right", "padding": 4,
            "font": {"size": 11, "color": colors.muted},
        },
    }  # fmt: skip


def _epochs(epoch: np.ndarray, *, many: bool, anchor: str, dark: bool) -> dict[str, Any]:
    colors = palette(dark)
    last = float(epoch[-1]) if len(epoch) else 0.0
    # A map fills its frame; lines have room to grow, in steps.
    room = {} if many else {"autorangeoptions": {"include": [0, room_for(int(last))]}}
    return axis(
        "epoch", dark=dark, showgrid=False, anchor=anchor, unifiedhovertitle={"text": "epoch %{x}"},
        spikethickness=-1, spikedash="solid", spikecolor=colors.axis, **room,
    )  # fmt: skip


def _cursor(epoch: float | None, *, dark: bool) -> list[dict[str, Any]]:
    if epoch is None:
        return []
    return [
        {
            "type": "line", "xref": "x", "yref": "paper", "x0": epoch, "x1": epoch, "y0": 0, "y1": 1,
            "line": {"width": 1.5, "color": palette(dark).ink}, "name": "shown",
        }
    ]  # fmt: skip


def _domains(count: int) -> list[list[float]]:
    """From the top down, with a gap between two panels."""
    gap = 0.0 if count == 1 else min(0.06, 0.3 / count)
    height = (1 - gap * (count - 1)) / count
    tops = [1 - place * (height + gap) for place in range(count)]
    return [[round(max(0.0, top - height), 4), round(top, 4)] for top in tops]
