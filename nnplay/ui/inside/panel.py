"""The panel on the page: which measure of the layers is shown, its chart, its words, the present in numbers.

Closed, it costs nothing: nothing is asked of the worker, drawn or sent.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import streamlit as st

from nnplay.figures import Spec
from nnplay.figures.inside import MOST_LINES, Panel, distribution_panels, layer_panels
from nnplay.figures.palette import in_order, palette
from nnplay.jobs import Run
from nnplay.jobs.record import VIEW
from nnplay.ui import server, session, visit
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.download import download
from nnplay.ui.feed import sentence_bytes, sentences_place
from nnplay.ui.inside import readings, words
from nnplay.ui.live_table import table_bytes, table_place
from nnplay.ui.page import is_dark
from nnplay.ui.wording import moment_in_words

# While a network learns its layers are measured this often, and a chart that has not changed sent again so
# seldom: a message may be overtaken by the next one.
MEASURE_SECONDS = 0.5
AGAIN_SECONDS = 2.0


@dataclass(frozen=True)
class Choice:
    """A measure: its label, a sentence for newcomers, the formula, whether it is drawn from the record."""

    label: str
    about: str
    formula: str
    recorded: bool = True


CHOICES: dict[str, Choice] = {
    "gradients": Choice(
        "Gradients",
        "How strongly the loss pulls at each layer. Where the first layers feel much less than the last, the "
        "gradient has vanished on its way back.",
        r"$\lVert \partial L / \partial (W_k, b_k) \rVert_2$, the length of the gradient of layer "
        "$k$'s weights and biases: the mean over the batches of each epoch, 32 of them at the most.",
        recorded=False,
    ),
    "updates": Choice(
        "Updates",
        "How far a step moves each layer, as a share of the size of its weights. Far below 0.001 a layer "
        "hardly learns, far above it jumps about.",
        r"$\lVert \Delta W_k \rVert_2 \,/\, \lVert W_k \rVert_2$ of layer $k$'s weights: the mean over the "
        "batches of each epoch, 32 of them at the most. About $10^{-3}$ is a rule of thumb, not a law.",
        recorded=False,
    ),
    "saturation": Choice(
        "Saturation",
        "How many of a layer's answers come from a flat part of its activation, where hardly any gradient "
        "gets through; a unit that is flat for every sample is dead.",
        r"Saturated: the share of answers with $|f'(z)| < 0.05\, \max |f'|$. Dead: the share of units with "
        r"$f'(z) = 0$ for every sample. On up to 256 training samples.",
    ),
    "weights": Choice(
        "Weights",
        "How the weights of each layer are spread, biases left out. What learning adds to the random start "
        "is seen here.",
        "Dark: many weights have about this value. Lines: the median, and what the middle half and the "
        "middle 90 % lie between.",
    ),
    "activations": Choice(
        "Activations",
        "How the outputs of each layer are spread. Outputs that are nearly all alike carry little of the "
        "input on; outputs at the ends of their range are saturated.",
        "The outputs of all units on up to 256 training samples. Dark: many have about this value. Lines: "
        "the median, and what the middle half and the middle 90 % lie between.",
    ),
}


# ---- what the page calls


def inside() -> None:
    """The section of the page: the choice, and below it what is chosen."""
    run, name = visit.run(), st.session_state[session.INSIDE]
    session.choose(
        "Inside, layer by layer", CHOICES, name, session.INSIDE,
        help="What happens in each layer, over the whole run. Press the open one again to close it.",
    )  # fmt: skip
    if name is None:
        return
    choice = CHOICES[name]
    st.caption(choice.about, help=choice.formula)
    count = readings.layer_count(run)
    if name in ("weights", "activations"):
        _choose_layer(count)
    chart, side = st.columns([5, 3], gap="medium")
    with chart:
        chart_place("inside_chart", height=_height(name, _layer(count), count))
    with side:
        sentences_place("inside_words")
        download(f"{name}-by-layer.csv", partial(columns, run, name))
    table_place("inside_table")


def views_wanted(shown: Any) -> tuple[str, ...]:
    """The views that an open panel wants next; it also has the past measured, which is drawn from then on."""
    name = st.session_state[session.INSIDE]
    if name is None:
        return ()
    run = readings.run_of(shown)
    if CHOICES[name].recorded:
        server.runs().look_back(run)
    if shown is not run:
        return (VIEW,)
    latest = run.record.latest
    here = (run.epoch, run.state.batch if run.state else 0)
    if latest and (latest.epoch, latest.batch) == here and not run.set_by_hand:
        return ()
    if run.going and time.monotonic() - run.record.latest_at < MEASURE_SECONDS:
        return ()
    return (VIEW,)


def parts(shown: Any) -> dict[str, bytes]:
    """What the feed brings to the panel's places: nothing while it is closed."""
    name = st.session_state[session.INSIDE]
    if name is None:
        return {}
    count = readings.layer_count(shown)
    names, layer = readings.layer_names(count), _layer(count)
    colors = in_order(count, palette(is_dark()))
    rows = words.table(
        readings.present(shown),
        readings.norms_at(shown, "grad")[1],
        readings.norms_at(shown, "update")[1],
        names,
        colors,
    )
    return {
        **_chart(shown, name, layer, count),
        "inside_words": sentence_bytes(_sentences(shown, name, names)),
        "inside_table": table_bytes(words.HEAD, rows),
    }


