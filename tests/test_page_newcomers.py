"""What a newcomer meets: a first visit that starts by itself, first steps, the glossary."""

import re
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import visits
from streamlit.testing.v1 import AppTest
from visits import APP, press, words, workers  # noqa: F401

from nnplay.experiment import DEFAULT, make
from nnplay.glossary import GLOSSARY
from nnplay.jobs import Runs
from nnplay.lessons import LESSONS
from nnplay.ui import marks, playground, server, session, wording
from nnplay.ui.stream import stream


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


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


def comes_with(monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str]) -> None:
    """The page is asked for by a browser with these cookies."""
    context = type(st.context)
    monkeypatch.setattr(context, "headers", property(lambda _: {"Host": "localhost"}))
    monkeypatch.setattr(context, "cookies", property(lambda _: cookies))


def test_a_browser_without_our_cookie_is_new_and_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    comes_with(monkeypatch, {"other": "1"})
    at = visit(None)
    assert run_of(at).going and wording.BY_ITSELF in words(at)
    comes_with(monkeypatch, {marks.COOKIE: "1"})
    at = visit(None)
    assert not run_of(at).going and session.STARTED_BY_ITSELF not in at.session_state


def test_it_is_sent_the_network_first_and_the_settings_when_that_is_drawn(monkeypatch: pytest.MonkeyPatch):
    drawn: list[tuple[int, bool]] = []

    def now() -> None:
        drawn.append((stream().turn, any(str(key).startswith("data_") for key in st.session_state)))

    monkeypatch.setattr(playground, "wait_until_drawn", now)
    comes_with(monkeypatch, {})
    at = visit(None)
    assert drawn == [(1, False)] and any(box.key.startswith("data_") for box in at.selectbox)
    # Neither a second run of the script nor another visit waits for anything.
    assert not at.run().exception
    comes_with(monkeypatch, {marks.COOKIE: "1"})
    visit(None)
    assert len(drawn) == 1


@pytest.mark.parametrize(("held", "goes_on"), [([], True), (["line"], True), ([marks.VISITED], False)])
def test_what_a_browser_tells_later_stands(held, goes_on, monkeypatch: pytest.MonkeyPatch):
    comes_with(monkeypatch, {})
    at = visit(None)
    run = run_of(at)
    generation = run.generation
    assert run.going
    told = type("Report", (), {"report": {"session": at.session_state[session.MARKS_SESSION], "held": held}})
    monkeypatch.setattr(marks, "_marks", lambda **_: told)
    assert not at.run().exception
    assert run.going == goes_on and (run.generation == generation) == goes_on
    assert at.session_state[session.MARKS] == frozenset(held)
    # And only once: another run is the person's own.
    press(at, "pause" if goes_on else "play")
    assert not at.run().exception and run.going != goes_on


def test_a_browser_that_kept_the_cookie_alone_is_new_as_soon_as_it_says_so(monkeypatch: pytest.MonkeyPatch):
    comes_with(monkeypatch, {marks.COOKIE: "1"})
    at = visit(None)
    assert not run_of(at).going
    told = type("Report", (), {"report": {"session": at.session_state[session.MARKS_SESSION], "held": []}})
    monkeypatch.setattr(marks, "_marks", lambda **_: told)
    assert not at.run().exception and run_of(at).going


def test_a_busy_server_starts_nothing_by_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Runs, "going", property(lambda runs: runs.settings.max_runs // 2))
    at = visit(frozenset())
    assert wording.ABOUT in words(at) and "Play" in [button.label for button in at.button]


# ---- first steps


def popovers(at: AppTest) -> list[str]:
    return [block.proto.popover.label for block in at.get("popover")]


def test_a_step_opens_is_ticked_off_once_solved_and_leads_on():
    at = visit(frozenset({marks.VISITED, "line"}))
    assert "First steps 1/8" in popovers(at)
    press(at, "lesson_xor")
    run = run_of(at)
    lesson = LESSONS["xor"]
    assert run.experiment == make(lesson.opens) and lesson.text in words(at) and "Done." not in words(at)
    press(at, "lesson_way")
    assert run.experiment == make({**lesson.opens, **lesson.way}) and lesson.way_words in words(at)
    press(at, "play")
    visits.until(at, lambda: at.session_state[session.SOLVED])
    at.run()
    assert "Done." in words(at) and "with 4 hidden neurons" in words(at)
    assert at.session_state[session.NEW_MARKS] == {"xor"}
    press(at, "lesson_next")
    assert at.session_state[session.LESSON] == "break" and "Done." not in words(at)
    press(at, "lesson_leave")
    assert LESSONS["break"].text not in words(at) and run.experiment == make(LESSONS["break"].opens)


def test_when_all_are_done_there_is_no_next():
    at = visit(frozenset({marks.VISITED, *LESSONS} - {"line"}))
    press(at, "lesson_line")
    assert not [button for button in at.button if button.key == "lesson_next"]
    assert "Show a way" in [button.label for button in at.button]


# ---- what a browser tells of itself


@pytest.mark.parametrize("held", ["visited", {"a": 1}, [1, None, "<b>"], ["x"] * 1000, None])
def test_marks_that_are_none_of_ours_are_left_out(held, monkeypatch: pytest.MonkeyPatch):
    class Report:
        def __init__(self, **given: Any) -> None:
            self.report = {"session": given["data"]["session"], "held": held}

    monkeypatch.setattr(marks, "_marks", Report)
    at = visit(None)
    assert at.session_state[session.MARKS] == frozenset()


# ---- the glossary


def test_the_glossary_is_searched():
    at = visits.opened(page="pages/glossary.py")
    assert GLOSSARY["epoch"].about in words(at) and GLOSSARY["weight"].about in words(at)
    at.text_input[0].set_value("GRADIENT ").run()
    assert GLOSSARY["vanishing"].about in words(at) and GLOSSARY["epoch"].about not in words(at)
    at.text_input[0].set_value("$x <b>").run()
    assert not at.exception and "Nothing here about “$x <b>”" in words(at)


# ---- the README's table


def test_what_the_readme_names_is_on_the_page():
    readme = (Path(APP).parent / "README.md").read_text("utf-8")
    table = readme.split("<!-- controls -->")[1].split("\n\n")[0]
    named = set(re.findall(r"\*\*(.+?)\*\*", table))
    assert len(named) > 30
    at = visits.opened("data=spiral&regularizer=l2&features=x1-x2")
    labels = set(popovers(at))
    for kind in ("selectbox", "slider", "select_slider", "number_input", "text_input", "toggle", "checkbox"):
        labels |= {widget.label for widget in at.get(kind)}
    for kind in ("button", "button_group", "pills", "expander"):
        for element in at.get(kind):
            labels.add(element.label)
            labels |= set(getattr(element, "options", ()))
    assert named <= labels, named - labels
