"""The glossary: every term of the field that these pages use, to be searched."""

from nnplay.ui.server import runs

runs()  # First: the workers warm up while the rest is imported.

import streamlit as st

from nnplay.ui.glossary import glossary
from nnplay.ui.page import page

page("Glossary")
st.caption(
    "Words that these pages use, in a sentence each. Elsewhere, point at a dotted word to read the same."
)
glossary()
