"""A sweep's runs as lines across its settings, and two settings against one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nnplay.figures.palette import mix, palette
from nnplay.figures.spec import Spec, axis, layout, note

# Lines are drawn in so many groups, from the worst to the best, each a trace of one colour.
GROUPS = 6
# Values that would not fit under one another are left out of an axis's words.
MOST_WORDS = 12
# Cells get their number written into them up to so many columns.
MOST_NUMBERS = 10
# Where a run that diverged ends: above the axis. A brush that reaches half the way there takes it in.
OFF = 1.08


# What was brushed: by the label of an axis, from where to where, in the axis's own numbers.
Brushed = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Scale:
    """An axis of the parallel coordinates: its label, each run's number on it (runs,), its ends, its ticks.

    A number that is not there is NaN; infinity (a run that diverged) is drawn above the axis. `log`: the
    numbers are exponents of 10. `words`: those of a setting's values, whose numbers are their places.
    """

    label: str
    numbers: np.ndarray
    ends: tuple[float, float]
    ticks: Sequence[tuple[float, str]]
    log: bool = False
    words: Sequence[str] = ()

    @property
    def heights(self) -> np.ndarray:
        """Each run's height (runs,): 0 and 1 are the ends."""
        low, high = self.ends
        return ((self.numbers - low) / ((high - low) or 1.0)).astype(np.float32)

    def number(self, height: float) -> float:
        """The number at this height; infinite where runs that diverged are."""
        low, high = self.ends
        return float("inf") if height > (1 + OFF) / 2 else low + height * ((high - low) or 1.0)

    def height(self, number: float) -> float:
        """The height of a number of the axis; infinity is above it."""
        low, high = self.ends
        return OFF if np.isinf(number) else (number - low) / ((high - low) or 1.0)

    def part(self, low: float, high: float) -> str:
        """What lies from number to number, in words: "tanh, relu", "0.01 to 0.2"."""
        if self.words:
            return ", ".join(word for place, word in enumerate(self.words) if low <= place <= high) or "none"
        names = (
            f"{10**end if self.log else end:.3g}" if np.isfinite(end) else "diverged" for end in (low, high)
        )
        return " to ".join(names)


