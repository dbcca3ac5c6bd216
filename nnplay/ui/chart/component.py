"""A chart redrawn in place, for what is on a timer: `st.plotly_chart` makes a new one at every change."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from nnplay.figures import Spec, encode
from nnplay.ui.browser import component, install

CSS = """
.nnplay-chart { height: 100%; overflow: hidden }
.nnplay-chart p { color: inherit; opacity: .7; padding: 1rem; margin: 0 }
"""

_chart = component("chart", css=CSS, isolate_styles=False)


def live_chart(spec: Spec, *, key: str, height: int = 320) -> None:
    """Draw `spec` in place of what the chart `key` showed before: `height` pixels, as wide as its column.

    Its place is reserved before plotly.js has arrived; zoom and hidden traces survive while the figure's
    `uirevision` stays the same.
    """
    install()
    _chart(data=figure_bytes(spec, height), key=key, height=height)


def chart_place(name: str, *, height: int, on_pick: Callable[[Any], None] | None = None) -> None:
    """Where the figure that a feed brings as its part `name` is drawn, `height` pixels high.

    `on_pick` gets what the browser sends when somebody clicks into a figure whose layout has `meta` "pick":
    {"x": ..., "y": ...} in units of the axes. It is a message from outside: check it.
    """
    install()

    def picked() -> None:
        found = st.session_state[name].get("picked")
        if on_pick and found:
            on_pick(found)

    listening = {"on_picked_change": picked} if on_pick else {}
    _chart(data={"place": name, "picks": bool(on_pick)}, key=name, height=height, **listening)


def figure_bytes(spec: Spec, height: int) -> bytes:
    """The figure for its place, `height` pixels high."""
    return encode(spec | {"layout": spec["layout"] | {"height": height}})
