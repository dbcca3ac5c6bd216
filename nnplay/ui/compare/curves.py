"""The curves of several runs over each other, and what is chosen about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from nnplay import catalog
from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.compared import Band, Line, overlay
from nnplay.laboratories.compare import MEASURES, SAMPLES
from nnplay.ui import laboratory
from nnplay.ui.page import is_dark
from nnplay.ui.wording import in_sentence

HEIGHT = 340


@dataclass(frozen=True, eq=False)
class Curves:
    """A run's curves: `column(name)` gives (rows,) at epochs (rows,); `place` its colour."""

    label: str
    experiment: Experiment
    epoch: np.ndarray
    column: Callable[[str], np.ndarray]
    place: int


def measures_for(experiments: Sequence[Experiment]) -> dict[str, str]:
    """Measure and label of what can be compared among these: the loss, and the metrics that all have."""
    common = [name for name in MEASURES if all(name in measured(each) for each in experiments)]
    return {name: MEASURES[name] for name in common}


def measured(experiment: Experiment) -> tuple[str, ...]:
    """What is measured of this experiment."""
    return ("loss", *catalog.METRICS[experiment.task])


def chosen_measure(experiments: Sequence[Experiment]) -> str:
    """The measure that the person chose, or the loss where these do not have it."""
    wanted: str = laboratory.current().measure
    return wanted if wanted in measures_for(experiments) else "loss"


def choices(experiments: Sequence[Experiment]) -> None:
    """Measure, samples, scale."""
    options = measures_for(experiments)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Curves", list(options), default=(shown := chosen_measure(experiments)), required=True,
            format_func=lambda name: options.get(name, name), help="What the curves show.",
            **laboratory.taken("measure", shown, slot=f"measure_{'_'.join(options)}"),
        )  # fmt: skip
        laboratory.segments("samples", SAMPLES, help="On which samples it is measured.")
        laboratory.switch("log")


def figure(
    runs: Sequence[Curves], *, bands: Sequence[Band] = (), target: float | None = None, epochs: int = 0,
    revision: str = "overlay",
) -> Spec:  # fmt: skip
    """The chosen curves over each other."""
    lab, measure = laboratory.current(), chosen_measure([run.experiment for run in runs])
    lines = []
    for samples, prefix in (("training", ""), ("test", "val_")):
        if lab.samples in (samples, "both"):
            lines += [
                Line(
                    run.label, run.epoch, run.column(prefix + measure), run.place, faint=samples == "training"
                )
                for run in runs
            ]
    return overlay(
        lines,
        title=title_of(measure, [run.experiment for run in runs]),
        bands=bands,
        log=lab.log and measure == "loss",
        limits={"accuracy": (0.0, 1.0), "r2": (-1.0, 1.0)}.get(measure),
        target=target,
        epochs=epochs,
        dark=is_dark(),
        revision=f"{revision}-{measure}-{lab.samples}-{lab.log}",
    )


def title_of(measure: str, experiments: Sequence[Experiment]) -> str:
    """What the axis is called: the loss by its name, where all have the same one."""
    if measure != "loss":
        return in_sentence(MEASURES[measure])
    losses = {experiment.loss for experiment in experiments}
    return in_sentence(catalog.LOSSES[losses.pop()].label) if len(losses) == 1 else "loss"


def several_losses(experiments: Sequence[Experiment]) -> bool:
    """Whether the runs have different losses, so that their values cannot be compared."""
    return len({experiment.loss for experiment in experiments}) > 1
