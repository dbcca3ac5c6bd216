"""Which activations are compared, and with which parameters; a function has its colour everywhere."""

from functools import partial

import streamlit as st

from nnplay.catalog import ACTIVATIONS, parse_activation
from nnplay.figures.activations import color, label
from nnplay.ui import laboratory
from nnplay.ui.activation import parameter
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
    with st.container(horizontal=True, gap="medium"):
        for name in names:
            parameter("functions", name, partial(_with, names, name), width=260)


def _with(names: tuple[str, ...], old: str, new: str) -> str:
    """The chosen functions with one of them written anew."""
    return "-".join(new if name == old else name for name in names)