# ---- what is chosen


def _choose_layer(count: int) -> None:
    chosen = _layer(count)
    names = readings.layer_names(count)

    def take(place: int) -> None:
        st.session_state[session.INSIDE_LAYER] = place

    st.selectbox(
        "Layer",
        range(count + 1),
        index=chosen,
        format_func=lambda place: names[place - 1].capitalize() if place else "All layers",
        **session.shows("inside_layer_choice", chosen, take),
        width=220,
        label_visibility="collapsed",
        help="The layer whose distribution is drawn; all of them beside one another, or one large.",
    )


def _layer(count: int) -> int:
    """The layer whose distribution is shown, from 1; 0 for all."""
    layer: int = st.session_state[session.INSIDE_LAYER]
    return layer if layer <= count else 0


def _height(name: str, layer: int, count: int) -> int:
    """Of the chart, in pixels."""
    if name == "saturation":
        return 380
    if name in ("gradients", "updates") or layer or count > MOST_LINES:
        return 320
    return 100 + max(220, 80 * count)


# ---- the chart


def _chart(shown: Any, name: str, layer: int, count: int) -> dict[str, bytes]:
    """Its bytes, encoded only when there is something new; none while the last ones still hold."""
    run = readings.run_of(shown)
    if CHOICES[name].recorded:
        position: Any = (tuple(one.epoch for one in readings.measurements(shown)), run.record.latest_at)
    else:
        position = len(shown.history)
    looked_at = None if shown is run else shown.epoch
    key = (run.id, run.generation, name, layer, is_dark(), looked_at, position)
    memory, now = session.memory(), time.monotonic()
    known, found, sent = memory.get(session.INSIDE_SENT, (None, b"", 0.0))
    if known != key:
        height = _height(name, layer, count)
        found = figure_bytes(_figure(shown, name, layer, looked_at), height)
    elif run.going and now - sent < AGAIN_SECONDS:
        return {}
    memory[session.INSIDE_SENT] = (key, found, now)
    return {"inside_chart": found}


