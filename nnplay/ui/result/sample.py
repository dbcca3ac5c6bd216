"""Predict a new sample: its values typed or a place clicked, and what every layer makes of it, live.

Closed, the panel costs nothing: its view is asked of the worker, and drawn, only while it is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from nnplay.data import FEATURES
from nnplay.data.sample import BadSample, check_sample, outside, ranges, write_sample
from nnplay.experiment import Experiment
from nnplay.figures.layer_outputs import MOST_WRITTEN, layer_strips
from nnplay.ui import session, visit
from nnplay.ui.chart.component import chart_place, figure_bytes
from nnplay.ui.feed import words_place
from nnplay.ui.result.answers import DIVERGED, classes_of, confidence_of, in_percent
from nnplay.ui.result.view import revision

# Pixels of the picture of the layers: around it, for each of them, and at the most.
AROUND, EACH, MOST = 60, 44, 460
# Pixel tables are edited up to this many columns.
WIDEST = 8


@dataclass(frozen=True, eq=False)
class Asked:
    """The sample that somebody asks about.

    `of`: the data it belongs to. `row`: the test sample it began as, from 0; None for a place in a plane, and
    for what somebody has drawn.
    `position`: (inputs,), or (steps, inputs). `base`: what the table of values began with, `tables` counts
    them. `problem`: why the last wish was refused.
    """

    of: tuple[Any, ...]
    row: int | None
    position: np.ndarray
    base: np.ndarray
    tables: int = 0
    problem: str = ""


def panel(shown: Any) -> None:
    """The panel under the result: closed by default."""
    opened = st.expander(
        "Predict a new sample", key=session.SAMPLE_OPEN, on_change="rerun", icon=":material/ads_click:"
    )
    if not opened.open:
        return
    asked, dataset = asked_of(shown.origin), shown.origin.dataset
    with opened:
        if dataset.extent is not None:
            st.caption("Type a position, or click into the picture above.")
            _numbers(shown.origin, asked)
        else:
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                choose_row(shown.origin, "sample_row")
            if dataset.picture:
                _pixels(shown.origin, asked)
            elif not dataset.sequence:
                _table(shown.origin, asked)
        if asked.problem:
            st.error(asked.problem, icon=":material/error:")
        words_place("sample_words")
        chart_place("sample", height=_height(shown.origin))


def is_open() -> bool:
    return bool(st.session_state.get(session.SAMPLE_OPEN))


def asked_of(experiment: Experiment) -> Asked:
    """What is asked about this data: to begin with the middle of the plane, or the first test sample."""
    split = experiment.load_data()
    of = (experiment.data, split.positions_test.shape[1:])
    found = st.session_state.get(session.SAMPLE)
    if isinstance(found, Asked) and found.of == of:
        return found
    if experiment.dataset.extent is not None:
        middle = np.full(of[1], sum(experiment.dataset.extent) / 2, np.float32)
        return Asked(of, None, middle, middle)
    first = split.positions_test[0]
    return Asked(of, 0, first, first)


def views_wanted(shown: Any) -> tuple[str, ...]:
    """The engine's view of the sample, while the panel is open."""
    return (_view(shown.origin),) if is_open() else ()


def answer_to(shown: Any) -> tuple[np.ndarray | None, dict[str, Any]]:
    """The position asked about and what the engine found; None and {} while the panel is closed."""
    if not is_open():
        return None, {}
    return asked_of(shown.origin).position, shown.views.get(_view(shown.origin)) or {}


def sample_parts(shown: Any, *, dark: bool) -> dict[str, bytes]:
    """For the feed: the layers' outputs, and the answer in words; nothing while they are not known."""
    _, answer = answer_to(shown)
    if not answer:
        return {}
    spec = _strips(shown, answer, dark=dark)
    words = answer_in_words(shown.origin, asked_of(shown.origin), answer["layers"][-1])
    return {"sample": figure_bytes(spec, _height(shown.origin)), "sample_words": words.encode()}


