"""Sweeps: every choice of some settings, or a random sample of them, with several seeds."""

from nnplay.ui.server import runs

runs()  # First: the workers warm up while the rest is imported.

import streamlit as st

from nnplay.ui.page import page
from nnplay.ui.sweep import buttons, faults, results, settings

page("Sweep")
st.subheader("Sweeps", anchor=False)
st.markdown(
    "One run says little: other initial weights may do better or worse. A **sweep** trains every choice of "
    "the values below with several seeds, and shows what matters. All else is as in the playground now."
)
settings()
faults()
buttons()
results()
