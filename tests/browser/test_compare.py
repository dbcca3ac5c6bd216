"""Runs pinned on the playground and compared, and A against B in step, in a real browser."""

import re
from collections.abc import Callable

from playground import opened, play, press, wait_for_epoch
from playwright.sync_api import Page, expect

PATIENCE = 90_000
# The cells of the tables on the page, in their shadow roots, [text, marked].
CELLS = """() => [...document.querySelectorAll('*')]
  .map(node => node.shadowRoot?.querySelector('.nnplay-table table')).filter(Boolean)
  .map(table => [...table.rows].map(row => [...row.cells].map(
    cell => [cell.textContent, cell.className === 'marked'])))"""
TRACES = """name => [...document.querySelectorAll('.js-plotly-plot')].some(
  chart => (chart._fullData ?? []).filter(trace => trace.name?.startsWith(name)).length)"""


def test_two_runs_are_pinned_and_compared_and_a_trained_against_b(
    server: str, open_page: Callable[..., Page], screenshot: Callable[..., None]
) -> None:
    page = opened(open_page(width=1600, height=1400), server, "data=circle&hidden=3&epochs=25")
    play(page)
    wait_for_epoch(page, 25)
    press(page, "Pin")
    expect(page.get_by_text("Run 1 is kept, at epoch 25.")).to_be_visible()
    box = page.get_by_test_id("stSidebar").get_by_role("textbox", name="Hidden layers")
    box.fill("6")
    box.press("Enter")
    press(page, "Reset and apply")
    # Until then the page shows the run before, which has as many epochs.
    expect(page.get_by_text("Ready. Press Play.")).to_be_visible()
    play(page)
    wait_for_epoch(page, 25)
    press(page, "Pin")
    expect(page.get_by_text("Run 2 is kept, at epoch 25.")).to_be_visible()

    page.get_by_test_id("stSidebar").get_by_role("link", name="Compare").click()
    expect(page.get_by_text("of the plane is classified differently")).to_be_visible(timeout=PATIENCE)
    # Curves, two maps, the difference.
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot').length >= 4", timeout=PATIENCE)
    head, first, second = page.evaluate(CELLS)[0]
    assert [cell[0] for cell in head[1:3]] == ["Hidden layers", "Epochs"]
    assert first[1] == ["3", False] and second[1] == ["6", True]
    for name in ("Run 1: hidden layers 3", "Run 2: hidden layers 6", "boundary of Run 2"):
        page.wait_for_function(TRACES, arg=name)
    # Sorted by a click on the heading, the other way round by a second one.
    heading = page.locator("th", has_text="Hidden layers")
    heading.click()
    heading.click()
    assert [row[1][0] for row in page.evaluate(CELLS)[0][1:]] == ["6", "3"]
    screenshot(page, "compare-kept")

    page.get_by_role("radio", name="A against B").click()
    expect(page.get_by_text("start from the very same")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("radio", name="5/s").click()
    press(page, "Play")
    epochs = []
    for _ in range(4):
        page.wait_for_function(
            f"last => ({CELLS})()[0]?.[1]?.[1]?.[0] > last", arg=epochs[-1] if epochs else 0, timeout=PATIENCE
        )
        rows = page.evaluate(CELLS)[0]
        assert rows[1][1] == rows[2][1], "both stand at the same epoch"
        epochs.append(int(rows[1][1][0]))
    assert epochs == sorted(epochs) and len({*epochs}) == 4
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot').length >= 4", timeout=PATIENCE)
    for name in "AB":
        page.wait_for_function(TRACES, arg=name)
    press(page, "Pause")
    expect(page.get_by_text(re.compile("Paused, at epoch"))).to_be_visible()
    screenshot(page, "compare-pair")

    for width in (400, 1600):
        page.set_viewport_size({"width": width, "height": 1400})
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
