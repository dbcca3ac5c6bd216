"""Time as people see it: look back, go on from there, what if, slow motion."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playground import PAUSE, PLAY, epoch, opened, press, wait_for_epoch
from playwright.sync_api import Page, expect

LINK = "data=circle&hidden=4-2&samples=100&epochs=90"
# Epochs, training and test loss of the run as the first chart draws it; and all of its traces' names.
CURVE = """() => [...document.querySelectorAll('.js-plotly-plot')][1]._fullData
  .filter(trace => trace.name === 'train' || trace.name === 'test')
  .map(trace => [Array.from(trace.x), Array.from(trace.y)])"""
NAMES = "() => [...document.querySelectorAll('.js-plotly-plot')][1]._fullData.map(trace => trace.name)"
CURSOR = """() => [...document.querySelectorAll('.js-plotly-plot')][1].layout.shapes
  .filter(shape => shape.name === 'shown').map(shape => shape.x0)"""
MAP = """() => document.querySelector('.js-plotly-plot')._fullData.filter(trace => trace.type === 'heatmap')
  .map(trace => JSON.stringify(Array.from(trace.z[9])))[0]"""


def slider(page: Page) -> Any:
    return page.get_by_role("slider", name="Epoch shown")


def wait_for_cursor(page: Page, at: int | None) -> None:
    """Until the curves have the line at this epoch, or none."""
    wanted = [] if at is None else [at]
    page.wait_for_function(f"wanted => JSON.stringify(({CURSOR})()) === JSON.stringify(wanted)", arg=wanted)


@pytest.mark.page(width=1600, height=1000)
def test_back_and_on_again_what_if_and_slow_motion(server: str, page: Page, screenshot: Callable[..., None]):
    opened(page, server, LINK)
    press(page, PLAY)
    expect(page.get_by_text("Finished: all 90 epochs are done.")).to_be_visible(timeout=60_000)
    page.wait_for_function(f"() => ({CURVE})()[0][0].length === 90")
    once, last = page.evaluate(CURVE), page.evaluate(MAP)

    # By keys, from one kept state to the next: every view goes along.
    slider(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(re.compile("Paused, at epoch"))).to_be_visible()
    at = int(slider(page).input_value())
    assert 0 < at < 90
    wait_for_cursor(page, at)
    page.wait_for_function(f"last => ({MAP})() !== last", arg=last)
    assert epoch(page) == at
    # Dragged to the left end, and on with the film, which ends in the present.
    box = slider(page).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.4, 0.2, 0.0):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
    page.mouse.up()
    wait_for_cursor(page, 0)
    press(page, "Watch again")
    wait_for_cursor(page, None)
    assert epoch(page) == 90
    expect(page.get_by_role("button", name="Watch again")).to_be_visible()

    # Play from an earlier epoch: the very same history as of the run that was never stopped.
    slider(page).focus()
    page.keyboard.press("Home")
    wait_for_cursor(page, 0)
    press(page, "Watch again")
    page.wait_for_function(f"() => ({CURSOR})()[0] > 0")
    # In the midst of the film, which must not take the run back.
    press(page, PLAY)
    expect(page.get_by_text("Finished: all 90 epochs are done.")).to_be_visible(timeout=60_000)
    wait_for_cursor(page, None)
    page.wait_for_function(f"() => ({CURVE})()[0][0].length === 90")
    assert page.evaluate(CURVE) == once

    # What if the rate had been larger from here on?
    slider(page).focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.wait_for_function(f"() => ({CURSOR})()[0] > 0")
    at = int(slider(page).input_value())
    wait_for_cursor(page, at)
    press(page, "What if")
    press(page, "Branch from here")
    wait_for_cursor(page, None)
    page.keyboard.press("Escape")
    page.get_by_test_id("stSidebar").get_by_role("slider", name="Learning rate").focus()
    page.keyboard.press("ArrowRight")
    press(page, PLAY)
    expect(page.get_by_text("Finished: all 90 epochs are done.")).to_be_visible(timeout=60_000)
    page.wait_for_function(f"() => ({CURVE})()[0][0].length === 90")
    assert {"learning rate 0.01", "changed"} <= set(page.evaluate(NAMES))
    other = page.evaluate(CURVE)
    assert [y[:at] for _, y in other] == [y[:at] for _, y in once] and other != once
    screenshot(page, "time-branch")

    # Slow motion: single batches, their samples ringed.
    press(page, "Reset")
    page.get_by_text("slow motion").click()
    press(page, PLAY)
    expect(page.get_by_text(re.compile(r"Batch [1-5] of 5, its 10 samples ringed"))).to_be_visible()
    page.wait_for_function(
        """() => document.querySelector('.js-plotly-plot')._fullData.some(trace => trace.name === 'this batch'
          && trace.x.length === 10)"""
    )
    screenshot(page, "time-slow-motion")
    press(page, PAUSE)
    page.get_by_text("60/s").click()
    press(page, PLAY)
    wait_for_epoch(page, 5)
