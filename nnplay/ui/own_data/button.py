"""The button for your own data, in the sidebar."""

import streamlit as st

from nnplay.ui import session, visit


def own_data() -> None:
    """The button, and the dialog while it is open."""
    st.button(
        "Your own data",
        icon=":material/upload_file:",
        key="own_data_button",
        on_click=visit.open_own_data,
        disabled=visit.is_locked("data"),
        width="stretch",
        help="A table from a file or the clipboard, or points that you draw. They stay with this visit: "
        "no link "
        "holds them, and they are forgotten with it.",
    )
    if st.session_state.get(session.OWN_OPEN):
        # Not before it is wanted: it needs pandas.
        from nnplay.ui.own_data.dialog import dialog

        dialog()
