"""Several runs in one figure: their curves over each other, bands over seeds, the difference of two maps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.figures.activations.looks import DARK, DASHES, LIGHT, clear
from nnplay.figures.boundary import decision_line, plane_layout, signed_map
from nnplay.figures.curves import measure_axis, nothing_yet, room_for
from nnplay.figures.palette import palette
from nnplay.figures.points import plain_points
from nnplay.figures.spec import Spec, axis, drawable, layout, level, plain


@dataclass(frozen=True, eq=False)
class Line:
    """Values (rows,) at epochs (rows,). `place` gives its colour; `faint`: on the training samples."""

    label: str
    epoch: np.ndarray
    values: np.ndarray
    place: int = 0
    faint: bool = False


@dataclass(frozen=True, eq=False)
class Band:
    """Between two bounds (rows,), at epochs (rows,), half of the repetitions lie."""

    epoch: np.ndarray
    low: np.ndarray
    high: np.ndarray
    place: int = 0


def color_of(place: int, *, dark: bool) -> str:
    """The colour of the run in this place, from 0; ten of them."""
    return (DARK if dark else LIGHT)[place % len(LIGHT)]


def overlay(
    lines: Sequence[Line],
    *,
    title: str,
    bands: Sequence[Band] = (),
    log: bool = False,
    limits: tuple[float, float] | None = None,
    target: float | None = None,
    epochs: int = 0,
    dark: bool = False,
    revision: str = "overlay",
) -> Spec:
    """Curves over each other. `title` names the measure; `limits`: of an axis that shows these, and hardly
    more; `target`: a dotted line; `epochs`: how far the axis reaches at least.

    NaN and infinity leave a gap, and so does what is not above 0 with `log`.
    """
    colors = palette(dark)
    traces: list[dict[str, Any]] = []
    for band in bands:
        fill = {"fill": "tonexty", "fillcolor": clear(color_of(band.place, dark=dark), 0.18)}
        for bound, more in ((band.low, {}), (band.high, fill)):
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": band.epoch.astype(np.float32),
                    "y": drawable(bound, positive=log),
                    "line": {"width": 0, "color": color_of(band.place, dark=dark)},
                    "hoverinfo": "skip",
                    "showlegend": False,
                    **more,
                }
            )
    both = {line.label for line in lines if not line.faint}
    for line in lines:
        dash = DASHES[line.place // len(LIGHT) % len(DASHES)]
        y = drawable(line.values, positive=log)
        what = f"{plain(line.label)}{', training' if line.faint else ''}"
        traces.append(
            {
                "type": "scatter",
                "mode": "lines" if np.isfinite(y).sum() > 1 else "lines+markers",
                "name": plain(line.label),
                "legendgroup": plain(line.label),
                # One entry for the two curves of a run.
                "showlegend": not line.faint or line.label not in both,
                "x": line.epoch.astype(np.float32),
                "y": y,
                "opacity": 0.55 if line.faint else 1.0,
                "line": {
                    "width": 1.2 if line.faint else 2.0,
                    "color": color_of(line.place, dark=dark),
                    "dash": dash,
                },
                "hovertemplate": f"epoch %{{x}}: %{{y:.4~g}}<extra>{what}</extra>",
            }
        )
    ends = [int(line.epoch[-1]) for line in lines if len(line.epoch)]
    include = {"include": [0, room_for(max([epochs, *ends], default=0))]}
    figure = layout(
        dark=dark,
        revision=revision,
        xaxis=axis("epoch", dark=dark, showgrid=False, autorangeoptions=include),
        yaxis=measure_axis(title, log=log, limits=limits, dark=dark),
        shapes=[] if target is None else [level(target, "target", dark=dark)],
    )
    if not ends:
        nothing_yet(figure, max(10, epochs), log=log, dark=dark)
    figure["hoverlabel"]["namelength"] = -1
    figure["legend"]["font"] = {"size": 12, "color": colors.ink}
    return {"data": traces, "layout": figure}


def difference(
    x: np.ndarray,
    maps: tuple[np.ndarray, np.ndarray],
    *,
    title: str,
    reach: float,
    middle: float = 0.0,
    names: tuple[str, str] | None = None,
    dark: bool = False,
    revision: str = "difference",
) -> Spec:
    """The second of two maps (g, g) minus the first, signed, over the grid `x` (g,) of both axes.

    `title` stands on the colour bar, `reach` is the difference at its two ends. With `names` the lines are
    drawn at which each map's decision tips, where it is `middle`; the second one dashed.
    """
    first, second = maps
    surface = signed_map(x, x, second - first, (-reach, reach), title, dark=dark)
    traces = [surface]
    if names:
        for z, name, dash in ((first, names[0], "solid"), (second, names[1], "dash")):
            own = {"x": surface["x"], "y": surface["y"], "z": z.astype(np.float32)}
            edge = decision_line(own | {"zmin": middle, "zmax": middle}, dark=dark)
            edge["line"] |= {"color": palette(dark).ink, "dash": dash}
            traces.append(edge | {"name": f"boundary of {plain(name)}", "showlegend": False})
            # A contour without a scale has no entry in the legend.
            traces.append(_entry(f"boundary of {plain(name)}", dash, dark=dark))
    return {"data": traces, "layout": plane_layout(x, x, dark=dark, revision=revision)}


def spread(
    x: np.ndarray,
    values: np.ndarray,
    *,
    samples: np.ndarray,
    reach: float,
    dark: bool = False,
    revision: str = "spread",
) -> Spec:
    """How far networks differ: `values` (g, g), a standard deviation over the grid `x` (g,) of both axes.

    `samples` (n, 2): those that they learned from, as dots; `reach`: the value at the end of the colour bar.
    """
    surface = signed_map(x, x, values, (0.0, reach), "standard deviation", dark=dark)
    surface["colorscale"] = palette(dark).sequential
    surface["colorbar"] = surface["colorbar"] | {
        "tickvals": [0.0, reach / 2, reach], "ticktext": ["0", "standard deviation", f"{reach:.2g}"],
    }  # fmt: skip
    positions = samples.astype(np.float32)
    dots = {
        "type": "scatter", "mode": "markers", "x": positions[:, 0], "y": positions[:, 1],
        "marker": {"size": 4, "color": palette(dark).muted, "opacity": 0.6},
        "name": "training samples", "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
    return {"data": [surface, dots], "layout": plane_layout(x, x, dark=dark, revision=revision)}


def curves_1d(
    x: np.ndarray,
    curves: Sequence[tuple[str, np.ndarray, int]],
    *,
    train: tuple[np.ndarray, np.ndarray],
    dark: bool = False,
    revision: str = "curves_1d",
) -> Spec:
    """Outputs (g,) at `x` (g,) of several networks, `(label, output, place)`, over the training samples."""
    xs, ys = train
    traces = [plain_points(np.column_stack([xs.ravel(), ys.ravel()]), "train", dark=dark)]
    for label, y, place in curves:
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": plain(label),
                "x": x.ravel().astype(np.float32),
                "y": drawable(y),
                "line": {"width": 2, "color": color_of(place, dark=dark)},
                "hovertemplate": f"(%{{x:.2f}}, %{{y:.3f}})<extra>{plain(label)}</extra>",
            }
        )
    return {
        "data": traces,
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis("<i>x</i><sub>1</sub>", dark=dark, range=[float(x.min()), float(x.max())]),
            yaxis=axis("<i>y</i>", dark=dark, tickformat="~g"),
        ),
    }


def _entry(name: str, dash: str, *, dark: bool) -> dict[str, Any]:
    nowhere = np.full(1, np.nan, np.float32)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": nowhere,
        "y": nowhere,
        "line": {"width": 1.5, "color": palette(dark).ink, "dash": dash},
    }
