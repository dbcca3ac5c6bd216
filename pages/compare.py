"""Runs compared: kept ones, A against B in step, one experiment over many seeds."""

from nnplay.ui.server import runs

runs()  # First: the workers warm up while the rest is imported.

import streamlit as st

from nnplay.laboratories import CompareLab
from nnplay.laboratories.compare import PARTS
from nnplay.ui import laboratory
from nnplay.ui.compare import PART_VIEWS, write_address
from nnplay.ui.page import messages, page

page("Compare")
laboratory.begin(CompareLab)

st.subheader("Runs compared", anchor=False)
messages(laboratory.problems())
laboratory.segments("part", PARTS, label_visibility="collapsed", width="stretch")
PART_VIEWS[laboratory.current().part]()
write_address()
