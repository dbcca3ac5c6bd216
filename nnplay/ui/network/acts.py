"""What a person does on the picture: a weight or a layer set by hand, a neuron or a layer more or fewer.

What comes from the browser is checked like anything that is typed.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard

import streamlit as st

from nnplay.assignment import WEIGHTS
from nnplay.engine.weights import BadWeight
from nnplay.ui import server, session, visit
from nnplay.ui.layers import LAYER_ACTS, LAYER_SETTINGS, changed


def take(request: object) -> None:
    """Do what the picture asks for; what makes no sense is not done, and what is refused says why."""
    if not isinstance(request, Mapping):
        return
    act = request.get("act")
    if act == "weight":
        _set_weight(request)
    elif act == "suggestion":
        visit.take_suggestion()
    elif isinstance(act, str) and act in LAYER_SETTINGS:
        _set_layer(act, request.get("at"), request.get("value"))
    elif isinstance(act, str) and act in LAYER_ACTS:
        _change_layers(act, request.get("at"))


def _set_weight(request: Mapping[str, Any]) -> None:
    if visit.is_locked(WEIGHTS):
        st.session_state[session.PROBLEMS] = ["Weights cannot be set by hand here: the task locks them."]
        return
    if visit.run().looking is not None:
        # What came after would be lost: it stays, as a faded curve.
        server.runs().branch(visit.run())
    given: Any = [request.get(name) for name in ("layer", "from", "to", "value")]
    layer, unit_from, unit_to = map(_whole, given[:3])
    try:
        server.runs().set_weight(visit.run(), layer, unit_from, unit_to, given[3])
    except BadWeight as error:
        st.session_state[session.PROBLEMS] = [str(error)]
    else:
        st.session_state[session.PROBLEMS] = []


def _whole(value: Any) -> Any:
    """A whole number as such: what the browser sends may have become 1.0 on its way."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _change_layers(act: str, at: object) -> None:
    """Take over another number of layers or neurons, and start anew with it; a playing run plays on."""
    # What the picture shows is the run's network, not a draft that waits for a reset.
    shown = visit.run().experiment
    at = _whole(at)
    if _is_place(at, len(shown.layers) - (act != "add_layer")):
        visit.start_with(**changed(shown, act, at))


def _set_layer(setting: str, at: object, value: object) -> None:
    """Take over another kind, window, activation... of a layer, with a new start if it needs one."""
    shown, at = visit.run().experiment, _whole(at)
    if not _is_place(at, len(shown.layers) - 1):
        return
    try:
        fields = LAYER_SETTINGS[setting](shown, at, _whole(value))
    except ValueError as error:
        st.session_state[session.PROBLEMS] = [str(error)]
    else:
        visit.start_with(**fields)


def _is_place(at: object, last: int) -> TypeGuard[int]:
    return isinstance(at, int) and not isinstance(at, bool) and 0 <= at <= last
