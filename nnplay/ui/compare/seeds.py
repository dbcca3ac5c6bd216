"""One experiment over many seeds: bands of its curves, where its boundaries agree, how often it succeeds."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.boundary import boundary
from nnplay.figures.compared import Band, Line, color_of, curves_1d, overlay, spread
from nnplay.jobs.compared import first_met, interval, meets, quartiles, shares
from nnplay.jobs.repeat import Outcome, Repeat
from nnplay.laboratories.compare import GOALS
from nnplay.ui import laboratory, server, session, visit
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.compare import base, curves
from nnplay.ui.compare.kept import number
from nnplay.ui.compare.pictures import kind_of
from nnplay.ui.download import download
from nnplay.ui.feed import feed, sentence_bytes, sentences_place
from nnplay.ui.live_table import Rows, table_bytes, table_place
from nnplay.ui.page import is_dark
from nnplay.ui.timer import IDLE_SECONDS, on_timer
from nnplay.ui.wording import in_sentence

TICK_SECONDS = 0.25
MAP_HEIGHT = 340
# Colours of the test and the training curve.
TEST, TRAINING = 0, 3

SPREAD = (
    "The standard deviation of the networks' outputs there: the darker, the less one run says. "
    "Dots: the samples of the first seed."
)


def seeds() -> None:
    """The experiment, how often and what counts as a success, and below what comes of it."""
    st.markdown(
        "The same experiment again and again, each time with another seed: other data, initial weights and "
        "order of the samples. What then stays the same is no luck."
    )
    shared = base.chooser()
    repeat = _repeat(shared)
    repeat.tick()
    _settings(shared)
    _buttons(repeat)
    st.session_state[session.REPEATED_SENT] = None
    busy = repeat.playing
    # One message for all that moves, which finds its places below.
    on_timer(_tick, TICK_SECONDS if busy else IDLE_SECONDS, repeat, busy)
    _places(shared)
    if repeat.outcomes and not busy:
        download("over-seeds.csv", lambda: _columns(repeat))


def _repeat(shared: Experiment) -> Repeat:
    """The repetitions of this experiment; fewer or more seeds keep those that are done."""
    state, count = st.session_state, laboratory.current().seeds
    found: Repeat | None = state.get(session.REPEATED)
    if found is None or found.experiment != shared:
        if found:
            found.stop()
        found = state[session.REPEATED] = Repeat(server.runs(), shared, count)
    found.count = count
    visit.hold(session.REPEATED, found.held)
    return found


def chosen_goal(shared: Experiment) -> str:
    """The measure that the person holds against the target, or the task's first metric."""
    measured, wanted = curves.measured(shared), laboratory.current().goal
    return wanted if wanted in measured else measured[1]


def _settings(shared: Experiment) -> None:
    lab, options = laboratory.current(), {name: GOALS[name] for name in curves.measured(shared)}
    goal = chosen_goal(shared)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        laboratory.slider("seeds", 2, 50, 1, width=220)
        st.selectbox(
            "Success by", list(options), list(options).index(goal), width=180,
            format_func=lambda name: options.get(name, name), help="What is held against the target.",
            **laboratory.taken("goal", goal, slot=f"goal_{'_'.join(options)}"),
        )  # fmt: skip
        at_least = meets(1.0, 0.5, goal)
        st.number_input(
            "at least" if at_least else "at most", value=lab.target, step=0.01, format="%.4g", width=140,
            help="A run that ends there or better is a success.", **laboratory.taken("target", lab.target),
        )  # fmt: skip


def _buttons(repeat: Repeat) -> None:
    missing = repeat.count - len(repeat.done)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if repeat.playing:
            st.button(
                "Stop", icon=":material/stop:", shortcut="Space", on_click=repeat.stop, key="seeds_stop",
                help="Keeps what is done; what is under way is given up.",
            )  # fmt: skip
        else:
            more = "the missing" if repeat.outcomes and missing else ""
            st.button(
                f"Train {more or repeat.count} {f'{missing} ' if more else ''}seeds",
                icon=":material/play_arrow:", type="primary", shortcut="Space", on_click=repeat.play,
                disabled=not missing, key="seeds_play", help="Trains the network anew with every seed.",
            )  # fmt: skip
        st.button(
            "Reset", icon=":material/replay:", shortcut="0", on_click=_forget, key="seeds_reset",
            disabled=not (repeat.outcomes or repeat.playing), help="Forgets what was trained here.",
        )  # fmt: skip


