"""What moves while a network learns: numbers, the network, the result, the curves."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from nnplay import catalog
from nnplay.figures import Spec
from nnplay.figures.curves import Other, loss_curves, metric_curves
from nnplay.jobs import Moment, Run
from nnplay.numerals import times
from nnplay.ui import coach, first_steps, inside, one_sample, server, session, visit
from nnplay.ui.assignment import panel
from nnplay.ui.batch import batch_in_words, last_batch
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.feed import feed, number_bytes, numbers_place, words_place
from nnplay.ui.network.component import (
    describe_network,
    is_described,
    network_bytes,
    network_place,
)
from nnplay.ui.page import is_dark
from nnplay.ui.result.place import result, result_parts, views_wanted
from nnplay.ui.stream import Moving, stream
from nnplay.ui.timeline import timeline, timeline_bytes, wait_for_moment
from nnplay.ui.timer import IDLE_SECONDS, on_timer
from nnplay.ui.wording import branch_label, changes_in_words, in_sentence, state_in_words

# Of a page alone; of many, so seldom that all of them together leave the server most of its time.
TICK_SECONDS = 0.2
TICKS_PER_SECOND = 30
# A page that gets what moves through its stream has its script run only so often.
STREAMED_SECONDS = 5.0
CURVE_POINTS = 600
# Pixels.
HEIGHTS = {"loss": 190, "metric": 190}


def picture() -> None:
    """The network while it learns, with the numbers over it and what is said about it."""
    # A view just chosen is asked for now: at rest the next tick may be far away.
    _ask_for_views(visit.run())
    busy = _busy(visit.run())
    describe_network()
    seconds, past = _script_seconds(visit.run()), visit.run().looking is not None
    numbers_place("numbers")
    # One message for all that moves, which finds its places on the page.
    on_timer(_tick, seconds if busy else IDLE_SECONDS, busy, seconds, past)
    network_place("network")
    coach.coach()
    one_sample.panel()


def charts() -> None:
    """The result, and the curves of loss and metric."""
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
    return max(TICK_SECONDS, server.runs().going / TICKS_PER_SECOND)


def _streams(run: Run) -> bool:
    """Whether what moves comes through the stream: not of the past, which moves when somebody asks."""
    return bool(stream().connected) and run.looking is None


def _script_seconds(run: Run) -> float:
    """Seconds from one run of the tick's script to the next."""
    streams = stream().expected and run.looking is None
    return max(STREAMED_SECONDS, tick_seconds()) if streams else tick_seconds()


def _tick(busy: bool, seconds: float, past: bool) -> None:
    """`busy`, `past`: whether something was moving, and the past was looked at, when the page was drawn."""
    run = visit.run()
    _ask_for_views(run)
    wait_for_moment(run)
    _look(run, busy, seconds, past)
    first_steps.look(run)
    panel.look(run)
    timeline("timeline")
    words = _words(run)
    st.markdown(words)
    if batches := last_batch(run.shown) is not None:
        words_place("batch")
    moving = _busy(run) and run.looking is None
    stream().offer(partial(_move, busy, seconds, past, words, batches) if moving else None, tick_seconds())
    # While the stream brings them, they are not made twice.
    parts = {} if moving and _streams(run) else _parts(run)
    found = stream()
    feed(parts, key="feed", stream=found.name, turn=found.turn, on_again=found.give_up)
    if session.memory().pop(session.SETTLED, False):
        st.rerun()


def _move(busy: bool, seconds: float, past: bool, words: str, batches: bool) -> Moving:
    """For the stream: what a tick would bring, and whether there is something for the script to do.

    `words`: what the page says that the run is doing; `batches`: whether it tells of the last batch.
    """
    run = server.runs().get(st.session_state[session.RUN])
    if run is None:
        return {}, True
    _ask_for_views(run)
    _look(run, busy, seconds, past)
    news = first_steps.due(run) or panel.due(run) or _words(run) != words
    # As soon as single batches are told of, or not any more, there is to be a place for it.
    news = news or (last_batch(run.shown) is not None) != batches
    return _parts(run), news or bool(session.memory().get(session.SETTLED))


def _look(run: Run, busy: bool, seconds: float, past: bool) -> None:
    """Keep the run going, have the coach look at it, and see whether the page has to be drawn again.

    Nothing but `session.memory` is written: the stream calls it, too.
    """
    server.runs().watch(run)
    coach.look(run)
    if past != (run.looking is not None) or (_busy(run) and not busy):
        session.memory()[session.SETTLED] = True
    if busy and not (_busy(run) and 0.6 < _script_seconds(run) / seconds < 1.7):
        # Buttons and timer belong to the page: let it draw itself again.
        session.memory()[session.SETTLED] = True
    if not is_described(run.shown):
        session.memory()[session.SETTLED] = True


def _words(run: Run) -> str:
    """What the run is doing."""
    return f"**{state_in_words(run)}** {' '.join(run.notes[-1:])}"


def _parts(run: Run) -> dict[str, bytes]:
    """All that moves, for the feed."""
    shown = run.shown
    parts = {name: figure_bytes(figure, HEIGHTS[name]) for name, figure in curve_figures(shown).items()}
    parts |= result_parts(shown)
    parts |= {
        "numbers": number_bytes(numbers(shown)),
        "network": network_bytes(shown, dark=is_dark()),
        "timeline": timeline_bytes(run),
    }
    if said := batch_in_words(shown):
        parts["batch"] = said.encode()
    return parts | one_sample.parts(shown) | inside.parts(shown) | panel.parts(shown)


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
            session.memory()[session.BASELINES] = (run.id, run.generation, found)
        else:
            wanted += ["baseline", "evaluation"]
    wanted += coach.views_due(run)
    wanted += inside.views_wanted(run)
    run.want(tuple(dict.fromkeys(wanted)))


def _known(shown: Run | Moment) -> dict[str, Any] | None:
    """Baseline and first evaluation of this run, once they are there."""
    id, generation, found = session.memory().get(session.BASELINES, ("", 0, None))
    return found if (id, generation) == (shown.id, shown.generation) else None


# ---- numbers


def numbers(shown: Run | Moment) -> dict[str, str]:
    """The row of numbers over the pictures: labels and values, of the epoch that is shown."""
    run, last = visit.run(), shown.history.row(shown.epoch)
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
    if value is None:
        return "–"
    if 0 < abs(value) < 0.001:
        return times(value)
    return f"{value:.4f}" if abs(value) < 1000 else f"{value:.3g}"


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
    run = visit.run()
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