def of_values(label: str, places: np.ndarray, words: Sequence[str]) -> Scale:
    """The axis of a setting: `places` (runs,) of each run's value among the `words`, evenly spaced."""
    last = max(1, len(words) - 1)
    ticks = [(place / last, word) for place, word in enumerate(words)]
    every = -(-len(ticks) // MOST_WORDS)
    return Scale(label, places.astype(np.float64), (0.0, float(last)), ticks[::every], words=words)


def of_numbers(label: str, values: np.ndarray, *, log: bool = False) -> Scale:
    """The axis of a measurement: `values` (runs,), logarithmic if `log` and all are above 0."""
    finite = values[np.isfinite(values)]
    log = log and bool(len(finite)) and bool((finite > 0).all())
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = np.log10(values) if log else values.astype(np.float64)
    if not len(finite):
        return Scale(label, drawn, (0.0, 1.0), [])
    shown = drawn[np.isfinite(drawn)]
    low, high = float(shown.min()), float(shown.max())
    width = (high - low) or 1.0
    marks = [low + share * width for share in (0.0, 0.25, 0.5, 0.75, 1.0)] if high > low else [low]
    ticks = [((mark - low) / width, f"{10**mark if log else mark:.3g}") for mark in marks]
    return Scale(label, drawn, (low, low + width), ticks, log)


def inside(scales: Sequence[Scale], brushed: Brushed) -> np.ndarray:
    """Which runs (runs,) are within all that was brushed."""
    kept = np.ones(len(scales[0].numbers) if scales else 0, bool)
    for scale in scales:
        low, high = brushed.get(scale.label, (-np.inf, np.inf))
        # A run without the number is in no part of the axis.
        kept &= (scale.label not in brushed) | ((scale.numbers >= low) & (scale.numbers <= high))
    return kept


def parallel(
    scales: Sequence[Scale],
    rank: np.ndarray,
    names: Sequence[str],
    *,
    brushed: Brushed | None = None,
    dark: bool = False,
    revision: str = "parallel",
) -> Spec:
    """Each run a line across all axes, the best ones strongest and on top; those outside `brushed` faint.

    `rank` (runs,): the number by which they are ordered, the least best; infinity for a run that diverged.
    `names`: what each line says when pointed at.
    """
    colors = palette(dark)
    across = np.arange(len(scales), dtype=np.float32)
    brushed = brushed or {}
    kept = inside(scales, brushed)
    order = np.argsort(-rank, kind="stable")
    others, order = order[~kept[order]], order[kept[order]]
    off = [place for place in order if not np.isfinite(rank[place])]
    groups: list[tuple[list[int], str]] = [(off, mix(colors.ground, colors.muted, 0.45))] if off else []
    ranked = np.array([place for place in order if np.isfinite(rank[place])], int)
    # From the end: of a few runs it is the best that have a group each.
    parts = [part[::-1] for part in np.array_split(ranked[::-1], GROUPS)][::-1]
    if len(others):
        groups.insert(0, (others.tolist(), mix(colors.ground, colors.muted, 0.15)))
    for place, part in enumerate(parts):
        shade = mix(mix(colors.ground, colors.muted, 0.35), colors.classes[0], (place / (GROUPS - 1)) ** 1.5)
        groups.append((part.tolist(), shade))
    traces = []
    for number, (runs, shade) in enumerate(groups):
        best = number == len(groups) - 1
        heights = np.full((len(runs), len(scales) + 1), np.nan, np.float32)
        for row, run in zip(heights, runs, strict=True):
            row[:-1] = [scale.heights[run] for scale in scales]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                # A gap after each run: one trace draws many.
                "x": np.tile(np.append(across, np.float32(np.nan)), len(runs)),
                "y": np.where(np.isinf(heights), np.float32(OFF), heights).ravel(),
                "line": {"width": 1.8 if best else 1.1, "color": shade},
                "opacity": 0.95 if best else 0.75,
                "text": [names[run] for run in runs for _ in range(len(scales) + 1)],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    words = [
        {
            "x": float(place), "y": height, "text": text, "showarrow": False, "xanchor": "left", "xshift": 5,
            "font": {"size": 11, "color": colors.ink}, "bgcolor": clear(colors.ground), "borderpad": 1,
        }
        for place, scale in enumerate(scales)
        for height, text in scale.ticks
    ]  # fmt: skip
    heads = [
        {
            "x": float(place), "y": 1.16, "text": f"<b>{scale.label}</b>", "showarrow": False,
            "xanchor": "left" if place == 0 else "right" if place == len(scales) - 1 else "center",
            "font": {"size": 12, "color": colors.ink},
        }
        for place, scale in enumerate(scales)
    ]  # fmt: skip
    if np.isinf(rank).any() and len(scales):
        words.append(
            {
                "x": float(len(scales) - 1), "y": OFF, "text": "diverged", "showarrow": False,
                "xanchor": "left", "xshift": 5, "font": {"size": 11, "color": colors.muted},
            }
        )  # fmt: skip
    bare = {"showgrid": False, "showline": False, "ticks": "", "showticklabels": False, "fixedrange": True}
    lines = [
        {
            "type": "line", "x0": float(place), "x1": float(place), "y0": 0, "y1": 1,
            "line": {"width": 1, "color": colors.axis},
        }
        for place in range(len(scales))
    ] + [
        {
            "type": "rect", "x0": place - 0.025, "x1": place + 0.025, "line": {"width": 0},
            "y0": scale.height(low), "y1": scale.height(high),
            "fillcolor": colors.classes[0], "opacity": 0.35,
        }
        for place, scale in enumerate(scales)
        if scale.label in brushed
        for low, high in [brushed[scale.label]]
    ]  # fmt: skip
    empty = [] if len(rank) else [note("Nothing has been trained yet.", dark=dark)]
    return {
        "data": traces,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("", dark=dark, **bare) | {"range": [-0.04, max(1, len(scales) - 1) + 0.24]},
            yaxis=axis("", dark=dark, **bare) | {"range": [-0.05, 1.24]},
            # Dragged along an axis, it tells which part of it.
            meta="brush",
            dragmode=False,
            showlegend=False,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
            annotations=[*words, *heads, *empty],
            shapes=lines,
        ),
    }


