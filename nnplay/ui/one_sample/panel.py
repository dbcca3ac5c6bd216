"""The panel on the page: which view of the sample is shown, which sample it is, what a tick brings.

Closed, it costs nothing: nothing is asked of the worker, drawn or sent. What one chooses here is the sample
that "Predict a new sample" asks about, too.
"""

import time
from typing import Any

import numpy as np
import streamlit as st

from nnplay.experiment import Experiment
from nnplay.figures.tiles import tile_bytes
from nnplay.jobs import Run
from nnplay.ui import session, visit
from nnplay.ui.feed import words_place
from nnplay.ui.one_sample import pictures, sketch
from nnplay.ui.one_sample.registry import fitting
from nnplay.ui.one_sample.view import SampleView
from nnplay.ui.page import is_dark
from nnplay.ui.result import sample
from nnplay.ui.tiles import tiles_place
from nnplay.ui.wording import moment_in_words

# What has not changed is sent again so seldom: a message may be overtaken by the next one.
AGAIN_SECONDS = 2.0


def panel() -> None:
    """The chooser of the view and of the sample, and the place of what is measured."""
    experiment = visit.run().origin
    views = fitting(experiment)
    if not views:
        return
    view = chosen(experiment)
    session.choose(
        "One sample, layer by layer", views, view.name if view else None, session.ONE_SAMPLE,
        help="What the layers make of one sample, live. Press the open one again to close it.",
    )  # fmt: skip
    if view is None:
        return
    st.caption(view.about, help=view.formula)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        sample.choose_row(experiment)
        if pictures.is_picture(experiment):
            session.remember(sketch.label(experiment), session.SKETCHING)
    if pictures.is_picture(experiment) and st.session_state[session.SKETCHING]:
        sketch.sketch(experiment)
    if problem := sample.asked_of(experiment).problem:
        st.error(problem, icon=":material/error:")
    words_place("one_sample_words")
    tiles_place("one_sample")


def chosen(experiment: Experiment) -> SampleView | None:
    """The view that the person chose, or the usual one of such a network; None where the panel is closed.

    Of dense layers alone there is the picture of the network: the panel is opened by hand.
    """
    views = fitting(experiment)
    name = st.session_state[session.ONE_SAMPLE]
    if name is None or not views:
        return None
    if name in views:
        return views[name]
    dense = all(layer.kind == "dense" for layer in experiment.layers)
    return None if dense else next(iter(views.values()))


def views_wanted(shown: Any) -> tuple[str, ...]:
    """The engine's views that the panel wants next; none while it is closed, or what it has is new enough."""
    view = chosen(shown.origin)
    if view is None:
        return ()
    if isinstance(shown, Run) and shown.going:
        key, _, _, measured = session.memory().get(session.ONE_SAMPLE_SENT, ((), {}, b"", 0.0))
        if key == _key(shown, view) and time.monotonic() - measured < view.seconds:
            return ()
    return _names(shown.origin, view)


def parts(shown: Any) -> dict[str, bytes]:
    """What the feed brings to the panel's places: nothing while it is closed, or nothing is new."""
    view = chosen(shown.origin)
    if view is None:
        return {}
    names = _names(shown.origin, view)
    found = {name.partition(":")[0]: shown.views.get(name) for name in names}
    if not all(found.values()):
        return {}
    memory, now = session.memory(), time.monotonic()
    key, known, sent, at = memory.get(session.ONE_SAMPLE_SENT, ((), {}, b"", 0.0))
    same = known.keys() == found.keys() and all(found[name] is known[name] for name in found)
    if key == _key(shown, view) and same:
        if shown.going and now - at < AGAIN_SECONDS:
            return {}
    else:
        sent, at = _bytes(shown, view, found), now
    memory[session.ONE_SAMPLE_SENT] = (_key(shown, view), found, sent, at)
    asked = sample.asked_of(shown.origin)
    words = sample.answer_in_words(shown.origin, asked, next(iter(found.values()))["output"])
    return {"one_sample": sent, "one_sample_words": words.encode()}


def _names(experiment: Experiment, view: SampleView) -> tuple[str, ...]:
    written = sample.written(experiment)
    return (*(f"{name}:{written}" for name in view.needs), *view.of_network)


def _key(shown: Any, view: SampleView) -> tuple[Any, ...]:
    return (shown.id, shown.generation, _names(shown.origin, view), is_dark())


def _bytes(shown: Any, view: SampleView, found: dict[str, Any]) -> bytes:
    experiment = shown.origin
    output = found[view.needs[0]]["output"]
    head = pictures.head(experiment, sample.asked_of(experiment).position, output)
    with np.errstate(all="ignore"):
        groups = [*head, *view.groups(experiment, found)]
    at = shown.views_at if isinstance(shown, Run) and shown.views_at else (shown.epoch, 0)
    return tile_bytes(groups, epoch=moment_in_words(*at), dark=is_dark())
