"""Kept runs: a table of what differs, their curves over each other, what each made of the data."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from nnplay import catalog
from nnplay.experiment import SETTINGS, Experiment, link_to, split_link
from nnplay.figures.compared import color_of
from nnplay.jobs.kept import MOST_KEPT, Kept, differing, measures_of
from nnplay.ui import session
from nnplay.ui.chart.component import live_chart
from nnplay.ui.compare import curves
from nnplay.ui.compare.pictures import (
    comparable,
    difference_figure,
    difference_in_words,
    picture,
    views_for,
)
from nnplay.ui.download import download
from nnplay.ui.kept import LONGEST_NAME, kept_runs, label_of, remove, rename
from nnplay.ui.live_table import Cell, live_table
from nnplay.ui.page import is_dark
from nnplay.ui.result.view import Look
from nnplay.ui.timer import on_timer
from nnplay.ui.wording import in_sentence, value_in_words

NOTHING = """
Nothing is kept yet. On the **Playground** train a network and press **Pin**: the run is kept as it is then.
Change a setting, press *Reset* and *Play*, and pin again. Here you then see

- a table of what you kept, with the settings that differ marked, and the last and the best values,
- the curves over each other, what each network made of the data, and where two of them disagree.
"""
TILE_HEIGHT, DIFFERENCE_HEIGHT = 260, 360
# More pictures than this beside each other are no comparison any more.
MOST_TILES = 8
# Until the pictures of a run just pinned are there.
LOOK_SECONDS = 0.3
WORDS = {
    "running": "while learning",
    "preparing": "while learning",
    "waiting": "while waiting",
    "abandoned": "paused",
    "stopped": "stopped by itself",
}


def kept() -> None:
    """All of the part; without kept runs, how to get some."""
    runs = kept_runs()
    if not runs:
        st.markdown(NOTHING)
        st.page_link("app.py", label="To the playground", icon=":material/play_circle:")
        return
    _choose(runs)
    _table(runs)
    drawn = [run for run in runs if run.drawn]
    if not drawn:
        st.caption("Choose at least one run above to see its curves.")
        return
    experiments = [run.origin for run in drawn]
    curves.choices(experiments)
    live_chart(curves.figure([_curves(run, runs) for run in drawn]), key="kept_curves", height=curves.HEIGHT)
    if curves.chosen_measure(experiments) == "loss" and curves.several_losses(experiments):
        st.caption("These runs have different losses, whose values cannot be compared: choose a metric.")
    waiting = any(run.measured for run in runs)
    on_timer(_pictures, LOOK_SECONDS if waiting else None, waiting)
    download("kept-runs.csv", lambda: _columns(runs))


# ---- which runs


def _choose(runs: list[Kept]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        shown = [run.number for run in runs if run.drawn]
        names = {run.number: run.name for run in runs}

        def take(numbers: list[int]) -> None:
            for run in runs:
                run.drawn = run.number in numbers

        st.pills(
            "Drawn", list(names), selection_mode="multi", default=shown,
            **session.shows(f"kept_drawn_{len(runs)}_{runs[-1].number}", shown, take),
            format_func=lambda number: _marked(names.get(number, ""), number),
            help="Which of the kept runs are drawn below; all are in the table.",
        )  # fmt: skip
        with st.popover("Rename, open, remove", icon=":material/edit:"):
            for run in runs:
                _edit(run)
            st.caption(f"Up to {MOST_KEPT} runs are kept, and forgotten with this visit.")


def _edit(run: Kept) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            f"Name of run {run.number}", run.name, max_chars=LONGEST_NAME, width=180,
            label_visibility="collapsed",
            **session.shows(f"kept_name_{run.number}", run.name, lambda name: rename(run, name)),
            help="What it is called in the table and the pictures.",
        )  # fmt: skip
        link = run.experiment.to_link() if run.changed else link_to(run.experiment, run.epoch)
        st.page_link(
            "app.py",
            label="Open",
            icon=":material/open_in_new:",
            query_params=dict(split_link(link)),
            help="Its settings in the playground. They were changed on its way, so it begins anew."
            if run.changed
            else "Trains it again in the playground, to the epoch at which it was kept.",
        )
        st.button(
            "Remove", icon=":material/close:", type="tertiary", key=f"kept_remove_{run.number}",
            on_click=remove, args=(run,), help="Forgets this run.",
        )  # fmt: skip


def _marked(name: str, number: int) -> str:
    return f':color[●]{{foreground="{color_of(number - 1, dark=is_dark())}"}} {plain(name)}'


def plain(text: object) -> str:
    """Never read as Markdown."""
    return str(text).translate({ord(sign): "\\" + sign for sign in "\\`*_[]#:$<>~|!"})


# ---- the table


def _table(runs: list[Kept]) -> None:
    experiments = [run.experiment for run in runs]
    settings = differing(experiments)
    metric = catalog.METRICS[runs[0].origin.task][0]
    if any(metric not in measures_of(run.origin) for run in runs):
        metric = ""
    measures = ["val_loss", "loss", *([f"val_{metric}"] if metric else [])]
    head = ["", *(SETTINGS[name].label for name in settings), "Epochs"]
    for measure in measures:
        name = _measure_in_words(measure)
        head += [name, f"Best {in_sentence(name)}"] if measure != "loss" else [name]
    rows = []
    for run in runs:
        cells: list[Cell] = []
        for name in settings:
            # What the first run has is what the others are told apart from.
            same = getattr(run.experiment, name) == getattr(experiments[0], name)
            cells.append((setting_in_words(run.experiment, name), not same))
        cells.append(f"{run.epoch:,}")
        for measure in measures:
            cells.append(number(run.final[measure]))
            if measure != "loss":
                value, epoch = run.best[measure]
                cells.append(f"{number(value)} at {epoch:,}" if epoch else "–")
        rows.append(((run.name, color_of(run.number - 1, dark=is_dark())), [*cells, _how(run)]))
    live_table([*head, "Kept"], rows, key="kept_table", sorts=True)
    st.caption(_table_in_words(runs, settings))


def _table_in_words(runs: list[Kept], settings: Sequence[str]) -> str:
    if len(runs) == 1:
        return "Pin further runs on the playground, and the settings in which they differ get a column each."
    if not settings:
        return "All settings are the same in all runs. A click on a heading sorts by it."
    return (
        "Settings that differ have a column; marked: other than in the first run. All others are the same. "
        "A click on a heading sorts by it."
    )


def _measure_in_words(measure: str) -> str:
    name = measure.removeprefix("val_")
    label = "loss" if name == "loss" else in_sentence(catalog.METRIC_ENTRIES[name].label)
    return f"{'Test' if measure.startswith('val_') else 'Training'} {label}"


def _how(run: Kept) -> str:
    how = WORDS.get(run.word, run.word)
    return f"{how}, changed on its way" if run.changed else how


def setting_in_words(experiment: Experiment, name: str) -> str:
    """The value of a setting; of a visitor's own data their name."""
    return experiment.dataset.label if name == "data" else value_in_words(name, getattr(experiment, name))