def _forget() -> None:
    found = st.session_state.pop(session.REPEATED, None)
    if found:
        found.stop()


def _places(shared: Experiment) -> None:
    sentences_place("seeds_words")
    curves.choices([shared])
    wide, narrow = (
        st.columns([3, 2], gap="medium") if kind_of(shared) != "samples" else (st.container(), None)
    )
    with wide:
        chart_place("seeds_curves", height=MAP_HEIGHT)
        st.caption("Line: the median over the seeds; band: the middle half of them.")
    if narrow:
        with narrow:
            chart_place("seeds_map", height=MAP_HEIGHT)
            st.caption(
                "Line: the median of the outputs; band: the middle half."
                if kind_of(shared) == "curve"
                else SPREAD
                if shared.task == "regression"
                else "How many of the networks say which class there; the paler, the less they agree."
                if shared.task == "multiclass"
                else "The share of the networks that say orange there; white: they are split. "
                "Points: those of the first seed."
            )
    else:
        st.caption("There is no map: these data have too many inputs to be drawn on a plane.")
    table_place("seeds_table")


# ---- what moves


def _tick(repeat: Repeat, busy: bool) -> None:
    repeat.tick()
    visit.hold(session.REPEATED, repeat.held)
    if busy and not repeat.playing:
        # Buttons and timer belong to the page: let it draw itself again. What is sent before may not arrive.
        st.rerun()
    st.progress(repeat.progress, text=_state(repeat))
    state, parts = st.session_state, {}
    of = (is_dark(), len(repeat.done), repeat.count)
    if state.get(session.REPEATED_SENT) != of:
        state[session.REPEATED_SENT] = of
        parts = _parts(repeat)
    feed(parts, key="seeds_feed")


def _state(repeat: Repeat) -> str:
    done = f"{len(repeat.done)} of {repeat.count} seeds are done"
    if repeat.finished:
        return f"Finished: {done}."
    if not repeat.playing:
        return f"Stopped: {done}." if repeat.outcomes else "Ready."
    left = repeat.seconds_left
    if left is None:
        return f"{done}."
    minutes, seconds = divmod(round(left), 60)
    return f"{done}; about {f'{minutes} min {seconds} s' if minutes else f'{seconds} s'} left."


def _parts(repeat: Repeat) -> dict[str, bytes]:
    goal = chosen_goal(repeat.experiment)
    parts = {
        "seeds_words": sentence_bytes(_in_words(repeat, goal)),
        "seeds_curves": figure_bytes(_curves(repeat), MAP_HEIGHT),
        "seeds_table": table_bytes(*_table(repeat, goal)),
    }
    if kind_of(repeat.experiment) != "samples":
        parts["seeds_map"] = figure_bytes(_map(repeat), MAP_HEIGHT)
    return parts


def _in_words(repeat: Repeat, goal: str) -> list[str]:
    target = laboratory.current().target
    sign = "at least" if meets(1.0, 0.5, goal) else "at most"
    wanted = f"{in_sentence(GOALS[goal])} {sign} {target:g}"
    done = repeat.done
    if not done:
        return [f"A success is a run that ends with {wanted}.", "Every seed will be a row below."]
    finals = np.array([outcome.final[f"val_{goal}"] for outcome in done])
    count = sum(meets(value, target, goal) for value in finals.tolist())
    low, high = interval(count, len(done))
    told = [
        f"{count} of {len(done)} seeds end with {wanted}: a success rate of {count / len(done):.0%}.",
        f"{len(done)} seeds tell that the true rate lies between {low:.0%} and {high:.0%} (95 % confidence).",
    ]
    first, median, third = quartiles(finals[:, None], goal)[:, 0].tolist()
    told[0] += (
        f" Median {number(median)}, middle half {number(min(first, third))} to {number(max(first, third))}."
    )
    blown = sum(outcome.end in ("diverged", "failed") for outcome in done)
    if blown:
        told[0] += (
            f" {blown} came to no end: {next(o.message for o in done if o.end in ('diverged', 'failed'))}"
        )
    return [text.replace(" %", "%").replace("%", "\u00a0%") for text in told]


