"""Widgets of a laboratory for one activation: which it is, and its parameter."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from nnplay.catalog import Activation, format_activation, parse_activation
from nnplay.ui import laboratory


def activation(setting: str, offered: Mapping[str, Activation]) -> None:
    """A setting that is one of these functions, in the catalogue's notation."""
    lab = laboratory.current()
    value = getattr(lab, setting)
    name = parse_activation(value)[0].name
    st.selectbox(
        lab.setting(setting).label,
        list(offered),
        list(offered).index(name),
        format_func=lambda name: offered[name].label,
        help=offered[name].about,
        **laboratory.taken(setting, name),
    )
    parameter(setting, value)


def parameter(setting: str, function: str, written: Callable[[str], str] = str, **more: Any) -> None:
    """A slider for the first parameter of a function, if it has one.

    `written` makes the text of the setting out of the changed function.
    """
    entry, parameters = parse_activation(function)
    if not parameters:
        return
    first, value = next(iter(parameters.items()))

    def changed(value: float) -> str:
        return written(format_activation(entry, {**parameters, first: round(value, 6)}))

    st.slider(
        f"{entry.label}: {first.replace('_', ' ')}",
        min(0.05, value),
        max(1.0, 2 * entry.parameters[first], value),
        value,
        step=0.05,
        **laboratory.taken(setting, value, changed, slot=f"{setting}_{entry.name}"),
        **more,
    )