def number(value: float) -> str:
    """Four decimals, as the playground has them; a dash for no number."""
    if not np.isfinite(value):
        return "–"
    return (f"{value:.4f}" if abs(value) < 1000 else f"{value:.3g}").replace("-", "−")


# ---- curves and pictures


def _curves(run: Kept, among: Sequence[Kept]) -> curves.Curves:
    return curves.Curves(
        label=label_of(run, among),
        experiment=run.origin,
        epoch=run.rows.column("epoch"),
        column=run.rows.column,
        place=run.number - 1,
    )


def _pictures(waiting: bool) -> None:
    runs = kept_runs()
    drawn = [run for run in runs if run.drawn]
    _beside(drawn)
    _difference(runs)
    if waiting and not any(run.measured for run in runs):
        # The timer belongs to the page: let it draw itself again.
        st.rerun()


def _beside(drawn: list[Kept]) -> None:
    views = {name: view for run in drawn for name, view in views_for(run.origin).items()}
    if not views:
        return
    wanted = st.session_state.get(session.KEPT_VIEW, "")
    shown = wanted if wanted in views else next(iter(views))
    session.choose(
        "What each made of the data", views, shown, session.KEPT_VIEW, required=True,
        help="\n\n".join(f"**{view.label}.** {view.about}" for view in views.values()),
    )  # fmt: skip
    fitting = [run for run in drawn if shown in views_for(run.origin)][:MOST_TILES]
    with st.grid(4, min_column_width=220):
        for run in fitting:
            with st.container(gap="xsmall"):
                st.markdown(_marked(label_of(run, drawn), run.number))
                live_chart(
                    picture(run, views[shown], dark=is_dark()), key=f"kept_{run.number}", height=TILE_HEIGHT
                )
                if run.problem:
                    st.caption(run.problem)
                elif views[shown].is_measured(run):
                    st.caption(views[shown].words(run, Look(dark=is_dark(), test=False)))
    if len(drawn) > len(fitting):
        st.caption(
            f"Drawn are {len(fitting)} of {len(drawn)}: those that have this view, at most {MOST_TILES}."
        )


