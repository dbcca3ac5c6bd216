"""Draw a picture with the mouse or a finger: it becomes the sample that the panel shows, classified live."""

from dataclasses import replace

import streamlit as st

from nnplay.data.sample import BadSample
from nnplay.data.strokes import Habit, check_strokes, drawn_picture, habit_of
from nnplay.experiment import Experiment
from nnplay.figures.palette import palette
from nnplay.ui import session
from nnplay.ui.browser import component, install
from nnplay.ui.page import is_dark
from nnplay.ui.result import sample

KEY = "sketch"
CSS = """
.nnplay-sketch { display: grid; gap: .4rem; justify-items: start; width: 200px; color: var(--st-text-color) }
.nnplay-sketch canvas { width: 200px; height: 200px; cursor: crosshair; touch-action: none }
.nnplay-sketch button {
  padding: .2rem .7rem; font: inherit; font-size: .875rem; color: inherit; background: none; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, .5rem);
}
.nnplay-sketch button:disabled { opacity: .4; cursor: default }
"""

_sketch = component("sketch", html='<div class="nnplay-sketch"></div>', css=CSS)


def sketch(experiment: Experiment) -> None:
    """The square to draw in, and how a drawing is made like the data."""
    install()
    picture = experiment.dataset.picture
    assert picture
    habit, colors = habit_of(experiment.load_data(), picture), palette(is_dark())
    with st.container(horizontal=True, gap="medium", vertical_alignment="top"):
        with st.container(width=210):
            _sketch(
                data={
                    "strokes": st.session_state.get(session.SKETCHED, []),
                    # As thick as it will be where the drawing fills the square.
                    "pen": habit.pen / habit.size,
                    "active": sample.asked_of(experiment).row is None,
                    "words": f"Draw {_what(experiment)} here",
                    "paper": colors.grid,
                    "ink": colors.ink,
                    "muted": colors.muted,
                },
                key=KEY,
                on_strokes_change=lambda: take(experiment),
            )
        with st.container(width="stretch"):
            st.caption(made_alike(habit, picture))


def take(experiment: Experiment) -> None:
    """Ask about what is drawn. The strokes come from the browser: they are checked here."""
    picture = experiment.dataset.picture
    asked = sample.asked_of(experiment)
    if not picture:
        return
    try:
        message = st.session_state[KEY].get("strokes")
        strokes = check_strokes(message)
    except BadSample as error:
        st.session_state[session.SAMPLE] = replace(asked, problem=str(error))
        return
    st.session_state[session.SKETCHED] = message
    if strokes:
        split = experiment.load_data()
        position = drawn_picture(strokes, picture, habit_of(split, picture))
        sample.ask_about(experiment, position)
    else:
        sample.ask_for_row(experiment, asked, 1)


def made_alike(habit: Habit, picture: tuple[int, int]) -> str:
    """What is done to a drawing, in words."""
    rows, columns = picture
    return (
        f"The network sees {rows} × {columns} pixels. The drawing is made like the training pictures: scaled "
        f"so that its longer side is {habit.size:.3g} pixels, its strokes {habit.pen:.2g} pixels wide, and "
        f"moved so that its centre of mass is near row {habit.center[0] + 1:.3g}, column "
        f"{habit.center[1] + 1:.3g}. What becomes of it is shown below."
    )


def _what(experiment: Experiment) -> str:
    digits = tuple(experiment.load_data().target_names) == tuple("0123456789")
    return "a digit" if digits else "a picture"


def label(experiment: Experiment) -> str:
    """Of the switch that opens it."""
    return f"Draw {_what(experiment)}"
