"""The playground: settings in the sidebar, a network that learns beside it."""

from nnplay.ui.server import runs

runs()  # First: the workers warm up while the rest is imported.

import streamlit as st

from nnplay.ui.playground import playground
from nnplay.ui.scripts import scripts
from nnplay.ui.sockets import prompt_sockets
from nnplay.ui.stream import route

# What `streamlit run` serves: for each visit it runs this file once more, as __main__.
app = st.App(__file__, routes=[route()], middleware=[scripts()], lifespan=prompt_sockets)

if __name__ == "__main__":
    playground()
