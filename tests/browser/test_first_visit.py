"""A newcomer's first minutes in a real browser."""

from collections.abc import Callable

from playground import PAUSE, PLAY, press, wait_for_epoch
from playwright.sync_api import Page, expect

# A browser that was never here, until the tab is closed.
NEW = "if (!sessionStorage.begun) { localStorage.clear(); sessionStorage.begun = 1 }"


def test_a_first_visit_sees_a_network_learn_and_a_second_does_not(
    server: str, open_page: Callable[..., Page], screenshot: Callable[..., None]
):
    page = open_page(width=1600, height=1000)
    page.add_init_script(NEW)
    page.goto(server)
    wait_for_epoch(page, 20)
    expect(page.get_by_text("began to learn by itself")).to_be_visible()
    screenshot(page, "first-visit")
    press(page, PAUSE)
    expect(page.get_by_text("Paused.")).to_be_visible()
    again = open_page()
    again.goto(server)
    expect(again.get_by_text("Ready. Press Play.")).to_be_visible()
    again.wait_for_timeout(1000)
    expect(again.get_by_role("button", name=PLAY)).to_be_visible()
