"""First steps on the page: the list in a popover, and the step that somebody is at in a few lines."""

import streamlit as st

from nnplay.experiment import make
from nnplay.jobs import Run
from nnplay.lessons import LESSONS, Reached, done_words, is_solved, reached
from nnplay.ui import marks, session, visit


def first_steps() -> None:
    """The list of all steps, those that this browser has solved ticked off; none beside a teacher's task."""
    if visit.task():
        return
    done = _done()
    count = f" {len(done)}/{len(LESSONS)}" if done else ""
    # Another key at each step that is opened: so the popover closes.
    key = f"first_steps_{st.session_state.get(session.LESSONS_OPENED, 0)}"
    popover = st.popover(f"First steps{count}", icon=":material/school:", type="tertiary", key=key)
    with popover, st.container(gap="xxsmall"):
        st.caption("Small tasks. Each opens an experiment and is ticked off once a run reaches its goal.")
        for number, (name, lesson) in enumerate(LESSONS.items(), start=1):
            st.button(
                f"{number}. {lesson.title}",
                icon=f":material/{'check_circle' if name in done else 'radio_button_unchecked'}:",
                type="tertiary",
                key=f"lesson_{name}",
                help="Solved. Opens it again." if name in done else lesson.goal,
                on_click=open_lesson,
                args=(name,),
            )


def current_step() -> None:
    """The step that was opened: what to try, its goal, and the way on."""
    name = st.session_state.get(session.LESSON)
    if name is None:
        return
    lesson, solved = LESSONS[name], st.session_state.get(session.SOLVED)
    with st.container(key="first_step", gap="xxsmall"):
        st.markdown(f"**{list(LESSONS).index(name) + 1}. {lesson.title}.** {lesson.text}")
        if solved:
            st.markdown(f":green[:material/check_circle: **Done.**] {solved}")
        else:
            st.markdown(f"{lesson.attempt} **Goal:** {_lower(lesson.goal)}")
        with st.container(horizontal=True, gap="small"):
            following = _next(name)
            if following:
                st.button(
                    "Next step",
                    icon=":material/arrow_forward:",
                    type="primary" if solved else "tertiary",
                    key="lesson_next",
                    help=LESSONS[following].title,
                    on_click=open_lesson,
                    args=(following,),
                )
            elif solved:
                st.markdown("That was the last one. All steps are done.")
            if not solved:
                st.button(
                    "Show a way",
                    icon=":material/lightbulb:",
                    type="tertiary",
                    key="lesson_way",
                    help="Sets what leads there, and says why. Play is left to you.",
                    on_click=_show_way,
                    args=(name,),
                )
            st.button(
                "Leave", icon=":material/close:", type="tertiary", key="lesson_leave", on_click=_leave,
                help="Closes this step. The network stays as it is.",
            )  # fmt: skip


def due(run: Run) -> bool:
    """Whether the run on show has just reached the goal of the step, which `look` ticks off."""
    name = st.session_state.get(session.LESSON)
    if name is None or st.session_state.get(session.SOLVED):
        return False
    return is_solved(LESSONS[name], _reached(run))


def look(run: Run) -> None:
    """At every tick: tick the step off once the run on show has reached its goal."""
    state = st.session_state
    if due(run):
        name = state[session.LESSON]
        state[session.SOLVED] = done_words(LESSONS[name], _reached(run))
        marks.add(name)
        # The page has to be drawn again.
        session.memory()[session.SETTLED] = True


def _reached(run: Run) -> Reached:
    return reached(run.experiment, run.history.names, run.history.values, run.stopped)


def open_lesson(name: str) -> None:
    """Begin a step with its experiment."""
    state, experiment = st.session_state, make(LESSONS[name].opens)
    if visit.refused(experiment):
        return
    state[session.LESSON], state[session.SOLVED], state[session.EXAMPLE] = name, "", None
    state[session.LESSONS_OPENED] = state.get(session.LESSONS_OPENED, 0) + 1
    state[session.PROBLEMS], state[session.NOTES] = [], []
    visit.reset(experiment)


def _show_way(name: str) -> None:
    lesson = LESSONS[name]
    visit.reset(make({**lesson.opens, **lesson.way}))
    st.session_state[session.NOTES] = [f"{lesson.way_words} Press Play."]


def _leave() -> None:
    st.session_state[session.LESSON] = None


def _done() -> frozenset[str]:
    known = marks.known() or st.session_state.get(session.NEW_MARKS, frozenset())
    return frozenset(known & set(LESSONS))


def _next(name: str) -> str | None:
    """The first unsolved step after this one, or else before it."""
    names = list(LESSONS)
    at = names.index(name)
    open_ones = [other for other in names[at + 1 :] + names[:at] if other not in _done()]
    return open_ones[0] if open_ones else None


def _lower(goal: str) -> str:
    return goal[0].lower() + goal[1:]
