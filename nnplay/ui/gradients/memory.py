"""Does it learn? Simple RNN, LSTM and GRU trained side by side on a task that asks for memory."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from nnplay.experiment import Experiment
from nnplay.figures import gradients as figures
from nnplay.jobs import Run
from nnplay.laboratories.memory import CELLS, MEMORY_TASKS
from nnplay.numerals import times
from nnplay.ui import laboratory
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.gradients import training
from nnplay.ui.page import is_dark

HEIGHT = 320
# Shares of the loss of an answer that ignores its input: below the first a network has learned, above the
# second it has learned nothing.
LEARNED, NOTHING_LEARNED = 0.1, 0.8
NOTHING = "memory_nothing"  # dict[str, float]: the loss of such an answer, by the id of a run
WORDS = (
    "**And do they learn?** All three trained on the same sequences by Adam, from orthogonal recurrent "
    "weights times the radius; gates and input weights start as Keras starts them."
)


def memory(lab: Any) -> None:
    """Controls, the gradient by lag of the networks that are trained, their losses, and a verdict."""
    experiments = lab.memories
    st.markdown(WORDS)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            laboratory.choice("memory", {name: task.label for name, task in MEMORY_TASKS.items()})
        with st.container(width=180):
            laboratory.slider("length", 5, 100, 5)
        with st.container(width=180):
            laboratory.slider("size", 4, 64, 4)
        with st.container(width=180):
            laboratory.switch("clipped")
    st.caption(MEMORY_TASKS[lab.memory].about)
    training.buttons("time", experiments, "Train all three")
    training.live("time", experiments, lambda runs: _draw(lab, experiments, runs))


def _draw(lab: Any, experiments: Mapping[str, Experiment], runs: Mapping[str, Run]) -> None:
    dark = is_dark()
    nothing = _nothing(runs)
    revision = "".join(run.id for run in runs.values())
    left, right = st.columns(2, gap="medium")
    empty = (np.zeros(0), np.zeros(0))
    with left:
        st.markdown("**← Back in time** gradient of the answer, by the input")
        seen = {name: run.views.get("lags", {}) for name, run in runs.items()}
        curves = {name: (view["lag"], view["gradient"]) for name, view in seen.items() if view}
        spec = figures.by_name(
            curves or dict.fromkeys(CELLS.values(), empty),
            label="gradient (rms)", across="steps back", log=True, dark=dark, revision=revision,
        )  # fmt: skip
        live_chart(spec, key="memory_lags", height=HEIGHT)
    with right:
        st.markdown("**Learning** loss on sequences never seen")
        losses = {name: training.column(run, "val_loss") for name, run in runs.items()}
        epochs = np.array([0, next(iter(experiments.values())).epochs])
        line = {} if nothing is None else {"learned nothing": (epochs, np.full(2, nothing))}
        spec = figures.by_name(
            losses or dict.fromkeys(CELLS.values(), empty),
            label="test loss", log=True, bound=line, dark=dark, revision=revision,
        )  # fmt: skip
        live_chart(spec, key="memory_loss", height=HEIGHT)
    rows = [
        [
            f"[{name}](./?{experiment.to_link()})",
            f"{experiment.parameters_estimate:,}",
            _outcome(runs.get(name), nothing),
        ]
        for name, experiment in experiments.items()
    ]
    laboratory.table(rows, ["Open in the playground", "Weights", "Learned?"])
    if curves:
        lag = next(iter(curves.values()))[0]
        download(
            "trained-gradient-through-time.csv",
            {"lag": lag} | {name: gradient for name, (_, gradient) in curves.items()},
        )


def _verdict(share: float) -> str:
    if share < LEARNED:
        return ":blue[**learned**]"
    return "learned nothing" if share > NOTHING_LEARNED else "learned a part"


def _nothing(runs: Mapping[str, Run]) -> float | None:
    """The loss of the best answer that ignores its input: the same for all, as they have the same data."""
    known: dict[str, float] = st.session_state.setdefault(NOTHING, {})
    for run in runs.values():
        if run.id not in known and "baseline" in run.views:
            known[run.id] = run.views["baseline"]["loss"]
        # It takes longer than an epoch, and is needed once.
        run.want(("lags",) if run.id in known else ("lags", "baseline"))
    return next((known[run.id] for run in runs.values() if run.id in known), None)


def _outcome(run: Run | None, nothing: float | None) -> str:
    if run is None:
        return "not trained yet"
    word = run.status.word
    if word in ("diverged", "failed"):
        return f"no: {run.status.message.partition(' Try ')[0]}"
    _, losses = training.column(run, "val_loss")
    if not len(losses) or nothing is None:
        return "compiling…" if word == "preparing" else "waiting…"
    share = float(losses[-1]) / nothing
    level = f"test loss {times(float(losses[-1]))}, {times(share)} of what knowing nothing has"
    if word == "finished":
        return f"{_verdict(share)}: {level}"
    return f"epoch {run.epoch}: {level}"
