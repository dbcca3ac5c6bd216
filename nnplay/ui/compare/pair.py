"""A against B: two networks that differ in one setting, trained in step, side by side."""

from typing import Any

import numpy as np
import streamlit as st

from nnplay import catalog
from nnplay.experiment import SETTINGS, Experiment, ExperimentError
from nnplay.experiment.fields import CHOICES
from nnplay.experiment.links import write_value
from nnplay.figures.compared import color_of
from nnplay.jobs import Run
from nnplay.jobs.compared import same_data, same_weights, weights_of
from nnplay.jobs.kept import views_of
from nnplay.jobs.race import Level, Race
from nnplay.laboratories.compare import COMPARED, SPEEDS, another, with_value
from nnplay.ui import laboratory, server, session, visit
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.compare import base, curves
from nnplay.ui.compare.kept import number, plain, setting_in_words
from nnplay.ui.compare.pictures import (
    comparable,
    difference_figure,
    difference_in_words,
    kind_of,
    picture,
    views_for,
    without_legend,
)
from nnplay.ui.feed import feed, sentence_bytes, sentences_place, words_place
from nnplay.ui.live import tick_seconds
from nnplay.ui.live_table import Rows, table_bytes, table_place
from nnplay.ui.page import is_dark
from nnplay.ui.timer import IDLE_SECONDS, on_timer
from nnplay.ui.wording import in_sentence, state_in_words

NAMES = ("A", "B")
PICTURE_HEIGHT = 320
SPEED_WORDS = {"max": "as fast as it goes"}


def pair() -> None:
    """The experiment, what differs, the buttons, and below what moves."""
    st.markdown(
        "The same data, the same initial weights, one setting different: two networks are trained in step. "
        "What you see of both is always of the same epoch."
    )
    shared = base.chooser()
    try:
        experiments = _settings(shared)
    except ExperimentError as error:
        for sentence in error.problems.values():
            st.error(sentence, icon=":material/error:")
        return
    race = _race(experiments)
    race.rate = SPEEDS[laboratory.current().speed]
    race.tick()
    _buttons(race)
    busy = race.unsettled
    st.session_state[session.PAIR_SENT] = None
    # One message for all that moves, which finds its places below.
    on_timer(_tick, tick_seconds() if busy else IDLE_SECONDS, race, experiments, busy)
    _places(experiments)


# ---- what differs


def _settings(shared: Experiment) -> dict[str, Experiment]:
    """The widgets, and A and B. Raises `ExperimentError` naming which of them cannot be, and why."""
    lab = laboratory.current()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.selectbox(
            "What differs", list(COMPARED), list(COMPARED).index(lab.differ), width=220,
            format_func=lambda name: COMPARED.get(name, name), help="The one setting that differs.",
            **session.shows(
                "CompareLab_differ", lab.differ, lambda name: laboratory.change(differ=name, a="", b="")
            ),
        )  # fmt: skip
        texts = {
            "a": lab.a or write_value(getattr(shared, lab.differ)),
            "b": lab.b or another(shared, lab.differ),
        }
        for name, text in texts.items():
            _value(name, text, shared)
        laboratory.segments(
            "speed", {name: SPEED_WORDS.get(name, f"{name}/s") for name in SPEEDS},
            help="Epochs per second, at the most.",
        )  # fmt: skip
    found: dict[str, Experiment] = {}
    problems: dict[str, str] = {}
    for name, text in zip(NAMES, texts.values(), strict=True):
        try:
            found[name] = with_value(shared, lab.differ, text)
        except ExperimentError as error:
            problems |= {f"{name}{place}": f"{name}: {told}" for place, told in error.problems.items()}
    if problems:
        raise ExperimentError(problems)
    return found


def _value(name: str, text: str, shared: Experiment) -> None:
    """The widget for one of the two values."""
    setting = SETTINGS[laboratory.current().differ]
    label, slot = name.upper(), f"{name}_{setting.name}"
    if setting.whole is None and not setting.choices:
        options = {"0": "off", "1": "on"}
    elif setting.choices and setting.name != "features":
        # What a link or a visitor's own data hold need not be in the list.
        names = dict.fromkeys([*setting.choices, write_value(getattr(shared, setting.name)), text])
        options = {each: _label(setting.name, each, shared) for each in names}
    else:
        st.text_input(
            label, text, max_chars=1000, width=160, help=f"Allowed: {setting.allowed}.",
            **laboratory.taken(name, text, lambda given: str(given).strip(), slot=slot),
        )  # fmt: skip
        return
    st.selectbox(
        label, list(options), list(options).index(text) if text in options else 0, width=200,
        format_func=lambda each: options.get(each, each), help=setting.help,
        **laboratory.taken(name, text, slot=slot),
    )  # fmt: skip


