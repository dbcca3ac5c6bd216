"""The visit itself: the settings in the sidebar, the run on show, and what was refused or put right.

The settings are one `Experiment`, the draft. Widgets only show it: each rerun writes their values from the
draft and each change of a widget goes through the draft's validation, so a refused value changes nothing.
"""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from nnplay.assignment import Assignment
from nnplay.data import DATASETS, STAND_IN, Dataset, NotHere, is_downloaded, is_here
from nnplay.data import hold as hold_data
from nnplay.experiment import DEFAULT, SETTINGS, Experiment, ExperimentError, make, settle, suggestion
from nnplay.jobs import Moment, Run
from nnplay.sweep import Sweep
from nnplay.ui import fetching, server, session

# Own datasets of a visit that stay in the menu.
MOST_OWN = 5
# Taken over with the weights there are, even where a run with and one without are of different make.
SWITCHED = ("momentum", "dropout", "batch_size")
# Epochs per second; in slow motion single batches, by BATCH_SPEEDS.
SPEEDS: dict[str, float | None] = {"slow": None, "2": 2.0, "10": 10.0, "60": 60.0, "max": None}
BATCH_SPEEDS: dict[str, float] = {"1": 1.0, "2": 2.0, "5": 5.0}  # batches per second


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda tab: tab.leave())
def _tab() -> "_Tab":
    return _Tab()


class _Tab:
    """Lets the leases of a visit's runs end when its tab is closed.

    A reload is a close, too, and takes the playground's run up again.
    """

    def __init__(self) -> None:
        self.runs = server.runs()
        self.held: dict[str, tuple[Run | Sweep, ...]] = {}

    def leave(self) -> None:
        """Called on the server's own thread, outside any script run: it only sets marks."""
        for held in list(self.held.values()):
            for run in held:
                self.runs.leave(run)


def hold(owner: str, held: Iterable[Run | Sweep]) -> None:
    """Let these runs end when the tab is closed; they replace those that `owner` held before.

    Called in every script run: after a lost connection the tab is a new one.
    """
    _tab().held[owner] = tuple(held)


def keep() -> None:
    """On every page: whatever the playground trains goes on while its page is left for another."""
    found = server.runs().get(st.session_state.get(session.RUN, ""))
    hold(session.PLAYGROUND, [found] if found else [])
    if found:
        server.runs().watch(found)


def messages() -> tuple[list[str], list[str]]:
    """What was refused, and what was put right."""
    return st.session_state[session.PROBLEMS], st.session_state[session.NOTES]


def suggested() -> str:
    """The layers that are suggested in place of those just refused; "" where nothing is."""
    problems, fields = st.session_state.get(session.SUGGESTED, ([], {}))
    found: str = (
        fields.get("hidden", "") if problems and problems == st.session_state[session.PROBLEMS] else ""
    )
    return found


def take_suggestion() -> None:
    """Take over the settings with the layers that are suggested, and start anew with them."""
    if suggested():
        _, fields = st.session_state[session.SUGGESTED]
        start_with(**fields)


def draft() -> Experiment:
    """The experiment that the sidebar shows."""
    found: Experiment = st.session_state[session.DRAFT]
    return found


def run() -> Run:
    """The run on show."""
    found = server.runs().get(st.session_state[session.RUN])
    return found if found else find_run()


def shown() -> Run | Moment:
    """What the views show: the run as it is, or the moment of its past that is looked at."""
    return run().shown


def pending() -> tuple[str, ...]:
    """Labels of the settings that the run on show will only take over at a reset."""
    current = run()
    # What is about to be taken over waits no more.
    return tuple(SETTINGS[name].label for name in (current.next or current.experiment).needs_reset(draft()))


def change(**fields: Any) -> None:
    """Take over changed settings: at once where the run can, else at its next reset. Refuses bad values."""
    state = st.session_state
    try:
        new, notes = settle({**draft().model_dump(), **fields})
    except ExperimentError as error:
        state[session.PROBLEMS] = list(error.problems.values())
        found = suggestion({**draft().model_dump(), **fields})
        # With what else was asked for: the rest is as it is when somebody takes it.
        taken = {**fields, "hidden": found["hidden"]} if found else {}
        state[session.SUGGESTED] = (state[session.PROBLEMS], taken)
        return
    if refused(new):
        return
    state[session.PROBLEMS], state[session.NOTES] = [], notes
    if "data" in fields:
        state[session.FETCHING] = None
    state[session.DRAFT] = new = on_data_here(new)
    hand_over(new)


def task() -> Assignment | None:
    """What a teacher's link set; None without one."""
    found: Assignment | None = st.session_state.get(session.TASK)
    return found


def refused(experiment: Experiment) -> bool:
    """Whether the task locks something that this experiment has otherwise; the page then says what."""
    found, awaited = task(), st.session_state.get(session.FETCHING)
    if awaited and experiment.data == STAND_IN:
        # Those that are waited for are meant.
        experiment = experiment.change(data=awaited)
    sentences = list(found.refusals(experiment).values()) if found else []
    if sentences:
        st.session_state[session.PROBLEMS] = sentences
    return bool(sentences)


def is_locked(control: str) -> bool:
    """Whether the task locks this setting, or `WEIGHTS`."""
    found = task()
    return found is not None and control in found.locked


def is_hidden(control: str) -> bool:
    """Whether the task hides this setting."""
    found = task()
    return found is not None and control in found.hidden


def set_task(new: Assignment | None) -> None:
    """Begin with this task, or leave the one there is: all is free then, and no goal is looked for."""
    st.session_state[session.TASK] = new
    st.session_state[session.TASK_REACHED] = ""
    if new:
        st.session_state[session.LESSON] = st.session_state[session.EXAMPLE] = None


