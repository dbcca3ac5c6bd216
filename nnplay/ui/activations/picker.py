"""Which activations are compared, and with which parameters; a function has its colour everywhere."""

import streamlit as st

from nnplay.catalog import ACTIVATIONS, format_activation, parse_activation
from nnplay.figures.activations import color, label
from nnplay.ui import laboratory
from nnplay.ui.page import is_dark


def marked(function: str) -> str:
    """A function's name with a dot in its colour, as Markdown."""
    return f':color[●]{{foreground="{color(function, dark=is_dark())}"}} {label(function)}'


def named(function: str) -> tuple[str, str]:
    """A function's name and its colour."""
    return label(function), color(function, dark=is_dark())


def columns_for(count: int) -> int:
    """How many columns so many small pictures stand in, so that no row has a single one left over."""
    if count <= 4:
        return count
    return min((3, 4), key=lambda columns: (-count % columns, -columns))


def picker() -> None:
    """All of the catalogue, the chosen ones marked with their colour, and their parameters."""
    names = laboratory.current().names
    chosen = {parse_activation(name)[0].name: name for name in names}
    st.pills(
        "Activations",
        list(ACTIVATIONS),
        selection_mode="multi",
        default=list(chosen),
        format_func=lambda name: marked(name) if name in chosen else ACTIVATIONS[name].label,
        label_visibility="collapsed",
        **laboratory.taken(
            "functions", list(chosen), lambda picked: "-".join(chosen.get(name, name) for name in picked)
        ),
    )
    adjustable = [name for name in names if parse_activation(name)[1]]
    if adjustable:
        with st.container(horizontal=True, gap="medium"):
            for name in adjustable:
                _parameter(name, names)


def _parameter(function: str, names: tuple[str, ...]) -> None:
    """A slider for the first parameter of one function."""
    entry, parameters = parse_activation(function)
    first, value = next(iter(parameters.items()))
    most = max(1.0, 2 * entry.parameters[first])

    def renamed(value: float) -> str:
        new = format_activation(entry, {**parameters, first: round(value, 6)})
        return "-".join(new if name == function else name for name in names)

    st.slider(
        f"{entry.label}: {first.replace('_', ' ')}",
        min(0.05, value),
        max(most, value),
        value,
        step=0.05,
        width=260,
        **laboratory.taken("functions", value, renamed, slot=f"parameter_{entry.name}"),
    )
