"""A measure of learning against the epoch, on training and on test data: the loss, the accuracy, R²."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np

from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, drawable, layout, level, note, plain

MOST_POINTS = 1200
"""A curve has at most this many points on the wire; a screen has no more columns to show them in."""

# Of the changes to a run only the last are marked: each is a line to draw at every tick.
MOST_CHANGES = 50
# Share of an axis.
NEAR_THE_END = 0.25


# Kept curves are told apart by these.
DASHES = ("dot", "dash", "dashdot", "longdash")


@dataclass(frozen=True, eq=False)
class Other:
    """A curve to compare with: `epoch`, `train` and `test`, all (rows,), and what is different about it."""

    label: str
    epoch: np.ndarray
    train: np.ndarray
    test: np.ndarray


def loss_curves(
    epoch: np.ndarray,
    train: np.ndarray,
    test: np.ndarray | None = None,
    *,
    label: str = "loss",
    nothing: float | None = None,
    log: bool = False,
    changes: Mapping[int, str] | None = None,
    cursor: float | None = None,
    others: Sequence[Other] = (),
    dark: bool = False,
    revision: str = "loss",
) -> Spec:
    """Loss against epoch; NaN and infinity leave a gap, and so does a loss of 0 or less with `log`.

    `label` names the axis ("mean squared error"); `nothing` is the loss of a network that has learned
    nothing, the dotted line. `changes` are the epochs at which a person changed something, thin upright
    lines, and what it was; `cursor` is the epoch that is looked at; `others` are kept curves, faded.
    """
    return _curves(
        epoch, train, test, measure_axis(label, log=log, dark=dark), nothing, "top", log,
        changes or {}, cursor, others, dark, revision,
    )  # fmt: skip


def metric_curves(
    epoch: np.ndarray,
    train: np.ndarray,
    test: np.ndarray | None = None,
    *,
    label: str = "accuracy",
    limits: tuple[float, float] | None = (0.0, 1.0),
    nothing: float | None = None,
    changes: Mapping[int, str] | None = None,
    cursor: float | None = None,
    others: Sequence[Other] = (),
    dark: bool = False,
    revision: str = "metric",
) -> Spec:
    """A metric against epoch, on an axis that shows `limits` and never more than 2 % beyond them.

    So the bad values R² starts with do not flatten the rest: give it (-1, 1). `limits=None` follows the
    data, for an error in units of the target; the rest as in `loss_curves`.
    """
    low, high = limits or (-np.inf, np.inf)
    # Near the bottom there is no room below the line.
    anchor = "bottom" if nothing is not None and nothing < low + NEAR_THE_END * (high - low) else "top"
    return _curves(
        epoch, train, test, measure_axis(label, limits=limits, dark=dark), nothing, anchor, False,
        changes or {}, cursor, others, dark, revision,
    )  # fmt: skip


def _curves(
    epoch: np.ndarray,
    train: np.ndarray,
    test: np.ndarray | None,
    yaxis: dict[str, Any],
    nothing: float | None,
    anchor: str,
    log: bool,
    changes: Mapping[int, str],
    cursor: float | None,
    others: Sequence[Other],
    dark: bool,
    revision: str,
) -> Spec:
    colors = palette(dark)
    # Grey for what was seen, ink for what counts; blue and orange stay the signs.
    styles = [("train", train, 1.5, colors.muted), ("test", test, 2.0, colors.ink)]
    keep = _thinned(len(epoch))
    x = epoch[keep].astype(np.float32)
    traces = []
    for name, values, width, color in styles:
        if values is None:
            continue
        y = drawable(values[keep], positive=log)
        traces.append(
            {
                "type": "scatter",
                # One point makes no line.
                "mode": "lines" if np.isfinite(y).sum() > 1 else "lines+markers",
                "name": name,
                "x": x,
                "y": y,
                "line": {"width": width, "color": color},
                "marker": {"size": 6, "color": color},
                "hovertemplate": "%{y:.4~g}",
            }
        )
    marked = sorted(changes)[-MOST_CHANGES:]
    ends = [int(numbers[-1]) for numbers in (epoch, *(other.epoch for other in others)) if len(numbers)]
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=axis(
            "epoch",
            dark=dark,
            showgrid=False,
            # In steps: an axis that is new at every tick would have to be drawn anew at every tick.
            autorangeoptions={"include": [0, room_for(max(ends, default=0))]},
            unifiedhovertitle={"text": "epoch %{x}"},
            # Negative: without plotly's white border around the line.
            spikethickness=-1,
            spikedash="solid",
            spikecolor=colors.axis,
        ),
        yaxis=yaxis,
        hovermode="x unified",
        shapes=[
            *(_changed(epoch, dark=dark) for epoch in marked),
            *([] if nothing is None else [level(nothing, "learned nothing", dark=dark, anchor=anchor)]),
            *([] if cursor is None else [_cursor(cursor, dark=dark)]),
        ],
    )
    for place, other in enumerate(others):
        traces += _other(other, DASHES[place % len(DASHES)], log, dark=dark)
    if marked:
        traces.append(_marks(marked, [changes[epoch] for epoch in marked], dark=dark))
        figure["yaxis2"] = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    if not ends:
        nothing_yet(figure, 10, log=log, dark=dark)
    return {"data": traces, "layout": figure}


def measure_axis(
    title: str, *, log: bool = False, limits: tuple[float, float] | None = None, dark: bool
) -> dict[str, Any]:
    """The axis of a measure. With `limits`, and without `log`, it shows these, and at most 2 % more."""
    scale: dict[str, Any] = {"type": "log"} if log else {"rangemode": "tozero"}
    if limits is not None and not log:
        low, high = limits
        margin = 0.02 * (high - low)
        clip = {"clipmin": low - margin, "clipmax": high + margin}
        scale = {"autorangeoptions": {"include": [low, high], **clip}}
    return axis(title, dark=dark, tickformat="~g", **scale)


def nothing_yet(figure: dict[str, Any], epochs: int, *, log: bool, dark: bool) -> None:
    """Give a layout without curves its axes and a note; left alone plotly would choose -1 to 6."""
    # A range of our own gives way to the first epoch.
    figure["xaxis"]["range"] = [0, epochs]
    figure["yaxis"] |= {"range": [-2, 0] if log else [0, 1]}
    figure["annotations"] = [note("nothing trained yet", dark=dark)]


def room_for(epoch: int) -> int:
    """The end of an axis for epochs up to this one: at least 10, and at most half as many again."""
    ten = 10
    while epoch > 10 * ten:
        ten *= 10
    return next(end for end in (ten * step // 2 for step in (2, 3, 4, 6, 8, 12, 16, 20)) if end >= epoch)


def _changed(epoch: float, *, dark: bool) -> dict[str, Any]:
    """Where a person changed a setting or a weight."""
    line = {"width": 1, "color": palette(dark).axis}
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": epoch, "x1": epoch, "y0": 0, "y1": 1,
        "layer": "below", "line": line, "name": "changed",
    }  # fmt: skip


def _marks(epochs: Sequence[int], texts: Sequence[str], *, dark: bool) -> dict[str, Any]:
    """Small triangles at the foot of the lines where something was changed; pointed at, they say what."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "changed",
        "x": np.array(epochs, np.float32),
        "y": np.zeros(len(epochs), np.float32),
        "yaxis": "y2",
        "marker": {"symbol": "triangle-up", "size": 9, "color": palette(dark).muted},
        "text": [_in_lines(text) for text in texts],
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
        "cliponaxis": False,
    }


