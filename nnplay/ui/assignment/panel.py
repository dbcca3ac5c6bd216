"""The task of a teacher's link on the page: what is to be done, how far one is, and the mark once it is."""

import streamlit as st

from nnplay.assignment import MEASURES, Assignment, checksum, reached
from nnplay.assignment.goal import number, standing
from nnplay.assignment.text import plain
from nnplay.jobs import Moment, Run
from nnplay.ui import marks, session, visit
from nnplay.ui.feed import words_place

PLACE = "task_now"
BEFORE = "In this browser it was reached before."


def current_task() -> None:
    """Title, text and goal of the task, if there is one."""
    task = visit.task()
    if task is None:
        return
    with st.container(border=True, key="task", gap="xsmall"):
        told(task)
        if not (task.title or task.text or task.goal):
            st.markdown("The link that was opened hides or locks some of the controls.")
        if task.goal:
            _goal(task)
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Start over", icon=":material/restart_alt:", type="tertiary", key="task_over",
                on_click=visit.start_over, help="Back to the settings that the task opened with.",
            )  # fmt: skip
            st.button(
                "Leave the task", icon=":material/close:", type="tertiary", key="task_leave",
                on_click=visit.leave_task,
                help="All settings become free, and the goal is no longer looked for.",
            )  # fmt: skip


def told(task: Assignment) -> None:
    """The task as others read it."""
    if task.title:
        st.markdown(f"**{plain(task.title)}**")
    if task.text:
        # Checked where it came in: no HTML, no pictures, https links alone.
        st.markdown(task.text)
    if task.goal:
        st.markdown(f"**Goal:** {in_words(task)}.")


def in_words(task: Assignment) -> str:
    """The goal as a sentence's end: "test loss at most 0.05, hidden neurons at most 4"."""
    return ", ".join(condition.words for condition in task.goal)


def _goal(task: Assignment) -> None:
    if said := st.session_state.get(session.TASK_REACHED) or (BEFORE if _mark(task) in _known() else ""):
        st.markdown(f":green[:material/check_circle: **Goal reached.**] {said}")
    else:
        words_place(PLACE)


def task_marks() -> frozenset[str]:
    """The mark that this browser may keep of the task on the page."""
    task = visit.task()
    return frozenset({_mark(task)}) if task and task.goal else frozenset()


def _mark(task: Assignment) -> str:
    return f"task-{checksum(task)}"


def _known() -> frozenset[str]:
    return marks.known() or st.session_state.get(session.NEW_MARKS, frozenset())


# ---- at every tick


def due(run: Run) -> bool:
    """Whether the run on show has just reached the goal, which `look` says."""
    return _row_reached(run) is not None


def _row_reached(run: Run) -> int | None:
    """The first row of the run's history that has the goal; None where that is said, or does not count."""
    task = visit.task()
    if task is None or not task.goal or st.session_state.get(session.TASK_REACHED):
        return None
    if run.looking is not None or run.opened or not task.counts_for(run.experiment):
        return None
    return reached(task.goal, run.experiment, run.history.names, run.history.values)


def look(run: Run) -> None:
    """Say it when the run on show has reached the goal, in any epoch since it began."""
    task, row = visit.task(), _row_reached(run)
    if task is None or row is None:
        return
    names, rows = run.history.names, run.history.values
    values = standing(task.goal, run.experiment, names, rows[row].tolist())
    epoch = int(rows[row, names.index("epoch")])
    st.session_state[session.TASK_REACHED] = f"In epoch {epoch:,}: {_values(values)}."
    marks.add(_mark(task))
    # The page has to be drawn again.
    session.memory()[session.SETTLED] = True


def parts(shown: Run | Moment) -> dict[str, bytes]:
    """How far what is shown is, for its place; nothing where there is no goal to reach."""
    task = visit.task()
    if task is None or not task.goal or st.session_state.get(session.TASK_REACHED):
        return {}
    row = shown.history.row(shown.epoch)
    values = standing(task.goal, shown.experiment, list(row), list(row.values()))
    if not row:
        return {
            PLACE: b"Not there yet: press Play, and these numbers are compared with it after every epoch."
        }
    return {PLACE: f"Now, after epoch {shown.epoch:,}: {_values(values)}.".encode()}


def _values(values: dict[str, float]) -> str:
    return ", ".join(f"{MEASURES[name].label} {number(value, digits=4)}" for name, value in values.items())
