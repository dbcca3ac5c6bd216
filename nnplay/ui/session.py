"""What one visit remembers: the settings in the sidebar, the run, the messages. All session keys are here.

The settings are one `Experiment`, the draft. Widgets only show it: each rerun writes their values from the
draft and each change of a widget goes through the draft's validation, so a refused value changes nothing.
"""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from nnplay import tensorflow_playground
from nnplay.assignment import Assignment, Opening, link_with, opening
from nnplay.data import DATASETS, STAND_IN, Dataset, NotHere, is_downloaded, is_here, is_own
from nnplay.data import hold as hold_data
from nnplay.examples import EXAMPLES
from nnplay.experiment import (
    DEFAULT,
    SETTINGS,
    Experiment,
    ExperimentError,
    make,
    settle,
    split_address,
    split_link,
)
from nnplay.experiment.links import write_link
from nnplay.export import BadArchive, read_archive
from nnplay.jobs import Moment, Run
from nnplay.registry import UnknownName, look_up
from nnplay.sweep import Sweep
from nnplay.ui import address, fetching
from nnplay.ui.server import runs
from nnplay.ui.tab_memory import tab_memory

DRAFT = "draft"  # Experiment: what the sidebar shows
RUN = "run"  # id of the run on show
PROBLEMS = "problems"  # list[str]: what was refused, until something is accepted
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
TAB = "tab"
PLAYGROUND = "playground"  # who holds the run on show
COACHED = "coached"  # (run, generation, epoch), when, and what the coach found there
COACH_SAYS = "coach_says"  # run, generation and the rules that it says broken, on the page now
DESCRIBED = "described"  # id, experiment and text: the network that the browser has been told of
SHOWN = "shown"  # run, state and time of the weights that the network's picture last got
MARKS = "marks"  # frozenset: what this browser keeps, once it has told
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
SWEEP_SENT = "sweep_sent"  # what its figures were last drawn from
GENERATIONS = (
    "generations"  # how often each widget was started anew; the widgets' own keys begin with their name
)

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
        self.runs = runs()
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
    found = runs().get(st.session_state.get(RUN, ""))
    hold(PLAYGROUND, [found] if found else [])
    if found:
        runs().watch(found)


def begin() -> None:
    """At the start of every script run of the playground: read the address, find the run, renew its lease."""
    state = st.session_state
    state.setdefault(PROBLEMS, [])
    state.setdefault(NOTES, [])
    state.setdefault(SPEED, "60")
    state.setdefault(RESULT_VIEW, "")
    state.setdefault(BATCH_SPEED, "2")
    state.setdefault(SHOW_TEST, True)
    state.setdefault(DISCRETE, False)
    state.setdefault(OF_TRAINING, False)
    state.setdefault(LOG_LOSS, False)
    state.setdefault(INSIDE, None)
    state.setdefault(INSIDE_LAYER, 0)
    state.setdefault(ONE_SAMPLE, "")
    state.setdefault(SKETCHING, False)
    pairs = address.arrived(PLAYGROUND)
    if DRAFT not in state:
        state[BARE], state[ASKED] = not pairs, pairs
    if DRAFT not in state or pairs is not None:
        _read_address(pairs or [])
    run = _find_run()
    hold(PLAYGROUND, [run])
    runs().watch(run)
    if epoch := state.pop(REPLAY, 0):
        replay(epoch)
    if name := state.pop(EXAMPLE_ASKED, ""):
        open_example(name)


def open_example(name: str, place: int = 0) -> None:
    """Begin an example of the gallery with one of its variants, and play it."""
    state, experiment = st.session_state, EXAMPLES[name].variants[place].experiment
    if refused(experiment):
        return
    state[EXAMPLE], state[LESSON] = name, None
    state[PROBLEMS], state[NOTES] = [], []
    reset(experiment)
    runs().play(run())


def replay(epoch: int) -> None:
    """Train from the beginning to this epoch, and pause there."""
    reset()
    if epoch:
        runs().step(run(), epochs=epoch)
        st.session_state[NOTES] = [f"Epoch {epoch:,} is asked for: the run is trained to there, and pauses."]


