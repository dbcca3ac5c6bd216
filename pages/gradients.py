"""The gradients laboratory: why they vanish and explode with depth and with time, and what helps."""

import streamlit as st

from nnplay.laboratories import GradientLab
from nnplay.laboratories.gradients import PARTS
from nnplay.ui import laboratory
from nnplay.ui.gradients import PART_VIEWS
from nnplay.ui.page import messages, page

page("Gradients")
laboratory.begin(GradientLab)

st.title("Gradients that vanish and explode", anchor=False)
laboratory.segments("part", PARTS, label_visibility="collapsed")
laboratory.write_address()
messages(laboratory.problems())
PART_VIEWS[laboratory.current().part]()
