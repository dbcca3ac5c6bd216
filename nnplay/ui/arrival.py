"""What a visit arrives with, and what the playground opens: an address, a link, an example, a zip, a reload.

All of it comes from outside: it is read by the one door that checks it, and a fault is said, not raised.
"""

import streamlit as st

from nnplay import tensorflow_playground
from nnplay.assignment import Assignment, Opening, link_with, opening
from nnplay.data import is_own
from nnplay.examples import EXAMPLES
from nnplay.experiment import DEFAULT, ExperimentError, split_address, split_link
from nnplay.experiment.links import write_link
from nnplay.export import BadArchive, read_archive
from nnplay.registry import UnknownName, look_up
from nnplay.ui import address, server, session, visit
from nnplay.ui.tab_memory import tab_memory


def begin() -> None:
    """At the start of every script run of the playground: read the address, find the run, renew its lease."""
    state = st.session_state
    state.setdefault(session.PROBLEMS, [])
    state.setdefault(session.NOTES, [])
    state.setdefault(session.SPEED, "60")
    state.setdefault(session.RESULT_VIEW, "")
    state.setdefault(session.BATCH_SPEED, "2")
    state.setdefault(session.SHOW_TEST, True)
    state.setdefault(session.DISCRETE, False)
    state.setdefault(session.OF_TRAINING, False)
    state.setdefault(session.LOG_LOSS, False)
    state.setdefault(session.INSIDE, None)
    state.setdefault(session.INSIDE_LAYER, 0)
    state.setdefault(session.ONE_SAMPLE, "")
    state.setdefault(session.SKETCHING, False)
    pairs = address.arrived(session.PLAYGROUND)
    if session.DRAFT not in state:
        state[session.BARE], state[session.ASKED] = not pairs, pairs
    if session.DRAFT not in state or pairs is not None:
        _read_address(pairs or [])
    run = visit.find_run()
    visit.hold(session.PLAYGROUND, [run])
    server.runs().watch(run)
    if epoch := state.pop(session.REPLAY, 0):
        replay(epoch)
    if name := state.pop(session.EXAMPLE_ASKED, ""):
        open_example(name)


def open_example(name: str, place: int = 0) -> None:
    """Begin an example of the gallery with one of its variants, and play it."""
    state, experiment = st.session_state, EXAMPLES[name].variants[place].experiment
    if visit.refused(experiment):
        return
    state[session.EXAMPLE], state[session.LESSON] = name, None
    state[session.PROBLEMS], state[session.NOTES] = [], []
    visit.reset(experiment)
    server.runs().play(visit.run())


def replay(epoch: int) -> None:
    """Train from the beginning to this epoch, and pause there."""
    visit.reset()
    if epoch:
        server.runs().step(visit.run(), epochs=epoch)
        note = f"Epoch {epoch:,} is asked for: the run is trained to there, and pauses."
        st.session_state[session.NOTES] = [note]


def open_link(text: str) -> None:
    """Take over the experiment of a pasted link, nnplay's or TensorFlow Playground's."""
    state = st.session_state
    try:
        if tensorflow_playground.is_tensorflow_playground(text):
            experiment, notes = tensorflow_playground.read(text)
            page = tensorflow_playground.page_of(text)
            hides = Assignment(experiment, locked=page.hidden, hidden=page.hidden) if page.hidden else None
            found = Opening(experiment, assignment=hides)
            state[session.SHOW_TEST], state[session.DISCRETE] = page.show_test, page.discrete
        else:
            found, notes = opening(split_address(text)), []
    except ExperimentError as error:
        state[session.PROBLEMS] = list(error.problems.values())
        return
    if found.problems:
        state[session.PROBLEMS] = list(found.problems.values())
        return
    visit.set_task(found.assignment)
    state[session.PROBLEMS], state[session.NOTES], state[session.FETCHING] = [], notes, None
    state[session.DRAFT] = visit.on_data_here(found.experiment)
    if found.epoch:
        replay(found.epoch)
    else:
        # What was opened is what somebody wants to see, not the run that was there, its settings waiting.
        visit.reset()


