"""Gradients by layer, by epoch, by weight scale and by lag: dots for what was measured, a line for theory."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, drawable, layout, note, power_of_ten, powers

Series = Mapping[str, np.ndarray]


def by_layer(
    measured: Series,
    theory: np.ndarray | None = None,
    *,
    label: str,
    nothing: str = "0 in every layer",
    dark: bool = False,
    revision: str = "layers",
) -> Spec:
    """Positive numbers of each layer on a logarithmic axis, (layers,) each; what is not positive is a gap.

    `measured`: one name and its numbers, or several to compare; `theory` the line over them; `nothing`
    is said where there is nothing to draw.
    """
    colors = palette(dark)
    count = max(len(values) for values in measured.values())
    layers = np.arange(1, count + 1, dtype=np.float32)
    several = len(measured) > 1
    traces: list[dict[str, Any]] = []
    for place, (name, values) in enumerate(measured.items()):
        color = _color(place, dark=dark) if several else colors.classes[0]
        traces.append(_dots(name, layers[: len(values)], values, color, lines=several, axis="layer"))
    if theory is not None:
        traces.append(_theory("theory", layers, theory, dark=dark))
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=axis("layer", dark=dark, showgrid=False, range=[0, count + 1]),
        yaxis=_log_axis(label, [trace["y"] for trace in traces], dark=dark),
        legend=_legend(dark),
        showlegend=len(traces) > 1,
    )
    if not any(np.isfinite(trace["y"]).any() for trace in traces):
        figure["annotations"] = [note(nothing, dark=dark)]
    return {"data": traces, "layout": figure}


def by_epoch(
    epoch: np.ndarray,
    norms: np.ndarray,
    *,
    across: str = "epoch",
    nothing: str = "nothing trained yet",
    dark: bool = False,
    revision: str = "heat",
) -> Spec:
    """The gradient of every layer in every epoch, or batch (`across`), as a map.

    `epoch` (e,), `norms` (e, layers). Colours by powers of ten; what is 0 or not finite is a gap.
    """
    colors = palette(dark)
    values = np.full(norms.shape, np.nan, np.float32)
    ok = np.isfinite(norms) & (norms > 0)
    # A float32 gradient below 1e-38 is as good as none, and one colour scale must hold them all.
    values[ok] = np.maximum(np.log10(norms[ok]), -20)
    low, high = (np.nanmin(values), np.nanmax(values)) if ok.any() else (-6.0, 0.0)
    low, high = float(np.floor(low)), float(max(np.ceil(high), np.floor(low) + 1))
    ticks = powers(low, high)
    trace = {
        "type": "heatmap",
        "x": epoch.astype(np.float32),
        "y": np.arange(1, norms.shape[1] + 1, dtype=np.float32),
        "z": values.T,
        "zmin": low,
        "zmax": high,
        "colorscale": colors.sequential,
        "colorbar": {
            "title": {"text": "gradient", "side": "right", "font": {"size": 12}},
            "thickness": 10,
            "outlinewidth": 0,
            "tickvals": ticks,
            "ticktext": [power_of_ten(tick) for tick in ticks],
        },
        "hovertemplate": f"{across} %{{x}}<br>layer %{{y}}<br>10^%{{z:.1f}}<extra></extra>",
    }
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=axis(across, dark=dark, showgrid=False),
        yaxis=axis("layer", dark=dark, showgrid=False, range=[0.5, norms.shape[1] + 0.5]),
    )
    if not ok.any():
        figure["xaxis"]["range"] = [0, 10]
        text = f"no finite gradient in any whole {across}" if len(epoch) else nothing
        figure["annotations"] = [note(text, dark=dark)]
    return {"data": [trace], "layout": figure}


def by_name(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    label: str,
    across: str = "epoch",
    log: bool = False,
    bound: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
    nothing: str = "nothing trained yet",
    dark: bool = False,
    revision: str = "names",
) -> Spec:
    """Several named curves, (x, y) each, one colour a name; `bound` are dashed lines of theory."""
    traces: list[dict[str, Any]] = []
    for place, (name, (x, values)) in enumerate(curves.items()):
        y = drawable(np.asarray(values), positive=log)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines" if np.isfinite(y).sum() > 1 else "lines+markers",
                "name": name,
                "x": np.asarray(x, np.float32),
                "y": y,
                "line": {"width": 2, "color": _color(place, dark=dark)},
                "hovertemplate": f"{across} %{{x}}: %{{y:.3~g}}",
            }
        )
    for name, (x, values) in (bound or {}).items():
        traces.append(_theory(name, np.asarray(x, np.float32), values, dark=dark))
    yaxis = (
        _log_axis(label, [trace["y"] for trace in traces], dark=dark)
        if log
        else axis(label, dark=dark, rangemode="tozero", tickformat="~g")
    )
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=axis(across, dark=dark, showgrid=False, rangemode="tozero"),
        yaxis=yaxis,
        legend=_legend(dark),
        showlegend=True,
    )
    if not any(len(trace["x"]) for trace in traces):
        figure["xaxis"]["range"] = [0, 10]
        figure["annotations"] = [note(nothing, dark=dark)]
    return {"data": traces, "layout": figure}


def phases(
    sigma_w: np.ndarray,
    sigma_b: np.ndarray,
    chi: np.ndarray,
    q: np.ndarray,
    critical: tuple[np.ndarray, np.ndarray],
    point: tuple[float, float],
    *,
    picks: tuple[np.ndarray, np.ndarray],
    dark: bool = False,
    revision: str = "phases",
) -> Spec:
    """The factor by which a gradient changes in each layer, over both scales: blue shrinks, orange grows.

    `chi` (b, w) is the factor of its square, `q` (b, w) the variance that the sums settle at, NaN where they
    grow for ever; `critical` the line chi = 1; `point` the network on show;
    `picks` the places that can be clicked, invisible markers (clicks arrive from markers only).
    """
    colors = palette(dark)
    factor = np.sqrt(np.where(np.isfinite(chi) & (chi > 0), chi, np.nan))
    reach = 0.3
    surface = {
        "type": "heatmap",
        "x": sigma_w.astype(np.float32),
        "y": sigma_b.astype(np.float32),
        "z": np.log10(factor).astype(np.float32),
        "zmin": -reach,
        "zmax": reach,
        "zsmooth": "best",
        "colorscale": colors.diverging,
        "hoverinfo": "skip",
        "colorbar": {
            "title": {"text": "gradient, times per layer", "side": "right", "font": {"size": 12}},
            "thickness": 10,
            "outlinewidth": 0,
            "tickvals": [float(np.log10(value)) for value in FACTORS],
            "ticktext": [f"{value:g}" for value in FACTORS],
        },
    }
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "critical",
        "x": critical[0].astype(np.float32),
        "y": critical[1].astype(np.float32),
        "line": {"width": 2, "color": colors.ink},
        "hoverinfo": "skip",
    }
    w, b = (part.ravel().astype(np.float32) for part in np.meshgrid(*picks))
    grid = {
        "type": "scatter",
        "mode": "markers",
        "name": "pick",
        "x": w,
        "y": b,
        "marker": {"size": 18, "opacity": 0, "color": colors.ink},
        "hovertemplate": "σ<sub>w</sub> %{x:.2f}, σ<sub>b</sub> %{y:.2f}<extra></extra>",
    }
    here = {
        "type": "scatter",
        "mode": "markers",
        "name": "here",
        "x": np.array([point[0]], np.float32),
        "y": np.array([point[1]], np.float32),
        "marker": {"size": 13, "color": colors.ground, "line": {"width": 3, "color": colors.ink}},
        "cliponaxis": False,
        "hovertemplate": "this network<br>σ<sub>w</sub> %{x:.2f}, σ<sub>b</sub> %{y:.2f}<extra></extra>",
    }
    figure = layout(
        dark=dark,
        revision=revision,
        margin={"l": 54, "r": 10, "t": 12, "b": 46},
        xaxis=axis("σ<sub>w</sub>, scale of the weights", dark=dark, showgrid=False, range=_ends(sigma_w)),
        yaxis=axis("σ<sub>b</sub>, scale of the biases", dark=dark, showgrid=False, range=_ends(sigma_b)),
        showlegend=False,
        annotations=_names_of_phases(sigma_w, sigma_b, factor, np.isfinite(q), dark=dark),
        dragmode=False,
    )
    return {"data": [surface, line, here, grid], "layout": figure}


FACTORS = (0.5, 0.7, 1.0, 1.4, 2.0)


def _names_of_phases(
    sigma_w: np.ndarray, sigma_b: np.ndarray, factor: np.ndarray, bounded: np.ndarray, *, dark: bool
) -> list[dict[str, Any]]:
    """The name of each phase in the middle of its region, if that is large enough to hold the word."""
    named = []
    for text, region in (
        ("order<br>gradients vanish", bounded & (factor < 0.97)),
        ("chaos<br>gradients explode", bounded & (factor > 1.03)),
        ("no bounds<br>signals explode", ~bounded),
    ):
        if region.mean() < 0.12:
            continue
        rows, columns = np.nonzero(region)
        named.append(
            {
                "text": text,
                "x": float(np.median(sigma_w[columns])),
                "y": float(np.median(sigma_b[rows])),
                "showarrow": False,
                "font": {"size": 13, "color": palette(dark).ink},
            }
        )
    return named


def _dots(
    name: str, x: np.ndarray, values: np.ndarray, color: str, *, lines: bool, axis: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if lines else "markers",
        "name": name,
        "x": x,
        "y": drawable(np.asarray(values), positive=True),
        "line": {"width": 1.5, "color": color},
        "marker": {"size": 6 if len(x) <= 40 else 4, "color": color},
        "hovertemplate": f"{axis} %{{x}}: %{{y:.3~g}}",
    }


def _theory(name: str, x: np.ndarray, values: np.ndarray, *, dark: bool) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": drawable(np.asarray(values), positive=True),
        "line": {"width": 2, "dash": "dash", "color": palette(dark).ink},
        "hovertemplate": f"{name} %{{y:.3~g}}<extra></extra>",
    }


def _log_axis(label: str, drawn: list[np.ndarray], *, dark: bool) -> dict[str, Any]:
    """Powers of ten; at least one decade either side of what is drawn, so that what is level looks level."""
    known = np.concatenate([values[np.isfinite(values)] for values in drawn] or [np.ones(1)])
    if not len(known):
        return axis(label, dark=dark, type="log", range=[-3, 1], exponentformat="power", dtick=1)
    low, high = float(np.log10(known.min())), float(np.log10(known.max()))
    middle, half = (low + high) / 2, max((high - low) / 2 * 1.06, 1.0)
    every = max(1, int(np.ceil(2 * half / 8)))
    return axis(
        label,
        dark=dark,
        type="log",
        range=[middle - half, middle + half],
        exponentformat="power",
        dtick=every,
    )


def _legend(dark: bool) -> dict[str, Any]:
    return {
        "orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom",
        "bgcolor": "rgba(0,0,0,0)", "font": {"size": 12, "color": palette(dark).ink},
    }  # fmt: skip


def _color(place: int, *, dark: bool) -> str:
    colors = palette(dark)
    # The first is what the others are compared with: grey.
    return [colors.muted, *colors.classes][place % (1 + len(colors.classes))]


def _ends(values: np.ndarray) -> list[float]:
    return [float(values[0]), float(values[-1])]