def open_task_maker(open: bool = True) -> None:
    """Open or close the dialog that makes a task for others."""
    st.session_state[session.TASK_OPEN] = open
    # The popover that it is opened from has another key then, and so closes.
    st.session_state[session.TASKS_MADE] = st.session_state.get(session.TASKS_MADE, 0) + open


def leave_task() -> None:
    """Free all settings; what is on the page stays as it is."""
    set_task(None)
    st.session_state[session.PROBLEMS] = []


def start_over() -> None:
    """Back to what the task opened with, or to the defaults."""
    found = task()
    reset(found.experiment if found else DEFAULT)


def start_with(**fields: Any) -> None:
    """Take over changed settings, and start anew where they ask for it; a playing run plays on."""
    change(**fields)
    current = run()
    if st.session_state[session.PROBLEMS] or not pending():
        return
    going = current.playing
    reset()
    if going:
        server.runs().play(current)


def reset(experiment: Experiment | None = None) -> None:
    """Back to the initial weights, with the settings of the sidebar, or with this experiment."""
    if experiment and refused(experiment):
        return
    if experiment:
        st.session_state[session.PROBLEMS], st.session_state[session.FETCHING] = [], None
        st.session_state[session.DRAFT] = on_data_here(experiment)
    session.memory().pop(session.BASELINES, None)
    server.runs().reset(run(), draft())


def on_data_here(experiment: Experiment) -> Experiment:
    """The same experiment, on what takes the place of its data while those are being downloaded."""
    state, name = st.session_state, experiment.data
    if not is_downloaded(name):
        return experiment
    if is_here(name):
        try:
            experiment.load_data()
        except NotHere as error:
            state[session.PROBLEMS] = [str(error)]
        else:
            return experiment
    else:
        state[session.FETCHING] = name
        fetching.begin(name)
    return experiment.change(data=STAND_IN)


def await_data() -> None:
    """Draw how far a download is; when it is done, take the data. Call it after the settings are drawn."""
    state = st.session_state
    name = state.get(session.FETCHING)
    if name and draft().data != STAND_IN:
        state[session.FETCHING] = None
    elif name and fetching.fetching(name):
        start_with(data=name)
        if not state[session.PROBLEMS]:
            state[session.NOTES] = [f"{DATASETS[name].label} is here now, and has been taken."]
        st.rerun()


def keep_own(dataset: Dataset) -> Dataset:
    """Put a visitor's own dataset into the menu, in place of one of the same title; returns the one to have.

    The visit keeps it, and the run on show does: so a reload of the page finds it again.
    """
    state, dataset = st.session_state, hold_data(dataset)
    kept = [old for old in state.get(session.OWN_DATA, []) if old.label != dataset.label]
    state[session.OWN_DATA] = [*kept, dataset][-MOST_OWN:]
    return dataset


def open_own_data(open: bool = True) -> None:
    """Open or close the dialog for the visitor's own data."""
    st.session_state[session.OWN_OPEN] = open


def set_speed(name: str = "", batches: str = "") -> None:
    """Limit the run's epochs per second by an entry of SPEEDS, its batches by one of BATCH_SPEEDS."""
    state = st.session_state
    state[session.SPEED] = name or state[session.SPEED]
    state[session.BATCH_SPEED] = batches or state[session.BATCH_SPEED]
    _limit(run())


def _limit(run: Run) -> None:
    name = st.session_state[session.SPEED]
    run.limit = SPEEDS[name]
    run.batch_limit = BATCH_SPEEDS[st.session_state[session.BATCH_SPEED]] if name == "slow" else None


def run_to(epoch: int) -> None:
    """Train until this epoch is done, for which the run is made longer where need be; or look back at it."""
    current = run()
    if epoch <= current.epoch:
        server.runs().look(current, epoch)
        return
    if epoch > current.experiment.epochs:
        change(epochs=epoch)
    if not st.session_state[session.PROBLEMS]:
        server.runs().run_to(current, epoch)


def keep_weights() -> None:
    """Take over what would wait for a reset, and keep the weights."""
    if not cannot_keep():
        server.runs().keep(run(), draft())


def cannot_keep() -> str:
    """Why the settings that wait for a reset cannot have the weights there are; "" when they can."""
    return run().experiment.cannot_keep_weights(draft())


def hand_over(new: Experiment) -> None:
    """Give a new draft to the run on show: at once what it can take over, the rest waits for its reset."""
    current = run()
    untouched = not current.going and (current.epoch, current.state.batch if current.state else 0) == (0, 0)
    broken = current.status.word in ("diverged", "failed") and current.looking is None
    if untouched or broken:
        reset()
        return
    base = current.next or current.experiment
    waiting = base.needs_reset(new)
    live = {name: getattr(new, name) for name in SETTINGS if name not in waiting or name in SWITCHED}
    try:
        taken = make({**base.model_dump(), **live})
    except ExperimentError:
        # The live ones make sense only together with those that wait: all wait.
        return
    if current.next or base.needs_reset(taken):
        # Switched on or off: what the optimizer or the dropout remembers is another then.
        server.runs().keep(current, taken)
    else:
        server.runs().change(current, taken)


def find_run() -> Run:
    """The run on show, a new one if there is none or it was given back."""
    state = st.session_state
    found = server.runs().get(state.get(session.RUN, ""))
    if found is None:
        if session.RUN in state:
            note = "The run had been given back after a long pause; here it is from the start."
            state[session.NOTES] = [note]
        found = server.runs().create(draft())
        _limit(found)
        state[session.RUN] = found.id
        session.memory().pop(session.BASELINES, None)
        server.runs().prepare(found)
    return found
