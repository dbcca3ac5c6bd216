"""Activation functions compared: their curves, signals through depth, a race, and a single neuron."""

from nnplay.ui.server import runs

runs()  # First: the workers warm up while the rest is imported.

import streamlit as st

from nnplay.laboratories.activations import PARTS, ActivationLab
from nnplay.ui import laboratory
from nnplay.ui.activations import PART_VIEWS, picker, said_wrong
from nnplay.ui.page import messages, page

page("Activations")
laboratory.begin(ActivationLab)
st.subheader("Activation functions", anchor=False)
st.markdown(
    "A neuron adds up its inputs, and its **activation function** makes of that sum what it passes on. "
    "Choose some to compare; everything drawn here is measured on Keras, or marked as theory."
)
messages(laboratory.problems())
picker()
laboratory.segments("part", PARTS, label_visibility="collapsed", width="stretch")
PART_VIEWS[laboratory.current().part]()
said_wrong()
laboratory.write_address()
