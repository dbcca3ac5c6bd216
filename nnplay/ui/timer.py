"""What a page draws again by itself, every so many seconds."""

from collections.abc import Callable
from typing import Any

import streamlit as st

# Where nothing moves: that keeps the leases of runs, follows the theme, and brings again what was lost.
IDLE_SECONDS = 20.0


def on_timer(draw: Callable[..., None], seconds: float | None, *arguments: Any) -> None:
    """Draw now, and anew after so many seconds each (None: not again), in a container of its own.

    Where a tick comes right behind a run of the page, Streamlit may drop what that run drew here, and the
    browser takes it away: what stands behind must not move up into its place.
    """
    with st.container():
        st.fragment(draw, run_every=seconds)(*arguments)
