"""What moves while a network learns: numbers, the network, the result, the curves."""

from typing import Any

import numpy as np
import streamlit as st

from nnplay import catalog
from nnplay.figures import Spec
from nnplay.figures.curves import Other, loss_curves, metric_curves
from nnplay.jobs import Moment, Run
from nnplay.ui import coach, first_steps, inside, one_sample, session
from nnplay.ui.assignment import panel
from nnplay.ui.batch import batch_in_words
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.feed import feed, number_bytes, numbers_place
from nnplay.ui.network.component import (
    describe_network,
    is_described,
    network_bytes,
    network_place,
)
from nnplay.ui.page import is_dark
from nnplay.ui.result.place import result, result_parts, views_wanted
from nnplay.ui.timeline import timeline, timeline_bytes, wait_for_moment
from nnplay.ui.timer import IDLE_SECONDS, on_timer
from nnplay.ui.wording import branch_label, changes_in_words, in_sentence, state_in_words

# Of a page alone; of many, so seldom that all of them together leave the server most of its time.
TICK_SECONDS = 0.2
TICKS_PER_SECOND = 30
CURVE_POINTS = 600
# Pixels.
HEIGHTS = {"loss": 190, "metric": 190}


def live() -> None:
    """The part of the page that moves."""
    # A view just chosen is asked for now: at rest the next tick may be far away.
    _ask_for_views(session.run())
    busy = _busy(session.run())
    describe_network()
    numbers_place("numbers")
    # One message for all that moves, which finds its places below.
    seconds, past = tick_seconds(), session.run().looking is not None
    on_timer(_tick, seconds if busy else IDLE_SECONDS, busy, seconds, past)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        network_place("network")
        coach.coach()
        one_sample.panel()
    with right:
        result()
        chart_place("loss", height=HEIGHTS["loss"])
        session.remember("Logarithmic loss", session.LOG_LOSS)
        chart_place("metric", height=HEIGHTS["metric"])


def _busy(run: Run) -> bool:
    if run.looking is not None:
        return run.arriving
    return run.going or run.stale or run.status.word in ("preparing", "waiting") or not run.views


def tick_seconds() -> float:
    """Seconds from one tick to the next, by how many runs are going on this server."""
    return max(TICK_SECONDS, session.runs().going / TICKS_PER_SECOND)


def _tick(busy: bool, seconds: float, past: bool) -> None:
    """`busy`, `past`: whether something was moving, and the past was looked at, when the page was drawn."""
    run = session.run()
    _ask_for_views(run)
    session.runs().watch(run)
    wait_for_moment(run)
    shown = run.shown
    coach.look(run)
    first_steps.look(run)
    panel.look(run)
    if past != (run.looking is not None) or (_busy(run) and not busy):
        st.session_state["settled"] = True
    if busy and not (_busy(run) and 0.6 < tick_seconds() / seconds < 1.7):
        # Buttons and timer belong to the page: let it draw itself again.
        st.session_state["settled"] = True
    if not is_described(shown):
        st.session_state["settled"] = True
    timeline("timeline")
    st.markdown(f"**{state_in_words(run)}** {batch_in_words(shown)} {' '.join(run.notes[-1:])}")
    parts = {name: figure_bytes(figure, HEIGHTS[name]) for name, figure in curve_figures(shown).items()}
    parts |= result_parts(shown)
    parts |= {
        "numbers": number_bytes(numbers(shown)),
        "network": network_bytes(shown, dark=is_dark()),
        "timeline": timeline_bytes(run),
    }
    parts |= one_sample.parts(shown) | inside.parts(shown) | panel.parts(shown)
    feed(parts, key="feed")
    if st.session_state.pop("settled", False):
        st.rerun()


# ---- what the page asks of the run