def clear(color: str) -> str:
    """The colour, nearly opaque: so that words can be read over lines."""
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.75)"


def heat(
    values: np.ndarray,
    x: tuple[str, Sequence[str]],
    y: tuple[str, Sequence[str]],
    *,
    measure: str,
    log: bool = False,
    more_is_better: bool = False,
    counts: np.ndarray | None = None,
    dark: bool = False,
    revision: str = "heat",
) -> Spec:
    """`values` (rows of y, columns of x): the better, the stronger. NaN: nothing yet; infinity: diverged.

    `x`, `y`: label and names; `counts` (rows, columns): how many runs each value comes from.
    """
    colors = palette(dark)
    finite = values[np.isfinite(values)]
    log = log and bool((finite > 0).all())
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(np.isfinite(values), np.log10(values) if log else values, np.nan).astype(np.float32)
    low, high = (float(np.nanmin(z)), float(np.nanmax(z))) if len(finite) else (0.0, 1.0)
    words = np.array([[_cell(value) for value in row] for row in values]).reshape(values.shape)
    marks = [low + share * (high - low) for share in (0, 0.5, 1)] if high > low else [low]
    scale = colors.sequential
    if not more_is_better:
        scale = [(round(1 - share, 6), shade) for share, shade in reversed(scale)]
    runs = np.zeros(values.shape) if counts is None else counts
    cells = {
        "type": "heatmap",
        "x": np.arange(values.shape[1], dtype=np.float32),
        "y": np.arange(values.shape[0], dtype=np.float32),
        "z": z,
        "zmin": low,
        "zmax": high if high > low else low + 1,
        "colorscale": scale,
        "xgap": 1,
        "ygap": 1,
        "customdata": runs.astype(np.int32),
        "text": words.tolist(),
        "hovertemplate": f"%{{y}}, %{{x}}<br>{measure}: %{{text}}<br>runs: %{{customdata}}<extra></extra>",
        "colorbar": {
            "title": {"text": measure, "side": "right", "font": {"size": 12, "color": colors.ink}},
            "tickvals": marks,
            "ticktext": [_cell(10**mark if log else mark) for mark in marks],
            "tickfont": {"size": 11, "color": colors.muted},
            "thickness": 10,
            "outlinewidth": 0,
        },
    }
    if values.shape[1] <= MOST_NUMBERS:
        cells |= {"texttemplate": "%{text}", "textfont": {"size": 12}}
    # Cells that are no number have no colour, and so no text of their own.
    gone = [
        {"x": column, "y": row, "text": "diverged", "showarrow": False,
         "font": {"size": 11, "color": colors.muted}}
        for row, column in zip(*np.nonzero(np.isinf(values)), strict=True)
    ]  # fmt: skip
    for mark in gone:
        mark |= {"x": int(mark["x"]), "y": int(mark["y"])}
    ticks = {"showgrid": False, "ticks": "", "automargin": True}
    return {
        "data": [cells],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis(x[0], dark=dark, **ticks, tickvals=cells["x"], ticktext=list(x[1])),
            yaxis=axis(y[0], dark=dark, **ticks, tickvals=cells["y"], ticktext=list(y[1])),
            margin={"l": 60, "r": 10, "t": 12, "b": 46},
            annotations=gone,
        ),
    }


def _cell(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "diverged" if np.isposinf(value) else ""