def _curves(repeat: Repeat) -> Spec:
    lab, experiment, done = laboratory.current(), repeat.experiment, repeat.done
    measure = curves.chosen_measure([experiment])
    lines, bands = [], []
    for samples, prefix, place in (("training", "", TRAINING), ("test", "val_", TEST)):
        if lab.samples not in (samples, "both"):
            continue
        label = f"{samples}, median"
        if not done:
            lines.append(Line(label, np.zeros(0, np.float32), np.zeros(0, np.float32), place))
            continue
        low, median, high = band(done, prefix + measure)
        lines.append(Line(label, repeat.epochs, median, place))
        bands.append(Band(repeat.epochs, low, high, place))
    goal = chosen_goal(experiment)
    return overlay(
        lines,
        title=curves.title_of(measure, [experiment]),
        bands=bands,
        log=lab.log and measure == "loss",
        limits={"accuracy": (0.0, 1.0), "r2": (-1.0, 1.0)}.get(measure),
        target=lab.target if goal == measure and lab.samples != "training" else None,
        epochs=experiment.epochs,
        dark=is_dark(),
        revision=f"seeds-{measure}-{lab.samples}-{lab.log}",
    )


def band(done: Sequence[Outcome], measure: str) -> np.ndarray:
    """Lower quartile, median and upper quartile over the seeds, (3, epochs)."""
    return quartiles(np.stack([outcome.values[measure] for outcome in done]), measure)


def _map(repeat: Repeat) -> Spec:
    experiment, dark = repeat.experiment, is_dark()
    split = experiment.load_data()
    answers = [outcome.answers for outcome in repeat.done if outcome.answers is not None]
    extent = np.array(experiment.dataset.extent, np.float32)
    x = repeat.grid if repeat.grid is not None else extent
    train = (split.positions_train, split.y_train)
    if kind_of(experiment) == "curve":
        if not answers:
            return curves_1d(x, [], train=train, dark=dark, revision="seeds-map")
        low, median, high = quartiles(np.stack(answers), "loss")
        spec = curves_1d(x, [("median", median, TEST)], train=train, dark=dark, revision="seeds-map")
        filled = overlay([], title="", bands=[Band(x, low, high, TEST)], dark=dark)["data"]
        return spec | {"data": [*filled, *spec["data"]]}
    if experiment.task == "regression":
        # One that diverged says nothing.
        finite = [answer for answer in answers if np.isfinite(answer).all()]
        told = np.std(finite, axis=0) if finite else np.zeros((2, 2), np.float32)
        reach = float(told.max()) or 1.0
        return spread(x, told, samples=train[0], reach=reach, dark=dark, revision="seeds-map")
    classes = max(2, split.classes)
    found = shares(answers, classes) if answers else np.full((classes, 2, 2), 1 / classes, np.float32)
    several = split.task == "multiclass"
    return boundary(
        x, x, found if several else found[1], task="multiclass" if several else "binary",
        train=train, names=split.target_names, limits=(0.0, 1.0), output="share that says orange",
        dark=dark, revision="seeds-map",
    )  # fmt: skip


def _table(repeat: Repeat, goal: str) -> tuple[list[str], Rows]:
    target = laboratory.current().target
    head = ["", "Epochs", "Training loss", "Test loss"]
    head += [GOALS[goal]] if goal != "loss" else []
    head += [f"Best {in_sentence(GOALS[goal])}", "First at the target", "Success"]
    rows = []
    for outcome in repeat.done:
        cells = [f"{outcome.epoch:,}", number(outcome.final["loss"]), number(outcome.final["val_loss"])]
        cells += [number(outcome.final[f"val_{goal}"])] if goal != "loss" else []
        value, epoch = outcome.best[f"val_{goal}"]
        first = first_met(outcome.values[f"val_{goal}"], repeat.epochs, target, goal)
        ended = outcome.end in ("finished", "stopped")
        success = (
            "yes" if meets(outcome.final[f"val_{goal}"], target, goal) else "no" if ended else outcome.end
        )
        cells += [
            f"{number(value)} at {epoch:,}" if epoch else "–",
            "never" if first is None else f"{first:,}",
        ]
        good = color_of(TEST if success == "yes" else TRAINING, dark=is_dark())
        rows.append(((f"Seed {outcome.seed}", good), [*cells, success]))
    return head, rows


def _columns(repeat: Repeat) -> dict[str, np.ndarray]:
    """One row for every seed and measured epoch."""
    done, count = repeat.done, len(repeat.epochs)
    return {
        "seed": np.repeat([outcome.seed for outcome in done], count),
        "epoch": np.tile(repeat.epochs, len(done)),
        **{name: np.concatenate([outcome.values[name] for outcome in done]) for name in repeat.measures},
    }
