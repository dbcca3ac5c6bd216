"""What all visits to this server share: its runs and their workers. Light, to be imported first."""

import streamlit as st

from nnplay.jobs import Runs, open_runs


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """The runs of this server; its workers start to warm up at the first call.

    A page calls this before it imports anything else: on a server just started the first worker gets a
    second's lead.
    """
    return open_runs()
