"""The settings of a sweep: over what, with which values, how many seeds, all choices or some."""

import streamlit as st

from nnplay.experiment import SETTINGS
from nnplay.experiment.fields import CHOICES, MANY
from nnplay.experiment.links import write_value
from nnplay.ui import session
from nnplay.ui.sweep.chosen import MOST_SETTINGS, base, choose, chosen, usual
from nnplay.ui.wording import value_in_words

# In this order: what people ask for first. The seed has its own place.
FIRST = ("activation", "hidden", "learning_rate", "optimizer", "batch_size", "initializer", "data", "loss")
WORTHWHILE = [*FIRST, *(name for name in SETTINGS if name not in (*FIRST, "seed"))]


def settings() -> None:
    """The widgets; each change goes through `choose`."""
    current = chosen()
    over = dict(current.over)
    names = tuple(over)

    def take_names(wanted: list[str]) -> None:
        choose(over=tuple((name, over.get(name, usual(name))) for name in wanted))

    st.multiselect(
        "Settings to vary",
        WORTHWHILE,
        default=list(names),
        max_selections=MOST_SETTINGS,
        format_func=lambda name: SETTINGS[name].label,
        **session.shows("sweep_over", list(names), take_names),
        help="Every combination of the values below is trained.",
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="top"):
        for name in names:
            with st.container(width=390):
                _values(name, over[name])
    with st.container(horizontal=True, gap="medium", vertical_alignment="top"):
        _number("seeds", "Seeds", 1, 50, "How often each choice is trained: with other data, initial weights "
                "and order of the samples each time.")  # fmt: skip
        if "epochs" not in names:
            _number("epochs", "Epochs of a run", 1, 100_000, "How long each run trains, at the most.")
        _number("sample", "Random sample", 0, 500, "Only so many of the choices, drawn at random; 0: all. "
                "Numbers written as a range, such as 0.001..0.1, are drawn from all between.")  # fmt: skip
    if any(SETTINGS[name].low is not None for name in names):
        st.caption(
            "Numbers may be a range: `0.001..0.1:5` takes five steps of it, `0.001..0.1` draws from it."
        )
    st.caption(f"Everything else: {_rest(names)}.")


def _values(name: str, values: tuple[str, ...]) -> None:
    """The values of one setting: names from a list, or numbers and layers as a text."""
    setting = SETTINGS[name]
    over = dict(chosen().over)

    def put(values: tuple[str, ...]) -> None:
        choose(over=tuple((known, values if known == name else old) for known, old in over.items()))

    if (setting.choices and name not in MANY) or name == "activation":
        options = list(dict.fromkeys([*CHOICES[name], *values]))
        if name == "data":
            options = list(dict.fromkeys([*options, base().data]))
        st.multiselect(
            setting.label, options, default=list(values), help=setting.help,
            format_func=lambda value: value_in_words(name, value),
            **session.shows(f"sweep_{name}", list(values), lambda chosen: put(tuple(chosen))),
        )  # fmt: skip
        return
    text = ", ".join(values)

    def take(typed: str) -> None:
        put(tuple(value.strip() for value in typed.split(",") if value.strip()))

    st.text_input(
        setting.label, text, max_chars=1000,
        help=f"{setting.help}\n\nThe values, with commas between them.{_ranges(name)}",
        **session.shows(f"sweep_{name}", text, take),
    )  # fmt: skip


def _ranges(name: str) -> str:
    """How a range of this setting is drawn from and stepped; nothing where it has none."""
    setting = SETTINGS[name]
    if setting.low is None:
        return ""
    how = "evenly in the logarithm" if setting.log else "evenly"
    return f" Or a range, whose numbers are taken {how}: `10..100:4` in 4 steps, `10..100` at random."


def _number(name: str, label: str, low: int, high: int, help: str) -> None:
    value = getattr(chosen(), name)
    st.number_input(
        label, low, high, value, width=160, help=help,
        **session.shows(f"sweep_number_{name}", value, lambda number: choose(**{name: int(number)})),
    )  # fmt: skip


def _rest(names: tuple[str, ...]) -> str:
    """The main settings that all runs have in common, and those that are not as usual."""
    experiment = base()
    shown = ["data", "hidden", "activation", "loss", "optimizer", "learning_rate", "batch_size"]
    shown += [name for name in experiment.differences() if name not in shown]
    return ", ".join(
        f"{SETTINGS[name].label.lower()} {_word(name, getattr(experiment, name))}"
        for name in shown
        if name not in (*names, "seed", "epochs")
    )


def _word(name: str, value: object) -> str:
    return value_in_words(name, value) if name != "hidden" else write_value(value)
