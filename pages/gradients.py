"""The gradients laboratory: why they vanish and explode with depth and with time, and what helps."""

from nnplay.ui.server import runs

runs()  # First: the workers warm up while the rest is imported.

import streamlit as st

from nnplay.laboratories import GradientLab
from nnplay.laboratories.gradients import PARTS
from nnplay.ui import laboratory
from nnplay.ui.gradients import PART_VIEWS
from nnplay.ui.page import messages, page

page("Gradients")
laboratory.begin(GradientLab)

st.subheader("Gradients that vanish and explode", anchor=False)
messages(laboratory.problems())
laboratory.segments("part", PARTS, label_visibility="collapsed", width="stretch")
PART_VIEWS[laboratory.current().part]()
laboratory.write_address()
