"""The names of what one visit remembers: all keys of the session's state, and of its widgets.

A widget only shows what is remembered: `shows` gives it a new name where that has changed otherwise.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

DRAFT = "draft"  # Experiment: what the sidebar shows
RUN = "run"  # id of the run on show
PROBLEMS = "problems"  # list[str]: what was refused, until something is accepted
SUGGESTED = "suggested"  # the PROBLEMS of refused layers, and the settings to take instead
NOTES = "notes"  # list[str]: what was put right
BASELINES = "baselines"  # what a constant answer scores, and the first evaluation, of the run on show
SPEED = "speed"  # name of an entry of SPEEDS
RESULT_VIEW = "result_view"  # name of an entry of RESULT_VIEWS
BATCH_SPEED = "batch_speed"  # name of an entry of BATCH_SPEEDS
SHOW_TEST = "show_test"
DISCRETE = "discrete"  # of a map of classes, the decision alone
OF_TRAINING = "of_training"  # counts of the training samples instead of the test samples
SAMPLE = "sample"  # Asked: the sample that somebody wants a prediction for
SAMPLE_OPEN = "sample_open"
ONE_SAMPLE = "one_sample_view"  # name of an entry of SAMPLE_VIEWS, "" for the usual one, None for none
SKETCHING = "sketching"  # whether the square to draw a picture in is open
SKETCHED = "sketched"  # the strokes in it
ONE_SAMPLE_SENT = "one_sample_sent"  # what was drawn of one sample, what it was drawn from, and when it came
LOG_LOSS = "log_loss"
TAB = "tab"  # the memory of the browser tab
TAB_ANSWERED = "tab_answered"  # what it told that has been acted upon
STREAM = "stream"  # Stream: what the server pushes to the page
TICKS = "ticks"  # what `memory` gives
PLAYGROUND = "playground"  # who holds the run on show
COACHED = "coached"  # (run, generation, epoch), when, and what the coach found there
COACH_SAYS = "coach_says"  # run, generation and the rules that it says broken, on the page now
DESCRIBED = "described"  # id, experiment and text: the network that the browser has been told of
PICTURE_ACTS = "picture_acts"  # requests of the picture so far, and the PROBLEMS of the last
SHOWN = "shown"  # run, state and time of the weights that the network's picture last got
SETTLED = "settled"  # whether a tick found that the page has to draw itself again
MARKS = "marks"  # frozenset: what this browser keeps, once that is known
MARKS_TOLD = "marks_told"  # there once the browser has told them
NEW_MARKS = "new_marks"  # frozenset: what it is to keep besides
MARKS_SESSION = "marks_session"  # tells its report to this visit from those to others
BARE = "bare"  # whether this visit began without any settings in its address
STARTED_BY_ITSELF = "started_by_itself"  # run and generation of the first visit's own run
INSIDE = "inside"  # which measure of the layers is shown, None for none
INSIDE_LAYER = "inside_layer"  # the layer whose distribution is shown, 0 for all
INSIDE_SENT = "inside_sent"  # what the panel's chart was last drawn from, the chart, and when it was sent
REPLAY = "replay"  # the epoch that a link asks for, until its run is told
REPLAYED = "replayed"  # whether this visit began with such a link: no run of an earlier one is taken up
TOURS = "tours"  # how often the tour was asked for
LESSON = "lesson"  # name of the first step on show
LESSONS_OPENED = "lessons_opened"  # how many steps were opened
SOLVED = "solved"  # what is said of it once it is solved
EXAMPLE = "example"  # name of the gallery's example on show; also what a link calls it
FETCHING = "fetching"  # name of the data that are being downloaded, to be taken when they are here
EXAMPLE_ASKED = "example_asked"  # the one that a link asks for, until its run is told
TASK = "task"  # Assignment: what a teacher's link set, None for none
TASK_REACHED = "task_reached"  # what is said of its goal once it is reached
TASK_OPEN = "task_open"  # whether the dialog that makes one is open
TASKS_MADE = "tasks_made"  # how often it was opened
OWN_OPEN = "own_open"  # whether the dialog for the visitor's own data is open
OWN_SHEET = "own_sheet"  # id and cells of the file that it read last
OWN_POINTS = "own_points"  # the points drawn in it
OWN_DATA = "own_data"  # list[Dataset]: the visitor's own, which live as long as somebody has them
ASKED = "asked"  # the pairs of the address that this visit began with
KEPT = "kept"  # list[Kept]: the runs kept to compare
KEPT_COUNT = "kept_count"  # how many were kept so far
COMPARED = "compared"  # Experiment: what the compare page was told to look at, None for the playground's
KEPT_VIEW = "kept_view"  # name of an entry of RESULT_VIEWS: how kept runs are shown beside each other
KEPT_PAIR = "kept_pair"  # numbers of the two kept runs whose difference is shown
PAIR_RACE = "pair_race"  # settings and Race of A and B
PAIR_SENT = "pair_sent"  # what the pictures of A and B were last drawn from
PAIR_SAID = "pair_said"  # the race, and what is said of how A and B start
REPEATED = "repeated"  # experiment and number of seeds, and their Repeat
REPEATED_SENT = "repeated_sent"  # what its pictures were last drawn from
SWEEP = "sweep"  # Sweeps and id of the visit's sweep; also who holds it
SWEEP_CHOSEN = "sweep_chosen"  # what the next one is to go over
SWEEP_PLAN = "sweep_plan"  # that, with its base, and the plan that came of it
SWEEP_MAP = "sweep_map"  # the two settings of the map, and the measure
SWEEP_BRUSHED = "sweep_brushed"  # the sweep's id, and by axis the part of it that was brushed
SWEEP_SENT = "sweep_sent"  # what its figures were last drawn from
# How often each widget was started anew; the widgets' own keys begin with their name.
GENERATIONS = "generations"


def memory() -> dict[str, Any]:
    """What a visit remembers from tick to tick, by the keys above.

    A dict of its own: the stream writes into it beside a run of the script, while Streamlit may be going
    through the session's state.
    """
    found: dict[str, Any] | None = st.session_state.get(TICKS)
    if found is None:
        found = st.session_state[TICKS] = {}
    return found


def shows(name: str, shown: Any, take: Callable[[Any], object]) -> dict[str, Any]:
    """Key and callback of a widget that is to show this value; `take` gets what somebody sets it to.

    The value is also given to the widget as its default, so that the browser starts from it: a value set
    through the session arrives there later, and a click in between would send the old one. When the value
    has changed otherwise than by the widget itself, the key changes and the widget starts anew.
    """
    state = st.session_state
    generations = state.setdefault(GENERATIONS, {})
    mine = generations.get(name, 0)
    if f"{name}_{mine}" in state and state[f"{name}_{mine}"] != shown:
        mine = generations[name] = mine + 1
    key = f"{name}_{mine}"

    def taken() -> None:
        # A click right behind a run of the page may bring along what a widget held that this run has
        # replaced, which Streamlit takes for a change.
        if state[GENERATIONS].get(name, 0) == mine:
            take(state[key])

    return {"key": key, "on_change": taken}


def remember(label: str, name: str, help: str | None = None) -> None:
    """A checkbox for a choice of the view, kept when pages are switched."""
    shown = st.session_state[name]
    st.checkbox(label, shown, help=help, **shows(f"{name}_box", shown, partial(_keep, name)))


def _keep(name: str, value: Any) -> None:
    st.session_state[name] = value


def choose(
    label: str, entries: Mapping[str, Any], shown: str | None, name: str, *, help: str, required: bool = False
) -> None:
    """Buttons for a choice of the view, by their entries' labels, kept when pages are switched.

    `shown`: the pressed one; unless one is `required`, pressing it again leaves None.
    """
    st.segmented_control(
        label, list(entries), default=shown, required=required, help=help,
        # Other options: another widget.
        **shows(f"{name}_of_{'_'.join(entries)}", shown, partial(_keep, name)),
        # A page that has just changed may ask for what the last one had.
        format_func=lambda option: entries[option].label if option in entries else option,
    )  # fmt: skip
