"""The coach on the page: what it finds in the run on show, why, and a button that mends it."""

import time
from typing import Any

import streamlit as st

from nnplay.coach import RULES, Advice, Evidence, advise
from nnplay.engine.state import Rows
from nnplay.jobs import Run
from nnplay.ui import session, visit
from nnplay.ui.timer import on_timer

# While a network learns the coach looks at it this often; what it looks at costs a view more.
SECONDS = 2.0
# Another finding is said at once; the numbers in one already said follow this often.
SHOW_SECONDS = 10.0
VIEWS = ("activations", "weights")
# Epochs before which next to everything may still happen.
FEWEST = 3
MOST = 2
PAGES = {"activations": "Activations", "gradients": "Gradients"}


def coach() -> None:
    """Its place: what it found last, drawn anew while the run goes on."""
    on_timer(_show, SHOW_SECONDS if visit.run().going else None)


def views_due(run: Run) -> tuple[str, ...]:
    """The views that the coach wants to see next."""
    at, when, _ = _last()
    if at == _position(run) or (run.epoch < FEWEST and not run.stopped):
        return ()
    return () if run.going and time.monotonic() - when < SECONDS else VIEWS


def look(run: Run) -> None:
    """Judge the run by what has been measured, if its views are there."""
    views = run.views
    baseline = session.memory().get(session.BASELINES)
    if not set(VIEWS) <= set(views) or run.views_at is None or not baseline or not len(run.history):
        return
    if baseline[:2] != (run.id, run.generation) or _last()[0] == _position(run):
        return
    evidence = Evidence(
        run.experiment,
        Rows(run.history.names, run.history.values),
        views["activations"],
        views["weights"],
        baseline[2]["baseline"],
        run.stopped,
    )
    advices = advise(evidence)
    # Sentences only: a session outlives its tab, and weights and history are the run's.
    found = ("" if advices else _in_words(evidence), advices)
    session.memory()[session.COACHED] = (_position(run), time.monotonic(), found)
    says = _headline(run, found)
    if session.memory().get(session.COACH_SAYS) != says:
        # Another finding, or the first one: said now, not when the coach's own timer comes round.
        session.memory()[session.COACH_SAYS] = says
        session.memory()[session.SETTLED] = True


def _headline(run: Run, found: Any) -> tuple[Any, ...]:
    """What is said, but for the numbers: the rules that speak, () when all is well, None for nothing yet."""
    return (run.id, run.generation, tuple(advice.rule for advice in found[1]) if found else None)


def _position(run: Run) -> tuple[Any, ...]:
    return (run.id, run.generation, run.epoch)


def _last() -> tuple[Any, float, Any]:
    found: tuple[Any, float, Any] = session.memory().get(session.COACHED, (None, float("-inf"), None))
    return found


def _show() -> None:
    run = visit.run()
    at, _, found = _last()
    if at is None or at[:2] != (run.id, run.generation):
        found = None
    session.memory()[session.COACH_SAYS] = _headline(run, found)
    with st.container(border=True, key="coach"):
        if not found:
            st.caption(
                "**Coach.** Once the network has learned for a while, this says what keeps it from learning."
            )
            return
        words, advices = found
        if words:
            st.markdown(f"**Coach.** {words}")
        for advice in advices[:MOST]:
            _advice(advice)


def _advice(advice: Advice) -> None:
    st.markdown(f"**{RULES[advice.rule].label}.** {advice.sentence}")
    st.caption(advice.reason)
    with st.container(horizontal=True, vertical_alignment="center"):
        if advice.offer:
            st.button(
                advice.offer, icon=":material/healing:", key=f"coach_{advice.rule}",
                on_click=visit.start_with, kwargs=dict(advice.change),
                help="Changes this setting, and starts again where it has to.",
            )  # fmt: skip
        if advice.page:
            st.page_link(f"pages/{advice.page}.py", label=f"More under {PAGES[advice.page]}")


def _in_words(evidence: Evidence) -> str:
    """How it is going, where there is nothing to complain of."""
    share = evidence.learned
    if share < 0.02:
        return "Nothing stands out, but the loss is still that of a constant answer."
    going = "and still falling" if evidence.falling > 0.02 else "and standing still"
    size = "less than 1%" if share > 0.99 else f"{1 - share:.0%}"
    return f"Nothing stands out: the loss is {size} of what a constant answer has, {going}."
