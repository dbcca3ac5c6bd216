"""Controls that several parts of the gradients page have."""

import streamlit as st

from nnplay.experiment import Experiment, split_link
from nnplay.laboratories.gradients import DATA
from nnplay.ui import laboratory


def seed() -> None:
    """The seed, and another one."""
    lab = laboratory.current()
    st.button(
        f"Seed {lab.seed}",
        icon=":material/casino:",
        on_click=lambda: laboratory.change(seed=(lab.seed + 1) % 2**31),
        help="Another seed: other weights and other data.",
        key="another_seed",
    )


def data() -> None:
    """What is trained on."""
    laboratory.choice("data", {name: entry.label for name, entry in DATA.items()})


def to_playground(experiment: Experiment, label: str = "Open this in the playground") -> None:
    """A link that hands a network over."""
    st.page_link(
        "app.py",
        label=label,
        icon=":material/open_in_new:",
        query_params=dict(split_link(experiment.to_link())),
    )
