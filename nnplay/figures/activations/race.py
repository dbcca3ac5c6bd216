"""The race: every racer's loss, and small pictures of what each has learned."""

from collections.abc import Mapping

import numpy as np

from nnplay.figures.activations.looks import Curve, clear, color, heading, label, trace
from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, drawable, layout, level


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
    traces = []
    for name, (x, low, high) in (bands or {}).items():
        fill = {"fill": "tonexty", "fillcolor": clear(color(name, dark=dark), 0.15)}
        for bound, more in ((low, {}), (high, fill)):
            traces.append(
                {
                    **trace(name, (x, drawable(bound, positive=True)), dark=dark),
                    "line": {"width": 0},
                    "hoverinfo": "skip",
                    "hovertemplate": None,
                    **more,
                }
            )
    traces += [trace(name, (x, drawable(y, positive=True)), dark=dark) for name, (x, y) in progress.items()]
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=axis("epoch", dark=dark, showgrid=False, range=[0, epochs]),
        yaxis=axis(title, dark=dark, type="log", tickformat="~g", dtick="D2"),
        showlegend=False,
        margin={"l": 62, "r": 10, "t": 12, "b": 46},
        shapes=[level(target, "target", dark=dark)],
    )
    if not any(len(x) for x, _ in progress.values()):
        figure["yaxis"] |= {"range": [-2, 0.3]}
    return {"data": traces, "layout": figure}


def as_tile(spec: Spec, function: str) -> Spec:
    """A figure as a small multiple: no axes, legends or scales, only the picture under a function's name."""
    bare = {"visible": False}
    dark = spec["layout"]["font"]["color"] == palette(True).ink
    data = [part | {"showlegend": False} for part in spec["data"]]
    data = [part | {"showscale": False} if part["type"] == "heatmap" else part for part in data]
    for part in data:
        part.pop("colorbar", None)
        if part["type"] == "scatter" and "markers" in part.get("mode", ""):
            part["marker"] = part["marker"] | {"size": 3.5, "line": {"width": 0}}
        elif part["type"] == "scatter":
            part["line"] = part["line"] | {"color": color(function, dark=dark)}
    return {
        "data": data,
        "layout": spec["layout"]
        | {
            "xaxis": spec["layout"]["xaxis"] | bare,
            "yaxis": spec["layout"]["yaxis"] | bare,
            "showlegend": False,
            "margin": {"l": 2, "r": 2, "t": 30, "b": 2},
            "title": heading(label(function), dark=dark),
        },
    }
