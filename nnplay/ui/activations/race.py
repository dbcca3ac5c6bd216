"""The race: networks that differ in their activation only, trained side by side."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from nnplay.catalog import parse_activation
from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures import activations as figures
from nnplay.figures.boundary import boundary
from nnplay.figures.curve1d import curve1d
from nnplay.jobs.race import Heat, Race
from nnplay.laboratories.tasks import TASKS, Task, experiment
from nnplay.ui import laboratory, server, visit
from nnplay.ui.activations.curves import number
from nnplay.ui.activations.picker import named
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.hand_over import one_to_playground
from nnplay.ui.live_table import live_table
from nnplay.ui.page import is_dark
from nnplay.ui.timer import IDLE_SECONDS, on_timer

RACE = "activations_race"  # tuple[tuple, Race]: the race of this visit, and its settings
TICK_SECONDS = 0.25
MOST_RACERS = 8
# The first heat is slowed down to this, so that one can watch it; repetitions go as fast as they can.
WATCH_SECONDS = 3.0


def race() -> None:
    """Task and buttons, and below what moves."""
    lab = laboratory.current()
    task = TASKS[lab.task]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        laboratory.choice("task", {name: entry.label for name, entry in TASKS.items()}, width=220)
        laboratory.switch("suited")
        if set(task.telling) != set(lab.names):
            st.button(
                f"Take the most telling: {', '.join(figures.label(name) for name in task.telling)}",
                icon=":material/auto_awesome:",
                type="tertiary",
                on_click=laboratory.change,
                kwargs={"functions": "-".join(task.telling)},
            )
    starts = "the kind of weights that suits each" if lab.suited else "the very same weights"
    st.markdown(f"{task.about} *All see the same data in the same order, and start from {starts}.*")
    if len(lab.names) > MOST_RACERS:
        st.caption(f"The first {MOST_RACERS} of those chosen take part.")
    current = _race(lab)
    current.tick()
    _buttons(lab, current)
    busy = current.unsettled
    on_timer(_tick, TICK_SECONDS if busy else IDLE_SECONDS, lab, task, current, busy)


# ---- the race of this visit


def _race(lab: Any) -> Race:
    """The race of these settings; the one before is given up when they have changed."""
    task = TASKS[lab.task]
    names = lab.names[:MOST_RACERS]
    key = (names, lab.task, lab.suited, lab.seed)
    before, found = st.session_state.get(RACE, (None, None))
    if found is None or before != key or not _alive(found):
        _reset()
        plane = len(_start(task, names[0], lab.seed, lab.suited).dataset.inputs) == 2
        found = Race(
            server.runs(),
            names,
            lambda name, seed: _start(task, name, seed, lab.suited),
            seed=lab.seed,
            target=task.target,
            views=("boundary" if plane else "curve",),
            seconds=WATCH_SECONDS,
        )
        st.session_state[RACE] = key, found
    visit.hold(RACE, found.racers.values())
    return found


def _alive(race: Race) -> bool:
    return all(server.runs().get(run.id) is run for run in race.racers.values())


def _start(task: Task, name: str, seed: int, suited: bool) -> Experiment:
    kind = parse_activation(name)[0].initializer if suited else "glorot_uniform"
    return experiment(task, name, seed=seed, initializer=kind)


def _buttons(lab: Any, current: Race) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if current.playing:
            st.button(
                "Pause", icon=":material/pause:", shortcut="Space", on_click=current.pause, key="race_pause"
            )
        else:
            over = current.finished
            st.button(
                "Play",
                icon=":material/play_arrow:",
                type="primary",
                shortcut="Space",
                on_click=current.play,
                disabled=over,
                key="race_play",
            )
        st.button("Reset", icon=":material/replay:", shortcut="0", on_click=_reset, key="race_reset")
        st.button(
            f"Repeat over {lab.races} seeds",
            icon=":material/repeat:",
            on_click=current.play,
            args=(lab.races,),
            disabled=current.playing or min(map(len, current.heats.values())) >= lab.races,
            key="race_repeat",
            help="Each with other data, other initial weights and another order.",
        )
        laboratory.slider("races", 2, 20, 1, width=160)
        laboratory.another_seed()


def _reset() -> None:
    _, found = st.session_state.pop(RACE, (None, None))
    if found:
        found.free()


# ---- what moves


def _tick(lab: Any, task: Task, current: Race, busy: bool) -> None:
    current.tick()
    st.progress(current.progress, text=_state(current))
    left, right = st.columns([3, 2], gap="medium")
    dark, repeated = is_dark(), max(map(len, current.heats.values())) >= 2
    revision = f"{lab.functions}-{lab.task}"
    epochs = int(task.fields["epochs"])
    with left:
        live_chart(_curves(current, task, epochs, repeated, dark, revision), key="race_curves", height=420)
        st.caption(_legend(repeated))
    with right, st.grid(2 if len(current.names) <= 4 else 3, min_column_width=110):
        for place, name in enumerate(current.names):
            live_chart(
                _tile(current, name, dark),
                key=f"race_tile_{place}",
                height=200 if len(current.names) <= 4 else 150,
            )
    _table(current, lab)
    if all(current.heats.values()):
        download("race-of-activations.csv", _columns(current))
    if busy and not current.unsettled:
        # Buttons and timer belong to the page: let it draw itself again.
        st.rerun()


def _state(current: Race) -> str:
    ready = sum(run.state is not None for run in current.racers.values())
    if current.playing:
        done = min(map(len, current.heats.values()))
        heat = f"seed {min(done + 1, current.wanted)} of {current.wanted}, " if current.wanted > 1 else ""
        return f"Learning: {heat}{current.progress:.0%}"
    if current.finished:
        return "Finished."
    if ready < len(current.racers):
        return f"Compiling: {ready} of {len(current.racers)} networks are ready."
    return "Ready. Press Play." if current.progress == 0 else "Paused."


def _legend(repeated: bool) -> str:
    return (
        "Test loss. Lines: median over the seeds; bands: the middle half."
        if repeated
        else "Test loss, one seed."
    )


def _curves(current: Race, task: Task, epochs: int, repeated: bool, dark: bool, revision: str) -> Spec:
    title = "test loss"
    if not repeated:
        progress = {
            name: (heats[0].epochs, heats[0].losses)
            if (heats := current.heats[name])
            else current.progress_of(name)
            for name in current.names
        }
        return figures.race(
            progress, title=title, target=task.target, epochs=epochs, dark=dark, revision=revision
        )
    middle, bands = {}, {}
    for name, heats in current.heats.items():
        if not heats:
            continue
        low, median, high = np.quantile(together(heats, epochs), [0.25, 0.5, 0.75], axis=0, method="nearest")
        x = np.arange(1, epochs + 1, dtype=np.float32)
        middle[name], bands[name] = (x, median), (x, low, high)
    return figures.race(
        middle, bands=bands, title=title, target=task.target, epochs=epochs, dark=dark, revision=revision
    )


def together(heats: list[Heat], epochs: int) -> np.ndarray:
    """The losses of all heats, (heats, epochs); infinite after a heat that ended early."""
    table = np.full((len(heats), epochs), np.inf, np.float32)
    for row, heat in zip(table, heats, strict=True):
        row[: len(heat.losses)] = heat.losses
    return np.where(np.isnan(table), np.inf, table)


def _tile(current: Race, name: str, dark: bool) -> Spec:
    """What this racer makes of the data of the first seed, now or at the end of its heat."""
    heats, run = current.heats[name], current.racers[name]
    views = heats[0].views if heats else run.views
    first = current.start(name, current.seed)
    split = first.load_data()
    train = (split.positions_train, split.y_train)
    revision = f"{name}-{first.data}"
    if len(first.dataset.inputs) == 2:
        view = views.get("boundary") or {}
        axis = view.get("x", np.array(first.dataset.extent, np.float32))
        z = view.get("z", np.zeros((1, 2, 2), np.float32))[0]
        spec = boundary(
            axis,
            axis,
            z,
            task=split.task,
            train=train,
            names=split.target_names,
            dark=dark,
            revision=revision,
        )
    else:
        view = views.get("curve") or {}
        axis = view.get("x", np.array(first.dataset.extent, np.float32))
        y = view["y"][0] if view else np.full(len(axis), np.nan, np.float32)
        spec = curve1d(axis, y, train=train, dark=dark, revision=revision)
    return figures.as_tile(spec, name)


def _table(current: Race, lab: Any) -> None:
    rows = []
    for name in current.names:
        heats, run = current.heats[name], current.racers[name]
        row = []
        if heats:
            reached = [heat.reached if heat.reached is not None else np.inf for heat in heats]
            row += [
                _median(reached, "not reached", "{:.0f}".format),
                _median([heat.final for heat in heats], "blew up"),
                _share(np.isfinite(reached)),
                _milliseconds([heat.epoch_seconds for heat in heats]),
            ]
        else:
            _, values = current.progress_of(name)
            row += [
                "…",
                number(float(values[-1])) if len(values) else "…",
                "…",
                _milliseconds([run.pace.epoch_seconds]),
            ]
        rows.append((named(name), row))
    head = ["", "Epochs to target", "Final test loss", "Reached the target", "Time per epoch"]
    live_table(head, rows, key="race_table")
    blown = [heat for heats in current.heats.values() for heat in heats if heat.end == "diverged"]
    for heat in blown[:3]:
        st.caption(heat.message)
    one_to_playground({figures.label(name): current.start(name, current.seed) for name in current.names})


def _median(values: list[float], never: str, write: Callable[[float], str] = number) -> str:
    # Not interpolated: between a number and never there is nothing.
    value = float(np.quantile(values, 0.5, method="nearest"))
    return write(value) if np.isfinite(value) else never


def _share(reached: np.ndarray) -> str:
    """How many of the seeds reached the target."""
    if len(reached) == 1:
        return "yes" if reached[0] else "no"
    return f"{reached.mean():.0%} of {len(reached)} seeds"


def _milliseconds(seconds: list[float | None]) -> str:
    known = [value for value in seconds if value is not None]
    return f"{1000 * float(np.median(known)):.2g} ms" if known else "…"


def _columns(current: Race) -> dict[str, Any]:
    """One row for every function, seed and epoch."""
    heats = [(name, heat) for name, done in current.heats.items() for heat in done]
    return {
        "activation": np.concatenate([np.full(len(heat.epochs), name, object) for name, heat in heats]),
        "seed": np.concatenate([np.full(len(heat.epochs), heat.seed) for _, heat in heats]),
        "epoch": np.concatenate([heat.epochs for _, heat in heats]).astype(int),
        "test_loss": np.concatenate([heat.losses for _, heat in heats]),
    }
