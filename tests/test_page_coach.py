"""The coach on the playground: what it says of a run, and what its button does."""

from typing import Any

import visits
from streamlit.testing.v1 import AppTest
from visits import opened, press, workers  # noqa: F401

from nnplay.ui import server, session


def remembered(at: AppTest) -> dict[str, Any]:
    """From tick to tick."""
    found: dict[str, Any] = at.session_state[session.TICKS]
    return found


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


def coached(link: str) -> AppTest:
    """The page after the run of a link has ended and the coach has seen it."""
    at = opened(link)
    visits.until(at, lambda: run_of(at).state is not None)
    press(at, "play")
    visits.until(at, lambda: run_of(at).over and session.COACHED in remembered(at))
    visits.until(at, lambda: remembered(at)[session.COACHED][0][2] == run_of(at).epoch)
    return at.run()


def said(at: AppTest) -> str:
    return " ".join(element.value for kind in ("markdown", "caption") for element in at.get(kind))


def test_it_names_the_cause_and_its_button_mends_it():
    at = opened("data=circle&hidden=4&activation=linear&epochs=40&dropout=0.1")
    assert "Once the network has learned for a while" in said(at)
    at = coached("data=circle&hidden=4&activation=linear&epochs=40&dropout=0.1")
    assert "A straight line is not enough" in said(at) and "Nothing in this network bends" in said(at)
    press(at, "coach_linear")
    run = run_of(at)
    assert (run.origin.hidden, run.origin.activation) == ("8-8", "tanh")
    assert run.epoch == 0 and not at.exception


def test_a_sound_run_is_not_complained_of():
    at = coached("data=gauss&hidden=4&epochs=60&dropout=0.1&learning_rate=0.03")
    assert "Nothing stands out: the loss is" in said(at)


def test_a_diverged_run_gets_a_smaller_rate():
    at = coached("data=plane&hidden=4&activation=linear&learning_rate=100&optimizer=sgd&epochs=20")
    assert run_of(at).stopped and "the steps are too long" in said(at)
    press(at, "coach_diverged")
    assert run_of(at).origin.learning_rate == 10.0


def test_a_reload_hears_it_with_the_run():
    """A new visit finds a run that has been judged before; no timer of the coach's own has come round."""
    at = coached("data=gauss&hidden=4&epochs=60&dropout=0.1&learning_rate=0.03")
    again = opened("data=gauss&hidden=4&epochs=60&dropout=0.1&learning_rate=0.03")
    again.session_state[session.RUN] = at.session_state[session.RUN]
    again.run()
    visits.until(again, lambda: session.COACHED in remembered(again))
    assert "Nothing stands out: the loss is" in said(again)


def test_recurrent_networks_are_looked_at_too():
    at = coached("data=adding&steps=5&hidden=gru4&epochs=5&samples=40&dropout=0.1")
    assert not at.exception and remembered(at)[session.COACHED][0][2] == 5
