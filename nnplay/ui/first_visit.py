"""A first visit shows a network that learns by itself, with a word on it; a link or a reload opens ready."""

import streamlit as st

from nnplay.experiment import DEFAULT
from nnplay.ui import marks, server, session, visit, wording
from nnplay.ui.stream import stream

# So long its browser may take to draw the network before it is sent the settings.
DRAWN_SECONDS = 1.0


def starts_by_itself() -> bool:
    """Play the default experiment, once, for a browser that was never here and asked for nothing else.

    It ends by itself with its epochs. Where others need the workers it does not start. True in the visit's
    first run of the script, if it starts there.
    """
    state, held = st.session_state, marks.known()
    if session.STARTED_BY_ITSELF in state or held is None or not state.get(session.BARE):
        return False
    # Decided once.
    state[session.STARTED_BY_ITSELF] = None
    run, runs = visit.run(), server.runs()
    untouched = visit.draft() == run.experiment == DEFAULT and not run.going and not run.epoch
    if marks.VISITED in held or not untouched or 2 * runs.going >= runs.settings.max_runs:
        return False
    state[session.STARTED_BY_ITSELF] = (run.id, run.generation)
    runs.play(run)
    return session.MARKS_SESSION not in state


def wait_until_drawn() -> None:
    """Let the browser draw a network that learns before it gets the settings to draw.

    It draws all at once what has come by then: with the settings the network would be half a second later.
    """
    stream().wait_until_drawn(DRAWN_SECONDS)


def take_back() -> None:
    """Reset what began by itself, if the browser was here, though it came without the cookie that says so."""
    if marks.VISITED in (marks.known() or ()) and _goes_by_itself():
        visit.reset()


def _goes_by_itself() -> bool:
    run = visit.run()
    return st.session_state.get(session.STARTED_BY_ITSELF) == (run.id, run.generation) and run.going


def about() -> str:
    """The sentence over the page."""
    return wording.BY_ITSELF if _goes_by_itself() else wording.ABOUT
