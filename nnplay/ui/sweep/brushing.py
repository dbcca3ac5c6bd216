"""The brush of a sweep's parallel coordinates: a part of an axis, to which lines and tables are narrowed."""

import sys
from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnplay.figures.sweep import Brushed
from nnplay.sweep import Sweep
from nnplay.ui import session
from nnplay.ui.sweep.figures import narrowed, scales_of
from nnplay.ui.sweep.running import current
from nnplay.ui.wording import in_sentence


def brushed(sweep: Sweep) -> Brushed:
    """By axis, the part of it that the visit has brushed in this sweep."""
    id, found = st.session_state.get(session.SWEEP_BRUSHED, ("", {}))
    return found if id == sweep.id else {}


def brush(message: Any) -> None:
    """Take over what the browser says of the brush."""
    if found := current():
        sweep = found[1]
        st.session_state[session.SWEEP_BRUSHED] = sweep.id, with_brush(sweep, brushed(sweep), message)


def with_brush(sweep: Sweep, parts: Brushed, message: Any) -> Brushed:
    """`parts` with that of the nearest axis that was dragged over; a click frees the axis.

    `message` comes from outside: {"x", "y"} where it began and, for a drag, "to" where on y it ended.
    """
    if not isinstance(message, Mapping):
        return parts
    places = [message.get("x"), message.get("y"), message.get("to", message.get("y"))]
    # Compared: a whole number that is too large for a float cannot be asked whether it is finite.
    if not all(isinstance(place, int | float) and abs(place) <= sys.float_info.max for place in places):
        return parts
    scales = scales_of(sweep.plan, [outcome for outcome in list(sweep.outcomes) if outcome.trained])
    across, *ends = map(float, places)
    scale = scales[min(max(round(across), 0), len(scales) - 1)]
    others = {label: part for label, part in parts.items() if label != scale.label}
    if "to" not in message:
        return others
    low, high = sorted(ends)
    return others | {scale.label: (scale.number(low), scale.number(high))}


def free() -> None:
    """Show all runs again."""
    st.session_state.pop(session.SWEEP_BRUSHED, None)


def narrowing(sweep: Sweep) -> None:
    """What the lines and tables are narrowed to, and the button that ends it."""
    parts = brushed(sweep)
    if not parts:
        return
    trained = [outcome for outcome in list(sweep.outcomes) if outcome.trained]
    said = [
        f"{in_sentence(scale.label)} {scale.part(*parts[scale.label])}"
        for scale in scales_of(sweep.plan, trained)
        if scale.label in parts
    ]
    count = len(narrowed(sweep.plan, trained, parts))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.text(
            f"Narrowed to {count:,} of {len(trained):,} trained runs: {'; '.join(said)}.", width="content"
        )
        st.button("Show all", icon=":material/close:", type="tertiary", key="sweep_free", on_click=free)
