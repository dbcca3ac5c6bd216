"""What moves while a sweep is trained: progress, lines across its settings, the map of two, the best."""

from functools import partial
from typing import Any

import streamlit as st

from nnplay import catalog
from nnplay.experiment import SETTINGS
from nnplay.figures.palette import palette
from nnplay.sweep import Outcome, Sweep, Sweeps, summary, table
from nnplay.sweep.outcome import csv
from nnplay.sweep.terminal import duration
from nnplay.ui import session
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.feed import feed
from nnplay.ui.hand_over import to_playground
from nnplay.ui.live_table import table_bytes, table_place
from nnplay.ui.page import is_dark
from nnplay.ui.sweep.brushing import brush, brushed, narrowing
from nnplay.ui.sweep.figures import (
    MEASURES,
    heat_figure,
    label_of,
    measures_of,
    narrowed,
    parallel_figure,
)
from nnplay.ui.sweep.running import current
from nnplay.ui.timer import IDLE_SECONDS, on_timer
from nnplay.ui.wording import in_sentence

TICK_SECONDS = 0.5
HEIGHT = 380
BEST = 8


def results() -> None:
    """Progress, figures and table of the visit's sweep; nothing before there is one."""
    found = current()
    if found is None:
        return
    where, sweep = found
    going = not sweep.over
    _keep_choices(sweep)
    on_timer(_tick, TICK_SECONDS if going else IDLE_SECONDS, where, sweep, going)
    _choices(sweep)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.caption(
            "Each line is a run: follow it from value to value to its test loss. The stronger its colour, "
            "the less its loss. Drag up or down along an axis to narrow lines, map and tables to a part of "
            "it; a click on the axis frees it."
        )
        chart_place("sweep_parallel", height=HEIGHT, on_pick=brush)
    with right:
        st.caption(
            "The map: of two settings, the median over seeds and all others. The stronger, the better."
        )
        chart_place("sweep_heat", height=HEIGHT)
    narrowing(sweep)
    table_place("sweep_best")
    if not going:
        _table(sweep)


def _keep_choices(sweep: Sweep) -> None:
    """Let the map show what can be shown of this sweep."""
    names = _names(sweep)
    across, up, measure = st.session_state.get(session.SWEEP_MAP, ("", "", ""))
    across = across if across in names else names[0]
    others = [name for name in names if name != across] or [across]
    measures = measures_of(sweep)
    st.session_state[session.SWEEP_MAP] = (
        across, up if up in others else others[0], measure if measure in measures else measures[0]
    )  # fmt: skip


def _names(sweep: Sweep) -> list[str]:
    """The settings that a map can show: those swept over, and the seed."""
    over = list(sweep.plan.over)
    return list(dict.fromkeys([*over, "seed"])) if sweep.plan.seeds > 1 or len(over) < 2 else over


def _choices(sweep: Sweep) -> None:
    """Which two settings the map shows, and of what the median."""
    state = st.session_state
    across, up, measure = state[session.SWEEP_MAP]
    names, measures = _names(sweep), measures_of(sweep)
    others = [name for name in names if name != across] or [across]

    def take(place: int, name: str) -> None:
        before = state[session.SWEEP_MAP]
        state[session.SWEEP_MAP] = (*before[:place], name, *before[place + 1 :])

    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for place, (label, options, shown, words) in enumerate(
            (
                ("Map: across", names, across, label_of),
                ("Map: up", others, up, label_of),
                ("Map: median of", measures, measure, lambda name: MEASURES[name]),
            )
        ):
            st.selectbox(
                label, options, options.index(shown), format_func=words, width=170,
                **session.shows(f"sweep_map_{place}_{'-'.join(options)}", shown, partial(take, place)),
            )  # fmt: skip


# ---- what moves


def _tick(where: Sweeps, sweep: Sweep, going: bool) -> None:
    where.watch(sweep)
    if going and sweep.over:
        # Buttons, table and timer belong to the page: let it draw itself again. Nothing is sent before that:
        # it might not arrive any more.
        st.rerun()
    share = sweep.done / max(1, sweep.plan.runs)
    st.progress(min(1.0, share), text=state_in_words(where, sweep))
    feed(_parts(sweep), key="sweep_feed")


