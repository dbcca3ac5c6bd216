"""What a visit has chosen to sweep over, and the plan that comes of it."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from nnplay.experiment import DEFAULT, SETTINGS, Experiment, ExperimentError
from nnplay.experiment.links import write_value
from nnplay.sweep import Plan, make_plan
from nnplay.ui import session

# A server is shared; the command line has no such limits.
MOST_RUNS = 500
MOST_EPOCHS = 1_000_000
USUAL_EPOCHS = 200
MOST_SETTINGS = 4
# What is suggested for a setting when it is chosen.
USUAL: dict[str, tuple[str, ...]] = {
    "activation": ("relu", "tanh", "sigmoid", "gelu"),
    "hidden": ("4", "8", "8-8", "8-8-8"),
    "optimizer": ("sgd", "momentum", "rmsprop", "adam"),
    "learning_rate": ("0.001", "0.003", "0.01", "0.03", "0.1"),
    "batch_size": ("1", "10", "30", "100"),
    "initializer": ("glorot_uniform", "he_normal", "zeros"),
    "samples": ("100", "300", "1000"),
    "dropout": ("0", "0.1", "0.3"),
    "normalization": ("none", "batchnorm", "layernorm"),
    "label_noise": ("0", "0.1", "0.3"),
    "momentum": ("0", "0.5", "0.9"),
    "regularizer": ("none", "l1", "l2"),
    "regularization_rate": ("0.0001", "0.001", "0.01"),
    "epochs": ("50", "100", "200", "400"),
}
FIRST = ("activation", "hidden")


@dataclass(frozen=True)
class Chosen:
    """What the page shows: values by setting as texts, seeds, a sample of so many choices (0: all), epochs.

    `problems`: what was wrong with it when Start was pressed last, or since.
    """

    over: tuple[tuple[str, tuple[str, ...]], ...] = ()
    seeds: int = 3
    sample: int = 0
    epochs: int = USUAL_EPOCHS
    problems: tuple[str, ...] = ()


def chosen() -> Chosen:
    """The visit's choice; at first a small sweep over the activation and the hidden layers."""
    state = st.session_state
    if session.SWEEP_CHOSEN not in state:
        state[session.SWEEP_CHOSEN] = Chosen(tuple((name, usual(name)) for name in FIRST))
    found: Chosen = state[session.SWEEP_CHOSEN]
    return found


def choose(**fields: Any) -> None:
    """Change the choice; whether it can be trained is said below."""
    new = replace(chosen(), **fields)
    _, problems = _plan(new)
    st.session_state[session.SWEEP_CHOSEN] = replace(new, problems=tuple(problems))


def base() -> Experiment:
    """The playground's experiment, which all runs have but for what is swept over."""
    found: Experiment = st.session_state.get(session.DRAFT, DEFAULT)
    return found


def plan() -> Plan | None:
    """The plan of the choice; None where it has faults, which are told in `chosen().problems`."""
    key = (base(), replace(chosen(), problems=()))
    before, found = st.session_state.get(session.SWEEP_PLAN, (None, None))
    if before != key:
        found, problems = _plan(chosen())
        st.session_state[session.SWEEP_PLAN] = key, found
        st.session_state[session.SWEEP_CHOSEN] = replace(chosen(), problems=tuple(problems))
    return found


def faults() -> None:
    """Why the choice cannot be trained, if it cannot."""
    if plan() is None:
        st.error("This cannot be trained.", icon=":material/error:")
        for problem in chosen().problems:
            # It may show what somebody typed: never read as Markdown.
            st.text(problem)


def usual(name: str) -> tuple[str, ...]:
    """The values suggested for a setting, those that it has among them or not."""
    setting = SETTINGS[name]
    known = [value for value in USUAL.get(name, ()) if not setting.choices or value in setting.choices]
    if known:
        return tuple(known)
    if setting.whole is None:
        return ("0", "1")
    own = write_value(getattr(base(), name))
    others = [value for value in setting.choices if value != own][:2]
    return (own, *others)


def _plan(choice: Chosen) -> tuple[Plan | None, list[str]]:
    over = dict(choice.over)
    try:
        start = base() if "epochs" in over else base().change(epochs=choice.epochs)
        found = make_plan(
            start, over, seeds=choice.seeds, sample=choice.sample, most=MOST_RUNS, most_epochs=MOST_EPOCHS
        )
    except ExperimentError as error:
        return None, list(error.problems.values())
    return found, []
