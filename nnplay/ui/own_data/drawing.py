"""A plane to draw points in: click for a new one, drag one, erase one."""

from typing import Any

import streamlit as st

from nnplay.data.dataset import EXTENT
from nnplay.data.own.drawn import MOST_CLASSES, MOST_POINTS
from nnplay.figures.palette import palette
from nnplay.ui import session
from nnplay.ui.browser import component, install
from nnplay.ui.page import is_dark

KEY = "own_drawing"
CSS = """
.nnplay-draw { display: grid; gap: .5rem; justify-items: start; color: var(--st-text-color) }
.nnplay-draw div { display: flex; flex-wrap: wrap; gap: .35rem; align-items: center }
.nnplay-draw button {
  padding: .25rem .7rem; font: inherit; font-size: .875rem; color: inherit; background: none; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, .5rem);
}
.nnplay-draw button[aria-pressed=true] { border-color: var(--st-primary-color); box-shadow: inset 0 0 0 1px var(--st-primary-color) }
.nnplay-draw button i { display: inline-block; width: .7rem; height: .7rem; margin-right: .4rem; border-radius: 50% }
.nnplay-draw canvas {
  width: min(100%, 420px); aspect-ratio: 1; border: 1px solid var(--st-border-color); cursor: crosshair;
  touch-action: none;
}
.nnplay-draw output { font-size: .875rem; font-variant-numeric: tabular-nums }
"""  # noqa: E501

_draw = component("drawing", html='<div class="nnplay-draw"></div>', css=CSS)


def drawing() -> Any:
    """The points in it, as the browser sends them."""
    install()
    colors = palette(is_dark())
    data = {
        "points": st.session_state.get(session.OWN_POINTS, []),
        "extent": list(EXTENT),
        "classes": list(colors.classes[:MOST_CLASSES]),
        "ground": colors.ground,
        "axis": colors.axis,
        "muted": colors.muted,
        "most": MOST_POINTS,
    }
    found = _draw(data=data, key=KEY, on_points_change=_nothing).points
    if found is not None:
        st.session_state[session.OWN_POINTS] = found
    return st.session_state.get(session.OWN_POINTS, [])


def _nothing() -> None:
    """Streamlit asks for a callback before it hands a component's state over."""
