"""What is often said wrong about activation functions, and what Keras says."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay.catalog import parse_activation
from nnplay.figures.activations import label
from nnplay.laboratories import ActivationLab
from nnplay.ui import laboratory
from nnplay.ui.activations.curves import number
from nnplay.ui.activations.depth import ask_propagation, factor

BASE = ActivationLab(depth=20, width=64)


@dataclass(frozen=True)
class Wrong:
    """`said`, and `right`; measured on these functions: value and slope `at` an input, or, where that is
    None, spread and gradient through twenty layers with the weights that suit each."""

    said: str
    right: str
    functions: tuple[str, ...]
    at: float | None = None


SAID_WRONG: tuple[Wrong, ...] = (
    Wrong(
        "ReLU compresses its input.",
        "It is unbounded above, with slope 1 for every positive input. tanh and sigmoid compress.",
        ("relu", "tanh", "sigmoid"),
        at=6.0,
    ),
    Wrong(
        "tanh is simply more stable than the sigmoid.",
        "At 0 its slope is 1 instead of 1/4, and it is centred on 0. But further out it is the flatter one.",
        ("tanh", "sigmoid"),
        at=3.0,
    ),
    Wrong(
        "Vanishing gradients come mainly with ReLU.",
        "They come mainly with saturating functions; ReLU's own trouble is dead units.",
        ("relu", "tanh", "sigmoid"),
    ),
    Wrong(
        "The exponential is a common hidden activation.",
        "Stacked, it explodes.",
        ("exponential", "softplus"),
    ),
)


def said_wrong() -> None:
    """The statements, folded; measured when they are unfolded."""
    folded = st.expander("Often said, and wrong", on_change="rerun", key="activations_said_wrong")
    if not folded.open:
        return
    with folded:
        asked = [_ask(wrong) for wrong in SAID_WRONG]
        laboratory.when_answered([answer for row in asked for answer in row], lambda: _draw(asked))


def _ask(wrong: Wrong) -> list[Any]:
    if wrong.at is not None:
        return [laboratory.ask("probe", names=wrong.functions, x=wrong.at)]
    return [ask_propagation(BASE, name, parse_activation(name)[0].initializer) for name in wrong.functions]


def _draw(asked: list[list[Any]]) -> None:
    st.caption("Measured: value and slope at one input, or what is left after twenty layers.")
    for wrong, answers in zip(SAID_WRONG, asked, strict=True):
        measured = "".join(f"\n- {line}" for line in _measured(wrong, answers))
        st.markdown(f"“{wrong.said}” **{wrong.right}**\n{measured}")


def _measured(wrong: Wrong, answers: list[Any]) -> list[str]:
    if not all(answer.done and not answer.error for answer in answers):
        return ["…"]
    if wrong.at is not None:
        return [
            f"{label(name)}: f({wrong.at:g}) = {number(value)}, f′({wrong.at:g}) = {number(slope)}"
            for name, (value, slope) in answers[0].value.items()
        ]
    return [
        f"{label(name)}, {BASE.depth} layers: spread {factor(answer.value['std'])}, "
        f"gradient {factor(answer.value['delta'][::-1])}"
        for name, answer in zip(wrong.functions, answers, strict=True)
    ]