def widget_key(name: str, shown: Any) -> str:
    """The key of a widget that is to show this value.

    The value is also given to the widget as its default, so that the browser starts from it: a value set
    through the session arrives there later, and a click in between would send the old one. When the value
    has changed otherwise than by the widget itself, the key changes and the widget starts anew.
    """
    state = st.session_state
    generations = state.setdefault(GENERATIONS, {})
    key = f"{name}_{generations.get(name, 0)}"
    if key in state and state[key] != shown:
        generations[name] = generations.get(name, 0) + 1
        key = f"{name}_{generations[name]}"
    return key


def is_current(key: str) -> bool:
    """Whether the page still has the widget of this key, and not another in its place.

    A click right behind a run of the page may bring along what a widget held that this run has replaced,
    which Streamlit takes for a change.
    """
    name, _, number = key.rpartition("_")
    return bool(st.session_state[GENERATIONS].get(name, 0) == int(number))


def remember(label: str, name: str, help: str | None = None) -> None:
    """A checkbox for a choice of the view, kept when pages are switched."""
    key = widget_key(f"{name}_box", st.session_state[name])

    def take() -> None:
        st.session_state[name] = st.session_state[key]

    st.checkbox(label, st.session_state[name], key=key, on_change=take, help=help)


def messages() -> tuple[list[str], list[str]]:
    """What was refused, and what was put right."""
    return st.session_state[PROBLEMS], st.session_state[NOTES]


def draft() -> Experiment:
    """The experiment that the sidebar shows."""
    found: Experiment = st.session_state[DRAFT]
    return found


def run() -> Run:
    """The run on show."""
    found = runs().get(st.session_state[RUN])
    return found if found else _find_run()


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
        state[PROBLEMS] = list(error.problems.values())
        return
    if refused(new):
        return
    state[PROBLEMS], state[NOTES] = [], notes
    if "data" in fields:
        state[FETCHING] = None
    state[DRAFT] = new = _on_data_here(new)
    _hand_over(new)


def task() -> Assignment | None:
    """What a teacher's link set; None without one."""
    found: Assignment | None = st.session_state.get(TASK)
    return found


def refused(experiment: Experiment) -> bool:
    """Whether the task locks something that this experiment has otherwise; the page then says what."""
    found, awaited = task(), st.session_state.get(FETCHING)
    if awaited and experiment.data == STAND_IN:
        # Those that are waited for are meant.
        experiment = experiment.change(data=awaited)
    sentences = list(found.refusals(experiment).values()) if found else []
    if sentences:
        st.session_state[PROBLEMS] = sentences
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
    st.session_state[TASK] = new
    st.session_state[TASK_REACHED] = ""
    if new:
        st.session_state[LESSON] = st.session_state[EXAMPLE] = None


def open_task_maker(open: bool = True) -> None:
    """Open or close the dialog that makes a task for others."""
    st.session_state[TASK_OPEN] = open
    # The popover that it is opened from has another key then, and so closes.
    st.session_state[TASKS_MADE] = st.session_state.get(TASKS_MADE, 0) + open


def leave_task() -> None:
    """Free all settings; what is on the page stays as it is."""
    set_task(None)
    st.session_state[PROBLEMS] = []


def start_over() -> None:
    """Back to what the task opened with, or to the defaults."""
    found = task()
    reset(found.experiment if found else DEFAULT)


def start_with(**fields: Any) -> None:
    """Take over changed settings, and start anew where they ask for it; a playing run plays on."""
    change(**fields)
    current = run()
    if st.session_state[PROBLEMS] or not pending():
        return
    going = current.playing
    reset()
    if going:
        runs().play(current)


