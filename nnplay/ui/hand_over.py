"""Links that hand a network of a laboratory over to the playground."""

from collections.abc import Mapping

import streamlit as st

from nnplay.experiment import Experiment, split_address


def to_playground(experiment: Experiment, label: str = "Open this in the playground") -> None:
    """A link to one network."""
    st.page_link("app.py", label=label, icon=":material/open_in_new:", query_params=_pairs(experiment))


def one_to_playground(experiments: Mapping[str, Experiment]) -> None:
    """A menu of networks by name."""
    if not experiments:
        return
    with st.popover("Open a network in the playground", icon=":material/open_in_new:"):
        for name, experiment in experiments.items():
            st.page_link("app.py", label=name, query_params=_pairs(experiment))


def _pairs(experiment: Experiment) -> dict[str, str]:
    return dict(split_address(experiment.to_link()))
