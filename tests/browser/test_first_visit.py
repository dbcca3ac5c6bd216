"""A newcomer's first minutes in a real browser."""

import re
from collections.abc import Callable

import pytest
from playground import PAUSE, PLAY, opened, press, wait_for_epoch
from playwright.sync_api import Page, expect

from nnplay.glossary import GLOSSARY
from nnplay.lessons import LESSONS
from nnplay.ui.tour import STOPS

# A browser that keeps nothing of what a page tells it to.
NOTHING_KEPT = """Object.defineProperty(window, "localStorage", {get() { throw new DOMException("no") }});
Object.defineProperty(document, "cookie", {get: () => "", set() {}});"""
# A browser that was never here, until the tab is closed.
NEW = "if (!sessionStorage.begun) { localStorage.clear(); sessionStorage.begun = 1 }"

# Whether both our scripts were sent for before Streamlit's own for components was.
EARLY = """() => {
  const all = performance.getEntriesByType("resource");
  const begun = name => all.find(entry => entry.name.includes(name)).startTime;
  return Math.max(begun("/nnplay-"), begun("/plotly-")) < begun("/BidiComponent");
}"""

# The middle of a marked term, brought into sight.
TERM = """term => {
  const range = [...CSS.highlights.get("nnplay-term")].find(range => range.toString() === term);
  range.startContainer.parentElement.scrollIntoView({block: "center"});
  const {left, top, width, height} = range.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}"""


def test_a_first_visit_sees_a_network_learn_and_a_second_does_not(
    server: str, open_page: Callable[..., Page], screenshot: Callable[..., None]
):
    page = open_page(width=1600, height=1000)
    page.add_init_script(NEW)
    page.context.clear_cookies()
    page.goto(server)
    wait_for_epoch(page, 20)
    expect(page.get_by_text("began to learn by itself")).to_be_visible()
    screenshot(page, "first-visit")
    assert page.evaluate(EARLY)
    # The tour offers itself, and holds nothing up.
    page.get_by_role("button", name="No, thanks").click()
    press(page, PAUSE)
    expect(page.get_by_text("Paused.")).to_be_visible()
    again = open_page()
    again.goto(server)
    expect(again.get_by_text("Ready. Press Play.")).to_be_visible()
    again.wait_for_timeout(1000)
    expect(again.get_by_role("button", name=PLAY)).to_be_visible()
    expect(again.get_by_role("dialog", name="Tour")).to_have_count(0)
    # Known without the cookie, too; and where nothing can be kept, nothing goes on by itself.
    for kept in ("", NOTHING_KEPT):
        again.context.clear_cookies()
        other = open_page()
        if kept:
            other.add_init_script(kept)
        other.goto(server)
        expect(other.get_by_text("Ready. Press Play.")).to_be_visible()


def test_where_the_stream_is_refused_a_first_visit_has_the_script_bring_what_moves(
    server: str, open_page: Callable[..., Page]
):
    page = open_page()
    sent: list[bytes] = []
    page.on("websocket", lambda line: line.on("framesent", lambda frame: sent.append(bytes(frame))))
    page.add_init_script(NEW)
    page.context.clear_cookies()
    page.route_web_socket(re.compile("/stream/[^/]*$"), lambda socket: socket.close())
    page.goto(server)
    wait_for_epoch(page, 20)
    # Not only when the script runs by itself: it was asked to.
    assert any(b"again" in frame for frame in sent)


@pytest.mark.page(width=400, height=800, dark=True)
def test_the_tour_a_first_step_and_a_term_on_a_small_screen(
    server: str, page: Page, screenshot: Callable[..., None]
):
    opened(page, server, "data=circle")
    page.get_by_role("button", name="Tour").click()
    card = page.get_by_role("dialog", name="Tour")
    for number in range(1, len(STOPS) + 1):
        expect(card).to_contain_text(f"{number} of {len(STOPS)}")
        expect(page.locator(".nnplay-tour-ring")).to_be_visible()
        box = card.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 400 and box["y"] + box["height"] <= 800
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(card).to_contain_text(f"{len(STOPS) - 1} of {len(STOPS)}")
    screenshot(page, "tour")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)

    page.get_by_role("button", name="First steps").click()
    page.get_by_role("button", name=LESSONS["xor"].title).click()
    expect(page.get_by_text("Goal:")).to_be_visible()
    press(page, "Show a way")
    expect(page.get_by_text(LESSONS["xor"].way_words)).to_be_visible()
    press(page, PLAY)
    expect(page.get_by_text("Done.", exact=True)).to_be_visible()
    screenshot(page, "first-step-done")
    page.wait_for_function("() => JSON.parse(localStorage['nnplay.marks']).includes('xor')")

    page.wait_for_function("() => CSS.highlights.get('nnplay-term')?.size > 2")
    place = page.evaluate(TERM, "hidden neurons")
    page.mouse.move(*place)
    expect(page.get_by_role("tooltip")).to_contain_text(GLOSSARY["hidden_layer"].about)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
