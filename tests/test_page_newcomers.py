"""What a newcomer meets on the playground: a first visit that starts by itself."""

from typing import Any

import pytest
import visits
from streamlit.testing.v1 import AppTest
from visits import APP, press, words, workers  # noqa: F401

from nnplay.experiment import DEFAULT
from nnplay.jobs import Runs
from nnplay.ui import marks, session, wording


def run_of(at: AppTest) -> Any:
    return session.runs().get(at.session_state[session.RUN])


def visit(held: frozenset[str] | None, link: str = "") -> AppTest:
    """A visit by a browser that keeps these marks; None: it has not told them."""
    at = AppTest.from_file(APP, default_timeout=60)
    if held is not None:
        at.session_state[session.MARKS] = held
    for part in filter(None, link.split("&")):
        name, _, value = part.partition("=")
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def test_a_first_visit_starts_by_itself_says_so_and_can_be_paused():
    at = visit(frozenset())
    run = run_of(at)
    assert run.experiment == DEFAULT and wording.BY_ITSELF in words(at)
    visits.until(at, lambda: run.epoch > 0)
    press(at, "pause")
    assert wording.ABOUT in words(at) and wording.BY_ITSELF not in words(at)
    assert not at.run().exception and not run.going, "it starts once"


@pytest.mark.parametrize(
    ("held", "link"),
    [(frozenset(), "data=circle"), (frozenset({marks.VISITED}), ""), (None, "")],
    ids=["a link", "another visit", "a browser that keeps nothing"],
)
def test_nothing_else_does(held, link):
    at = visit(held, link)
    assert not run_of(at).going and wording.ABOUT in words(at)


def test_a_busy_server_starts_nothing_by_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Runs, "going", property(lambda runs: runs.settings.max_runs // 2))
    at = visit(frozenset())
    assert wording.ABOUT in words(at) and "Play" in [button.label for button in at.button]