def _difference(runs: list[Kept]) -> None:
    pairs = [(one, other) for k, one in enumerate(runs) for other in runs[k + 1 :] if comparable(one, other)]
    if not pairs:
        if len(runs) > 1:
            st.caption(
                "No two of these runs can be held against each other: they answer different questions."
            )
        return
    numbers = {run.number: run for pair in pairs for run in pair}
    wanted = st.session_state.get(session.KEPT_PAIR, ())
    if not (len(wanted) == 2 and all(number in numbers for number in wanted)):
        first = pairs[0][0]
        wanted = (first.number, [other for one, other in pairs if one is first][-1].number)
    st.markdown("**Where two of them disagree**")
    left, right = st.columns([1, 1], gap="medium")
    with right:
        for place, label in enumerate(("From", "To")):

            def take(number: int, place: int = place) -> None:
                chosen = list(wanted)
                chosen[place] = number
                st.session_state[session.KEPT_PAIR] = tuple(chosen)

            st.selectbox(
                label, list(numbers), list(numbers).index(wanted[place]),
                **session.shows(f"kept_pair_{place}_{len(runs)}", wanted[place], take),
                format_func=lambda number: label_of(numbers[number], runs) if number in numbers else "",
                help="The difference is the answer of the second run minus that of the first.",
            )  # fmt: skip
        one, other = (numbers[number] for number in wanted)
        if not comparable(one, other):
            st.caption("These two answer different questions. Choose two runs on the same kind of data.")
            return
        st.markdown(difference_in_words(one, other) or "Being measured.")
        figure = difference_figure(
            one, other, (one.name, other.name), (one.number - 1, other.number - 1), dark=is_dark()
        )
        if figure and "heatmap" in {trace["type"] for trace in figure["data"]}:
            st.caption(
                "Orange: the second run answers higher than the first; blue: lower. Lines: where each tips "
                "from one class to the other."
                if one.origin.task == "binary"
                else "Orange: there the two name different classes."
                if one.origin.task == "multiclass"
                else "Orange: the second run answers higher than the first; blue: lower."
            )
    if figure:
        with left:
            live_chart(figure, key="kept_difference", height=DIFFERENCE_HEIGHT)


def _columns(runs: Sequence[Kept]) -> dict[str, np.ndarray]:
    """One row for every run and epoch that is drawn."""
    names = list(dict.fromkeys(name for run in runs for name in run.rows.names if name != "epoch"))
    lengths = [len(run.rows.values) for run in runs]
    columns: dict[str, np.ndarray] = {
        "run": np.concatenate(
            [np.full(count, _in_csv(run.name), object) for run, count in zip(runs, lengths, strict=True)]
        ),
        "epoch": np.concatenate([run.rows.column("epoch").astype(int) for run in runs]),
    }
    for name in names:
        columns[name] = np.concatenate(
            [
                run.rows.column(name) if name in run.rows.names else np.full(count, np.nan, np.float32)
                for run, count in zip(runs, lengths, strict=True)
            ]
        )
    return columns


def _in_csv(name: str) -> str:
    """As a cell that no program takes for two cells, or for a formula."""
    return (
        "'" + name.replace('"', "") + "'" if name[:1] in "=+-@" else name.replace(",", ";").replace('"', "")
    )
