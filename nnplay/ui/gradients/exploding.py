"""Exploding: a network that leaves the rails, where it did, and the same with its gradients clipped."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from nnplay.catalog import CLIPPINGS, format_clip, parse_clip
from nnplay.catalog.clipping import Clip
from nnplay.figures import gradients as figures
from nnplay.jobs import Run
from nnplay.laboratories.gradients import HOT_LAYERS, HOT_WIDTH
from nnplay.numerals import times
from nnplay.ui import laboratory, session
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.gradients import controls, training
from nnplay.ui.gradients.prediction import Question, compare, predict
from nnplay.ui.page import is_dark

PLAIN, CLIPPED = "as it is", "clipped"
HEIGHT = 300
BATCHES = 40
RATES = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
LIMITS = (0.01, 0.1, 0.5, 1.0, 5.0)

WORDS = (
    "Weights too large multiply signal and gradient from layer to layer; a step too long makes the next "
    "gradient larger still, until a number is too large for its 32 bits and everything after it is lost. "
    "**Clipping** shortens the gradient before the step, at the same seed, on the same data."
)

QUESTION = Question(
    name="exploding",
    text="Weights of the right size (σ_w = 1.4), a learning rate of 1. What does clipping to norm 1 change?",
    options={
        "rescued": "it learns, thanks to clipping",
        "survives": "survives, but learns nothing",
        "nothing": "diverges all the same",
        "needless": "learns even without",
    },
    setup={"weights": 1.4, "hot_rate": 1.0, "clip": "global1"},
)


def exploding() -> None:
    """Two runs of one network, with and without clipping."""
    lab = laboratory.current()
    experiments = {PLAIN: lab.hot("none"), CLIPPED: lab.hot(lab.clip)}
    st.markdown(WORDS)
    # On a narrow screen the pictures come first.
    pictures, side = st.columns([3, 1], gap="large")
    with side:
        st.caption(f"{HOT_LAYERS} layers of {HOT_WIDTH} ReLU units; layer {HOT_LAYERS + 1} is the output.")
        laboratory.slider("weights", 0.5, 5.0, 0.1)
        laboratory.steps("hot_rate", RATES)
        _clipping(lab)
        controls.data()
        controls.seed()
        for name, experiment in experiments.items():
            controls.to_playground(experiment, f"Open in the playground, {name}")
    with pictures:
        predicted = predict(QUESTION)
        asked = {
            name: laboratory.ask("first_batches", link=experiment.to_link(), batches=BATCHES)
            for name, experiment in experiments.items()
        }
        laboratory.when_answered(asked.values(), lambda: _first(lab, asked))
    st.markdown("**And then?** 100 epochs of both")
    training.buttons("exploding", experiments, "Train both")
    training.live("exploding", experiments, lambda runs: _draw(lab, runs, predicted))


def _clipping(lab: Any) -> None:
    clip = parse_clip(lab.clip) or Clip("global_clipnorm", 1.0)
    kinds = {name: entry.label for name, entry in CLIPPINGS.items() if entry.keras}
    kind = next(name for name in kinds if CLIPPINGS[name].keras == clip.kind)
    st.selectbox(
        lab.setting("clip").label,
        list(kinds),
        list(kinds).index(kind),
        format_func=lambda name: kinds[name],
        help=CLIPPINGS[kind].about,
        **_taken("kind", kind, lambda name: Clip(CLIPPINGS[name].keras, clip.limit)),
    )
    options = LIMITS if clip.limit in LIMITS else sorted([*LIMITS, clip.limit])
    st.select_slider(
        "Clipping limit",
        options,
        clip.limit,
        **_taken("limit", clip.limit, lambda limit: Clip(clip.kind, limit)),
    )


def _taken(name: str, shown: Any, read: Any) -> dict[str, Any]:
    return session.shows(
        f"gradients_clip_{name}", shown, lambda value: laboratory.change(clip=format_clip(read(value)))
    )


def _first(lab: Any, asked: Mapping[str, Any]) -> None:
    laboratory.errors(asked.values())
    for place, (name, answer) in zip(st.columns(2, gap="medium"), asked.items(), strict=True):
        found = answer.value or {"batch": np.zeros(0), "gradient": np.zeros((0, HOT_LAYERS + 1))}
        with place:
            st.markdown(f"**{name.capitalize()}** the gradient of each layer in the first batches")
            spec = figures.by_epoch(
                found["batch"],
                found["gradient"],
                across="batch",
                nothing="measuring…",
                dark=is_dark(),
                revision=lab.to_link(),
            )
            live_chart(spec, key=f"exploding_{name}", height=HEIGHT)
            st.caption(_reading(found) if answer.value else "…")
            if answer.value:
                kind = "clipped" if name == CLIPPED else "plain"
                layers = {f"layer {k + 1}": values for k, values in enumerate(found["gradient"].T)}
                download(
                    f"first-batches-{kind}.csv", {"batch": found["batch"], "loss": found["loss"]} | layers
                )


def _reading(found: Mapping[str, Any]) -> str:
    norms = np.linalg.norm(found["gradient"], axis=1)
    finite = norms[np.isfinite(norms)]
    largest = f"largest gradient, all layers together: {times(float(finite.max()))}" if len(finite) else ""
    if len(finite) < len(norms):
        return f"Off the rails: batch {len(norms)} overflows; {largest} before."
    return f"All {len(norms)} batches are finite; {largest}."


def _draw(lab: Any, runs: Mapping[str, Run], predicted: str | None) -> None:
    curves = {name: training.column(run, "loss") for name, run in runs.items()}
    spec = figures.by_name(curves, label="training loss", log=True, dark=is_dark(), revision=lab.to_link())
    live_chart(spec, key="exploding_loss", height=HEIGHT)
    for name, run in runs.items():
        st.markdown(f"**{name.capitalize()}:** {training.state(run)}")
    training.download_runs("exploding-by-epoch.csv", runs)
    if runs and all(run.over for run in runs.values()):
        compare(QUESTION, predicted, *_verdict(runs))
    else:
        compare(QUESTION, predicted, None, "")


def _verdict(runs: Mapping[str, Run]) -> tuple[str, str]:
    right = {name: _right(run) for name, run in runs.items()}
    sentence = "; ".join(
        f"{name}: {'diverged' if value is None else f'{value:.0%} right'}" for name, value in right.items()
    )
    plain, clipped = right[PLAIN], right[CLIPPED]
    if plain is not None and plain >= 0.9:
        return "needless", sentence + "."
    if clipped is None:
        return "nothing", sentence + "."
    return ("rescued" if clipped >= 0.9 else "survives"), sentence + "."


def _right(run: Run) -> float | None:
    return None if run.status.word != "finished" else training.accuracy(run)
