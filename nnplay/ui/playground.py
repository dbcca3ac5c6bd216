"""The page of the playground: its parts, and where they stand."""

import streamlit as st

from nnplay.lessons import LESSONS
from nnplay.ui import arrival, marks, visit
from nnplay.ui.assignment.button import task_maker
from nnplay.ui.assignment.panel import current_task, task_marks
from nnplay.ui.example import current_example
from nnplay.ui.export import export
from nnplay.ui.first_steps import current_step, first_steps
from nnplay.ui.first_visit import about, starts_by_itself, take_back, wait_until_drawn
from nnplay.ui.inside import inside
from nnplay.ui.layers import suggested_layers
from nnplay.ui.live import charts, picture
from nnplay.ui.page import messages, page
from nnplay.ui.share import share
from nnplay.ui.sidebar import settings
from nnplay.ui.tour import tour
from nnplay.ui.transport import transport


def playground() -> None:
    """Draw it: the settings in the sidebar, a network that learns beside it."""
    page("Playground")
    arrival.begin()
    opening = starts_by_itself()
    if not opening:
        # Before all that may ask for another run of the page: a widget left out would forget its value.
        settings()
    # Only containers stand on the page itself, always the same ones: what a timer draws late, into the places
    # of the run before, can never meet a widget where it left a container.
    top, step, told, buttons, moving, layers, unseen = (st.container() for _ in range(7))
    with unseen:
        arrival.write_address()
        arrival.remember_tab()
        marks.keep_marks({*LESSONS, *task_marks()})
        # Of a browser that has told its marks only now.
        starts_by_itself()
        take_back()

    with top, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="about"):
            st.caption(about())
        first_steps()
        tour()
        share()
        export()
    with step:
        current_step()
        current_example()
        current_task()
        task_maker()
    with told:
        messages(*visit.messages())
        suggested_layers()
        visit.await_data()
    with buttons:
        transport()
    with moving:
        # Result and curves begin beside the numbers: on a usual screen the loss is seen without scrolling.
        left, right = st.columns([5, 3], gap="medium")
    with left:
        picture()
    if opening:
        wait_until_drawn()
        settings()
    with right:
        charts()
    with layers:
        inside()