def picked(message: Any) -> None:
    """Ask about the place that was clicked, and open the panel. `message` comes from the browser."""
    experiment = visit.run().origin
    if experiment.dataset.extent is None or not isinstance(message, Mapping):
        return
    st.session_state[session.SAMPLE_OPEN] = True
    values = [message.get(axis) for axis in ("x", "y")][: len(experiment.dataset.inputs)]
    rounded = [round(value, 2) if isinstance(value, float) else value for value in values]
    _ask(experiment, asked_of(experiment), rounded)


def answer_in_words(experiment: Experiment, asked: Asked, output: np.ndarray) -> str:
    """The network's answer for the sample, whether it is right where that is known, and a warning."""
    split = experiment.load_data()
    if not np.isfinite(output).all():
        return DIVERGED
    known = asked.row is not None and asked.row < len(split.y_test)
    known = known and np.array_equal(asked.position, split.positions_test[asked.row])
    if experiment.task == "regression":
        told = f"The network predicts {output[0]:.3f}."
        truth = f" The target is {split.y_test[asked.row]:.3f}." if known else ""
    else:
        said = int(classes_of(output[None], experiment)[0])
        sure = in_percent(float(confidence_of(output[None], experiment)[0]), experiment)
        how = sure if "%" in sure else f"output {output.max() if output.size > 1 else output[0]:.2f}"
        told = f"The network says: class {split.target_names[said]}, {how}."
        truth = ""
        if known:
            actual = int(split.y_test[asked.row])
            truth = " That is right." if actual == said else f" It is {split.target_names[actual]}."
    far = [] if len(asked.position.shape) > 1 else outside(split, _names(experiment), asked.position)
    if far:
        told_far = ", ".join(far[:3]) + (" and more" if len(far) > 3 else "")
        truth += f" Outside the data ({told_far}): it has to extrapolate."
    return (told + truth).replace("-", "−")


# ---- what a person does


def _ask(experiment: Experiment, asked: Asked, values: list[Any]) -> None:
    """Ask about these values, or say why not."""
    try:
        position = check_sample(experiment.load_data(), _names(experiment), values)
    except BadSample as error:
        st.session_state[session.SAMPLE] = replace(asked, problem=str(error))
        return
    st.session_state[session.SAMPLE] = replace(asked, position=position, problem="")


def ask_about(experiment: Experiment, position: np.ndarray) -> None:
    """Ask about this position (inputs,), of no test sample."""
    asked = asked_of(experiment)
    st.session_state[session.SAMPLE] = Asked(asked.of, None, position, position, asked.tables + 1)


def ask_for_row(experiment: Experiment, asked: Asked, number: Any) -> None:
    """Ask about a test sample, counted from 1."""
    samples = experiment.load_data().positions_test
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(samples):
        given = "nothing" if number is None else str(number)[:40]
        problem = f"There is no test sample number {given}: they go from 1 to {len(samples):,}."
        st.session_state[session.SAMPLE] = replace(asked, problem=problem)
        return
    chosen = samples[number - 1]
    st.session_state[session.SAMPLE] = Asked(asked.of, number - 1, chosen, chosen, asked.tables + 1)


def edited(base: np.ndarray, edits: Mapping[Any, Mapping[str, Any]], columns: int) -> list[Any]:
    """The values (inputs,) of a table of `columns` columns after what a person has typed into it.

    `edits`: {row: {column: value}}, columns named from 1, as the table sends them.
    """
    values: list[Any] = base.tolist()
    for row, cells in edits.items():
        for column, value in cells.items():
            place = int(row) * columns + int(column) - 1
            if 0 <= place < len(values):
                values[place] = value
    return values


# ---- the inputs


def _numbers(experiment: Experiment, asked: Asked) -> None:
    values = [round(value, 2) for value in asked.position.tolist()]

    def take(place: int, value: float) -> None:
        # Of two that were typed before the page was drawn again, the first is in there by now.
        now = asked_of(experiment)
        _ask(experiment, now, [*now.position[:place].tolist(), value, *now.position[place + 1 :].tolist()])

    places = st.columns(max(2, len(values)))
    for number, (place, name, value) in enumerate(zip(places, _names(experiment), values, strict=False)):
        place.number_input(
            name, value=value, step=0.1, format="%.2f",
            **session.shows(f"sample_{number}", value, partial(take, number)),
        )  # fmt: skip


