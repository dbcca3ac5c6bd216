"""A real value asked for at the end of a sequence: one sequence with its answer, many answers in a row."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.figures.palette import in_order, palette
from nnplay.figures.points import Trace
from nnplay.figures.spec import Spec, axis, drawable, layout

# Shares of a step: the dash of an answer, on either side of its place.
HALF_DASH = 0.4


def sequence_answer(
    values: np.ndarray,
    names: Sequence[str],
    target: float,
    predicted: float,
    *,
    asked: str,
    limits: tuple[float, float],
    dark: bool = False,
    revision: str = "sequence",
) -> Spec:
    """The inputs `values` (steps, inputs) step by step, behind them the true answer and the network's.

    `names` of the inputs, `asked` what is asked for. An input that is only ever 0 or 1 is drawn as bars. A
    single input goes on to the prediction. `limits` of the numbers: the same for all samples, so that nothing
    jumps from one to the next; a prediction beyond widens them.
    """
    colors = palette(dark)
    steps = np.arange(1, len(values) + 1, dtype=np.float32)
    after = len(values) + 1.0
    traces: list[Trace] = []
    marked = [bool(np.isin(column, (0, 1)).all()) and values.shape[1] > 1 for column in values.T]
    lines = in_order(max(1, marked.count(False)), colors)[::-1]
    for name, column, bars in zip(names, values.T, marked, strict=True):
        if bars:
            look = {"type": "bar", "width": 0.5, "marker": {"color": colors.axis, "line": {"width": 0}}}
        else:
            color = colors.muted if marked.count(False) == 1 else lines.pop()
            look = {
                "type": "scatter",
                "mode": "lines+markers",
                "line": {"width": 1.5, "color": color},
                "marker": {"size": 5, "color": color},
            }
        hover = f"step %{{x}}: %{{y:.3g}}<extra>{name}</extra>"
        traces.append({"name": name, "x": steps, "y": drawable(column), "hovertemplate": hover, **look})
    goes_on = values.shape[1] == 1
    last = float(values[-1, 0])
    ring = {"size": 9, "color": colors.ground, "line": {"width": 2, "color": colors.ink}}
    traces += [
        _line(
            "prediction",
            np.array([after - 1, after] if goes_on else [after - HALF_DASH, after + HALF_DASH], np.float32),
            np.array([last if goes_on else predicted, predicted]),
            asked,
            {"width": 3, "color": colors.classes[1]},
        ),
        {
            "type": "scatter",
            "mode": "markers",
            "name": "target",
            "x": np.array([after], np.float32),
            "y": np.array([target], np.float32),
            "marker": ring,
            "hovertemplate": f"{asked}: %{{y:.3f}}<extra>target</extra>",
        },
    ]
    low, high = limits
    if np.isfinite(predicted):
        low, high = min(low, predicted), max(high, predicted)
    room = 0.06 * (high - low)
    return {
        "data": traces,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis(f"step, then the {asked}", dark=dark, range=[0.3, after + 0.7]),
            yaxis=axis("value", dark=dark, tickformat="~g", range=[low - room, high + room]),
        ),
    }


def forecast(
    values: np.ndarray,
    after: np.ndarray,
    predicted: np.ndarray,
    *,
    truth: str,
    dark: bool = False,
    revision: str = "forecast",
) -> Spec:
    """A sequence `values` (steps,), what comes after it and what a network says as it goes on, both (ahead,).

    `truth`: what `after` is. The axis has room for twice the values that are true: what goes beyond is cut.
    """
    colors = palette(dark)
    steps = np.arange(1, len(values) + len(after) + 1, dtype=np.float32)
    known, ahead = steps[: len(values)], steps[len(values) - 1 :]
    most = 2 * float(max(np.abs(values).max(), np.abs(after).max())) or 1.0
    lines = (
        ("sequence", known, values, {"width": 1.5, "color": colors.muted}),
        (truth, ahead, np.append(values[-1:], after), {"width": 2, "color": colors.ink, "dash": "dot"}),
        ("prediction", ahead, np.append(values[-1:], predicted), {"width": 3, "color": colors.classes[1]}),
    )
    traces = [_line(name, x, y, "step %{x}", line) for name, x, y, line in lines]
    return {
        "data": traces,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("step: first the sequence, then on from it", dark=dark, range=[0, len(steps) + 1]),
            yaxis=axis("value", dark=dark, tickformat="~g", range=[-most, most]),
        ),
    }


def answers_in_order(
    targets: np.ndarray,
    predicted: np.ndarray,
    *,
    asked: str,
    samples: str,
    limits: tuple[float, float],
    chosen: float | None = None,
    dark: bool = False,
    revision: str = "order",
) -> Spec:
    """`targets` (n,), ascending, and what the network says for the same samples, as two curves.

    `asked`: what is asked for; `samples`: which these are. `chosen`: the place of the sample that is looked
    at, which may lie between two of these; None for none. `limits` as of one sequence.
    """
    colors = palette(dark)
    places = np.arange(1, len(targets) + 1, dtype=np.float32)
    known = predicted[np.isfinite(predicted)]
    low, high = min([limits[0], *known.tolist()]), max([limits[1], *known.tolist()])
    room = 0.06 * (high - low)
    at = np.nan if chosen is None else chosen
    mark = {
        "type": "scatter",
        "mode": "lines",
        "name": "the chosen sample",
        "x": np.array([at, at], np.float32),
        "y": np.array([low - room, high + room], np.float32),
        "line": {"width": 1, "dash": "dot", "color": colors.muted},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    curves = [
        _line("prediction", places, predicted, asked, {"width": 1.5, "color": colors.classes[1]}),
        _line("target", places, targets, asked, {"width": 2, "color": colors.ink}),
    ]
    return {
        "data": [mark, *curves],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis(samples, dark=dark, range=[0, len(targets) + 1]),
            yaxis=axis(asked, dark=dark, tickformat="~g", range=[low - room, high + room]),
        ),
    }


def _line(name: str, x: np.ndarray, y: np.ndarray, said: str, line: dict[str, Any]) -> Trace:
    """Values `y` (n,) at `x` (n,) as a curve; `said` stands before the value that is pointed at."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": drawable(y),
        "line": line,
        "hovertemplate": f"{said}: %{{y:.3f}}<extra>{name}</extra>",
    }
