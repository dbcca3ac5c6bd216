"""The gallery: a card for each example, with a small picture of what was measured."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from nnplay.catalog import METRIC_ENTRIES, METRICS
from nnplay.examples import EXAMPLES, FAILURES, TUTORIALS, Example
from nnplay.examples.measured import Measured, all_measured
from nnplay.figures.sketch import sketch_lines, sketch_map, sketch_matrix
from nnplay.ui import session
from nnplay.ui.page import is_dark
from nnplay.ui.wording import in_sentence

# What the lines of a card show; else the task's metric.
MEASURES = {"loss": "loss", "log loss": "loss", "gradients": "gradient norm"}
# Pixels.
CARD = 256


def gallery() -> None:
    """All cards."""
    st.subheader("The tutorials' models", anchor=False)
    st.caption(
        "Nine networks of five Chinese tutorials on neural networks and the nervous system, as they are "
        "given and, where their code does something else than was meant, as they were meant."
    )
    _cards(TUTORIALS)
    st.subheader("Failures and cures", anchor=False)
    st.caption("What goes wrong most often in training, each beside what mends it.")
    _cards(FAILURES)


def _cards(examples: Mapping[str, Example]) -> None:
    with st.container(horizontal=True, gap="medium"):
        for name, example in examples.items():
            _card(name, example)


def _card(name: str, example: Example) -> None:
    measured = all_measured().get(name)
    with st.container(width=CARD, gap="xxsmall", key=f"card_{name}"):
        if measured:
            st.image(picture(name, is_dark()), width=CARD, alt=measured.words)
        st.page_link(
            "app.py",
            label=f"**{example.source} {example.title}**" if example.source else f"**{example.title}**",
            query_params={session.EXAMPLE: name},
            help=example.text,
        )
        if example.chinese:
            st.caption(example.chinese)
        if measured:
            st.caption(measured.words)


@lru_cache(maxsize=2 * len(EXAMPLES))
def picture(name: str, dark: bool) -> str:
    """The card's picture, an SVG."""
    return draw(EXAMPLES[name], all_measured()[name], dark=dark)


def draw(example: Example, measured: Measured, *, dark: bool) -> str:
    """What was measured, in the way that suits the example."""
    label = f"{example.title}: {measured.words}"
    if example.picture == "map":
        return sketch_map(measured.table, measured.points, dark=dark, label=label)
    if example.picture == "confusion":
        return sketch_matrix(measured.table, dark=dark, label=label)
    return sketch_lines(
        measured.lines,
        measured.epochs,
        measure=MEASURES.get(example.picture) or _metric(example),
        log=example.picture in ("gradients", "log loss"),
        dark=dark,
        label=label,
    )


def _metric(example: Example) -> str:
    """What its card's lines show, where that is the task's metric."""
    return in_sentence(METRIC_ENTRIES[METRICS[example.variants[0].experiment.task][0]].label)