def _label(setting: str, name: str, shared: Experiment) -> str:
    if name == getattr(shared, setting):
        return setting_in_words(shared, setting)
    entry = CHOICES[setting].get(name) if setting in CHOICES else None
    return str(getattr(entry, "label", name))


# ---- the two runs


def _race(experiments: dict[str, Experiment]) -> Race:
    """The race of A and B; the one before is given up when they have changed."""
    state, key = st.session_state, tuple(experiments.values())
    before, found = state.get(session.PAIR_RACE, (None, None))
    if found is None or before != key or not _alive(found):
        _give_up()
        views = dict.fromkeys(view for each in key for view in views_of(each))
        found = Race(
            server.runs(), NAMES, lambda name, seed: experiments[name], seed=key[0].seed, target=0.0,
            views=tuple(views), in_step=True,
        )  # fmt: skip
        state[session.PAIR_RACE] = key, found
    visit.hold(session.PAIR_RACE, found.racers.values())
    return found


def _alive(race: Race) -> bool:
    return all(server.runs().get(run.id) is run for run in race.racers.values())


def _give_up() -> None:
    _, found = st.session_state.pop(session.PAIR_RACE, (None, None))
    if found:
        found.free()


def _buttons(race: Race) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if race.playing:
            st.button(
                "Pause", icon=":material/pause:", shortcut="Space", on_click=race.pause, key="pair_pause",
                help="Both stop at the same epoch; Play goes on from there.",
            )  # fmt: skip
        else:
            st.button(
                "Play", icon=":material/play_arrow:", type="primary", shortcut="Space", on_click=race.play,
                disabled=race.finished, key="pair_play", help="Trains both, in step.",
            )  # fmt: skip
        st.button(
            "Reset", icon=":material/replay:", shortcut="0", on_click=_give_up, key="pair_reset",
            help="Both back to their initial weights.",
        )  # fmt: skip


def _start_in_words(race: Race, experiments: dict[str, Experiment]) -> str:
    """Whether data and initial weights are the same, as found by comparing them number by number."""
    known, text = st.session_state.get(session.PAIR_SAID, (None, ""))
    starts = [_first_weights(run) for run in race.racers.values()]
    if known is not race and all(start is not None for start in starts):
        text = _compared_in_words(list(experiments.values()), [start or [] for start in starts])
        st.session_state[session.PAIR_SAID] = race, text
        return text
    return text if known is race else ""


def _compared_in_words(experiments: list[Experiment], starts: list[list[np.ndarray]]) -> str:
    (first, second), (one, other) = experiments, starts
    if first == second:
        return "A and B are the same experiment: they will do the same, to the last digit."
    data = (
        "Both see the very same samples"
        if same_data(first, second)
        else f"They do not see the same samples, for {_differs()} is what differs"
    )
    same = same_weights(one, other)
    if same:
        count = sum(array.size for array in one)
        return f"{data}, and start from the very same {count:,} weights and biases."
    if same is None:
        alike = sum(a.shape == b.shape and np.array_equal(a, b) for a, b in zip(one, other, strict=False))
        more = f" ({alike} of {len(one)} arrays are the same)" if alike else ""
        return (
            f"{data}. Their initial weights cannot be the same, since the networks have other shapes{more}; "
            "both are drawn with the same seed."
        )
    return f"{data}. They do not start from the same weights: {_differs()} decides how these are drawn."


def _differs() -> str:
    return f"the setting {in_sentence(COMPARED[laboratory.current().differ])}"


def _first_weights(run: Run) -> list[np.ndarray] | None:
    state = run.snapshots.at_or_before(0)
    return weights_of(run.experiment, state) if state else None


# ---- what moves


def _places(experiments: dict[str, Experiment]) -> None:
    """Where the parts are shown."""
    planes = kind_of(experiments["A"]) != "samples" and kind_of(experiments["B"]) != "samples"
    sentences_place("pair_state")
    table_place("pair_table")
    for place, column in enumerate(st.columns(3 if planes else 2, gap="medium")):
        with column:
            name = NAMES[place] if place < 2 else ""
            if name:
                value = setting_in_words(experiments[name], laboratory.current().differ)
                st.markdown(
                    f"**{name}**: {in_sentence(COMPARED[laboratory.current().differ])} {plain(value)}"
                )
            else:
                st.markdown(f"**{_difference_title(experiments['A'])}**")
            chart_place(f"pair_{name or 'difference'}", height=PICTURE_HEIGHT)
    words_place("pair_difference_words")
    curves.choices([*experiments.values()])
    chart_place("pair_curves", height=curves.HEIGHT)
    if curves.several_losses([*experiments.values()]):
        st.caption("A and B have different losses, whose values cannot be compared: choose a metric.")


