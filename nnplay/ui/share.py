"""Links to what is on the page: to this epoch, as a code for a room, and to a task for others."""

import streamlit as st

from nnplay.assignment import link_with
from nnplay.experiment import link_to
from nnplay.export import changes_until
from nnplay.jobs import Moment, Run
from nnplay.ui import session, visit
from nnplay.ui.address import here
from nnplay.ui.assignment.button import make_task
from nnplay.ui.qr import qr_code

KEY = "share"


def share() -> None:
    """A popover; while it is closed nothing in it is computed."""
    key = f"{KEY}_{st.session_state.get(session.TASKS_MADE, 0)}"
    place = st.popover(
        "Share", icon=":material/share:", type="tertiary", key=key, on_change="rerun", width="content"
    )
    if place.open:
        with place:
            _link(visit.shown(), visit.run())
            make_task()


def _link(shown: Run | Moment, run: Run) -> None:
    epoch = shown.epoch
    st.markdown(f"**A link to {'this epoch' if epoch else 'this experiment'}**")
    task = visit.task()
    with_task = (
        task is not None
        and task.counts_for(run.first)
        and st.checkbox(
            "With the task",
            True,
            key="share_task",
            help="Whoever opens the link finds the task and its locks, too.",
        )
    )
    query = link_with(task, run.first, epoch) if task and with_task else link_to(run.first, epoch)
    link = f"{here()}?{query}"
    st.code(link, None, wrap_lines=True)
    if changes_until(shown) or run.opened:
        st.caption(
            "This run was changed on its way, which a link cannot hold: it leads to the run as it would have "
            "been without the changes. The zip (Code, Everything) has it as it is."
        )
    elif epoch:
        st.caption("Opened, it trains from the same weights to this epoch, with the same loss, and pauses.")
    qr_code(link)
