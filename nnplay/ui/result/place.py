"""The chosen view of the result on the page: its place, what it wants measured, what a tick brings it."""

from typing import Any

import streamlit as st

from nnplay.ui import session
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.page import is_dark
from nnplay.ui.result.registry import fitting
from nnplay.ui.result.view import Look, ResultView

# Pixels; the same for every view, so that nothing jumps.
HEIGHT = 340


def result() -> None:
    """Where the result is drawn; what it shows comes as parts of the page's feed."""
    chart_place("result", height=HEIGHT)


def views_wanted(shown: Any) -> tuple[str, ...]:
    """The engine's views that the chosen view of the result draws."""
    return chosen(shown).needs


def result_parts(shown: Any) -> dict[str, bytes]:
    """For the feed: the chosen view of the result."""
    spec = chosen(shown).draw(shown, Look(dark=is_dark(), test=st.session_state[session.SHOW_TEST]))
    return {"result": figure_bytes(spec, HEIGHT)}


def chosen(shown: Any) -> ResultView:
    """The view on show."""
    return next(iter(fitting(shown.origin).values()))
