"""A first visit shows a network that learns by itself, with a word on it; a link or a reload opens ready."""

import streamlit as st

from nnplay.experiment import DEFAULT
from nnplay.ui import marks, server, session, visit, wording


def start_by_itself() -> None:
    """Play the default experiment, once, for a browser that was never here and asked for nothing else.

    It ends by itself with its epochs. Where others need the workers it does not start.
    """
    state, held = st.session_state, marks.known()
    run, runs = visit.run(), server.runs()
    if session.STARTED_BY_ITSELF in state:
        if marks.VISITED in (held or ()) and _goes_by_itself():
            # It was here, though it came without the cookie that says so.
            visit.reset()
        return
    if held is None or not state.get(session.BARE):
        return
    # Decided once.
    state[session.STARTED_BY_ITSELF] = None
    untouched = visit.draft() == run.experiment == DEFAULT and not run.going and not run.epoch
    if marks.VISITED in held or not untouched or 2 * runs.going >= runs.settings.max_runs:
        return
    state[session.STARTED_BY_ITSELF] = (run.id, run.generation)
    runs.play(run)


def _goes_by_itself() -> bool:
    run = visit.run()
    return st.session_state.get(session.STARTED_BY_ITSELF) == (run.id, run.generation) and run.going


def about() -> str:
    """The sentence over the page."""
    return wording.BY_ITSELF if _goes_by_itself() else wording.ABOUT