def _difference_title(experiment: Experiment) -> str:
    if kind_of(experiment) == "curve":
        return "Both"
    return "Where they name different classes" if experiment.task == "multiclass" else "B − A"


def _tick(race: Race, experiments: dict[str, Experiment], busy: bool) -> None:
    race.tick()
    if busy and not race.unsettled:
        # Buttons and timer belong to the page: let it draw itself again. What is sent before may not arrive.
        st.rerun()
    told = [_state(race), _start_in_words(race, experiments)]
    state, parts = st.session_state, {"pair_state": sentence_bytes(told)}
    of = (is_dark(), *((level.id, level.epoch, id(level.views)) for level in race.levels.values()))
    if race.levels and state.get(session.PAIR_SENT) != of:
        state[session.PAIR_SENT] = of
        parts |= _parts(race, experiments)
    feed(parts, key="pair_feed")


def _state(race: Race) -> str:
    if race.finished:
        told = {name: state_in_words(run) for name, run in race.racers.items()}
        if len({*told.values()}) == 1:
            return told["A"]
        return " ".join(f"{name}: {text}" for name, text in told.items())
    if len(race.levels) < 2:
        return "The networks are being built."
    ended = [f" {name} has ended: {state_in_words(run)}" for name, run in race.racers.items() if run.over]
    epoch = max(level.epoch for level in race.levels.values())
    word = "Learning" if race.playing else "Paused" if epoch else "Ready. Press Play"
    return f"{word}{f', at epoch {epoch:,}' if epoch else ''}.{''.join(ended)}"


def _parts(race: Race, experiments: dict[str, Experiment]) -> dict[str, bytes]:
    dark, levels = is_dark(), race.levels
    one, other = levels["A"], levels["B"]
    parts = {"pair_table": table_bytes(*_table(race))}
    both = [name for name in views_for(one.origin) if name in views_for(other.origin)]
    for name, level in levels.items():
        views = views_for(level.origin)
        view = views[both[0]] if both else next(iter(views.values()))
        parts[f"pair_{name}"] = figure_bytes(picture(level, view, dark=dark), PICTURE_HEIGHT)
    told = ""
    if comparable(one, other):
        told = difference_in_words(one, other)
        if figure := difference_figure(one, other, NAMES, (0, 1), dark=dark):
            if kind_of(one.origin) == "boundary":
                figure = without_legend(figure)
            parts["pair_difference"] = figure_bytes(figure, PICTURE_HEIGHT)
    parts["pair_difference_words"] = told.encode()
    drawn = [
        _curves(name, level, race.racers[name], place) for place, (name, level) in enumerate(levels.items())
    ]
    parts["pair_curves"] = figure_bytes(curves.figure(drawn, revision=f"pair-{one.id}"), curves.HEIGHT)
    return parts


def _curves(name: str, level: Level, run: Run, place: int) -> curves.Curves:
    """The curves up to the epoch at which both stand."""
    measures = [each for each in run.history.names if each in _measures(run)]
    epochs, values = run.history.curve(measures, 600) if measures else (np.zeros(0), np.zeros((0, 0)))
    there = epochs <= level.epoch
    table = {each: values[there, k] for k, each in enumerate(measures)}
    none = np.zeros(0, np.float32)
    return curves.Curves(name, level.origin, epochs[there], lambda each: table.get(each, none), place)


def _measures(run: Run) -> tuple[str, ...]:
    return tuple(prefix + name for name in curves.measured(run.origin) for prefix in ("", "val_"))


def _table(race: Race) -> tuple[list[str], Rows]:
    metrics = {catalog.METRICS[level.origin.task][0] for level in race.levels.values()}
    names = ["loss", "val_loss"]
    head = ["", "Epoch", "Training loss", "Test loss"]
    if len(metrics) == 1:
        metric = metrics.pop()
        label = in_sentence(catalog.METRIC_ENTRIES[metric].label)
        names += [metric, f"val_{metric}"]
        head += [f"Training {label}", f"Test {label}"]
    rows = []
    for place, (name, level) in enumerate(race.levels.items()):
        row: dict[str, Any] = race.racers[name].history.row(level.epoch)
        cells = [f"{level.epoch:,}", *(number(row[each]) if each in row else "–" for each in names)]
        rows.append(((name, color_of(place, dark=is_dark())), cells))
    return head, rows
