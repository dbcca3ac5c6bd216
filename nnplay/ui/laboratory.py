"""What a laboratory page remembers, its widgets, and its questions to the workers; shared by all of them.

The settings are one record of `nnplay.laboratories`. Widgets only show it, and each change goes through its
validation, so a refused value changes nothing; the address follows it.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from nnplay.experiment import ExperimentError, split_address, unpacked
from nnplay.laboratories import Laboratory, LaboratoryError
from nnplay.ui import address, server, session
from nnplay.ui.timer import IDLE_SECONDS, on_timer

# The kind of laboratory on show; its record, its address and what it refused are under its name.
KIND = "laboratory"
# How often the page looks whether an answer has come, and how long a script run waits for it by itself:
# what a warm worker answers within that time is drawn at once, without a placeholder before it.
ASK_SECONDS = 0.15
WAIT_SECONDS = 0.2


# ---- the settings


def begin(kind: type[Laboratory]) -> None:
    """At the start of every script run: read the address, unless it is what this visit last wrote."""
    state = st.session_state
    server.runs()
    state[KIND] = kind
    name = kind.__name__
    pairs = address.arrived(name)
    if name not in state or pairs is not None:
        state[name], state[f"{name}_problems"] = _read(kind, pairs or [])


def problems() -> list[str]:
    """What this laboratory refused, until something is accepted."""
    found: list[str] = st.session_state[f"{st.session_state[KIND].__name__}_problems"]
    return found


def current() -> Any:
    """The settings of the page: the record of its kind."""
    return st.session_state[st.session_state[KIND].__name__]


def change(**fields: Any) -> None:
    """Take over changed settings. A bad value changes nothing, and the page says why."""
    state = st.session_state
    name = state[KIND].__name__
    try:
        state[name] = current().change(**fields)
        state[f"{name}_problems"] = []
    except LaboratoryError as error:
        state[f"{name}_problems"] = list(error.problems.values())


def write_address() -> None:
    """Put the settings into the address bar, if they are not there already."""
    address.write(st.session_state[KIND].__name__, split_address(current().to_link()))


def _read(kind: type[Laboratory], pairs: list[tuple[str, str]]) -> tuple[Laboratory, list[str]]:
    try:
        return kind.from_pairs(unpacked(pairs)), []
    except LaboratoryError as error:
        first = "The link could not be taken as it is. What was wrong was left at its default."
        return error.record, [first, *error.problems.values()]
    except ExperimentError as error:
        return kind(), ["The link could not be read.", *error.problems.values()]


# ---- widgets; each shows a setting and hands its change over


def taken(
    name: str, shown: Any, read: Callable[[Any], Any] | None = None, *, slot: str = ""
) -> dict[str, Any]:
    """Arguments that make a widget show `shown` and hand its value over as the setting `name`, by `read`.

    `slot` tells apart several widgets that change the same setting.
    """

    def take(value: Any) -> None:
        change(**{name: read(value) if read else value})

    return session.shows(f"{st.session_state[KIND].__name__}_{slot or name}", shown, take)


def slider(name: str, low: float, high: float, step: float, **more: Any) -> None:
    """A number within what the setting allows; `low` and `high` are the slider's ends."""
    value, setting = getattr(current(), name), current().setting(name)
    # A link may hold a value between or beyond the steps: the slider reaches it.
    st.slider(
        setting.label,
        min(low, value),
        max(high, value),
        value,
        step=step,
        help=setting.help,
        **taken(name, value),
        **more,
    )


def steps(name: str, values: Sequence[float], **more: Any) -> None:
    """One of a few numbers, and whatever else a link holds."""
    value, setting = getattr(current(), name), current().setting(name)
    options = [*values] if value in values else sorted([*values, value])
    st.select_slider(
        setting.label,
        options,
        value,
        format_func="{:g}".format,
        help=setting.help,
        **taken(name, value),
        **more,
    )


def choice(name: str, labels: Mapping[str, str], **more: Any) -> None:
    """One name out of a list."""
    value, setting = getattr(current(), name), current().setting(name)
    st.selectbox(
        setting.label,
        list(labels),
        list(labels).index(value),
        format_func=lambda key: labels.get(key, key),
        help=setting.help,
        **taken(name, value),
        **more,
    )


def segments(name: str, labels: Mapping[str, str], **more: Any) -> None:
    """One name out of a few, side by side."""
    value, setting = getattr(current(), name), current().setting(name)
    st.segmented_control(
        setting.label,
        list(labels),
        default=value,
        required=True,
        format_func=lambda key: labels.get(key, key),
        **taken(name, value),
        **{"help": setting.help} | more,
    )


def switch(name: str) -> None:
    """On or off."""
    value, setting = getattr(current(), name), current().setting(name)
    st.toggle(setting.label, value, help=setting.help, **taken(name, value))


def another_seed() -> None:
    """The seed, and a press for the next one."""
    value, setting = current().seed, current().setting("seed")
    st.button(
        f"Seed {value}",
        icon=":material/casino:",
        on_click=lambda: change(seed=(value + 1) % 2**31),
        help=f"Another seed. {setting.help}",
        key="another_seed",
    )


# ---- questions


def ask(name: str, **arguments: Any) -> Any:
    """The answer to a question for a worker: `.done`, `.value`, `.error`; same question, same answer."""
    return server.runs().ask(name, **arguments)


def when_answered(answers: Iterable[Any], draw: Callable[[], None]) -> None:
    """Draw, now and again until all answers have come. `draw` shows what there is, at its final height."""
    answers = list(answers)  # each is one and the same object until it is done
    end = time.monotonic() + WAIT_SECONDS
    while not all(answer.done for answer in answers) and time.monotonic() < end:
        time.sleep(0.01)
    busy = not all(answer.done for answer in answers)
    on_timer(_look, ASK_SECONDS if busy else IDLE_SECONDS, answers, draw, busy)


def _look(answers: Sequence[Any], draw: Callable[[], None], busy: bool) -> None:
    for answer in answers:
        if not answer.done:
            # A question that nobody asks any more is passed over.
            ask(answer.name, **answer.arguments)
    draw()
    if busy and all(answer.done for answer in answers):
        # The timer belongs to the page: let it draw itself again.
        st.rerun()


def errors(answers: Iterable[Any]) -> None:
    """What a worker could not answer, each sentence once."""
    for sentence in dict.fromkeys(answer.error for answer in answers if answer.done and answer.error):
        st.text(sentence)


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> None:
    """A small table of Markdown cells (colour, formulas)."""
    lines = [head, ["---"] * len(head), *rows]
    st.markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))
