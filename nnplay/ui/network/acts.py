"""What a person does on the picture: a weight or a layer set by hand, a neuron or a layer more or fewer.

What comes from the browser is checked like anything that is typed.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard

import streamlit as st

from nnplay.assignment import WEIGHTS
from nnplay.engine.weights import BadWeight
from nnplay.ui import session
from nnplay.ui.layers import LAYER_ACTS, LAYER_SETTINGS, changed

# What the picture offers of a layer's settings.
OFFERED = ("activation", "normalization", "dropout")


def take(request: object) -> None:
    """Do what the picture asks for; what makes no sense is not done, and what is refused says why."""
    if not isinstance(request, Mapping):
        return
    act = request.get("act")
    if act == "weight":
        _set_weight(request)
    elif isinstance(act, str) and act in OFFERED:
        _set_layer(act, request.get("at"), request.get("value"))
    elif isinstance(act, str) and act in LAYER_ACTS:
        _change_layers(act, request.get("at"))


def _set_weight(request: Mapping[str, Any]) -> None:
    if session.is_locked(WEIGHTS):
        st.session_state[session.PROBLEMS] = ["Weights cannot be set by hand here: the task locks them."]
        return
    if session.run().looking is not None:
        # What came after would be lost: it stays, as a faded curve.
        session.runs().branch(session.run())
    given: Any = [request.get(name) for name in ("layer", "from", "to", "value")]
    layer, unit_from, unit_to = map(_whole, given[:3])
    try:
        session.runs().set_weight(session.run(), layer, unit_from, unit_to, given[3])
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
    shown = session.run().experiment
    at = _whole(at)
    if _is_place(at, len(shown.layers) - (act != "add_layer")):
        session.start_with(**changed(shown, act, at))


def _set_layer(setting: str, at: object, value: object) -> None:
    """Take over another activation, normalisation or dropout of a layer, with a new start if it needs one."""
    shown, at = session.run().experiment, _whole(at)
    if not _is_place(at, len(shown.layers) - 1):
        return
    try:
        fields = LAYER_SETTINGS[setting](shown, at, value)
    except ValueError as error:
        st.session_state[session.PROBLEMS] = [str(error)]
    else:
        session.start_with(**fields)


def _is_place(at: object, last: int) -> TypeGuard[int]:
    return isinstance(at, int) and not isinstance(at, bool) and 0 <= at <= last
