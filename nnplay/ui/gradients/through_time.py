"""Through time: how far back the gradient of a recurrent layer reaches."""

from typing import Any

import numpy as np
import streamlit as st

from nnplay.figures import gradients as figures
from nnplay.laboratories.gradients import RECURRENT_ACTIVATIONS
from nnplay.numerals import times
from nnplay.ui import laboratory
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.gradients import controls
from nnplay.ui.gradients.memory import memory
from nnplay.ui.gradients.prediction import Question, compare, predict
from nnplay.ui.page import is_dark

CELLS = {"simple_rnn": "Simple RNN", "lstm": "LSTM", "gru": "GRU"}
SAMPLES = 32
HEIGHT = 420

WORDS = (
    "A recurrent layer is a deep network, one layer a time step, with the same weights in all of them. "
    "Measured on Keras's layers before training: how much of the last gradient arrives so many steps earlier."
)

QUESTION = Question(
    name="time",
    text="Gates as Keras starts a GRU (bias 0), radius 1. Whose gradient reaches furthest back?",
    options=CELLS,
    setup={"radius": 1.0, "orthogonal": True, "gate": 0.0, "recurrent_activation": "tanh", "steps": 60},
)


def through_time() -> None:
    """One chart, gradient against lag for the three kinds of layer, and what clipping makes of it."""
    lab = laboratory.current()
    st.markdown(WORDS)
    # On a narrow screen the pictures come first.
    pictures, side = st.columns([3, 1], gap="large")
    with side:
        laboratory.slider("radius", 0.05, 3.0, 0.05)
        laboratory.switch("orthogonal")
        laboratory.choice("recurrent_activation", {name: name for name in RECURRENT_ACTIVATIONS})
        laboratory.slider("gate", -2.0, 6.0, 0.5)
        laboratory.slider("steps", 5, 200, 5)
        laboratory.slider("units", 4, 256, 4)
        laboratory.steps("limit", (0.01, 0.1, 0.5, 1.0, 5.0, 10.0, 100.0))
        controls.seed()
    with pictures:
        predicted = predict(QUESTION)
        answers = {cell: _ask(lab, cell) for cell in CELLS}
        laboratory.when_answered(answers.values(), lambda: _draw(lab, answers, predicted))
        memory(lab)


def _ask(lab: Any, cell: str) -> Any:
    return laboratory.ask(
        "through_time",
        cell=cell,
        activation=lab.recurrent_activation,
        units=lab.units,
        steps=lab.steps,
        spectral_radius=lab.radius,
        orthogonal=lab.orthogonal,
        gate_bias=lab.gate,
        seed=lab.seed,
        samples=SAMPLES,
        clip=lab.limit,
    )


def _draw(lab: Any, answers: Any, predicted: str | None) -> None:
    laboratory.errors(answers.values())
    found = {cell: answer.value for cell, answer in answers.items() if answer.value}
    st.markdown("**← Back in time** the gradient of the last output, by the state so many steps earlier")
    curves = {CELLS[cell]: (value["lag"], value["gradient"]) for cell, value in found.items()}
    simple = found.get("simple_rnn")
    bound = {"bound for the simple RNN": (simple["lag"], simple["bound"])} if simple else {}
    spec = figures.by_name(
        curves or {name: (np.zeros(0), np.zeros(0)) for name in CELLS.values()},
        label="gradient (rms)", across="steps back", log=True, bound=bound, nothing="measuring…",
        dark=is_dark(), revision=lab.to_link(),
    )  # fmt: skip
    live_chart(spec, key="through_time", height=HEIGHT)
    if len(found) < len(CELLS):
        return
    simple = found["simple_rnn"]
    furthest = max(found, key=lambda cell: float(found[cell]["gradient"][-1]))
    last = lab.steps - 1
    compare(QUESTION, predicted, furthest, f"After {last} steps: {_list(found, last)}.")
    st.markdown(_bound(lab, simple))
    measured = {
        f"by the state {last} steps back": lambda value: value["gradient"][-1],
        "by the input then": lambda value: value["input_gradient"][-1],
        "by the recurrent weights": lambda value: value["weight_gradient"],
        f"these, clipped to {lab.limit:g}": lambda value: value["clipped_gradient"],
    }
    rows = [[what, *(times(read(value)) for value in found.values())] for what, read in measured.items()]
    head = ["Gradient of the last output", *(CELLS[cell] for cell in found)]
    laboratory.table(rows, head)
    download(
        "gradient-through-time.csv",
        {"lag": simple["lag"]}
        | {f"{cell} {what}": found[cell][what] for cell in found for what in ("gradient", "input_gradient")}
        | {"bound": simple["bound"]},
    )


def _list(found: Any, last: int) -> str:
    return ", ".join(
        f"{CELLS[cell]} {times(float(value['gradient'][last]))}" for cell, value in found.items()
    )


def _bound(lab: Any, simple: Any) -> str:
    g, largest = simple["g"], simple["largest_singular"]
    product = g * largest
    text = (
        f"Simple RNN: the recurrent matrix makes a vector at most {largest:.2f} times as long, "
        f"the slope of {lab.recurrent_activation} is at most g = {g:g}; together {product:.2f} a step. "
    )
    if product < 0.999:
        return text + f"Below 1 (the matrix below 1/g = {1 / g:g}), so vanishing is certain (Pascanu 2013)."
    if product > 1.001:
        return (
            text
            + f"Above 1 (the matrix above 1/g = {1 / g:g}), so it may explode, but need not (Pascanu 2013)."
        )
    return (
        text
        + "Exactly at the bound: it cannot explode, and any slope below g makes it vanish (Pascanu 2013)."
    )
