"""The output of a network over the plane, with the data on it: a decision boundary, or a fitted surface."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.figures.palette import ColorScale, mix, palette
from nnplay.figures.points import class_points, marks, picked_point, value_points
from nnplay.figures.spec import Spec, axis, layout

Points = tuple[np.ndarray, np.ndarray]
"""Positions (n, 2) and, for each, its class label or its target."""

TITLES = ("<i>x</i><sub>1</sub>", "<i>x</i><sub>2</sub>")


def boundary(
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    *,
    task: str,
    train: Points,
    test: Points | None = None,
    names: Sequence[str] = ("−1", "+1"),
    limits: tuple[float, float] = (-1.0, 1.0),
    output: str = "output",
    discrete: bool = False,
    wrong: np.ndarray | None = None,
    picked: np.ndarray | None = None,
    titles: tuple[str, str] = TITLES,
    dark: bool = False,
    revision: str = "boundary",
) -> Spec:
    """The map of `z` with the points of `train` filled and those of `test` as rings.

    `x` (g,) and `y` (g,) are the grid. For "binary" and "regression" `z` is (g, g), `z[i, j]` at `y[i]`,
    `x[j]`, drawn on the signed scale over `limits`; for probabilities pass `limits=(0, 1)` and the neutral
    colour is 0.5. For "multiclass" `z` is (k, g, g), the probabilities of the k classes: the colour is that
    of the most probable one, the paler the less sure. `output` names the quantity on the colour bar.

    `discrete`: of classes, the decision alone, without how sure it is. `wrong` (n, 2): where samples are
    taken for another class, marked with crosses. `picked` (2,): a point that somebody asks about. `titles`
    of the axes.
    """
    if task == "multiclass":
        surface = [_class_map(x, y, z, discrete=discrete, dark=dark)]
        points = class_points(train, test, names, dark=dark)
    else:
        signed = signed_map(x, y, z, limits, output, dark=dark)
        surface = [_two_sides(signed) if discrete else signed]
        if task == "binary":
            surface.append(decision_line(signed, dark=dark))
        points = (
            value_points(train, test, limits, dark=dark)
            if task == "regression"
            else class_points(train, test, names, dark=dark)
        )
    if wrong is not None:
        points.append(marks(wrong, "misclassified", dark=dark))
    if picked is not None:
        points.append(picked_point(picked, dark=dark))
    bare = task == "multiclass"
    plane = plane_layout(x, y, titles=titles, bar=not bare, dark=dark, revision=revision)
    return {"data": [*surface, *points], "layout": plane}


def plane_layout(
    x: np.ndarray,
    y: np.ndarray,
    *,
    titles: tuple[str, str] = TITLES,
    bar: bool = True,
    dark: bool,
    revision: str,
) -> dict[str, Any]:
    """The layout of a map over the grid `x` (g,), `y` (g,): square, with room for a colour `bar` below."""
    square = {"constrain": "domain", "showgrid": False}
    upright = {"scaleanchor": "x", "constraintoward": "top", **square}
    plane = layout(
        dark=dark,
        revision=revision,
        xaxis=axis(titles[0], dark=dark, range=_edges(x), **square),
        yaxis=axis(titles[1], dark=dark, range=_edges(y), **upright),
        margin={"l": 46, "r": 14, "t": 34, "b": 80 if bar else 44},
    )
    plane["legend"] |= {"x": 0.5, "xanchor": "center"}
    return plane


def signed_map(
    x: np.ndarray, y: np.ndarray, z: np.ndarray, limits: tuple[float, float], output: str, *, dark: bool
) -> dict[str, Any]:
    colors = palette(dark)
    low, high = limits
    return {
        "type": "heatmap",
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
        "z": z.astype(np.float32),
        "zmin": low,
        "zmax": high,
        # In the browser as cheap as cells with hard edges, and a third of the cost of "best".
        "zsmooth": "fast",
        "colorscale": colors.diverging,
        "hovertemplate": f"{output} %{{z:.3f}}<br>(%{{x:.2f}}, %{{y:.2f}})<extra></extra>",
        # Under the plot and centred: beside it, the bar would drift away from a square in a wide column.
        "colorbar": {
            "orientation": "h",
            "x": 0.5,
            "y": 0,
            "yanchor": "bottom",
            "yref": "container",
            "len": 190,
            "lenmode": "pixels",
            "thickness": 8,
            "outlinewidth": 0,
            "ypad": 4,
            "tickfont": {"size": 12, "color": colors.muted},
            "tickvals": [low, (low + high) / 2, high],
            "ticktext": [_signed(low), output, _signed(high)],
            "ticks": "",
        },
    }


def _two_sides(surface: dict[str, Any]) -> dict[str, Any]:
    """The same map with only its two ends: on which side of the middle of the scale a place is."""
    fine = _refined(surface["z"][None])[0]
    middle = (surface["zmin"] + surface["zmax"]) / 2
    ends = [surface["colorscale"][0][1], surface["colorscale"][-1][1]]
    return surface | {
        "x": np.linspace(surface["x"][0], surface["x"][-1], fine.shape[1], dtype=np.float32),
        "y": np.linspace(surface["y"][0], surface["y"][-1], fine.shape[0], dtype=np.float32),
        "z": (fine > middle).astype(np.uint8),
        "zmin": 0,
        "zmax": 1,
        "colorscale": list(enumerate(ends)),
        "showscale": False,
        "hoverinfo": "skip",
    }


def decision_line(surface: dict[str, Any], *, dark: bool) -> dict[str, Any]:
    """A thin line where the decision tips: at the middle of the scale."""
    middle = (surface["zmin"] + surface["zmax"]) / 2
    return {
        "type": "contour",
        **{name: surface[name] for name in ("x", "y", "z")},
        "autocontour": False,
        "contours": {"coloring": "none", "start": middle, "end": middle, "size": 1},
        "line": {"width": 1.5, "color": palette(dark).ground, "smoothing": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _class_map(x: np.ndarray, y: np.ndarray, z: np.ndarray, *, discrete: bool, dark: bool) -> dict[str, Any]:
    """Each cell between the neutral colour (no idea) and the colour of its class (certain).

    A cell is one byte, `class * levels + certainty`, into a scale that has a ramp for each class.
    """
    classes = len(z)
    levels = 255 // classes
    z = _refined(z)
    chance = 1 / classes
    # A network that diverged gives NaN, which is no idea either.
    certainty = np.nan_to_num((z.max(axis=0) - chance) / (1 - chance)).clip(0, 1)
    if discrete:
        certainty = np.isfinite(z).all(axis=0)
    cells = z.argmax(axis=0) * levels + (certainty * (levels - 1)).round()
    return {
        "type": "heatmap",
        "x": np.linspace(x[0], x[-1], z.shape[2], dtype=np.float32),
        "y": np.linspace(y[0], y[-1], z.shape[1], dtype=np.float32),
        "z": cells.astype(np.uint8),
        "zmin": 0,
        "zmax": classes * levels - 1,
        # Smooths the picture, colour into colour, not the codes.
        "zsmooth": "fast",
        "colorscale": _ramps(classes, levels, dark=dark),
        "showscale": False,
        "hoverinfo": "skip",
    }


def _ramps(classes: int, levels: int, *, dark: bool) -> ColorScale:
    colors = palette(dark)
    last = classes * levels - 1
    scale: ColorScale = []
    for k in range(classes):
        certain = mix(colors.neutral, colors.classes[k % len(colors.classes)], 0.65)
        scale += [(k * levels / last, colors.neutral), ((k * levels + levels - 1) / last, certain)]
    return scale


def _refined(z: np.ndarray) -> np.ndarray:
    """(k, n, m) to (k, 2 n - 1, 2 m - 1), for where classes meet: the picture is smoothed by cells only."""
    return _halfway(_halfway(z).swapaxes(1, 2)).swapaxes(1, 2)


def _halfway(z: np.ndarray) -> np.ndarray:
    """(..., n) to (..., 2 n - 1): the mean of every two neighbours between them."""
    fine = np.empty((*z.shape[:-1], 2 * z.shape[-1] - 1), z.dtype)
    fine[..., ::2] = z
    fine[..., 1::2] = (z[..., 1:] + z[..., :-1]) / 2
    return fine


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _edges(values: np.ndarray) -> list[float]:
    return [float(values[0]), float(values[-1])]