def open_link(text: str) -> None:
    """Take over the experiment of a pasted link, nnplay's or TensorFlow Playground's."""
    state = st.session_state
    try:
        if tensorflow_playground.is_tensorflow_playground(text):
            experiment, notes = tensorflow_playground.read(text)
            page = tensorflow_playground.page_of(text)
            hides = Assignment(experiment, locked=page.hidden, hidden=page.hidden) if page.hidden else None
            found = Opening(experiment, assignment=hides)
            state[SHOW_TEST], state[DISCRETE] = page.show_test, page.discrete
        else:
            found, notes = opening(split_address(text)), []
    except ExperimentError as error:
        state[PROBLEMS] = list(error.problems.values())
        return
    if found.problems:
        state[PROBLEMS] = list(found.problems.values())
        return
    set_task(found.assignment)
    state[PROBLEMS], state[NOTES], state[FETCHING] = [], notes, None
    state[DRAFT] = _on_data_here(found.experiment)
    if found.epoch:
        replay(found.epoch)
    elif found.assignment:
        reset()
    else:
        _hand_over(draft())


def open_archive(data: bytes) -> None:
    """Take over the run in a zip that nnplay made: it is trained again, or goes on from the state in it."""
    state = st.session_state
    try:
        opened = read_archive(data)
    except BadArchive as error:
        state[PROBLEMS] = [str(error)]
        return
    set_task(None)
    state[PROBLEMS], state[NOTES], state[FETCHING] = [], [], None
    state[DRAFT] = _on_data_here(opened.experiment)
    if is_own(opened.experiment.data):
        keep_own(opened.experiment.dataset)
    if opened.state is None:
        replay(opened.epoch)
        return
    state.pop(BASELINES, None)
    runs().adopt(run(), opened.experiment, opened.state)
    state[NOTES] = [
        "The run in the zip had been changed on its way: it goes on from its weights; its past is not in it."
    ]


def reset(experiment: Experiment | None = None) -> None:
    """Back to the initial weights, with the settings of the sidebar, or with this experiment."""
    if experiment and refused(experiment):
        return
    if experiment:
        st.session_state[FETCHING] = None
        st.session_state[DRAFT] = _on_data_here(experiment)
    st.session_state.pop(BASELINES, None)
    runs().reset(run(), draft())


def _on_data_here(experiment: Experiment) -> Experiment:
    """The same experiment, on what takes the place of its data while those are being downloaded."""
    state, name = st.session_state, experiment.data
    if not is_downloaded(name):
        return experiment
    if is_here(name):
        try:
            experiment.load_data()
        except NotHere as error:
            state[PROBLEMS] = [str(error)]
        else:
            return experiment
    else:
        state[FETCHING] = name
        fetching.begin(name)
    return experiment.change(data=STAND_IN)


def await_data() -> None:
    """Draw how far a download is; when it is done, take the data. Call it after the settings are drawn."""
    state = st.session_state
    name = state.get(FETCHING)
    if name and draft().data != STAND_IN:
        state[FETCHING] = None
    elif name and fetching.fetching(name):
        start_with(data=name)
        if not state[PROBLEMS]:
            state[NOTES] = [f"{DATASETS[name].label} is here now, and has been taken."]
        st.rerun()


def keep_own(dataset: Dataset) -> Dataset:
    """Put a visitor's own dataset into the menu, in place of one of the same title; returns the one to have.

    The visit keeps it, and the run on show does: so a reload of the page finds it again.
    """
    state, dataset = st.session_state, hold_data(dataset)
    kept = [old for old in state.get(OWN_DATA, []) if old.label != dataset.label]
    state[OWN_DATA] = [*kept, dataset][-MOST_OWN:]
    return dataset


def open_own_data(open: bool = True) -> None:
    """Open or close the dialog for the visitor's own data."""
    st.session_state[OWN_OPEN] = open


def set_speed(name: str = "", batches: str = "") -> None:
    """Limit the run's epochs per second by an entry of SPEEDS, its batches by one of BATCH_SPEEDS."""
    state = st.session_state
    state[SPEED], state[BATCH_SPEED] = name or state[SPEED], batches or state[BATCH_SPEED]
    _limit(run())


def _limit(run: Run) -> None:
    name = st.session_state[SPEED]
    run.limit = SPEEDS[name]
    run.batch_limit = BATCH_SPEEDS[st.session_state[BATCH_SPEED]] if name == "slow" else None


