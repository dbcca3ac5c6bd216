"""Depth: the signal going forward and the gradient coming back, layer by layer, then epoch by epoch."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from nnplay.catalog import INITIALIZERS, NORMALIZATIONS
from nnplay.figures import gradients as figures
from nnplay.jobs import Run
from nnplay.laboratories.gradients import ACTIVATIONS
from nnplay.numerals import times
from nnplay.ui import laboratory
from nnplay.ui.activation import activation
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.gradients import controls, layers, training
from nnplay.ui.gradients.prediction import Question, compare, predict
from nnplay.ui.gradients.said_wrong import said_wrong
from nnplay.ui.page import is_dark

HEIGHT = 330
RATES = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0)
LOSSES = {"training loss": "loss", "test loss": "val_loss"}

WORDS = (
    "On its way back the gradient is multiplied, layer after layer, by the weights and by the slopes of the "
    "activation. A product of so many factors seldom stays near 1: it **vanishes** or it **explodes**. "
    "Dots are measured on Keras layers; the dashed line is theory for infinitely wide ones."
)

QUESTION = Question(
    name="depth",
    text="Take tanh instead of the sigmoid. How much of the gradient of layer 30 will reach layer 1?",
    options={"all": "about all of it", "part": "a tenth or so", "nothing": "next to nothing"},
    setup={
        "activation": "tanh", "initializer": "gaussian", "sigma_w": 1.0, "sigma_b": 0.0, "depth": 30,
        "normalization": "none", "residual": False,
    },
)  # fmt: skip


def depth() -> None:
    """Two charts of the untrained network, a sentence that reads them, and the map of its training."""
    lab = laboratory.current()
    st.markdown(WORDS)
    # On a narrow screen the pictures come first.
    pictures, side = st.columns([3, 1], gap="large")
    with side:
        _network(lab)
    with pictures:
        predicted = predict(QUESTION)
        answer = layers.ask(lab)
        laboratory.when_answered([answer], lambda: _draw(lab, answer, predicted))
    _training(lab)
    said_wrong()


def _network(lab: Any) -> None:
    activation("activation", ACTIVATIONS)
    laboratory.slider("depth", 2, 100, 1)
    laboratory.slider("width", 8, 128, 8)
    laboratory.choice("initializer", {name: entry.label for name, entry in INITIALIZERS.items()})
    if INITIALIZERS[lab.initializer].scaled:
        laboratory.slider("sigma_w", 0.1, 5.0, 0.05)
        laboratory.slider("sigma_b", 0.0, 3.0, 0.05)
    laboratory.segments("normalization", {name: entry.label for name, entry in NORMALIZATIONS.items()})
    laboratory.switch("residual")
    controls.seed()
    controls.to_playground(lab.experiment)


def _draw(lab: Any, answer: Any, predicted: str | None) -> None:
    laboratory.errors([answer])
    found = answer.value
    layers.forward_back(found, key="depth", revision=lab.to_link(), height=HEIGHT)
    if not found:
        return
    ratio = layers.share(found)
    right = "all" if ratio > 0.5 else "part" if ratio > 0.02 else "nothing"
    compare(QUESTION, predicted, right, f"Measured: {times(ratio)} of it.")
    st.markdown(layers.reading(found))
    download("gradients-by-layer.csv", layers.columns(found))


# ---- while it trains


def _training(lab: Any) -> None:
    experiments = {"network": lab.experiment}
    st.markdown("**While it trains** the gradient of every layer's weights, epoch by epoch")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        training.buttons("depth", experiments, "Train it")
        with st.container(width=180):
            controls.data()
        with st.container(width=220):
            laboratory.steps("rate", RATES)
    # Asked once it is trained: before, the pictures above say it.
    trained = training.training_of("depth", experiments) is not None
    start = laboratory.ask("gradient_at_start", link=lab.experiment.to_link()) if trained else None
    training.live(
        "depth", experiments, lambda runs: _draw_training(lab, runs, start), [start] if start else []
    )


def _draw_training(lab: Any, runs: Mapping[str, Run], start: Any) -> None:
    dark = is_dark()
    run = runs.get("network")
    epoch, norms = training.gradients(run) if run else (np.zeros(0), np.zeros((0, lab.depth + 1)))
    if start and start.value is not None:
        epoch, norms = np.append(0, epoch), np.vstack([start.value, norms])
    revision = run.id if run else ""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        heat = figures.by_epoch(epoch, norms, dark=dark, revision=revision)
        live_chart(heat, key="depth_heat", height=HEIGHT)
    with right:
        curves = {name: training.column(run, key) for name, key in LOSSES.items()} if run else {}
        spec = figures.by_name(curves, label="cross-entropy", dark=dark, revision=revision)
        live_chart(spec, key="depth_loss", height=HEIGHT)
    st.markdown(
        training.state(run)
        if run
        else "Plain gradient descent, 100 epochs. Epoch 0: before the first step. Blank: exactly 0."
    )
    if len(epoch):
        names = {f"layer {place + 1}": norms[:, place] for place in range(norms.shape[1])}
        download("gradients-by-epoch.csv", {"epoch": epoch} | names)
