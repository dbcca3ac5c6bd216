"""Visits to pages without a browser: opened by a link, and rerun as their timers would."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnplay.jobs import Runs

APP = str(Path(__file__).parents[1] / "app.py")
PATIENCE = 180.0


@pytest.fixture(autouse=True)
def workers(one_server: Runs) -> Iterator[None]:
    """For every test of a module that imports this: the server that all of them share, without their runs."""
    yield
    for run in list(one_server._turns.runs.values()):
        one_server.free(run)


def opened(link: str = "", page: str = "") -> AppTest:
    """The playground, or another page, as this link shows it."""
    # The menu links to app.py: pages are found from there only.
    at = AppTest.from_file(APP, default_timeout=60)
    if page:
        at.switch_page(page)
    for part in filter(None, link.split("&")):
        name, _, value = part.partition("=")
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, key: str) -> None:
    at.button(key=key).click().run()
    assert not at.exception


def until(at: AppTest, done: Callable[[], Any]) -> None:
    """Rerun the page, as its timer would, until it is as wanted."""
    end, pause = time.monotonic() + PATIENCE, 0.05
    while not done():
        assert time.monotonic() < end, words(at)
        time.sleep(pause)
        # A worker that compiles needs the processor more than a page that looks whether it is done.
        pause = min(1.5 * pause, 1.0)
        at.run()
        assert not at.exception


def words(at: AppTest) -> str:
    """All sentences on the page."""
    kinds = ("error", "text", "info", "caption", "markdown")
    return " ".join(element.value for kind in kinds for element in at.get(kind))


def address(at: AppTest) -> dict[str, str]:
    """The query, whatever way this version of AppTest keeps it."""
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items()}