def run_to(epoch: int) -> None:
    """Train until this epoch is done, for which the run is made longer where need be; or look back at it."""
    current = run()
    if epoch <= current.epoch:
        runs().look(current, epoch)
        return
    if epoch > current.experiment.epochs:
        change(epochs=epoch)
    if not st.session_state[PROBLEMS]:
        runs().run_to(current, epoch)


def keep_weights() -> None:
    """Take over what would wait for a reset, and keep the weights."""
    if not cannot_keep():
        runs().keep(run(), draft())


def cannot_keep() -> str:
    """Why the settings that wait for a reset cannot have the weights there are; "" when they can."""
    return run().experiment.cannot_keep_weights(draft())


def write_address() -> None:
    """Put the experiment's link into the address bar, the task in it, if it is not there already."""
    found = task()
    address.write(PLAYGROUND, split_address(link_with(found, draft()) if found else draft().to_link()))


def remember_tab() -> None:
    """Find the run again after a reload: the tab keeps its id and the link that belonged to it."""
    state = st.session_state
    run().luggage = {name: state[name] for name in (DRAFT, OWN_DATA, OWN_POINTS) if name in state}
    held = tab_memory(f"{state[RUN]} {draft().to_link()}", key=TAB)
    if not held or state.get(REPLAYED) or held == state.get("tab_answered"):
        return
    state["tab_answered"] = held
    id, _, link = held.partition(" ")
    found = runs().get(id)
    if not found or found.id == state[RUN]:
        return
    luggage = found.luggage
    if link != draft().to_link():
        # Of own data, which no link holds, the address could not be read; they are still with the run.
        before = luggage.get(DRAFT)
        if not before or not is_own(before.data) or not link == before.to_link() == _asked():
            return
        state[DRAFT], state[PROBLEMS] = before, []
    for name in (OWN_DATA, OWN_POINTS):
        if name in luggage:
            state.setdefault(name, luggage[name])
    runs().free(run())
    state[RUN] = found.id
    st.rerun()


def _asked() -> str:
    """The address that this visit began with, as a link is written."""
    pairs = dict(st.session_state.get(ASKED) or [])
    return write_link({name: text for name, text in pairs.items() if name != "v"})


def _hand_over(new: Experiment) -> None:
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
        runs().keep(current, taken)
    else:
        runs().change(current, taken)


def _find_run() -> Run:
    state = st.session_state
    found = runs().get(state.get(RUN, ""))
    if found is None:
        if RUN in state:
            state[NOTES] = ["The run had been given back after a long pause; here it is from the start."]
        found = runs().create(draft())
        _limit(found)
        state[RUN] = found.id
        state.pop(BASELINES, None)
        runs().prepare(found)
    return found


def _read_address(pairs: list[tuple[str, str]]) -> None:
    state = st.session_state
    try:
        if asked := [value for name, value in pairs if name == EXAMPLE]:
            pairs = _pairs_of_example(asked[0])
        found = opening(pairs)
    except ExperimentError as error:
        found = Opening(DEFAULT, problems=error.problems)
    first = DRAFT not in state
    state[PROBLEMS] = []
    if found.problems:
        kept = "What the task locks stays." if found.assignment else "What was wrong was left at its default."
        state[PROBLEMS] = [
            f"The link could not be taken as it is. {kept}",
            *found.problems.values(),
        ]
    set_task(found.assignment)
    state[FETCHING] = None
    state[DRAFT] = _on_data_here(found.experiment)
    state[REPLAY] = found.epoch
    if first:
        state[REPLAYED] = found.epoch > 0 or EXAMPLE_ASKED in state
    elif found.epoch:
        # A replay begins anew whatever there is.
        return
    if not first and RUN in state:
        if found.assignment:
            reset()
        else:
            _hand_over(draft())


def _pairs_of_example(name: str) -> list[tuple[str, str]]:
    """The settings of an example that a link names. Raises `ExperimentError`."""
    try:
        example = look_up(EXAMPLES, name, "example")
    except UnknownName as error:
        raise ExperimentError({EXAMPLE: str(error)}) from None
    st.session_state[EXAMPLE_ASKED] = name
    return split_link(example.variants[0].experiment.to_link())