def choose_row(experiment: Experiment, name: str = "one_sample_row") -> None:
    """A number and a button for the test sample that is asked about; `name` tells it from another such."""
    asked, count = asked_of(experiment), len(experiment.load_data().positions_test)
    number = None if asked.row is None else min(asked.row + 1, count)

    def take(row: int | None) -> None:
        ask_for_row(experiment, asked, row)

    st.number_input(
        f"Test sample, 1 to {count:,}", value=number, step=1, width=190, **session.shows(name, number, take),
        placeholder="your drawing",
        help="A sample that the network does not learn from.",
    )  # fmt: skip
    st.button(
        "Next", key=f"{name}_next", on_click=ask_for_row, args=(experiment, asked, (number or 0) % count + 1),
        help="The next test sample.",
    )  # fmt: skip


def _table(experiment: Experiment, asked: Asked) -> None:
    import pandas as pd

    low, high = ranges(experiment.load_data())
    key, base = _table_key(asked)
    table = pd.DataFrame(
        {"1": base, "lowest": low, "highest": high}, index=pd.Index(_names(experiment), name="input")
    )
    st.data_editor(
        table, key=key, height=min(36 * (len(base) + 1), 250), disabled=("lowest", "highest"),
        column_config={"1": "value"}, on_change=_take_table, args=(experiment, asked, key, 1),
    )  # fmt: skip


def _pixels(experiment: Experiment, asked: Asked) -> None:
    import pandas as pd

    assert experiment.dataset.picture
    rows, columns = experiment.dataset.picture
    low, high = asked.position.min(), max(1.0, float(asked.position.max()))
    ink = 255 * (1 - (asked.position.reshape(rows, columns) - min(0.0, low)) / (high - min(0.0, low)))
    # Each pixel a square: a browser would blur it.
    st.image(np.kron(ink.astype(np.uint8), np.ones((112 // rows, 112 // columns), np.uint8)), width=112)
    if columns > WIDEST:
        return
    key, base = _table_key(asked)
    names = [str(column + 1) for column in range(columns)]
    table = pd.DataFrame(base.reshape(rows, columns), columns=names)
    st.data_editor(
        table, key=key, hide_index=True, row_height=28, on_change=_take_table,
        column_config={name: st.column_config.NumberColumn(name, format="%.2f", width=44) for name in names},
        args=(experiment, asked, key, columns),
    )  # fmt: skip


def _table_key(asked: Asked) -> tuple[str, np.ndarray]:
    """The key of the table of values, and what it begins with: where it is drawn anew, what is asked."""
    key = f"sample_table_{asked.of[0]}_{asked.tables}"
    if key not in st.session_state and not np.array_equal(asked.base, asked.position):
        st.session_state[session.SAMPLE] = replace(asked, base=asked.position)
        return key, asked.position
    return key, asked.base


def _take_table(experiment: Experiment, asked: Asked, key: str, columns: int) -> None:
    asked = asked_of(experiment)
    _ask(experiment, asked, edited(asked.base, st.session_state[key]["edited_rows"], columns))


# ---- what is shown


def written(experiment: Experiment) -> str:
    """The position asked about as a text, as the engine's views of a sample take it."""
    return write_sample(asked_of(experiment).position)


def _view(experiment: Experiment) -> str:
    return f"sample:{written(experiment)}"


def _names(experiment: Experiment) -> tuple[str, ...]:
    names = experiment.dataset.inputs
    return tuple(FEATURES[name].label for name in names) if experiment.dataset.extent is not None else names


def _height(experiment: Experiment) -> int:
    return min(MOST, AROUND + EACH * (len(experiment.layers) + 2))


def _strips(shown: Any, answer: dict[str, Any], *, dark: bool) -> Any:
    experiment, layers = shown.origin, [answer["inputs"], *answer["layers"]]
    names = ["input", *(f"hidden {k}" for k in range(1, len(layers) - 1)), "output"]
    inputs = experiment.input_names if len(experiment.input_names) <= MOST_WRITTEN else ()
    outputs = experiment.load_data().target_names if experiment.task == "multiclass" else ()
    units = [inputs, *[()] * (len(layers) - 2), outputs]
    return layer_strips(layers, names, units=units, dark=dark, revision=revision(shown))
