"""The two components of the picture: its script with the description, and the picture itself, which ticks.

A component's script and data travel at every call. So the heavy part (script, points) is a component that
shows nothing, called once a page run, and the one that is called at each tick has the weights alone.
"""

import json
import time
from functools import lru_cache

import streamlit as st

from nnplay.engine.state import State
from nnplay.experiment import Experiment
from nnplay.jobs import Run
from nnplay.ui import session
from nnplay.ui.network.acts import take
from nnplay.ui.network.description import describe, encode_weights
from nnplay.ui.network.script import script

KEY = "network_script"
# Of a large network not every tick's weights are sent.
BYTES_PER_SECOND = 600_000

# Not displayed, so that it takes no room and no gap in the layout.
HIDDEN = ".stElementContainer:has(.nnplay-network-script) { display: none }"

PICTURE = """
export default function ({data, parentElement}) {
  const hub = (window.nnplayNetwork ??= {inbox: new Map()});
  hub.inbox.set(parentElement, data);
  hub.deliver?.();
  return () => {
    // Streamlit also calls this for an update that another overtook: then the picture is still on the page.
    if (!parentElement.isConnected) hub.leave?.(parentElement);
  };
}
"""

_script = st.components.v2.component(
    "nnplay_network_script",
    html='<i class="nnplay-network-script"></i>',
    css=HIDDEN,
    js=script(),
    isolate_styles=False,
)
_picture = st.components.v2.component("nnplay_network", js=PICTURE)


def network_script() -> None:
    """Bring the script and describe the network of the run on show; call it once a run, outside fragments."""
    run = session.run()
    st.session_state[session.DESCRIBED] = _id(run)
    data = {"description": _description(run.origin, _id(run))}
    _script(data=data, key=KEY, on_act_change=_acted)


def network_picture(run: Run, *, dark: bool) -> bool:
    """Draw the network with its weights as they are now; False where the page has to be drawn anew first."""
    data = encode_weights(run.origin, _id(run), _state_to_show(run), dark)
    _picture(data=data, key="network")
    return bool(st.session_state.get(session.DESCRIBED) == _id(run))


def _acted() -> None:
    take(st.session_state[KEY].get("act"))


def _id(run: Run) -> str:
    return f"{run.id}-{run.generation}"


@lru_cache(maxsize=16)
def _description(experiment: Experiment, id: str) -> str:
    return json.dumps(describe(experiment, id), separators=(",", ":"))


def _state_to_show(run: Run) -> State | None:
    """The run's state, or that of a tick before while a large network's is not due."""
    memory, now = st.session_state, time.monotonic()
    id, shown, at = memory.get(session.SHOWN, ("", None, 0.0))
    size = 4 * run.origin.parameters_estimate
    if id == _id(run) and shown and run.going and now - at < size / BYTES_PER_SECOND:
        found: State = shown
        return found
    memory[session.SHOWN] = (_id(run), run.state, now)
    return run.state
