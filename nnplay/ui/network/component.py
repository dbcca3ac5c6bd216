"""The picture of the network: its place, its description once a page run, and its weights at each tick."""

import json
import time

import streamlit as st

from nnplay.assignment import WEIGHTS
from nnplay.engine.state import State
from nnplay.jobs import Moment, Run
from nnplay.ui import session, visit
from nnplay.ui.browser import component, install
from nnplay.ui.network.acts import take
from nnplay.ui.network.description import describe, encode_weights

KEY = "network_description"
# Of a large network not every tick's weights are sent.
BYTES_PER_SECOND = 600_000
# Settings that the picture changes.
LOCKABLE = ("hidden", "activation")

# Not displayed, so that it takes no room and no gap in the layout.
HIDDEN = ".stElementContainer:has(.nnplay-network-description) { display: none }"

_description = component(
    "network_description",
    html='<i class="nnplay-network-description"></i>',
    css=HIDDEN,
    isolate_styles=False,
)
_network = component("network")


def describe_network() -> None:
    """Tell the page what the run's network is; call it once a page run, before its weights are brought."""
    shown = visit.shown()
    kept = st.session_state.get(session.DESCRIBED)
    locked = [name for name in (*LOCKABLE, WEIGHTS) if visit.is_locked(name)]
    if kept is None or kept[:3] != (_id(shown), shown.experiment, locked):
        told = describe(shown.experiment, _id(shown)) | {"locked": locked}
        text = json.dumps(told, separators=(",", ":"))
        kept = st.session_state[session.DESCRIBED] = (_id(shown), shown.experiment, locked, text)
    count, refused = st.session_state.get(session.PICTURE_ACTS, (0, []))
    # What was refused elsewhere since is said on top of the page alone.
    said = " ".join(refused) if refused == st.session_state[session.PROBLEMS] else ""
    data = {"description": kept[3], "acts": count, "refused": said, "suggested": said and visit.suggested()}
    _description(data=data, key=KEY, on_act_change=_acted)


def network_place(name: str) -> None:
    """Where the network is drawn whose weights a feed brings as its part `name`."""
    install()
    _network(data={"place": name}, key=name)


def network_bytes(shown: Run | Moment, *, dark: bool) -> bytes:
    """The weights of what is shown, for the place of its network."""
    return encode_weights(shown.origin, _id(shown), _state_to_show(shown), dark)


def is_described(shown: Run | Moment) -> bool:
    """Whether the page has been drawn for this network: otherwise it has to be, before weights are shown."""
    kept = st.session_state.get(session.DESCRIBED)
    return bool(kept and kept[0] == _id(shown))


def _acted() -> None:
    state = st.session_state
    take(state[KEY].get("act"))
    count, _ = state.get(session.PICTURE_ACTS, (0, []))
    state[session.PICTURE_ACTS] = (count + 1, state[session.PROBLEMS])


def _id(shown: Run | Moment) -> str:
    return f"{shown.id}-{shown.generation}"


def _state_to_show(run: Run | Moment) -> State | None:
    """Its state, or that of a tick before while a large network's is not due."""
    memory, now = session.memory(), time.monotonic()
    id, shown, at = memory.get(session.SHOWN, ("", None, 0.0))
    size = 4 * run.origin.parameters_estimate
    if id == _id(run) and shown and run.going and now - at < size / BYTES_PER_SECOND:
        found: State = shown
        return found
    memory[session.SHOWN] = (_id(run), run.state, now)
    return run.state
