"""Play, step, reset: what a person does with a run."""

import streamlit as st

from nnplay.experiment import SETTINGS
from nnplay.ui import server, session, visit
from nnplay.ui.kept import pin
from nnplay.ui.wording import branch_label, help_for

SPEED_WORDS = {"slow": "slow motion", "max": "fastest"}
# Pixels. Play and Pause are as wide as each other: else the row wraps at one and not at the other.
PLAY_WIDTH = 136


def transport() -> None:
    """The buttons, in one row that wraps on a narrow screen."""
    runs, run = server.runs(), visit.run()
    waiting = visit.pending()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if run.going or run.place:
            st.button(
                "Pause",
                icon=":material/pause:",
                shortcut="Space",
                on_click=runs.pause,
                args=(run,),
                key="pause",
                width=PLAY_WIDTH,
                help="Stops the training where it is; Play goes on from there.",
            )
        else:
            st.button(
                "Play",
                icon=":material/play_arrow:",
                type="primary",
                shortcut="Space",
                on_click=_play,
                key="play",
                width=PLAY_WIDTH,
                help="Trains the network, epoch after epoch, until Pause or the last epoch.",
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
            on_click=visit.reset,
            key="reset",
            help="Back to the initial weights, with the settings of the sidebar.",
        )
        if waiting:
            refusal = visit.cannot_keep()
            st.button(
                "Apply, keep the weights",
                icon=":material/swap_horiz:",
                on_click=visit.keep_weights,
                key="keep_weights",
                disabled=bool(refusal),
                help=refusal
                or "Goes on with these settings from the weights there are, and marks it on the "
                "curves. The optimizer's memory stays where it fits.",
            )
        _until()
        _branches()
        st.button(
            "Pin",
            icon=":material/keep:",
            on_click=pin,
            key="pin",
            help="Keeps this run as it is now, to compare it with others on the page *Compare*.",
        )
        speed = st.session_state[session.SPEED]
        st.segmented_control(
            "Speed",
            list(visit.SPEEDS),
            default=speed,
            required=True,
            format_func=lambda name: SPEED_WORDS.get(name, f"{name}/s"),
            **session.shows("speed", speed, visit.set_speed),
            label_visibility="collapsed",
            help="Epochs a second, at the most; in slow motion single batches.",
        )
        if speed == "slow":
            batches = st.session_state[session.BATCH_SPEED]
            st.segmented_control(
                "Batches per second",
                list(visit.BATCH_SPEEDS),
                default=batches,
                required=True,
                format_func=lambda name: f"{name} batch{'' if name == '1' else 'es'}/s",
                **session.shows("batch_speed", batches, lambda name: visit.set_speed(batches=name)),
                label_visibility="collapsed",
                help="Each batch is one step of the weights.",
            )
    if waiting:
        refusal = visit.cannot_keep()
        st.caption(f"Takes effect at Reset: {', '.join(waiting)}. {refusal}")


def _until() -> None:
    """Where to go, and when to stop."""
    run = visit.run()
    with st.popover("Until", icon=":material/flag:", help="Run to an epoch; stop conditions"):
        epoch = st.number_input(
            "Go to epoch", 0, 100_000, _next_round(run.epoch), step=10, key=f"go_to_{_next_round(run.epoch)}",
            help="A later one: trains until there. An earlier one: shows the run as it was.",
        )  # fmt: skip
        st.button(
            "Go",
            icon=":material/arrow_forward:",
            key="go",
            on_click=visit.run_to,
            args=(epoch,),
            help="Trains until that epoch and pauses, or shows it if it is past.",
        )
        st.caption("Or stop by itself:")
        for name, step in (("target_loss", 0.01), ("patience", 10)):
            if not visit.is_hidden(name):
                _stop(name, step)


def _next_round(epoch: int) -> int:
    """A round number of epochs further on."""
    return min(100_000, (epoch // 100 + 1) * 100)


def _stop(name: str, step: float) -> None:
    setting, value = SETTINGS[name], getattr(visit.draft(), name)
    kind = int if setting.whole else float

    def take(given: float | None) -> None:
        visit.change(**{name: setting.default if given is None else given})

    st.number_input(
        setting.label, kind(setting.low or 0), kind(setting.high or 0), value, step=kind(step),
        **session.shows(f"until_{name}", value, take), help=help_for(name), disabled=visit.is_locked(name),
    )  # fmt: skip


def _branches() -> None:
    """What if? Curves kept to compare with."""
    runs, run = server.runs(), visit.run()
    with st.popover("What if", icon=":material/call_split:", help="Keep this curve, and go on otherwise"):
        st.caption(
            "Keeps the curve so far, faded, to compare with. Then change a setting in the sidebar and press "
            "Play. From an earlier epoch: move the time slider there first."
        )
        st.button(
            "Branch from here",
            icon=":material/call_split:",
            key="branch",
            on_click=runs.branch,
            args=(run,),
            disabled=not len(run.history),
            help="Keeps the curve up to here to compare with, and lets the run go on.",
        )
        for branch in run.branches:
            st.button(
                f"Remove: {branch_label(branch, run.experiment)}",
                icon=":material/close:",
                type="tertiary",
                key=f"forget_branch_{branch.number}",
                on_click=runs.forget_branch,
                args=(run, branch.number),
                help="Takes this curve off the charts.",
            )


def _play() -> None:
    run = visit.run()
    if run.looking is not None:
        pass  # From there on, whatever has become of the run since.
    elif run.status.word == "diverged" or (run.over and visit.pending()):
        visit.reset()
    server.runs().play(visit.run())
