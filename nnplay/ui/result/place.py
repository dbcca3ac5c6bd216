"""The result on the page: the chooser of its views, their place and switches, what a tick brings them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from nnplay.ui import session, visit
from nnplay.ui.batch import with_batch
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.feed import words_place
from nnplay.ui.page import is_dark
from nnplay.ui.result import sample
from nnplay.ui.result.registry import fitting
from nnplay.ui.result.view import Look, ResultView

# Pixels; the same for every view, so that nothing jumps.
HEIGHT = 340

# What a switch of a `Look` is called, which key of the session holds it, and its help.
SWITCHES = {
    "test": (
        "Test samples",
        session.SHOW_TEST,
        "The samples that the network does not learn from, as rings.",
    ),
    "discrete": (
        "Discretise",
        session.DISCRETE,
        "The decision alone, without how sure the network is of it.",
    ),
    "of_training": (
        "Training samples",
        session.OF_TRAINING,
        "Shows or counts the samples that the network learns from, instead of the test samples.",
    ),
}


def result() -> None:
    """The chooser, the place of the chosen view and its switches."""
    shown = visit.run()
    view = chosen(shown)
    views = fitting(shown.origin)
    session.choose(
        "Result", views, view.name, session.RESULT_VIEW, required=True,
        help="\n\n".join(f"**{each.label}.** {each.about}" for each in views.values()),
    )  # fmt: skip
    chart_place("result", height=HEIGHT, on_pick=picked)
    words_place("result_words")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if view.of_one:
            sample.choose_row(shown.origin, "result_row")
        for name in view.switches:
            label, key, help = SWITCHES[name]
            session.remember(label, key, help)
    problem = sample.asked_of(shown.origin).problem
    if view.of_one and problem and not sample.is_open():
        st.error(problem, icon=":material/error:")
    sample.panel(shown)


def views_wanted(shown: Any) -> tuple[str, ...]:
    """The engine's views that the chosen view of the result draws, and of the sample asked about."""
    return (*chosen(shown).needs, *sample.views_wanted(shown))


def result_parts(shown: Any) -> dict[str, bytes]:
    """For the feed: the chosen view of the result, and it in words.

    Nothing for a view just chosen that is not measured yet: what was there stays until it is.
    """
    view, look = chosen(shown), look_at(shown)
    parts = sample.sample_parts(shown, dark=look.dark)
    measured = view.is_measured(shown)
    if not measured and shown.views:
        return parts
    words = view.words(shown, look) if measured else ""
    figure = with_batch(view.draw(shown, look), shown, dark=look.dark)
    return parts | {"result": figure_bytes(figure, HEIGHT), "result_words": words.encode()}


def chosen(shown: Any) -> ResultView:
    """The view that the person chose, or the usual one where that does not fit the data."""
    views = fitting(shown.origin)
    return views.get(st.session_state[session.RESULT_VIEW]) or next(iter(views.values()))


def look_at(shown: Any) -> Look:
    """How the person wants to see the result."""
    state = st.session_state
    position, answer = sample.answer_to(shown)
    row = sample.asked_of(shown.origin).row
    return Look(
        dark=is_dark(),
        test=state[session.SHOW_TEST],
        discrete=state[session.DISCRETE],
        of_training=state[session.OF_TRAINING],
        sample=position,
        answer=answer,
        row=row or 0,
    )


def picked(message: Any) -> None:
    """A place of the figure was clicked: ask about what is there. `message` comes from the browser."""
    shown = visit.run()
    find, x = chosen(shown).row_at, message.get("x") if isinstance(message, Mapping) else None
    if find is None:
        sample.picked(message)
    elif isinstance(x, int | float) and np.isfinite(x):
        row = find(shown, look_at(shown), x)
        if row is not None:
            sample.ask_for_row(shown.origin, sample.asked_of(shown.origin), row + 1)
