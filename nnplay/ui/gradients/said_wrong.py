"""What is often said wrong about vanishing and exploding, each with two networks measured side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay.laboratories import GradientLab
from nnplay.ui import laboratory
from nnplay.ui.gradients import layers
from nnplay.ui.gradients.words import change_in_words

BASE = GradientLab(depth=20, width=64)


@dataclass(frozen=True)
class Wrong:
    """`said`, and `right`; `networks`: settings of the Depth part by what they are called."""

    said: str
    right: str
    networks: Mapping[str, Mapping[str, Any]]


def _with(activation: str, **fields: Any) -> dict[str, Any]:
    return {"activation": activation, "initializer": "gaussian", **fields}


SAID_WRONG: tuple[Wrong, ...] = (
    Wrong(
        "Vanishing gradients happen mainly with ReLU.",
        "Mainly with saturating functions: the slope of the sigmoid is at most 1/4.",
        {
            "ReLU, He's weights": _with("relu", initializer="he_normal"),
            "Sigmoid, Glorot's weights": _with("sigmoid", initializer="glorot_uniform"),
        },
    ),
    Wrong(
        "Exploding gradients happen mainly with sigmoid and tanh.",
        "They come of large weights times slopes: most easily with ReLU and linear units, "
        "whose slopes stay 1 however large the sums.",
        {
            "Sigmoid, σ_w = 3": _with("sigmoid", sigma_w=3.0),
            "tanh, σ_w = 3": _with("tanh", sigma_w=3.0),
            "ReLU, σ_w = 3": _with("relu", sigma_w=3.0),
            "Linear, σ_w = 3": _with("linear", sigma_w=3.0),
        },
    ),
    Wrong(
        "tanh is simply more stable than the sigmoid.",
        "Its slope reaches 1 instead of 1/4, and it is centred on 0. With small weights it vanishes, too.",
        {
            "tanh, σ_w = 1": _with("tanh", sigma_w=1.0),
            "tanh, σ_w = 0.5": _with("tanh", sigma_w=0.5),
            "Sigmoid, σ_w = 1": _with("sigmoid", sigma_w=1.0),
        },
    ),
)


def said_wrong() -> None:
    """The statements, folded; measured when they are unfolded."""
    folded = st.expander("Often said, and wrong", on_change="rerun", key="gradients_said_wrong")
    if not folded.open:
        return
    with folded:
        asked = [
            {name: layers.ask(BASE.change(**fields)) for name, fields in wrong.networks.items()}
            for wrong in SAID_WRONG
        ]
        laboratory.when_answered([answer for row in asked for answer in row.values()], lambda: _draw(asked))


def _draw(asked: list[dict[str, Any]]) -> None:
    st.caption("Measured: the gradient on its way back through 20 layers of 64 units.")
    for wrong, answers in zip(SAID_WRONG, asked, strict=True):
        measured = "".join(f"\n- {name}: {_result(answer)}" for name, answer in answers.items())
        st.markdown(f"“{wrong.said}” **{wrong.right}**\n{measured}")


def _result(answer: Any) -> str:
    if not answer.done or answer.error:
        return answer.error or "…"
    return change_in_words(layers.share(answer.value))
