"""The experiment that A and B, or the seeds, share: the playground's, a kept run's, or that of a link."""

import streamlit as st

from nnplay.catalog import OPTIMIZERS
from nnplay.experiment import DEFAULT, Experiment, split_link
from nnplay.ui import address, laboratory, session
from nnplay.ui.hand_over import to_playground
from nnplay.ui.kept import kept_runs
from nnplay.ui.wording import in_sentence, value_in_words

PLAYGROUND, LINK = "playground", "link"


def experiment() -> Experiment:
    """What the page looks at."""
    base = laboratory.current().base
    if base:
        return Experiment.from_link(base)
    found: Experiment = st.session_state.get(session.COMPARED) or _playground()
    return found


def chooser() -> Experiment:
    """Where the experiment comes from, and what it is in a line."""
    chosen = experiment()
    options = {PLAYGROUND: "The playground's settings"}
    options |= {f"run{run.number}": run.name for run in kept_runs()}
    shown = PLAYGROUND
    if laboratory.current().base:
        options[LINK] = "From the link"
        shown = LINK
    elif compared := st.session_state.get(session.COMPARED):
        same = [run for run in kept_runs() if run.experiment is compared]
        shown = f"run{same[0].number}" if same else LINK
        options |= {} if same else {LINK: "A run that was removed"}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.selectbox(
            "Experiment", list(options), list(options).index(shown), width=260,
            format_func=lambda name: options.get(name, name),
            **session.shows(f"base_{'_'.join(options)}", shown, _take),
            help="Change it on the playground, or pin a run there to have it here.",
        )  # fmt: skip
        to_playground(chosen)
    st.caption(in_words(chosen))
    return chosen


def write_address() -> None:
    """Put the page's settings into the address bar, with the experiment itself: others then see the same."""
    lab = laboratory.current()
    shared = experiment() if lab.part != "kept" else None
    address.write(type(lab).__name__, split_link(lab.link_with(shared)))


def in_words(experiment: Experiment) -> str:
    """An experiment in a line."""
    optimizer = OPTIMIZERS[experiment.optimizer].label
    hidden = f"hidden layers {experiment.hidden}" if experiment.hidden else "no hidden layer"
    activation = in_sentence(value_in_words("activation", experiment.activation))
    return (
        f"{experiment.dataset.label}, {hidden}, {activation}, "
        f"{optimizer}, learning rate {experiment.learning_rate:g}, batch size "
        f"{value_in_words('batch_size', experiment.batch_size)}, seed {experiment.seed}, "
        f"{experiment.epochs:,} epochs."
    )


def _playground() -> Experiment:
    found: Experiment = st.session_state.get(session.DRAFT, DEFAULT)
    return found


def _take(name: str) -> None:
    if name == LINK:
        return
    found = [run.experiment for run in kept_runs() if f"run{run.number}" == name]
    st.session_state[session.COMPARED] = found[0] if found else None
    # Values chosen for another experiment need not fit this one.
    laboratory.change(base="", a="", b="")
