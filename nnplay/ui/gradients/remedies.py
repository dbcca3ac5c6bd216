"""Remedies: one change each to a deep network that does not train, same seed, same data: before and after."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import streamlit as st

from nnplay.experiment import Experiment
from nnplay.figures import gradients as figures
from nnplay.jobs import Run
from nnplay.laboratories.remedies import DEPTH, REMEDIES, STARTS, WIDTH, after, before, fitting
from nnplay.numerals import times
from nnplay.ui import laboratory, session
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.gradients import controls, layers, training
from nnplay.ui.page import is_dark

BEFORE = "as it is"
HEIGHT = 340
MOST = 6
# Share of the training points that counts as having learned; guessing gets half of them.
TRAINS = 0.9
PREDICTED = "gradients_predicted"  # tuple[str, ...]: which networks were said to learn

WORDS = (
    "A deep network that does not train, and one change at a time. A remedy has to bring a gradient to the "
    "first layers; whether the network then **learns** is another question, and answered by training it."
)


def remedies() -> None:
    """The patient, the remedies, their gradients at the start, and whether the network then trains."""
    lab = laboratory.current()
    experiments = compared(lab)
    st.markdown(WORDS)
    # On a narrow screen the pictures come first.
    pictures, side = st.columns([3, 1], gap="large")
    with side:
        laboratory.choice("start", {name: entry.label for name, entry in STARTS.items()})
        st.caption(STARTS[lab.start].about)
        _choice(lab)
        controls.data()
        controls.seed()
    with pictures:
        asked = {name: _ask(experiment) for name, experiment in experiments.items()}
        laboratory.when_answered(asked.values(), lambda: _start(lab, asked))
    st.markdown("**And do they learn?** Same seed, same data, plain gradient descent, 100 epochs")
    said = _predict(experiments)
    training.buttons("remedies", experiments, f"Train all {len(experiments)}")
    training.live("remedies", experiments, lambda runs: _learning(lab, runs, said))


def compared(lab: Any) -> dict[str, Experiment]:
    """The network in trouble and, by label, the same with each chosen remedy that changes something."""
    start = before(lab.start, seed=lab.seed, data=lab.data)
    usable = [name for name in lab.chosen if name in fitting(start)][:MOST]
    return {BEFORE: start} | {REMEDIES[name].label: after(start, name) for name in usable}


def _choice(lab: Any) -> None:
    possible = fitting(before(lab.start, seed=lab.seed, data=lab.data))
    chosen = [name for name in lab.chosen if name in possible]
    setting = lab.setting("remedies")
    st.pills(
        setting.label,
        possible,
        selection_mode="multi",
        default=chosen,
        format_func=lambda name: REMEDIES[name].label,
        help=f"{setting.help} Up to {MOST} at a time.",
        wrap=True,
        **laboratory.taken("remedies", chosen, "-".join),
    )
    if len(chosen) > MOST:
        st.caption(f"Compared are the first {MOST}.")


def _ask(experiment: Experiment) -> Any:
    names = {name: getattr(experiment, name) for name in layers.NETWORK if name not in ("depth", "width")}
    return layers.ask(SimpleNamespace(depth=DEPTH, width=WIDTH, **names))


def _start(lab: Any, asked: Mapping[str, Any]) -> None:
    laboratory.errors(asked.values())
    found = {name: answer.value for name, answer in asked.items() if answer.value}
    st.markdown("**← Back** the gradient at each layer, before any training")
    measured = {name: value["delta"] for name, value in found.items()}
    spec = figures.by_layer(
        measured or {BEFORE: np.full(DEPTH, np.nan)},
        label="gradient (rms)",
        dark=is_dark(),
        revision=lab.to_link(),
        nothing="measuring…",
    )
    live_chart(spec, key="remedies_start", height=HEIGHT)
    if len(found) == len(asked):
        weakest = ", ".join(f"{name} {times(layers.share(value))}" for name, value in found.items())
        st.caption(f"Of the gradient of layer {DEPTH}, layer 1 gets: {weakest}.")
        download("remedies-by-layer.csv", {"layer": np.arange(1, DEPTH + 1), **measured})


def _predict(experiments: Mapping[str, Experiment]) -> tuple[str, ...]:
    said = tuple(name for name in st.session_state.get(PREDICTED, ()) if name in experiments)

    def take(names: list[str]) -> None:
        st.session_state[PREDICTED] = tuple(names)

    st.pills(
        "**Predict first.** Which of them will learn?",
        list(experiments),
        selection_mode="multi",
        default=list(said),
        **session.shows("gradients_predict_remedies", list(said), take),
        wrap=True,
    )
    return said


def _learning(lab: Any, runs: Mapping[str, Run], said: tuple[str, ...]) -> None:
    curves = {name: training.column(run, "loss") for name, run in runs.items()}
    # Logarithmic: some learn by four powers of ten, others go as far the other way.
    spec = figures.by_name(curves, label="training loss", log=True, dark=is_dark(), revision=lab.to_link())
    live_chart(spec, key="remedies_loss", height=HEIGHT)
    rows = [[f"[{name}](./?{run.origin.to_link()})", _outcome(run)] for name, run in runs.items()]
    head = ["Open in the playground", "Learned?"]
    if said:
        head.append("You said")
        for name, row in zip(runs, rows, strict=True):
            row.append("learns" if name in said else "does not learn")
    if rows:
        laboratory.table(rows, head)
    training.download_runs("remedies-by-epoch.csv", runs)


def _outcome(run: Run) -> str:
    right, word = training.accuracy(run), run.status.word
    if word in ("diverged", "failed"):
        return f"no: {run.status.message.partition(' Try ')[0]}"
    if word == "finished" and right is not None:
        return f"{':blue[**learns**]' if right >= TRAINS else 'does not learn'}: {100 * right:.0f} % right"
    return {"preparing": "compiling…", "running": "training…"}.get(word, "waiting…")
