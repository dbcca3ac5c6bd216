"""The button that makes a task for others, and its dialog while it is open."""

import streamlit as st

from nnplay.ui import session, visit


def make_task() -> None:
    """The button."""
    st.button(
        "Make a task for others",
        icon=":material/assignment:",
        key="task_make",
        on_click=visit.open_task_maker,
        help="A link to this experiment with a title, a task and a goal that is checked, and with controls "
        "locked or hidden.",
    )


def task_maker() -> None:
    """The dialog; while it is open every run of the page calls this, or it would close."""
    if st.session_state.get(session.TASK_OPEN):
        from nnplay.ui.assignment.maker import dialog

        dialog()