def state_in_words(where: Sweeps, sweep: Sweep) -> str:
    """How far the sweep is, and how long the rest will take."""
    of = f"{sweep.done:,} of {sweep.plan.runs:,} runs"
    if sweep.fault:
        return f"{of}. {sweep.fault}"
    if sweep.cancelled:
        return f"Cancelled: {of} are done and kept, after {duration(where.seconds(sweep))}."
    if sweep.over:
        return f"Finished: {of} in {duration(where.seconds(sweep))}."
    left = where.remaining_seconds(sweep)
    ready = f"{len(sweep.pieces.ready)} of {sweep.programs} networks compiled"
    time = "how long it takes is known after the first runs" if left is None else f"{duration(left)} left"
    return f"{of}, {ready}, {'about ' if left else ''}{time}."


def _parts(sweep: Sweep) -> dict[str, bytes]:
    """What has changed since it was last sent."""
    outcomes = list(sweep.outcomes)
    shown = st.session_state[session.SWEEP_MAP]
    parts = brushed(sweep)
    key = (sweep.id, len(outcomes), shown, tuple(parts.items()), is_dark())
    if st.session_state.get(session.SWEEP_SENT) == key:
        return {}
    st.session_state[session.SWEEP_SENT] = key
    kept = narrowed(sweep.plan, outcomes, parts)
    return {
        "sweep_parallel": figure_bytes(parallel_figure(sweep.plan, outcomes, parts, sweep.id), HEIGHT),
        "sweep_heat": figure_bytes(heat_figure(sweep.plan, kept, shown, sweep.id), HEIGHT),
        "sweep_best": _best(sweep, kept),
    }


def _best(sweep: Sweep, outcomes: list[Outcome]) -> bytes:
    """The choices with the least median test loss so far."""
    found = [entry for entry in summary(sweep.plan, outcomes) if entry.failed < entry.runs][:BEST]
    metric = next((entry.metric_name for entry in found), "")
    label = in_sentence(catalog.METRIC_ENTRIES[metric].label) if metric else "metric"
    colors = palette(is_dark())
    rows = [
        (
            (entry.combination.label, colors.classes[0] if place == 0 else colors.axis),
            [
                str(entry.runs),
                _number(entry.loss[1]),
                f"{_number(entry.loss[0])} to {_number(entry.loss[2])}",
                _number(entry.metric),
                str(entry.diverged) if entry.diverged else "–",
                f"{entry.seconds:.2g} s",
            ],
        )
        for place, entry in enumerate(found)
    ]
    head = ["Best choices so far", "Runs", "Median test loss", "Middle half", f"Median test {label}"]
    return table_bytes([*head, "Diverged", "Training time"], rows)


def _number(value: float) -> str:
    return "diverged" if value == float("inf") else "–" if value != value else f"{value:.4g}"


# ---- at rest


def _table(sweep: Sweep) -> None:
    """All runs, to be sorted, saved, and opened in the playground."""
    parts = brushed(sweep)
    found = table(sweep.plan, narrowed(sweep.plan, sweep.outcomes, parts))
    if not len(found) and not parts:
        return
    st.caption(
        "All runs. Click a column's head to sort, a row's beginning to open that run in the playground."
    )
    names = {name: SETTINGS[name].label for name in sweep.plan.over}
    event: Any = st.dataframe(
        found.drop(columns=["link", "diverged"]),
        hide_index=True,
        height=330,
        on_select="rerun",
        selection_mode="single-row",
        column_config={name: st.column_config.Column(label) for name, label in names.items()},
        # Another table, in which no row is chosen yet.
        key=f"sweep_table_{sweep.id}_{hash(tuple(parts.items()))}",
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.download_button(
            "Table as CSV", lambda: csv(sweep.plan, sweep.outcomes), "sweep.csv", "text/csv",
            icon=":material/download:", type="tertiary", on_click="ignore", key="sweep_csv",
        )  # fmt: skip
        for row in event.selection.rows[:1] if event else []:
            number = int(found.iloc[row]["run"])
            trial = next((trial for trial in sweep.plan.trials if trial.number == number), None)
            if trial:
                to_playground(trial.experiment, f"Open run {number} in the playground")
