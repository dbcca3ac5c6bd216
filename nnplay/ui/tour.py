"""A short tour of the playground: what is where. It offers itself once, and can be turned down."""

from typing import Any

import streamlit as st

from nnplay.ui import session
from nnplay.ui.browser import component, install

# Where, as CSS selectors of which the first that is seen counts; title; text.
STOPS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ('[data-testid="stSidebar"] [class*="st-key-data_"]', '[data-testid="stExpandSidebarButton"]'),
        "Data",
        "Choose what to learn. Each point is a sample; its colour is the answer that the network is to find. "
        "All settings are in this sidebar, and every ? explains one.",
    ),
    (
        (".st-key-network",),
        "The network",
        "From left to right: inputs, hidden neurons, output. Each map shows where a neuron is on, each "
        "line is a weight. Point at anything for its numbers; + and − add and take away.",
    ),
    (
        (".st-key-play", ".st-key-pause"),
        "Play",
        "Starts and pauses the training. Beside it: one epoch, one batch, and back to the beginning.",
    ),
    (
        (".st-key-result",),
        "The result",
        "What the network answers at every place, in colour, with the points on top. It has learned when the "
        "colours agree.",
    ),
    (
        (".st-key-loss",),
        "The curves",
        "How wrong it is after each epoch. If only the training curve falls, it learns by heart.",
    ),
    (
        (".st-key-coach",),
        "The coach",
        "When the network does not learn, this says why, from its measured numbers, and offers a remedy. For "
        "something to do, open First steps.",
    ),
)

CSS = """
.stElementContainer:has(.nnplay-tour) { display: none }
.nnplay-tour-card {
  position: fixed; z-index: 1000001; width: min(19rem, calc(100vw - 24px)); box-sizing: border-box;
  padding: .8rem 1rem; font-size: .9rem; line-height: 1.45; border-radius: .375rem;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); box-shadow: 0 4px 18px rgb(0 0 0 / 18%);
}
.nnplay-tour-card p { margin: .2rem 0 .6rem }
.nnplay-tour-card .row { display: flex; align-items: center; gap: .5rem; justify-content: flex-end }
.nnplay-tour-card small { margin-right: auto; opacity: .7 }
.nnplay-tour-card button {
  font: inherit; color: inherit; background: none; border: 0; border-radius: .375rem; padding: .25rem .6rem;
  cursor: pointer;
}
.nnplay-tour-card button:hover { text-decoration: underline }
.nnplay-tour-card button.main { background: var(--st-primary-color); color: #fff }
.nnplay-tour-ring {
  position: fixed; z-index: 1000000; pointer-events: none; border-radius: .5rem;
  border: 2px solid var(--st-primary-color);
}
.nnplay-tour-ring[hidden] { display: none }
"""

_tour = component("tour", html='<i class="nnplay-tour"></i>', css=CSS, isolate_styles=False)


def tour() -> None:
    """A link to the tour, and the tour itself; who comes without a link is offered it, until it was seen."""
    state = st.session_state
    st.button(
        "Tour",
        icon=":material/explore:",
        type="tertiary",
        key="tour_button",
        on_click=_ask,
        help="Shows what is where, in a minute.",
    )
    install()
    data: dict[str, Any] = {
        "stops": [{"at": list(at), "title": title, "text": text} for at, title, text in STOPS],
        "offer": bool(state.get(session.BARE)),
        "asked": state.get(session.TOURS, 0),
    }
    _tour(data=data, key="tour")


def _ask() -> None:
    st.session_state[session.TOURS] = st.session_state.get(session.TOURS, 0) + 1
