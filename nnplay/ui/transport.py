"""Play, step, reset: what a person does with a run."""

import streamlit as st

from nnplay.ui import session
from nnplay.ui.export import export


def transport() -> None:
    """The buttons, in one row that wraps on a narrow screen."""
    runs, run = session.runs(), session.run()
    waiting = session.pending()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if run.going or run.place:
            st.button(
                "Pause",
                icon=":material/pause:",
                shortcut="Space",
                on_click=runs.pause,
                args=(run,),
                key="pause",
            )
        else:
            st.button(
                "Play",
                icon=":material/play_arrow:",
                type="primary",
                shortcut="Space",
                on_click=_play,
                key="play",
            )
        st.button(
            "Epoch",
            icon=":material/skip_next:",
            shortcut="E",
            on_click=runs.step,
            args=(run,),
            key="step",
            help="Train one epoch: every training sample once.",
        )
        st.button(
            "Batch",
            icon=":material/chevron_right:",
            shortcut="B",
            on_click=runs.step,
            args=(run, 0, 1),
            key="step_batch",
            help="Train one batch: a single update of the weights.",
        )
        st.button(
            "Reset and apply" if waiting else "Reset",
            icon=":material/replay:",
            type="primary" if waiting and not run.going else "secondary",
            shortcut="0",
            on_click=session.reset,
            key="reset",
            help="Back to the initial weights, with the settings on the left.",
        )
        speed = st.session_state[session.SPEED]
        st.segmented_control(
            "Speed",
            list(session.SPEEDS),
            default=speed,
            required=True,
            format_func=lambda name: "as fast as it goes" if name == "max" else f"{name}/s",
            key=(key := session.widget_key("speed", speed)),
            on_change=lambda: session.set_speed(st.session_state[key]),
            label_visibility="collapsed",
            help="Epochs per second",
        )
        export()
    if waiting:
        st.caption(f"Takes effect at Reset: {', '.join(waiting)}.")


def _play() -> None:
    run = session.run()
    if run.status.word == "diverged" or (run.over and session.pending()):
        session.reset()
    session.runs().play(session.run())
