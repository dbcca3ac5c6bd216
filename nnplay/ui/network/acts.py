"""What a person does on the picture: a weight set by hand, a neuron or a layer more or fewer.

What comes from the browser is checked like anything that is typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from nnplay.catalog import Layer, format_layers
from nnplay.engine.weights import BadWeight
from nnplay.experiment import Experiment
from nnplay.ui import session

# A layer with the name of its activation.
Hidden = list[tuple[Layer, str]]
NEW = Layer("dense", 8)


def add_layer(hidden: Hidden, at: int, usual: str) -> Hidden:
    """One like the layer before that place, or after it where it comes first."""
    like = hidden[at - 1] if at else hidden[0] if hidden else (NEW, usual)
    return [*hidden[:at], like, *hidden[at:]]


def remove_layer(hidden: Hidden, at: int, _: str) -> Hidden:
    return [*hidden[:at], *hidden[at + 1 :]]


def add_unit(hidden: Hidden, at: int, _: str) -> Hidden:
    return _resized(hidden, at, 1)


def remove_unit(hidden: Hidden, at: int, _: str) -> Hidden:
    return _resized(hidden, at, -1)


def _resized(hidden: Hidden, at: int, more: int) -> Hidden:
    layer, name = hidden[at]
    return [*hidden[:at], (replace(layer, units=layer.units + more), name), *hidden[at + 1 :]]


LAYER_ACTS: dict[str, Callable[[Hidden, int, str], Hidden]] = {
    "add_layer": add_layer,
    "remove_layer": remove_layer,
    "add_unit": add_unit,
    "remove_unit": remove_unit,
}


def changed(experiment: Experiment, act: str, at: int) -> dict[str, str]:
    """The settings `hidden` and `activation` after an act of LAYER_ACTS; `at` is in range."""
    hidden = list(zip(experiment.layers, experiment.activations, strict=True))
    usual = experiment.activation.split("-")[0]
    after = LAYER_ACTS[act](hidden, at, usual)
    return {
        "hidden": format_layers(layer for layer, _ in after),
        # Without a layer the setting still names one.
        "activation": "-".join(name for _, name in after) or usual,
    }


def take(request: object) -> None:
    """Do what the picture asks for; what makes no sense is not done, and what is refused says why."""
    if not isinstance(request, Mapping):
        return
    act = request.get("act")
    if act == "weight":
        _set_weight(request)
    elif isinstance(act, str) and act in LAYER_ACTS:
        _change_layers(act, request.get("at"))


def _set_weight(request: Mapping[str, Any]) -> None:
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
    shown = session.run().origin
    at, last = _whole(at), len(shown.layers) - (act != "add_layer")
    if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at <= last:
        return
    session.start_with(**changed(shown, act, at))