def _ask_for_views(run: Run) -> None:
    wanted = [*views_wanted(run.shown), *one_sample.views_wanted(run.shown)]
    if run.shown.set_by_hand:
        # The row of that epoch is of other weights.
        wanted.append("evaluation")
    if run.looking is not None:
        # What follows is asked of the present.
        wanted += inside.views_wanted(run.shown)
        run.want(tuple(dict.fromkeys(wanted)))
        return
    if _known(run) is None:
        found = {name: run.views[name] for name in ("baseline", "evaluation") if name in run.views}
        if len(found) == 2:
            st.session_state[session.BASELINES] = (run.id, run.generation, found)
        else:
            wanted += ["baseline", "evaluation"]
    wanted += coach.views_due(run)
    wanted += inside.views_wanted(run)
    run.want(tuple(dict.fromkeys(wanted)))


def _known(shown: Run | Moment) -> dict[str, Any] | None:
    """Baseline and first evaluation of this run, once they are there."""
    id, generation, found = st.session_state.get(session.BASELINES, ("", 0, None))
    return found if (id, generation) == (shown.id, shown.generation) else None


# ---- numbers


def numbers(shown: Run | Moment) -> dict[str, str]:
    """The row of numbers over the pictures: labels and values, of the epoch that is shown."""
    run, last = session.run(), shown.history.row(shown.epoch)
    if not last and (known := _known(shown)):
        last = known["evaluation"]
    if shown.set_by_hand and not shown.going:
        last = shown.views.get("evaluation", last)
    metric = catalog.METRICS[shown.experiment.task][0]
    label = catalog.METRIC_ENTRIES[metric].label
    batch = shown.state.batch if shown.state else 0
    return {
        **({"Epoch + batches": f"{shown.epoch:,} + {batch}"} if batch else {"Epoch": f"{shown.epoch:,}"}),
        "Epochs/s": f"{shown.speed:,.0f}" if shown.speed and not run.batch_limit else "–",
        "Training loss": _number(last.get("loss")),
        "Test loss": _number(last.get("val_loss")),
        f"Training {in_sentence(label)}": _number(last.get(metric)),
        f"Test {in_sentence(label)}": _number(last.get(f"val_{metric}")),
    }


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}" if abs(value) < 1000 else f"{value:.3g}"


# ---- figures


def curve_figures(shown: Run | Moment, *, dark: bool | None = None) -> dict[str, Spec]:
    """Loss and the task's first metric against the epoch, each with its "learned nothing" line.

    `dark`: for which theme; None is the person's.
    """
    experiment = shown.experiment
    metric = catalog.METRICS[experiment.task][0]
    entry = catalog.METRIC_ENTRIES[metric]
    names = ("loss", "val_loss", metric, f"val_{metric}")
    epochs, values = (
        shown.history.curve(names, CURVE_POINTS)
        if len(shown.history)
        else (np.zeros(0, np.float32), np.zeros((0, 4), np.float32))
    )
    nothing = (_known(shown) or {}).get("baseline", {})
    dark, revision = is_dark() if dark is None else dark, f"{shown.id}-{shown.generation}"
    run = session.run()
    changes = changes_in_words(run)
    cursor = shown.epoch if isinstance(shown, Moment) else None
    return {
        "loss": loss_curves(
            epochs, values[:, 0], values[:, 1],
            label=in_sentence(catalog.LOSSES[experiment.loss].label), nothing=nothing.get("loss"),
            log=st.session_state[session.LOG_LOSS], changes=changes, cursor=cursor,
            others=_others(run, "loss"), dark=dark, revision=revision,
        ),
        "metric": metric_curves(
            epochs, values[:, 2], values[:, 3],
            label=in_sentence(entry.label), limits=(-1.0, 1.0) if metric == "r2" else (0.0, 1.0),
            nothing=nothing.get(metric), changes=changes, cursor=cursor, others=_others(run, metric),
            dark=dark, revision=revision,
        ),
    }  # fmt: skip


def _others(run: Run, name: str) -> list[Other]:
    """The kept curves of a measure, where it is the same one."""
    loss = run.experiment.loss
    return [
        Other(
            branch_label(branch, run.experiment),
            branch.rows.column("epoch"),
            branch.rows.column(name),
            branch.rows.column(f"val_{name}"),
        )
        for branch in run.branches
        if name in branch.rows.names and (name != "loss" or branch.experiment.loss == loss)
    ]
