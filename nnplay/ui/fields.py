"""The kinds of widgets for settings: each shows a field of the draft and hands its change to the session.

One that the task of a teacher's link hides is not drawn, one that it locks cannot be moved.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from nnplay.experiment import SETTINGS
from nnplay.ui import session, visit
from nnplay.ui.assignment.locks import label_of, locked, unless_hidden
from nnplay.ui.wording import help_for


def taken(name: str, shown: Any, read: Callable[[Any], Any] | None = None) -> dict[str, Any]:
    """Arguments that make a widget show `shown` and hand its value over as the setting `name`, by `read`."""

    def take(value: Any) -> None:
        visit.change(**{name: read(value) if read else value})

    return {**session.shows(name, shown, take), **locked(name)}


@unless_hidden
def choice(name: str, registry: Mapping[str, Any]) -> None:
    """One of a registry, or of texts by name."""
    chosen = getattr(visit.draft(), name)
    entry = registry.get(chosen)
    st.selectbox(
        label_of(name),
        list(registry),
        list(registry).index(chosen),
        format_func=lambda key: getattr(registry.get(key), "label", registry.get(key, key)),
        help=help_for(name, entry if hasattr(entry, "about") else None),
        **taken(name, chosen),
    )


@unless_hidden
def segments(name: str, options: Mapping[str, str]) -> None:
    """One of a few, side by side."""
    chosen = getattr(visit.draft(), name)
    st.segmented_control(
        label_of(name),
        list(options),
        default=chosen,
        required=True,
        format_func=lambda key: options[key],
        help=help_for(name),
        **taken(name, chosen),
    )


@unless_hidden
def slider(name: str, low: float, high: float, step: float, help: str = "") -> None:
    """A number; `low` and `high` are the slider's ends."""
    value = getattr(visit.draft(), name)
    st.slider(
        label_of(name),
        # A link may hold a value between or beyond the steps: the slider reaches it.
        min(low, value),
        max(high, value),
        value,
        step=step,
        help=f"{help_for(name)}\n\n{help}".strip(),
        **taken(name, value),
    )


@unless_hidden
def steps(name: str, values: Sequence[float], label: Callable[[Any], str] = "{:g}".format) -> None:
    """One of a few numbers, and whatever else a link holds."""
    value = getattr(visit.draft(), name)
    options = [*values] if value in values else sorted([*values, value], key=lambda v: v or float("inf"))
    st.select_slider(
        label_of(name), options, value, format_func=label, help=help_for(name), **taken(name, value)
    )


@unless_hidden
def number(name: str, step: float) -> None:
    """A number to type."""
    setting, value = SETTINGS[name], getattr(visit.draft(), name)
    kind = int if setting.whole else float
    assert setting.low is not None and setting.high is not None
    st.number_input(
        label_of(name),
        kind(setting.low),
        kind(setting.high),
        value,
        step=kind(step),
        help=help_for(name),
        # Emptied: back to the default.
        **taken(name, value, lambda given: setting.default if given is None else given),
    )


@unless_hidden
def switch(name: str) -> None:
    """On or off."""
    value = getattr(visit.draft(), name)
    st.toggle(label_of(name), value, help=help_for(name), **taken(name, value))


@unless_hidden
def text(name: str, label: str, example: str) -> None:
    """A text to type, as a link writes it."""
    value = getattr(visit.draft(), name)

    def take(typed: str) -> None:
        visit.change(**{name: typed.strip() or SETTINGS[name].default})

    st.text_input(
        label_of(name, label),
        value,
        **locked(name),
        **session.shows(f"{name}_text", value, take),
        placeholder=example,
        help=help_for(name),
    )