def open_archive(data: bytes) -> None:
    """Take over the run in a zip that nnplay made: it is trained again, or goes on from the state in it."""
    state = st.session_state
    try:
        opened = read_archive(data)
    except BadArchive as error:
        state[session.PROBLEMS] = [str(error)]
        return
    visit.set_task(None)
    state[session.PROBLEMS], state[session.NOTES], state[session.FETCHING] = [], [], None
    state[session.DRAFT] = visit.on_data_here(opened.experiment)
    if is_own(opened.experiment.data):
        visit.keep_own(opened.experiment.dataset)
    if opened.state is None:
        replay(opened.epoch)
        return
    session.memory().pop(session.BASELINES, None)
    server.runs().adopt(visit.run(), opened.experiment, opened.state)
    state[session.NOTES] = [
        "The run in the zip had been changed on its way: it goes on from its weights; its past is not in it."
    ]


def write_address() -> None:
    """Put the experiment's link into the address bar, the task in it, if it is not there already."""
    task, draft = visit.task(), visit.draft()
    address.write(session.PLAYGROUND, split_address(link_with(task, draft) if task else draft.to_link()))


def remember_tab() -> None:
    """Find the run again after a reload: the tab keeps its id and the link that belonged to it."""
    state = st.session_state
    speeds = (session.SPEED, session.BATCH_SPEED)
    names = (session.DRAFT, session.OWN_DATA, session.OWN_POINTS, *speeds)
    visit.run().luggage = {name: state[name] for name in names if name in state}
    held = tab_memory(f"{state[session.RUN]} {visit.draft().to_link()}", key=session.TAB)
    if not held or state.get(session.REPLAYED) or held == state.get(session.TAB_ANSWERED):
        return
    state[session.TAB_ANSWERED] = held
    id, _, link = held.partition(" ")
    found = server.runs().get(id)
    if not found or found.id == state[session.RUN]:
        return
    luggage = found.luggage
    if link != visit.draft().to_link():
        # Of own data, which no link holds, the address could not be read; they are still with the run.
        before = luggage.get(session.DRAFT)
        if not before or not is_own(before.data) or not link == before.to_link() == _asked():
            return
        state[session.DRAFT], state[session.PROBLEMS] = before, []
    for name in (session.OWN_DATA, session.OWN_POINTS):
        if name in luggage:
            state.setdefault(name, luggage[name])
    state.update({name: luggage[name] for name in speeds if name in luggage})
    server.runs().free(visit.run())
    state[session.RUN] = found.id
    st.rerun()


def _asked() -> str:
    """The address that this visit began with, as a link is written."""
    pairs = dict(st.session_state.get(session.ASKED) or [])
    return write_link({name: text for name, text in pairs.items() if name != "v"})


def _read_address(pairs: list[tuple[str, str]]) -> None:
    state = st.session_state
    try:
        if asked := [value for name, value in pairs if name == session.EXAMPLE]:
            pairs = _pairs_of_example(asked[0])
        found = opening(pairs)
    except ExperimentError as error:
        found = Opening(DEFAULT, problems=error.problems)
    first = session.DRAFT not in state
    state[session.PROBLEMS] = []
    if found.problems:
        kept = "What the task locks stays." if found.assignment else "What was wrong was left at its default."
        state[session.PROBLEMS] = [
            f"The link could not be taken as it is. {kept}",
            *found.problems.values(),
        ]
    visit.set_task(found.assignment)
    state[session.FETCHING] = None
    state[session.DRAFT] = visit.on_data_here(found.experiment)
    state[session.REPLAY] = found.epoch
    if first:
        state[session.REPLAYED] = found.epoch > 0 or session.EXAMPLE_ASKED in state
    elif found.epoch:
        # A replay begins anew whatever there is.
        return
    if not first and session.RUN in state:
        if found.assignment:
            visit.reset()
        else:
            visit.hand_over(visit.draft())


def _pairs_of_example(name: str) -> list[tuple[str, str]]:
    """The settings of an example that a link names. Raises `ExperimentError`."""
    try:
        example = look_up(EXAMPLES, name, "example")
    except UnknownName as error:
        raise ExperimentError({session.EXAMPLE: str(error)}) from None
    st.session_state[session.EXAMPLE_ASKED] = name
    return split_link(example.variants[0].experiment.to_link())