def _figure(shown: Any, name: str, layer: int, cursor: float | None) -> Spec:
    names = readings.layer_names(readings.layer_count(shown))
    frame: dict[str, Any] = {
        "cursor": cursor, "dark": is_dark(), "revision": f"{shown.id}-{shown.generation}-{name}-{layer}",
    }  # fmt: skip
    if name == "gradients":
        epochs, values = readings.norms(shown, "grad")
        return layer_panels(epochs, [Panel("gradient norm", values, log=True)], names, **frame)
    if name == "updates":
        epochs, values = readings.norms(shown, "update")
        panel = Panel("step / weights", values, log=True, middle=words.USUAL, band="rule of thumb: 10⁻³")
        return layer_panels(epochs, [panel], names, **frame)
    measured = readings.measurements(shown)
    if not measured:
        unknown = np.zeros((0, len(names)), np.float32)
        panels = [Panel(name, unknown)]
        return layer_panels(unknown[:, 0], panels, names, nothing="measuring…", **frame)
    if name == "saturation":
        epochs, saturated = readings.series(measured, "saturated")
        dead = readings.series(measured, "dead")[1]
        panels = [
            Panel("saturated share", saturated, limits=(0, 1)),
            Panel("dead share", dead, limits=(0, 1)),
        ]
        return layer_panels(epochs, panels, names, nothing="not defined in any layer", **frame)
    view, label = ("weights", "weight") if name == "weights" else ("outputs", "output")
    if not layer and len(names) > MOST_LINES:
        epochs, spread = readings.series(measured, "weights_std" if name == "weights" else "std")
        return layer_panels(epochs, [Panel(f"std of the {label}s", spread, log=True)], names, **frame)
    epochs, quantiles = readings.series(measured, view)
    some = slice(layer - 1, layer) if layer else slice(None)
    return distribution_panels(epochs, quantiles[:, some], names[some], label=label, **frame)


# ---- words, and the table to save


def _sentences(shown: Any, name: str, names: list[str]) -> list[str]:
    """What is seen, the last sentence saying what of the run was measured."""
    if name in ("gradients", "updates"):
        epoch, values = readings.norms_at(shown, "grad" if name == "gradients" else "update")
        say: Callable[..., list[str]] = words.gradients if name == "gradients" else words.updates
        if np.isnan(values).all():
            return ["Measured from the first epoch on.", ""]
        return [
            *say(values, names),
            f"Measured in every epoch; the numbers are those of epoch {epoch:,}.",
        ]
    now, measured = readings.present(shown), readings.measurements(shown)
    if now is None or not measured:
        return ["Measuring…", ""]
    if name == "saturation":
        said = words.saturation(now.values, names, shown.origin)
    elif name == "weights":
        said = words.weights(measured[0], now, names)
    else:
        said = words.outputs(now, names)
    return [*said, _which(now.epoch, now.batch, [one.epoch for one in measured])]


def _which(epoch: int, batch: int, epochs: list[int]) -> str:
    """Which epochs were measured."""
    here = moment_in_words(epoch, batch)
    if len(epochs) == 1:
        return f"Measured after {here}."
    gap = max(after - before for before, after in pairwise(epochs))
    often = "every one of them" if gap == 1 else f"never more than {gap:,} apart"
    return (
        f"Measured after {len(epochs)} epochs from {epochs[0]:,} to {epochs[-1]:,}, {often}; the numbers are "
        f"those after {here}."
    )


def columns(run: Run, name: str) -> dict[str, np.ndarray]:
    """What the panel shows of the whole run, as columns of equal length."""
    names = readings.layer_names(readings.layer_count(run))
    if not CHOICES[name].recorded:
        kind = "grad" if name == "gradients" else "update"
        rows = run.history
        epochs = rows.column("epoch") if len(rows) else np.zeros(0, np.float32)
        return {"epoch": epochs} | {
            layer: rows.column(f"{kind}_{place}") if len(rows) else epochs
            for place, layer in enumerate(names, start=1)
        }
    measured = [one for one in run.record.kept for _ in names]
    table: dict[str, np.ndarray] = {
        "epoch": np.array([one.epoch for one in measured], np.float32),
        "layer": np.array(names * len(run.record.kept), object),
    }
    if name == "saturation":
        wanted, spread = ("saturated", "dead"), ""
    elif name == "weights":
        wanted, spread = ("weights_mean", "weights_std"), "weights"
    else:
        wanted, spread = ("mean", "std"), "outputs"
    if not measured:
        return table
    for column in wanted:
        table[column] = readings.series(run.record.kept, column)[1].ravel()
    if spread:
        values = readings.series(run.record.kept, spread)[1]
        shares = np.linspace(0, 100, values.shape[-1])
        for place, share in enumerate(shares):
            table[f"quantile {share:g} %"] = values[..., place].ravel()
    return table
