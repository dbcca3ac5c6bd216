"""The gallery: the tutorials' models, and classic failures with their cures, one click from running."""

from nnplay.ui.server import runs

runs()  # First: the workers warm up while the rest is imported.

import streamlit as st

from nnplay.ui.gallery import gallery
from nnplay.ui.page import page

page("Gallery")
st.subheader("Gallery", anchor=False)
st.caption(
    "Each card opens an experiment in the playground and starts it: with what it shows, where to look, "
    "what to try, and a claim that is checked against what your run measures. The pictures were measured "
    "the same way."
)
gallery()