def _in_lines(text: str) -> str:
    """Never read as markup, and in lines that fit the chart."""
    return "<br>".join(wrap(plain(text), 40))


def _other(other: "Other", dash: str, log: bool, *, dark: bool) -> list[dict[str, Any]]:
    """A kept curve, faded: thin on the training data, wider on the test data."""
    shared = {
        "type": "scatter", "mode": "lines", "x": other.epoch.astype(np.float32), "opacity": 0.6,
        "legendgroup": other.label, "hovertemplate": "%{y:.4~g}",
    }  # fmt: skip
    color = palette(dark).muted
    return [
        {
            **shared,
            "name": f"{_in_lines(other.label)}, train",
            "y": drawable(other.train, positive=log),
            "line": {"width": 1, "color": color, "dash": dash},
            "showlegend": False,
        },
        {
            **shared,
            "name": _in_lines(other.label),
            "y": drawable(other.test, positive=log),
            "line": {"width": 2, "color": color, "dash": dash},
        },
    ]


def _cursor(epoch: float, *, dark: bool) -> dict[str, Any]:
    """The epoch that all other pictures show."""
    line = {"width": 1.5, "color": palette(dark).ink}
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": epoch, "x1": epoch, "y0": 0, "y1": 1,
        "line": line, "name": "shown",
    }  # fmt: skip


def _thinned(count: int) -> np.ndarray:
    """Every k-th index and the last; k is a power of two, so that a growing curve does not shimmer."""
    step = 1
    while count > step * MOST_POINTS:
        step *= 2
    keep = np.arange(0, count, step)
    return keep if not count or keep[-1] == count - 1 else np.append(keep, count - 1)
