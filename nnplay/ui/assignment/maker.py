"""The dialog that makes a task for others: its words, its goal, the locks; a preview, the link, its code."""

import streamlit as st

from nnplay.assignment import (
    COMPARISONS,
    CONTROLS,
    MEASURES,
    WEIGHTS,
    Assignment,
    Condition,
    Measure,
    faults,
    fitting,
    link_with,
)
from nnplay.assignment.goal import MOST_CONDITIONS
from nnplay.assignment.record import in_order
from nnplay.assignment.text import MOST_TEXT, MOST_TITLE, check_text, check_title
from nnplay.data import is_own
from nnplay.experiment import MAX_LINK_LENGTH, Experiment
from nnplay.export import changes_until
from nnplay.ui import visit
from nnplay.ui.address import here
from nnplay.ui.assignment.panel import told
from nnplay.ui.qr import qr_code

# What a goal is likely to ask, where nothing is known of the run.
USUAL = {"test_loss": 0.05, "loss": 0.05, "test_accuracy": 0.95, "accuracy": 0.95, "test_r2": 0.9, "r2": 0.9,
         "test_rmse": 0.3}  # fmt: skip
EXAMPLE = "How few neurons are enough? Take some away with the − on the picture, and try other activations."
DATA = ("data", "samples", "classes", "steps", "label_noise", "position_noise", "imbalance", "test_fraction")


@st.dialog("Make a task for others", width="large", on_dismiss=lambda: visit.open_task_maker(False))
def dialog() -> None:
    """It begins with the experiment on the page."""
    experiment = visit.draft()
    if is_own(experiment.data):
        st.text(
            "Your own data are in no link, so others could not open a task about them. Choose other data."
        )
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        made = _asked(experiment)
    with right:
        _shown(made)


def _asked(experiment: Experiment) -> Assignment | list[str]:
    """The assignment as the widgets describe it, or what is wrong with it."""
    title = st.text_input("Title", max_chars=MOST_TITLE, key="task_title", placeholder="Fewest neurons")
    text = st.text_area(
        "The task, in Markdown",
        max_chars=MOST_TEXT,
        height=120,
        key="task_text",
        placeholder=EXAMPLE,
        help="Plain text, **bold**, lists, formulas between dollar signs, links to https addresses. "
        "No HTML and no pictures.",
    )
    goal = _goal(experiment)
    needed = ["data"] if goal else []
    needed += ["loss"] if any(MEASURES[one.measure].needs == "loss" for one in goal) else []
    locked = st.multiselect(
        "Locked: shown, but fixed at the value that they have now",
        list(CONTROLS),
        _usually_locked(experiment),
        format_func=CONTROLS.__getitem__,
        key="task_locked",
        help="What the goal is about, the data and the loss, is always locked or hidden.",
    )
    hidden = st.multiselect(
        "Hidden: not shown, and fixed as well",
        [name for name in CONTROLS if name != WEIGHTS],
        format_func=CONTROLS.__getitem__,
        key="task_hidden",
    )
    try:
        made = Assignment(
            experiment, check_title(title), check_text(text), goal,
            in_order([*locked, *hidden, *needed]), in_order(hidden),
        )  # fmt: skip
    except ValueError as error:
        return [str(error)]
    if not (made.title or made.text or made.goal or made.locked):
        return ["There is nothing in it yet. Give it a title, a task, a goal, or lock a control."]
    return list(faults(made).values()) or made


def _usually_locked(experiment: Experiment) -> list[str]:
    """The data and what was set about them: with other data the task would be another."""
    return ["data", *(name for name in DATA if name in experiment.differences() and name != "data"), WEIGHTS]


def _goal(experiment: Experiment) -> tuple[Condition, ...]:
    there = fitting(experiment)
    chosen = st.multiselect(
        "Goal",
        list(there),
        format_func=lambda name: MEASURES[name].label.capitalize(),
        key=f"task_goal_{experiment.task}",
        max_selections=MOST_CONDITIONS,
        placeholder="What is to be reached, all at the same epoch",
        help="Checked after every epoch on what is measured.",
    )
    return tuple(_condition(experiment, there[name]) for name in chosen)


def _condition(experiment: Experiment, measure: Measure) -> Condition:
    whole = measure.count is not None or measure.column == "epoch"
    label = measure.label.capitalize()
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    names = list(COMPARISONS)
    comparison = left.segmented_control(
        label, names, default=measure.usual, format_func=COMPARISONS.__getitem__, required=True,
        key=f"task_{measure.name}_comparison",
    )  # fmt: skip
    value: float
    if whole:
        now = measure.count(experiment) if measure.count else experiment.epochs
        value = right.number_input(
            f"{label}, number", int(measure.low), int(measure.high), int(now),
            key=f"task_{measure.name}_value", label_visibility="collapsed",
        )  # fmt: skip
    else:
        value = right.number_input(
            f"{label}, number", float(measure.low), float(measure.high), USUAL[measure.name], step=0.01,
            format="%.4g", key=f"task_{measure.name}_value", label_visibility="collapsed",
        )  # fmt: skip
    return Condition(measure.name, str(comparison), float(value or 0.0))


def _shown(made: Assignment | list[str]) -> None:
    """What others will see, and the link that leads there."""
    if isinstance(made, list):
        for sentence in made:
            # As it is: parts of it are what was typed.
            st.text(sentence)
        return
    st.caption("What others see")
    with st.container(border=True, gap="xsmall"):
        told(made)
        _locks(made)
    link = f"{here()}?{link_with(made, epoch=_epoch(made))}"
    if len(link) > MAX_LINK_LENGTH:
        st.text(f"The link would have {len(link):,} characters, more than the {MAX_LINK_LENGTH:,} allowed. "
                "Shorten the task.")  # fmt: skip
        return
    st.code(link, None, wrap_lines=True, height=110)
    qr_code(link)
    st.caption(
        "Whoever opens it finds the page like this. Nothing is kept on the server: it is all in the link."
    )


def _epoch(made: Assignment) -> int:
    """The epoch that others are to begin at, where the run on the page is one of the task's experiment."""
    run = visit.run()
    if not run.epoch or run.first != made.experiment or changes_until(run) or run.opened:
        return 0
    asked = st.checkbox(
        f"Others find it trained to epoch {run.epoch:,}", False, key="task_epoch",
        help="Opened, it trains from the same weights to this epoch, with the same loss, and pauses.",
    )  # fmt: skip
    return run.epoch if asked else 0


def _locks(made: Assignment) -> None:
    for word, names in (
        ("Locked", [name for name in made.locked if name not in made.hidden]),
        ("Hidden", made.hidden),
    ):
        if names:
            labels = ", ".join(CONTROLS[name] for name in names[:6])
            more = f" and {len(names) - 6} more" if len(names) > 6 else ""
            st.caption(f"{word}: {labels}{more}.")
