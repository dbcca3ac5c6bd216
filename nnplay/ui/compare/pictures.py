"""What networks made of their data, as pictures: one by one, and the difference of two."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.compared import curves_1d, difference
from nnplay.jobs.compared import decisions, scale_of, share_different, signed
from nnplay.jobs.kept import views_of
from nnplay.ui.result.answers import classes_of
from nnplay.ui.result.registry import fitting
from nnplay.ui.result.view import Look, ResultView

# The difference of two outputs at the ends of the colour scale.
REACH = 2.0


class Shown(Protocol):
    """What a picture is drawn of: a run, a kept one, a moment."""

    @property
    def id(self) -> str: ...

    @property
    def origin(self) -> Any: ...

    @property
    def views(self) -> Mapping[str, Any]: ...


def views_for(experiment: Experiment) -> dict[str, ResultView]:
    """The views of the result that can be drawn of what a kept run has."""
    there = {*views_of(experiment)}
    return {name: view for name, view in fitting(experiment).items() if {*view.needs} <= there}


def picture(shown: Shown, view: ResultView, *, dark: bool) -> Spec:
    """A view of the result, without a legend: many stand beside each other."""
    spec = view.draw(shown, Look(dark=dark, test=False))
    spec["layout"].pop("meta", None)
    return without_legend(spec)


def without_legend(spec: Spec) -> Spec:
    """The figure without its legend, nor the room for it."""
    plain = spec["layout"] | {"showlegend": False, "margin": spec["layout"]["margin"] | {"t": 10}}
    return spec | {"layout": plain}


def comparable(one: Shown, other: Shown) -> bool:
    """Whether the answers of two networks can be compared place by place, or sample by sample."""
    if one.origin.task != other.origin.task or views_of(one.origin) != views_of(other.origin):
        return False
    first, second = (shown.origin.load_data() for shown in (one, other))
    if first.target_names != second.target_names:
        return False
    if kind_of(one.origin) == "samples":
        return np.array_equal(first.positions_test, second.positions_test)
    return bool(one.origin.dataset.extent == other.origin.dataset.extent)


def kind_of(experiment: Experiment) -> str:
    """ "boundary", "curve" or "samples": where the answers of a network are looked at."""
    first = views_of(experiment)[0]
    return first if first in ("boundary", "curve") else "samples"


def difference_figure(
    one: Shown, other: Shown, names: tuple[str, str], places: tuple[int, int], *, dark: bool
) -> Spec | None:
    """Where two comparable networks answer differently; None where there is no plane and no line to draw."""
    kind = kind_of(one.origin)
    first, second = one.views.get(kind), other.views.get(kind)
    revision = f"difference-{kind}-{one.origin.data}"
    title = f"{names[1]} − {names[0]}"
    if kind == "boundary":
        if not first or not second:
            x, empty = np.array(one.origin.dataset.extent, np.float32), np.zeros((2, 2), np.float32)
            return difference(x, (empty, empty), title=title, reach=REACH, dark=dark, revision=revision)
        if len(first["z"]) > 1:
            differs = (decisions(first["z"], one.origin) != decisions(second["z"], other.origin)).astype(
                float
            )
            maps = (np.zeros_like(differs), differs)
            spec = difference(first["x"], maps, title="", reach=1.0, dark=dark, revision=revision)
            # It is or it is not: no scale.
            spec["data"][0] |= {"showscale": False, "hoverinfo": "skip", "hovertemplate": None}
            return spec
        alike = scale_of(one.origin) == scale_of(other.origin) == (0.0, 1.0)
        maps = (
            (first["z"][0], second["z"][0])
            if alike
            else (signed(first["z"], one.origin), signed(second["z"], other.origin))
        )
        return difference(
            first["x"], maps, title=title, reach=1.0 if alike else REACH, middle=0.5 if alike else 0.0,
            names=names if one.origin.task == "binary" else None, dark=dark, revision=revision,
        )  # fmt: skip
    if kind == "curve":
        split = one.origin.load_data()
        x = first["x"] if first else np.array(one.origin.dataset.extent, np.float32)
        curves = [
            (name, view["y"][0] if view else np.full(len(x), np.nan, np.float32), place)
            for name, view, place in zip(names, (first, second), places, strict=True)
        ]
        return curves_1d(
            x, curves, train=(split.positions_train, split.y_train), dark=dark, revision=revision
        )
    return None


def difference_in_words(one: Shown, other: Shown) -> str:
    """By how much the answers of two comparable networks differ; "" until both are measured."""
    kind = kind_of(one.origin)
    view = "predictions" if kind == "samples" else kind
    first, second = one.views.get(view), other.views.get(view)
    if not first or not second:
        return ""
    what, where = {
        "boundary": ("z", "of the plane"), "curve": ("y", "of the line"),
        "samples": ("test", "of the test samples"),
    }[kind]  # fmt: skip
    a, b = first[what], second[what]
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return "One of the two has diverged: its outputs are no numbers any more."
    if one.origin.task == "regression":
        rms = float(np.sqrt(np.mean((np.asarray(a, float) - b) ** 2)))
        return f"The two outputs differ by {rms:.3g} (root mean square over the {where.split()[-1]})."
    if kind == "boundary":
        share = share_different(decisions(a, one.origin), decisions(b, other.origin))
    else:
        share = share_different(classes_of(a, one.origin), classes_of(b, other.origin))
    return f"{share:.1%}".replace("%", "\u00a0%") + f" {where} is classified differently."
