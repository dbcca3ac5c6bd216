"""A single neuron: two weights and a bias, and what each function makes of their sum over the plane."""

from typing import Any

import numpy as np
import streamlit as st

from nnplay.figures import activations as figures
from nnplay.ui import laboratory
from nnplay.ui.activations.picker import columns_for
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.page import is_dark

POINTS = 48


def neuron() -> None:
    """Three sliders and one map a function."""
    st.markdown(
        "One neuron with two inputs: $f(w_1 x_1 + w_2 x_2 + b)$. The weights turn and steepen, the bias "
        "shifts; the activation decides what happens on both sides of the dotted line, where the sum is 0."
    )
    columns = st.columns(3, gap="medium")
    for column, name in zip(columns, ("weight_1", "weight_2", "bias"), strict=True):
        with column:
            laboratory.slider(name, -5.0, 5.0, 0.1)
    lab = laboratory.current()
    answer = laboratory.ask(
        "neuron", names=lab.names, weights=(lab.weight_1, lab.weight_2), bias=lab.bias, points=POINTS
    )
    laboratory.when_answered([answer], lambda: _draw(lab, answer))


def _draw(lab: Any, answer: Any) -> None:
    dark = is_dark()
    found = answer.value if answer.done and not answer.error else None
    with st.grid(columns_for(len(lab.names)), min_column_width=150):
        for place, name in enumerate(lab.names):
            spec = (
                figures.neuron(
                    name, found["x"], found["z"][name], (lab.weight_1, lab.weight_2), lab.bias,
                    dark=dark, revision=name,
                )
                if found
                else figures.measuring(figures.label(name), dark=dark)
            )  # fmt: skip
            live_chart(spec, key=f"neuron_{place}", height=250)
    laboratory.errors([answer])
    st.caption(
        "Blue is negative, orange positive; beside each name, the least and the greatest output in this "
        "square from −6 to 6. Every map is computed by a Keras layer with these weights."
    )
    if found:
        x1, x2 = (part.ravel() for part in np.meshgrid(found["x"], found["x"]))
        download("neuron.csv", {"x1": x1, "x2": x2} | {name: z.ravel() for name, z in found["z"].items()})
